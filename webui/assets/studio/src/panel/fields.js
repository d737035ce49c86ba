// Fields of the panel: each knows how to read its value from an element and how to write it back
// through the command stack, so that undo and redo take every edit.

import {
  CheckboxEntry, SelectEntry, TextAreaEntry, TextFieldEntry,
  isCheckboxEntryEdited, isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited,
} from '@bpmn-io/properties-panel';
import { useService } from 'bpmn-js-properties-panel';
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';

const KINDS = {
  text: { component: TextFieldEntry, isEdited: isTextFieldEntryEdited, empty: undefined },
  area: { component: TextAreaEntry, isEdited: isTextAreaEntryEdited, empty: undefined },
  select: { component: SelectEntry, isEdited: isSelectEntryEdited, empty: '' },
  check: { component: CheckboxEntry, isEdited: isCheckboxEntryEdited, empty: false },
};

/** The ids under which the panel shows the fields that hold expressions. */
export const codeFields = new Set();

/**
 * Return an entry of the panel.
 * `read(element)` gives the value; `write(element, value, services)` changes the diagram;
 * The choices of a select are `options` (`{ value, label }` in our own words), or `listed`: the name
 * of a list in the server's catalogue, whose labels are already in the person's language.
 */
export function field({ id, kind = 'text', code = false, ...rest }) {
  if (code) codeFields.add(`bio-properties-panel-${id}`);
  return { id, component: Field, isEdited: KINDS[kind].isEdited, field: { kind, code, ...rest } };
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
  // Read anew each time, and empty as the panel says it: it compares before it writes.
  const value = () => spec.read(element) ?? KINDS[spec.kind].empty;
  return KINDS[spec.kind].component({
    element,
    id,
    label: translate(spec.label),
    description: spec.hint && translate(spec.hint),
    debounce: useService('debounceInput'),
    monospace: spec.code,
    autoResize: true,
    rows: 1,
    getValue: value,
    setValue: next => spec.write(element, next, services),
    getOptions: () => choices(spec, catalogue, value(), translate),
  });
}

// A value that the server does not know stays visible and selected, so that opening a diagram never
// changes it; the check then says what is wrong with it.
function choices({ options, listed }, catalogue, value, translate) {
  const offered = options ?? catalogue[listed] ?? [];
  const named = options ? options.map(option => ({ ...option, label: translate(option.label) })) : offered;
  const known = !value || offered.some(option => option.value === value);
  const foreign = known ? [] : [{ value, label: translate('{value} (unknown here)', { value }) }];
  return [{ value: '', label: translate('<none>') }, ...named, ...foreign];
}
