"""What type of item an element of a diagram holds or carries (BPMN 2.0.2 §8.4.10, §10.4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine.bpmn.model import EVENTS, NODES, SCOPES, Model, child, local, reference, words

_PAYLOADS = {
    "message": "itemRef",
    "signal": "structureRef",
    "error": "structureRef",
    "escalation": "structureRef",
}
_SHARED = {"dataObjectReference": "dataObject", "dataStoreReference": "dataStore"}


@dataclass(frozen=True, slots=True)
class Item:
    """An item definition; None stands for an element that names none, `known` is false for foreign types."""

    xml: etree._Element | None
    known: bool = True

    def agrees(self, other: Item) -> bool:
        """Return whether both are the same definition, or have the same structure; the unknown agrees."""
        if not self.known or not other.known or self.xml is other.xml:
            return True
        mine, theirs = (_structure(each.xml) for each in (self, other))
        return bool(mine) and mine == theirs


NO_ITEM = Item(None)


def item_of(model: Model, xml: etree._Element | None) -> Item:
    """Return the item of an item-aware element, of what a reference to one stands for, or of a payload."""
    for _ in range(2):
        if xml is None:
            return Item(None, known=False)
        attribute = _PAYLOADS.get(local(xml), "itemSubjectRef")
        named = reference(xml.get(attribute))
        if named:
            found = model.tagged(named, "itemDefinition")
            return Item(found, known=found is not None)
        if local(xml) not in _SHARED:
            return NO_ITEM
        shared = _SHARED[local(xml)]
        xml = model.tagged(reference(xml.get(f"{shared}Ref")), shared)
    return NO_ITEM


def payload_of(model: Model, definition: etree._Element) -> Item | None:
    """Return what an event definition carries; None for kinds that carry nothing."""
    kind = local(definition).removesuffix("EventDefinition")
    if kind not in _PAYLOADS:
        return None
    return item_of(model, model.tagged(reference(definition.get(f"{kind}Ref")), kind))


def holder(xml: etree._Element) -> etree._Element | None:
    """Return the activity, event, process or global task in which an element lies."""
    around = (each for each in xml.iterancestors() if local(each) in NODES | SCOPES or _is_global(each))
    return next(around, None)


def specification(xml: etree._Element) -> etree._Element | None:
    """Return what holds data inputs and outputs of an element: events hold their own."""
    return xml if local(xml) in EVENTS else child(xml, "ioSpecification")


def texts(xml: etree._Element, *tags: str) -> Iterator[str]:
    """Yield the ids that children with these tags name."""
    for part in xml:
        if local(part) in tags and words(part):
            yield reference(words(part))


def _structure(xml: etree._Element | None) -> str:
    return "" if xml is None else xml.get("structureRef", "").strip()


def _is_global(xml: etree._Element) -> bool:
    return local(xml).startswith("global") and local(xml).endswith("Task")
