"""Data of activities, events and processes: what they declare, take in and give out (BPMN 2.0.2 §10.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.stores import stores
from engine.bpmn.support import PLACEHOLDER
from engine.errors import Refused
from engine.spiff.parser.model import Association, DataDef, Item
from engine.spiff.parser.xml import Xml, child, child_text, children, local, tag, text
from engine.text import T

AWARE = ("dataObject", "property", "dataInput", "dataOutput", "inputDataItem", "outputDataItem")


class Items:
    """The variable that each item-aware element of a document is, by the id of the element.

    It is called as the element is, and by its id when that has no name. A data object without a
    name is called as its references are, if they agree: editors name only these.
    """

    def __init__(self, root: Xml) -> None:
        self._names: dict[str, str] = {}
        self._stores = stores(root)
        labels: dict[str, set[str]] = {}
        references: dict[str, str] = {}
        for node in root.iter():
            if tag(node) == "dataObjectReference":
                object_id = local(node.get("dataObjectRef") or "")
                references[node.get("id") or ""] = object_id
                labels.setdefault(object_id, set()).add(node.get("name") or "")
        for node in root.iter():
            id = node.get("id")
            if id and tag(node) in AWARE:
                shared = labels.get(id, set()) - {""} if tag(node) == "dataObject" else set()
                self._names[id] = node.get("name") or (shared.pop() if len(shared) == 1 else id)
        for id, object_id in references.items():
            if object_id in self._names:
                self._names[id] = self._names[object_id]

    def name(self, reference: str) -> str | None:
        """Return the variable an element is; None for what is no such element."""
        return self._names.get(local(reference))

    def of(self, node: Xml) -> str:
        """Return the variable of an item-aware element."""
        return self._names.get(node.get("id") or "") or node.get("name") or ""

    def objects(self, scope: Xml) -> frozenset[str]:
        """Return the variables of the data objects that lie in a scope."""
        return frozenset(self.of(each) for each in children(scope, "dataObject"))

    def data(self, node: Xml) -> DataDef | None:
        """Return what an activity, event or process declares and maps; None for nothing at all.

        Activities and processes say it in their `ioSpecification`, events at themselves.
        """
        stated = child(node, "ioSpecification")
        place = node if stated is None else stated
        own = {each.get("id") or "": self.of(each) for each in _declared(node, place)}
        into = [self._association(each, own) for each in children(node, "dataInputAssociation")]
        out = [self._association(each, own) for each in children(node, "dataOutputAssociation")]
        found = DataDef(
            names=frozenset(own.values()),
            inputs=tuple(self.of(each) for each in children(place, "dataInput")),
            outputs=tuple(self.of(each) for each in children(place, "dataOutput")),
            input_sets=self._sets(place, "inputSet", "dataInputRefs", "optionalInputRefs"),
            output_sets=self._sets(place, "outputSet", "dataOutputRefs", "optionalOutputRefs"),
            into=tuple(each for each in into if each is not None),
            out=tuple(each for each in out if each is not None),
        )
        return None if found == DataDef() else found

    def _sets(self, place: Xml, kind: str, needed: str, optional: str) -> tuple[frozenset[str], ...]:
        return tuple(
            frozenset(self._referred(each, needed)) - frozenset(self._referred(each, optional))
            for each in children(place, kind)
        )

    def _referred(self, node: Xml, kind: str) -> Iterator[str]:
        return (self.name(text(each)) or local(text(each)) for each in children(node, kind))

    def _association(self, node: Xml, own: dict[str, str]) -> Association | None:
        """Return an association, or None for one that is only drawn."""
        assignments = list(children(node, "assignment"))
        transformation = child_text(node, "transformation")
        sources = [self._item(each, node, own) for each in children(node, "sourceRef")]
        target = child(node, "targetRef")
        if transformation is None and not assignments and (not sources or self._nowhere(target, node)):
            return None
        if target is None or (len(sources) > 1 and transformation is None and not assignments):
            raise Refused(T("数据关联没有写明从哪里复制到哪里"), element=_owner(node))
        to = self._item(target, node, own)
        moved = tuple(
            (child_text(each, "from") or "", _path(child_text(each, "to") or "", to, node))
            for each in assignments
        )
        return Association(tuple(sources), to, transformation, moved)

    def _nowhere(self, target: Xml | None, node: Xml) -> bool:
        """Whether a target is the property that bpmn-js draws lines to."""
        return target is not None and any(
            tag(each) == "property"
            and each.get("id") == local(text(target))
            and each.get("name") == PLACEHOLDER
            for each in _siblings(node)
        )

    def _item(self, reference: Xml, node: Xml, own: dict[str, str]) -> Item:
        id = local(text(reference))
        if id in self._stores:
            return Item(self._stores[id], id, stored=True)
        name = own.get(id) or self._names.get(id)
        if name is None:
            raise Refused(T("数据关联引用的“{reference}”不是数据", reference=id), element=_owner(node))
        return Item(name, id, id in own)


def _declared(node: Xml, place: Xml) -> Iterable[Xml]:
    """Yield what is local to an activity or event: inputs, outputs and properties."""
    yield from children(place, "dataInput", "dataOutput")
    if tag(node) != "process":
        yield from (each for each in children(node, "property") if each.get("name") != PLACEHOLDER)


def _siblings(node: Xml) -> Iterable[Xml]:
    parent = node.getparent()
    return () if parent is None else parent


def _owner(node: Xml) -> str | None:
    parent = node.getparent()
    return None if parent is None else parent.get("id")


def _path(text: str, target: Item, node: Xml) -> tuple[str, ...]:
    """Return the way below the target an assignment writes to: `order.total` is (`total`,) of `order`."""
    first, *rest = (part.strip() for part in text.removeprefix("=").strip().split("."))
    if first not in (target.name, target.id) or not all(rest):
        raise Refused(
            T("赋值的目标“{text}”不是数据关联的目标“{target}”", text=text, target=target.name),
            element=_owner(node),
        )
    return tuple(rest)
