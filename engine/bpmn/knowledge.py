"""Which variables may have a value at an element, who may have set them, and of which type they are.

A setter counts at an element unless it can only come later: every way to it leads through the element,
and none leads back. What is not told by the diagram (data at the start, answers of services, messages)
may set anything, so a name that is missing here is not thereby unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lxml import etree

from engine.bpmn.findings import Known
from engine.bpmn.graph import Graph
from engine.bpmn.model import Model, Node, Scope, child, children, everything, reference, true
from engine.bpmn.namespaces import own
from engine.errors import WuxingError
from engine.feel.assign import Assignment, parse_script
from engine.feel.inference import Kind, common, infer
from engine.feel.types import SIMPLE, FeelType, ListOf

MOST_NODES = 400
"""A scope with more nodes is not asked which of them come later: every setter counts everywhere."""

_DATA = ("dataObject", "dataObjectReference", "property", "dataInput", "dataOutput")
_XSD: Mapping[str, FeelType] = {
    **dict.fromkeys(("string", "token", "anyURI"), SIMPLE["string"]),
    **dict.fromkeys(("int", "integer", "long", "short", "decimal", "double", "float"), SIMPLE["number"]),
    "boolean": SIMPLE["boolean"],
}
_PASSES = 3
"""A type is known once those it comes from are; a chain of more links than this stays unknown."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that may have a value, its type, and the ids of the elements that set it."""

    name: str
    kind: Kind
    setters: tuple[str, ...]


@lru_cache(maxsize=2)
def knowledge_of(model: Model, known: Known) -> Knowledge:
    """Return what is known of a diagram's variables, found once for all rules that ask."""
    return Knowledge(model, known)


@dataclass(frozen=True, slots=True)
class _Setter:
    """One element that gives a name a value, with the type of that value."""

    node: Node | None
    name: str
    kind: Kind


class Knowledge:
    """What is known of the variables of a diagram; `known` tells the values of forms and decisions."""

    def __init__(self, model: Model, known: Known) -> None:
        self._model = model
        self._known = known
        self._orders: dict[Scope, _Order] = {}
        self._setters: dict[str, list[_Setter]] = {}
        for _ in range(_PASSES):
            found: dict[str, list[_Setter]] = {each.name: [each] for each in self._declared}
            for node in model.running_nodes:
                for setter in self._set_by(node):
                    found.setdefault(setter.name, []).append(setter)
            self._setters = found

    def variables(self, node: Node, *, left: bool = False) -> list[Variable]:
        """Return what may have a value when an element begins, or when it is left, by name."""
        found = (self._variable(name, node, left) for name in sorted(self._setters))
        return [variable for variable in found if variable is not None]

    def types_at(self, node: Node, names: Iterable[str], *, left: bool = False) -> dict[str, FeelType]:
        """Return those of the names whose type is known when an element begins, or is left."""
        found = (self._variable(name, node, left) for name in names)
        return {each.name: each.kind for each in found if each is not None and each.kind is not None}

    def only_later(self, node: Node, name: str) -> Node | None:
        """Return an element that sets a name when all that do can only come later than `node`."""
        process = node.scope.process
        setters = self._setters.get(name, ())
        if any(each.node is None or self._counts(each.node, node, left=True) for each in setters):
            return None
        return next((each.node for each in setters if each.node and each.node.scope.process is process), None)

    def _variable(self, name: str, node: Node, left: bool) -> Variable | None:
        found = [
            each
            for each in self._setters.get(name, ())
            if each.node is None or self._counts(each.node, node, left=left)
        ]
        if not found:
            return None
        setters = tuple(dict.fromkeys(each.node.id for each in found if each.node is not None))
        return Variable(name, common([each.kind for each in found]), setters)

    # ------------------------------------------------------------ who sets what

    @cached_property
    def _declared(self) -> list[_Setter]:
        """Data of the diagram itself: it has its name everywhere."""
        found = []
        for xml in self._model.tags(*_DATA):
            found.append(_Setter(None, xml.get("name") or xml.get("id") or "", self._structure(xml)))
        return [each for each in found if each.name]

    def _structure(self, xml: etree._Element) -> Kind:
        ref = reference(xml.get("itemSubjectRef"))
        item = self._model.tagged(ref, "itemDefinition") if ref else None
        if item is None:
            return None
        kind = _XSD.get(reference(item.get("structureRef")))
        return ListOf(kind) if kind is not None and true(item, "isCollection") else kind

    def _set_by(self, node: Node) -> Iterator[_Setter]:
        for loop in children(node.xml, "multiInstanceLoopCharacteristics"):
            yield from self._by_loop(node, loop)
        if node.kind == "scriptTask":
            yield from self._by_script(node)
        elif node.kind == "userTask":
            values = (self._known.form_values or {}).get(own(node.xml, "form")) or {}
            yield from (_Setter(node, name, kind) for name, kind in values.items())
        elif node.kind == "businessRuleTask":
            yield from self._by_decision(node)
        elif node.kind == "callActivity":
            yield from (_Setter(node, line.name, None) for line in _lines(own(node.xml, "out")))

    def _by_loop(self, node: Node, loop: etree._Element) -> Iterator[_Setter]:
        item = child(loop, "inputDataItem")
        collection = everything(child(loop, "loopDataInputRef"))
        if item is not None:
            source = self.types_at(node, [collection]).get(collection)
            kind = source.of if isinstance(source, ListOf) else None
            yield _Setter(node, item.get("name") or item.get("id") or "", kind)
        output = everything(child(loop, "loopDataOutputRef"))
        if output:
            yield _Setter(node, output, None)
        yield _Setter(node, "loopCounter", SIMPLE["number"])

    def _by_script(self, node: Node) -> Iterator[_Setter]:
        lines = _lines(everything(child(node.xml, "script")))
        types = self.types_at(node, {name for line in lines for name in line.expression.needs.names})
        for line in lines:
            kind = infer(line.expression.node, types).kind
            if line.name:
                yield _Setter(node, line.name, kind)
                types = {**types, line.name: kind} if kind is not None else _without(types, line.name)

    def _by_decision(self, node: Node) -> Iterator[_Setter]:
        decided = (self._known.decision_values or {}).get(own(node.xml, "decision"))
        name, kind = decided or ("", None)
        result = own(node.xml, "result") or name
        if result:
            yield _Setter(node, result, kind)

    # ------------------------------------------------------------ in which order

    def _counts(self, setter: Node, node: Node, *, left: bool) -> bool:
        """Return whether what `setter` sets may be there when `node` begins, or when it is left.

        The two are compared in the innermost scope that both lie in, by what holds them there.
        """
        one, other = _side_by_side(setter, node)
        if one is None or other is None:
            return False
        if one is other:
            return left or (setter is not node and node.scope is not one.scope) or self._again(node)
        return self._order(one.scope).may_precede(one, other)

    def _again(self, node: Node) -> bool:
        return self._order(node.scope).comes_again(node)

    def _order(self, scope: Scope) -> _Order:
        if scope not in self._orders:
            self._orders[scope] = _Order(scope)
        return self._orders[scope]


class _Order:
    """Which nodes of a scope may come before which."""

    def __init__(self, scope: Scope) -> None:
        self._graph = Graph(scope)
        self._small = len(scope.nodes) <= MOST_NODES
        self._reached: dict[Node, set[Node]] = {}
        self._around: dict[Node, set[Node]] = {}

    def comes_again(self, node: Node) -> bool:
        """Return whether a way leads from a node back to it."""
        return not self._small or node in self._after(node)

    def may_precede(self, one: Node, other: Node) -> bool:
        """Return whether a token may have been at `one` when another comes to `other`."""
        if not self._small or one not in self._after(other) or other in self._after(one):
            return True
        if other not in self._around:
            entries = self._graph.entries()
            self._around[other] = self._graph.reach(entries, lambda each: each is not other)
        return one in self._around[other]

    def _after(self, node: Node) -> set[Node]:
        if node not in self._reached:
            self._reached[node] = self._graph.reach(self._graph.after[node])
        return self._reached[node]


def _side_by_side(one: Node, other: Node) -> tuple[Node | None, Node | None]:
    """Return the two nodes that hold the given ones in the innermost scope both lie in."""
    holders = {holder.scope: holder for holder in _holders(one)}
    for holder in _holders(other):
        if holder.scope in holders:
            return holders[holder.scope], holder
    return None, None


def _holders(node: Node) -> Iterator[Node]:
    current: Node | None = node
    while current is not None:
        yield current
        current = current.scope.node


def _lines(text: str) -> list[Assignment]:
    try:
        return list(parse_script(text)) if text else []
    except WuxingError:
        # Text that is no script is the business of another rule.
        return []


def _without(types: Mapping[str, FeelType], name: str) -> dict[str, FeelType]:
    return {other: kind for other, kind in types.items() if other != name}
