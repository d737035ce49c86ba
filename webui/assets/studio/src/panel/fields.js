// Fields of the panel: each knows how to read its value from an element and how to write it back
// through the command stack, so that undo and redo take every edit.

import {
  CheckboxEntry, SelectEntry, TextAreaEntry, TextFieldEntry,
  isCheckboxEntryEdited, isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited,
} from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';

const KINDS = {
  text: { component: TextFieldEntry, isEdited: isTextFieldEntryEdited },
  area: { component: TextAreaEntry, isEdited: isTextAreaEntryEdited },
  select: { component: SelectEntry, isEdited: isSelectEntryEdited },
  check: { component: CheckboxEntry, isEdited: isCheckboxEntryEdited },
};

/**
 * Return an entry of the panel.
 * `read(element)` gives the value; `write(element, value, services)` changes the diagram;
 * `options(catalogue)` gives the choices of a select as `{ value, label }`.
 */
export function field({ id, kind = 'text', label, hint, read, write, options, code = false }) {
  return { id, component: Field, isEdited: KINDS[kind].isEdited, field: { kind, label, hint, read, write, options, code } };
}

/** Return an entry for one of our attributes, e.g. `wuxing:assignee`. */
export function attribute(name, rest) {
  const qualified = `wuxing:${name}`;
  return field({
    id: `wuxing-${name}`,
    read: element => getBusinessObject(element).get(qualified),
    write: (element, value, { modeling }) => modeling.updateProperties(element, { [qualified]: value || undefined }),
    ...rest,
  });
}

function Field({ element, id, field: spec }) {
  const translate = useService('translate');
  const catalogue = useService('config.wuxing', false) ?? {};
  const services = {
    modeling: useService('modeling'),
    bpmnFactory: useService('bpmnFactory'),
    commandStack: useService('commandStack'),
  };
  const value = spec.read(element) ?? '';
  return KINDS[spec.kind].component({
    element,
    id,
    label: translate(spec.label),
    description: spec.hint && translate(spec.hint),
    debounce: useService('debounceInput'),
    monospace: spec.code,
    autoResize: true,
    rows: 1,
    getValue: () => value,
    setValue: next => spec.write(element, next, services),
    getOptions: () => choices(spec.options(catalogue, element), value, translate),
  });
}

// A value that the server does not know stays visible and selected, so that opening a diagram never
// changes it; the check then says what is wrong with it.
function choices(offered, value, translate) {
  const named = offered.map(({ value: each, label }) => ({ value: each, label: translate(label) }));
  const known = !value || offered.some(option => option.value === value);
  const foreign = known ? [] : [{ value, label: translate('{value} (unknown here)', { value }) }];
  return [{ value: '', label: translate('<none>') }, ...named, ...foreign];
}
