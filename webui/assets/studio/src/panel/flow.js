// When a path is taken, when a loop ends, when a time comes.

import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { attribute, field } from './fields.js';
import { eventDefinition, expression, expressionOf, together, update } from './moddle.js';

const DECIDING = ['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway', 'bpmn:ComplexGateway', 'bpmn:Activity'];
const decided = element => is(element, 'bpmn:SequenceFlow') && element.source && isAny(element.source, DECIDING);
const isDefault = element => getBusinessObject(element.source).get('default') === getBusinessObject(element);

const condition = field({
  id: 'wuxing-condition', kind: 'area', code: true, label: 'Condition',
  hint: 'FEEL that gives true or false, e.g. amount > 50000 and approved.',
  read: element => getBusinessObject(element).conditionExpression?.body,
  write: (element, text, { modeling, bpmnFactory }) => modeling.updateProperties(element, {
    conditionExpression: expression(bpmnFactory, getBusinessObject(element), text),
  }),
});

// The default flow has no condition, so both change in one command and undo together.
const otherwise = field({
  id: 'wuxing-default', kind: 'check', label: 'Taken when no other condition holds (default flow)',
  read: isDefault,
  write: (element, chosen, services) => together(services, [
    { cmd: 'element.updateProperties', context: { element: element.source, properties: { default: chosen ? getBusinessObject(element) : undefined } } },
    ...(chosen ? [{ cmd: 'element.updateProperties', context: { element, properties: { conditionExpression: undefined } } }] : []),
  ]),
});

const conditional = element => eventDefinition(element, 'bpmn:ConditionalEventDefinition');
const eventCondition = field({
  id: 'wuxing-event-condition', kind: 'area', code: true, label: 'Condition', hint: 'FEEL; the event happens when it becomes true.',
  ...expressionOf(conditional, 'condition'),
});

const timer = element => eventDefinition(element, 'bpmn:TimerEventDefinition');
const TIMES = ['timeDate', 'timeDuration', 'timeCycle'];
const timeKind = element => TIMES.find(name => timer(element).get(name));
const timerHints = {
  timeDate: 'A moment: 2026-12-01T09:00:00+08:00, or FEEL such as deadline.',
  timeDuration: 'How long to wait: PT24H, P1D, or FEEL such as sla(24, "working").',
  timeCycle: 'Again and again: R3/PT8H, or FEEL.',
};

const calendar = attribute('calendar', {
  kind: 'select', label: 'Counted in', options: [{ value: 'working', label: 'Working time' }],
});

function timerEntries(element) {
  const kind = field({
    id: 'wuxing-timer-kind', kind: 'select', label: 'Kind of time',
    options: [
      { value: 'timeDate', label: 'At a date' }, { value: 'timeDuration', label: 'After a duration' }, { value: 'timeCycle', label: 'Repeatedly' },
    ],
    read: timeKind,
    write: (each, chosen, services) => {
      const held = timer(each);
      const text = held.get(timeKind(each))?.body ?? '';
      const created = services.bpmnFactory.create('bpmn:FormalExpression', { body: text });
      created.$parent = held;
      update(services, each, held, Object.fromEntries(TIMES.map(name => [name, name === chosen ? created : undefined])));
    },
  });
  const current = timeKind(element);
  if (!current) return [kind, calendar];
  const text = field({
    id: 'wuxing-timer-text', kind: 'area', code: true, label: 'Time', hint: timerHints[current],
    read: each => timer(each)?.get(current)?.body,
    write: (each, value, services) => update(services, each, timer(each).get(current), { body: value }),
  });
  return [kind, text, calendar];
}

const loop = type => element => {
  const held = getBusinessObject(element).loopCharacteristics;
  return held && is(held, type) ? held : undefined;
};
const many = loop('bpmn:MultiInstanceLoopCharacteristics');
const again = loop('bpmn:StandardLoopCharacteristics');

const itemName = {
  read: element => many(element)?.inputDataItem?.name,
  write: (element, name, services) => {
    const held = many(element);
    if (name && held.inputDataItem) return update(services, element, held.inputDataItem, { name });
    const item = name ? services.bpmnFactory.create('bpmn:DataInput', { id: `${element.id}_item`, name }) : undefined;
    if (item) item.$parent = held;
    return update(services, element, held, { inputDataItem: item });
  },
};

const manyEntries = [
  field({
    id: 'wuxing-collection', code: true, label: 'Collection', hint: 'The variable that holds the list; one instance per item.',
    read: element => many(element)?.loopDataInputRef,
    write: (element, value, services) => update(services, element, many(element), { loopDataInputRef: value || undefined }),
  }),
  field({ id: 'wuxing-item', code: true, label: 'Name of one item', ...itemName }),
  field({
    id: 'wuxing-cardinality', code: true, label: 'Or: how many', hint: 'FEEL: a number, when there is no list.',
    ...expressionOf(many, 'loopCardinality'),
  }),
  field({
    id: 'wuxing-completion', kind: 'area', code: true, label: 'Done as soon as', hint: 'FEEL; when true, the remaining ones are cancelled.',
    ...expressionOf(many, 'completionCondition'),
  }),
];

const loopEntries = [
  field({ id: 'wuxing-loop', kind: 'area', code: true, label: 'Repeat while', hint: 'FEEL.', ...expressionOf(again, 'loopCondition') }),
  field({
    id: 'wuxing-loop-maximum', code: true, label: 'At most',
    read: element => again(element)?.loopMaximum?.toString(),
    write: (element, value, services) =>
      update(services, element, again(element), { loopMaximum: /^\d+$/.test(value ?? '') ? Number(value) : undefined }),
  }),
];

/** The groups of this module, in the order of the panel. */
export const flowGroups = [
  {
    id: 'wuxing-condition-group', label: 'Condition', applies: element => decided(element) || Boolean(conditional(element)),
    entries: element => {
      if (!decided(element)) return [eventCondition];
      return isDefault(element) ? [otherwise] : [condition, otherwise];
    },
  },
  { id: 'wuxing-timer', label: 'Timer', applies: element => Boolean(timer(element)), entries: timerEntries },
  { id: 'wuxing-many', label: 'Multi-instance', applies: element => Boolean(many(element)), entries: () => manyEntries },
  { id: 'wuxing-loop-group', label: 'Loop', applies: element => Boolean(again(element)), entries: () => loopEntries },
];
