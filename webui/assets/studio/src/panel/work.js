// What a person gets to do, who gets it and until when.

import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { attribute } from './fields.js';

const personal = element => isAny(element, ['bpmn:UserTask', 'bpmn:ManualTask']);
const plainStart = element =>
  is(element, 'bpmn:StartEvent') && !(getBusinessObject(element).eventDefinitions ?? []).length;

const form = attribute('form', {
  kind: 'select', label: 'Form', listed: 'forms',
});
const instructions = attribute('instructions', {
  kind: 'area', label: 'Instructions', hint: 'Shown above the form to the person doing the step.',
});
const candidates = attribute('candidates', {
  kind: 'area', code: true, label: 'Candidates', hint: 'FEEL: a list of persons and groups; any of them can take the step.',
});

/** The groups of this module, in the order of the panel. */
export const workGroups = [
  {
    id: 'wuxing-work', label: 'Form and handling', applies: element => personal(element) || plainStart(element),
    entries: element => (personal(element) ? [form, instructions] : [form]),
  },
  {
    id: 'wuxing-people', label: 'Who does it', applies: element => personal(element) || is(element, 'bpmn:Lane'),
    entries: element => (personal(element) ? [
      attribute('assignee', {
        kind: 'area', code: true, label: 'Assignee',
        hint: 'FEEL: one person, e.g. initiator() or first_responsible(department). Empty: the candidates.',
      }),
      candidates,
    ] : [candidates]),
  },
  {
    id: 'wuxing-time', label: 'Time allowed', applies: personal,
    entries: () => [
      attribute('due', { kind: 'area', code: true, label: 'Due', hint: 'FEEL or a duration, e.g. PT24H or sla(24, "working").' }),
      attribute('reminders', { code: true, label: 'Reminders', hint: 'Durations before (-) or after the due time, e.g. -PT4H PT0S PT8H.' }),
      attribute('sla', { code: true, label: 'Service level', hint: 'Hours promised for this step, e.g. sla(48, "clock").' }),
      attribute('priority', { code: true, label: 'Priority', hint: 'FEEL: a number; larger comes first in the inbox.' }),
    ],
  },
];
