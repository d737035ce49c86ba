// Reading and writing the parts of a diagram that are elements of their own in BPMN.

import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

/** Return the event definition of the given type, or undefined. */
export function eventDefinition(element, type) {
  return (getBusinessObject(element).eventDefinitions ?? []).find(each => is(each, type));
}

/** Return a new formal expression inside `parent`, or undefined for an empty text. */
export function expression(bpmnFactory, parent, text) {
  if (!text) return undefined;
  const created = bpmnFactory.create('bpmn:FormalExpression', { body: text });
  created.$parent = parent;
  return created;
}

/** Write properties of a moddle element as one undoable command. */
export function update({ modeling }, element, moddleElement, properties) {
  modeling.updateModdleProperties(element, moddleElement, properties);
}

/** Run several property changes as one undoable command. */
export function together({ commandStack }, changes) {
  commandStack.execute('properties-panel.multi-command-executor', changes);
}

/** Return reader and writer of an expression held in `property` of the object found by `owner`. */
export function expressionOf(owner, property) {
  return {
    read: element => owner(element)?.get(property)?.body,
    write: (element, text, services) => {
      const holder = owner(element);
      update(services, element, holder, { [property]: expression(services.bpmnFactory, holder, text) });
    },
  };
}
