// What the engine does by itself: services, scripts, messages, called processes.

import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { attribute, field } from './fields.js';
import { eventDefinition } from './moddle.js';

const messaging = element =>
  isAny(element, ['bpmn:ReceiveTask', 'bpmn:SendTask']) || Boolean(eventDefinition(element, 'bpmn:MessageEventDefinition'));
const throwing = element => isAny(element, ['bpmn:ThrowEvent', 'bpmn:SendTask']);

const script = field({
  id: 'wuxing-script', kind: 'area', code: true, label: 'Assignments', hint: 'One per line: name = FEEL expression.',
  read: element => getBusinessObject(element).script,
  write: (element, text, { modeling }) => modeling.updateProperties(element, { script: text || undefined }),
});

/** The groups of this module, in the order of the panel. */
export const automaticGroups = [
  {
    id: 'wuxing-service', label: 'Service', applies: element => is(element, 'bpmn:ServiceTask'),
    entries: () => [
      attribute('service', { kind: 'select', label: 'Service', listed: 'services' }),
      attribute('loop', { code: true, label: 'Counts the rounds of', hint: 'The name of a rework loop whose limit the method sets, e.g. filing.' }),
    ],
  },
  {
    id: 'wuxing-decision-group', label: 'Decision', applies: element => is(element, 'bpmn:BusinessRuleTask'),
    entries: () => [
      attribute('decision', { kind: 'select', label: 'Decision', listed: 'decisions' }),
      attribute('result', { code: true, label: 'Result variable', hint: 'Takes the result; empty: the name of the decision.' }),
    ],
  },
  { id: 'wuxing-script-group', label: 'Script', applies: element => is(element, 'bpmn:ScriptTask'), entries: () => [script] },
  {
    id: 'wuxing-message', label: 'Message address', applies: messaging,
    entries: element => [
      attribute('correlation', { kind: 'area', code: true, label: 'Correlation', hint: 'FEEL: the value that finds the one receiver.' }),
      ...(throwing(element)
        ? [attribute('payload', { kind: 'area', code: true, label: 'Payload', hint: 'One per line: name = FEEL expression.' })]
        : []),
    ],
  },
  {
    id: 'wuxing-call', label: 'Called process', applies: element => is(element, 'bpmn:CallActivity'),
    entries: () => [
      field({
        id: 'wuxing-called', kind: 'select', label: 'Process', listed: 'processes',
        read: element => getBusinessObject(element).calledElement,
        write: (element, value, { modeling }) => modeling.updateProperties(element, { calledElement: value || undefined }),
      }),
      attribute('in', { kind: 'area', code: true, label: 'Passed in', hint: 'One per line: name = FEEL expression; empty passes all variables.' }),
      attribute('out', { kind: 'area', code: true, label: 'Taken back', hint: 'One per line: name = FEEL expression; empty takes all variables back.' }),
    ],
  },
];

/** The group that names the rules of the method an element carries out. */
export const ruleGroup = {
  id: 'wuxing-rule', label: 'Rules', applies: element => isAny(element, ['bpmn:FlowElement', 'bpmn:Process']),
  entries: () => [attribute('rule', { label: 'Rule numbers', hint: 'Shown to auditors, e.g. R6 R7.' })],
};
