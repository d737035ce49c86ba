"""What is known of the types of values before anything is evaluated (DMN 1.5 §10.3.2.9).

`Any` stands for everything that is not known; so nothing is said about a value that might fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from engine.dmn import model
from engine.dmn.linking import Model, variable_type
from engine.dmn.model import GraphElement, TypeRef
from engine.dmn.nodes import Placed, Row, Typed
from engine.dmn.places import Place
from engine.dmn.tables import TableNode
from engine.dmn.types import results_of
from engine.feel import nodes
from engine.feel.errors import line_and_column
from engine.feel.lexical import parse_temporal
from engine.feel.nodes import Node, children
from engine.feel.resolving import resolved
from engine.feel.types import ANY, SIMPLE, ContextOf, FeelType, FunctionOf, ListOf, RangeOf, bare
from engine.feel.values import kind_of

Scope = Mapping[str, FeelType]

NUMBER, STRING, BOOLEAN = SIMPLE["number"], SIMPLE["string"], SIMPLE["boolean"]
_RESULTS: dict[str, FeelType] = {
    **dict.fromkeys(("count", "string length", "sum", "product", "modulo", "day of year", "number"), NUMBER),
    **dict.fromkeys(("string", "upper case", "lower case", "substring", "string join", "replace"), STRING),
    **dict.fromkeys(("contains", "starts with", "ends with", "matches", "list contains", "not"), BOOLEAN),
    **{name: SIMPLE[name] for name in ("date", "time", "date and time")},
    "today": SIMPLE["date"],
    "now": SIMPLE["date and time"],
}


class Clash(NamedTuple):
    """A value of one type where one of another is asked for."""

    place: Place
    expected: FeelType
    given: FeelType


class Missing(NamedTuple):
    """An entry after a dot that the type before it does not have."""

    place: Place
    spot: tuple[int, int]
    name: str
    kind: FeelType


def scope_of(of: Model, element: GraphElement) -> Scope:
    """Return the types of the names in the scope of an element's logic."""
    scope: dict[str, FeelType] = {}
    imported: dict[str, list[tuple[str, FeelType]]] = {}
    for found in of.required(element):
        owner = of.model_of(found, element)
        name = found.name.removeprefix(f"{found.through}.") if found.through else found.name
        kind = declared(owner, found.element)
        if found.through:
            imported.setdefault(found.through, []).append((name, kind))
        else:
            scope[name] = kind
    return {**scope, **{name: ContextOf(tuple(entries)) for name, entries in imported.items()}}


def declared(of: Model, element: GraphElement) -> FeelType:
    """Return the type an element says its value has."""
    types = of.space_of(element).types
    if isinstance(element, model.KnowledgeModel) and element.logic is not None:
        parameters = tuple(types.kind_of(each.type) for each in element.logic.parameters)
        return FunctionOf(parameters, results_of(types.kind_of(_result_type(element))))
    if isinstance(element, model.Decision) and variable_type(element) is None:
        return types.kind_of(None if element.expression is None else element.expression.type)
    return types.kind_of(variable_type(element))


def _result_type(element: model.KnowledgeModel) -> TypeRef | None:
    logic = element.logic
    body = None if logic is None or logic.body is None else logic.body.type
    return variable_type(element) or (logic and logic.type) or body


def clashes(given: FeelType, expected: FeelType) -> bool:
    """Say whether no value of one type can be made to fit another."""
    given, expected = bare(given), bare(expected)
    if ANY in (given, expected) or expected.covers(given) or given.covers(expected):
        return False
    if isinstance(expected, ListOf):
        return not isinstance(given, ListOf) and clashes(given, expected.of)
    if isinstance(given, ListOf):
        return clashes(given.of, expected)
    if isinstance(given, ContextOf) and isinstance(expected, ContextOf):
        mine = dict(given.entries)
        return any(name in mine and clashes(mine[name], kind) for name, kind in expected.entries)
    if isinstance(given, FunctionOf) and isinstance(expected, FunctionOf):
        return len(given.parameters) != len(expected.parameters)
    return (given, expected) != (SIMPLE["date"], SIMPLE["date and time"])


class Inference:
    """Goes through a tree once and keeps what it finds."""

    def __init__(self) -> None:
        self.clashes: list[Clash] = []
        self.missing: list[Missing] = []
        self.columns: dict[int, FeelType] = {}
        """The types of the inputs of tables, by the identity of their column."""
        self._text: Placed | None = None

    def of(self, node: Node, scope: Scope) -> FeelType:
        """Return the type of a tree's value, `Any` when it is not known."""
        rule = _RULES.get(type(node))
        if rule is not None:
            return rule(self, node, scope)
        for child in children(node):
            self.of(child, scope)
        return BOOLEAN if isinstance(node, _TRUTHS) else ANY

    # ── what models add ─────────────────────────────────────────────────────────────────────────

    def _placed(self, node: Placed, scope: Scope) -> FeelType:
        before, self._text = self._text, node if node.text else self._text
        kind = self.of(node.node, scope)
        self._text = before
        return kind

    def _typed(self, node: Typed, scope: Scope) -> FeelType:
        given = self.of(node.node, scope)
        if clashes(given, node.kind):
            self.clashes.append(Clash(node.place, node.kind, given))
        return node.kind

    def _row(self, node: Row, scope: Scope) -> FeelType:
        return ContextOf(tuple((name, self.of(cell, scope)) for name, cell in node.cells))

    def _table(self, node: TableNode, scope: Scope) -> FeelType:
        for column in node.columns:
            self.columns[id(column)] = self.of(column.node, scope)
        for each in node.rules:
            for part in (*each.tests, *each.results):
                self.of(part, scope)
        return ANY

    # ── names, paths and calls ──────────────────────────────────────────────────────────────────

    def _name(self, node: nodes.Name, scope: Scope) -> FeelType:
        return scope.get(node.name, ANY)

    def _path(self, node: nodes.Path, scope: Scope) -> FeelType:
        source = self.of(node.source, scope)
        plain = bare(source)
        if isinstance(plain, ListOf):
            return ListOf(self._entry(node, plain.of))
        return self._entry(node, source)

    def _entry(self, node: nodes.Path, source: FeelType) -> FeelType:
        plain = bare(source)
        if not isinstance(plain, ContextOf):
            return ANY
        entries = dict(plain.entries)
        if node.name not in entries and self._text is not None:
            spot = line_and_column(self._text.text, node.position + 1)
            self.missing.append(Missing(self._text.place, spot, node.name, source))
        return entries.get(node.name, ANY)

    def _filter(self, node: nodes.Filter, scope: Scope) -> FeelType:
        source = self.of(node.source, scope)
        element = bare(source)
        element = element.of if isinstance(element, ListOf) else source
        plain = bare(element)
        entries = dict(plain.entries) if isinstance(plain, ContextOf) else {}
        found = self.of(node.condition, {**scope, "item": element, **entries})
        if found == NUMBER:
            return element
        return ListOf(element) if found == BOOLEAN else ANY

    def _call(self, node: nodes.Call | nodes.NamedCall, scope: Scope) -> FeelType:
        for argument in node.arguments:
            self.of(argument[1] if isinstance(argument, tuple) else argument, scope)
        function = bare(self.of(node.function, scope))
        if isinstance(function, FunctionOf):
            return function.result
        if isinstance(node.function, nodes.Name) and node.function.name not in scope:
            return _RESULTS.get(node.function.name, ANY)
        return ANY

    def _function(self, node: nodes.FunctionLiteral, scope: Scope) -> FeelType:
        parameters = {name: ANY if kind is None else resolved(kind) for name, kind in node.parameters}
        result = ANY if node.external else self.of(node.body, {**scope, **parameters})
        return FunctionOf(tuple(parameters.values()), result)

    # ── literals, choice and repetition ─────────────────────────────────────────────────────────

    def _constant(self, node: Any, scope: Scope) -> FeelType:
        return SIMPLE[kind_of(node.value)]

    def _temporal(self, node: nodes.AtLiteral, scope: Scope) -> FeelType:
        value = parse_temporal(node.text)
        return ANY if value is None else SIMPLE[kind_of(value)]

    def _list(self, node: nodes.ListLiteral, scope: Scope) -> FeelType:
        kinds = [self.of(item, scope) for item in node.items]
        return ListOf(kinds[0] if kinds and all(kind == kinds[0] for kind in kinds) else ANY)

    def _context(self, node: nodes.ContextLiteral, scope: Scope) -> FeelType:
        inner = dict(scope)
        entries: dict[str, FeelType] = {}
        for name, value in node.entries:
            entries[name] = inner[name] = self.of(value, inner)
        return ContextOf(tuple(entries.items()))

    def _range(self, node: nodes.RangeLiteral, scope: Scope) -> FeelType:
        kind = self.of(node.start, scope)
        self.of(node.end, scope)
        return RangeOf(kind)

    def _arithmetic(self, node: nodes.Arithmetic, scope: Scope) -> FeelType:
        kinds = {bare(self.of(node.left, scope)), bare(self.of(node.right, scope))}
        if kinds == {NUMBER} or (kinds == {STRING} and node.operator == "+"):
            return kinds.pop()
        return ANY

    def _negation(self, node: nodes.Negation, scope: Scope) -> FeelType:
        return bare(self.of(node.operand, scope))

    def _choice(self, node: nodes.If, scope: Scope) -> FeelType:
        self.of(node.condition, scope)
        then, otherwise = self.of(node.then, scope), self.of(node.otherwise, scope)
        return then if then == otherwise else ANY

    def _loop(self, node: nodes.For | nodes.Quantified, scope: Scope) -> FeelType:
        for name, domain in node.iterators:
            scope = {**scope, name: _element(self.of(domain, scope))}
        if isinstance(node, nodes.For):
            return ListOf(self.of(node.result, {**scope, "partial": ANY}))
        self.of(node.condition, scope)
        return BOOLEAN


def _element(domain: FeelType) -> FeelType:
    """Return the type of what an iterator gives one by one; a single value is a list of one."""
    plain = bare(domain)
    return plain.of if isinstance(plain, ListOf | RangeOf) else ANY


_TRUTHS = (nodes.Comparison, nodes.Between, nodes.In, nodes.Conjunction, nodes.Disjunction, nodes.InstanceOf)

_RULES: dict[type[Node], Callable[[Inference, Any, Scope], FeelType]] = {
    Placed: Inference._placed,
    Typed: Inference._typed,
    Row: Inference._row,
    TableNode: Inference._table,
    nodes.Name: Inference._name,
    nodes.Path: Inference._path,
    nodes.Filter: Inference._filter,
    nodes.Call: Inference._call,
    nodes.NamedCall: Inference._call,
    nodes.FunctionLiteral: Inference._function,
    nodes.NumberLiteral: Inference._constant,
    nodes.StringLiteral: Inference._constant,
    nodes.BooleanLiteral: Inference._constant,
    nodes.AtLiteral: Inference._temporal,
    nodes.ListLiteral: Inference._list,
    nodes.ContextLiteral: Inference._context,
    nodes.RangeLiteral: Inference._range,
    nodes.Arithmetic: Inference._arithmetic,
    nodes.Negation: Inference._negation,
    nodes.If: Inference._choice,
    nodes.For: Inference._loop,
    nodes.Quantified: Inference._loop,
}
