"""Types before any value is there: what an expression yields, and where it can only yield null.

Only what is certain is told: what takes part with a name of unknown type is itself of unknown type,
and at fault nowhere. Whether two kinds of values go together is asked of the operators themselves,
with one value of each kind, so this module cannot disagree with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.feel import nodes
from engine.feel.builtins import BUILTINS
from engine.feel.comparing import compare, equal
from engine.feel.inference_results import RESULTS
from engine.feel.lexical import parse_temporal
from engine.feel.nodes import Node
from engine.feel.operators import arithmetic, negative
from engine.feel.properties import property_of
from engine.feel.types import ANY, SIMPLE, ContextOf, FeelType, ListOf, RangeOf, Simple, bare
from engine.feel.values import Undefined, kind_of, kind_text
from engine.text import T

Kind = FeelType | None
"""A type; None when it is not known."""
Scope = Mapping[str, FeelType]

BOOLEAN, NUMBER, STRING = SIMPLE["boolean"], SIMPLE["number"], SIMPLE["string"]

_TEMPORALS = ("2026-01-01", "10:00:00", "2026-01-01T10:00:00", "P1D", "P1M")
_SAMPLES: Mapping[str, Any] = {
    kind_of(value): value for value in (1, "a", True, *map(parse_temporal, _TEMPORALS))
}
"""One value of every kind that has no parts."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A place where types do not go together: the character it begins at, and why."""

    position: int
    text: T


@dataclass(frozen=True, slots=True)
class Inferred:
    """The type of a whole expression, and everything in it that can only be null."""

    kind: Kind
    misfits: tuple[Misfit, ...]


def infer(node: Node, names: Scope) -> Inferred:
    """Return the type of a tree in a scope of names with known types; any other name may be anything."""
    inference = _Inference()
    kind = inference.kind(node, names)
    return Inferred(kind, tuple(sorted(inference.misfits, key=lambda each: each.position)))


def kind_name(kind: Kind) -> T:
    """Return what people call a type."""
    plain = None if kind is None else bare(kind)
    if isinstance(plain, ListOf):
        return kind_text("list")
    return kind_text(plain.name if isinstance(plain, Simple) else "context")


def settled(kind: Kind) -> str:
    """Return the name of a type without parts, the empty string for any other and for none."""
    plain = None if kind is None else bare(kind)
    return plain.name if isinstance(plain, Simple) and plain.name in _SAMPLES else ""


def common(kinds: Iterable[Kind]) -> Kind:
    """Return the one type that all have, None when they differ or one is not known."""
    found = list(kinds)
    first = found[0] if found else None
    return first if all(each is not None and each == first for each in found) else None


class _Inference:
    """One walk over a tree."""

    def __init__(self) -> None:
        self.misfits: list[Misfit] = []

    def kind(self, node: Node, scope: Scope) -> Kind:
        """Return the type of a node, after everything below it has been looked at."""
        rule = _RULES.get(type(node))
        if rule is not None:
            return rule(self, node, scope)
        for child in nodes.children(node):
            self.kind(child, scope)
        return None

    def note(self, node: Node, text: T) -> None:
        """Keep a misfit."""
        self.misfits.append(Misfit(node.position, text))

    # ------------------------------------------------------------ names and paths

    def name(self, node: nodes.Name, scope: Scope) -> Kind:
        found = scope.get(node.name)
        return None if found == ANY else found

    def path(self, node: nodes.Path, scope: Scope) -> Kind:
        source = self.kind(node.source, scope)
        plain = None if source is None else bare(source)
        if isinstance(plain, ContextOf):
            return dict(plain.entries).get(node.name)
        kind = settled(plain)
        if kind:
            return self._part(node, kind)
        return None

    def _part(self, node: nodes.Path, kind: str) -> Kind:
        part = property_of(_SAMPLES[kind], node.name)
        if part is NotImplemented:
            self.note(node, T("{kind}没有“{name}”这一项", kind=kind_text(kind), name=node.name))
            return None
        return SIMPLE.get(kind_of(part)) if part is not None else None

    def filtered(self, node: nodes.Filter, scope: Scope) -> Kind:
        source = self.kind(node.source, scope)
        element = source.of if isinstance(source, ListOf) else None
        entries = dict(element.entries) if isinstance(element, ContextOf) else {}
        items = {} if element is None else {"item": element}
        # An element of unknown shape may hide any name of the scope behind an entry of its own.
        inside = {**scope, **items, **entries} if element is not None else items
        condition = settled(self.kind(node.condition, inside))
        if condition not in ("", "boolean", "number"):
            self.note(node.condition, T("筛选的条件应为是否或序号，而不是{kind}", kind=kind_text(condition)))
        return element if condition == "number" else source

    # ------------------------------------------------------------ operators

    def calculation(self, node: nodes.Arithmetic, scope: Scope) -> Kind:
        left, right = settled(self.kind(node.left, scope)), settled(self.kind(node.right, scope))
        if not left or not right:
            return None
        result = _calculated(node.operator, left, right)
        if result is None:
            what = {"left": kind_text(left), "right": kind_text(right), "operator": node.operator}
            self.note(node, T("{left}与{right}不能用“{operator}”计算", **what))
        return SIMPLE.get(result or "")

    def opposite(self, node: nodes.Negation, scope: Scope) -> Kind:
        kind = self.kind(node.operand, scope)
        name = settled(kind)
        if name and not _has_opposite(name):
            self.note(node, T("{kind}不能取负", kind=kind_text(name)))
            return None
        return kind

    def comparison(self, node: nodes.Comparison, scope: Scope) -> Kind:
        self._compare(node, self.kind(node.left, scope), self.kind(node.right, scope), node.operator)
        return BOOLEAN

    def between(self, node: nodes.Between, scope: Scope) -> Kind:
        value = self.kind(node.value, scope)
        for end in (node.low, node.high):
            self._compare(end, value, self.kind(end, scope), "<")
        return BOOLEAN

    def _compare(self, node: Node, left: Kind, right: Kind, operator: str) -> None:
        one, other = settled(left), settled(right)
        if one and other and not _comparable(operator, one, other):
            self.note(node, T("{left}与{right}不能比较", left=kind_text(one), right=kind_text(other)))

    def membership(self, node: nodes.In, scope: Scope) -> Kind:
        value = self.kind(node.value, scope)
        for test in node.tests:
            if isinstance(test, nodes.Test):
                self._compare(test, value, self.kind(test.operand, scope), test.operator)
            else:
                self.kind(test, scope)
        return BOOLEAN

    def logic(self, node: nodes.Conjunction | nodes.Disjunction, scope: Scope) -> Kind:
        for operand in node.operands:
            self._truth(operand, self.kind(operand, scope))
        return BOOLEAN

    def choice(self, node: nodes.If, scope: Scope) -> Kind:
        self._truth(node.condition, self.kind(node.condition, scope))
        branches = [each for each in (node.then, node.otherwise) if not isinstance(each, nodes.NullLiteral)]
        return common([self.kind(each, scope) for each in branches])

    def _truth(self, node: Node, kind: Kind) -> None:
        name = settled(kind)
        if name and name != "boolean":
            self.note(node, T("这里应为是否，而不是{kind}", kind=kind_text(name)))

    # ------------------------------------------------------------ repetition and structure

    def loop(self, node: nodes.For, scope: Scope) -> Kind:
        result = self.kind(node.result, self._bound(node.iterators, scope, partial=True))
        return None if result is None else ListOf(result)

    def quantified(self, node: nodes.Quantified, scope: Scope) -> Kind:
        self._truth(node.condition, self.kind(node.condition, self._bound(node.iterators, scope)))
        return BOOLEAN

    def _bound(
        self, iterators: tuple[tuple[str, Node], ...], scope: Scope, *, partial: bool = False
    ) -> dict[str, FeelType]:
        inside = dict(scope)
        if partial:
            inside.pop("partial", None)
        for name, domain in iterators:
            source = self.kind(domain, inside)
            element = NUMBER if isinstance(domain, nodes.IterationRange) else None
            if isinstance(source, ListOf | RangeOf):
                element = source.of
            inside.pop(name, None)
            if element is not None:
                inside[name] = element
        return inside

    def listed(self, node: nodes.ListLiteral, scope: Scope) -> Kind:
        element = common([self.kind(item, scope) for item in node.items])
        return None if element is None else ListOf(element)

    def context(self, node: nodes.ContextLiteral, scope: Scope) -> Kind:
        inside, entries = dict(scope), []
        for name, value in node.entries:
            kind = self.kind(value, inside)
            entries.append((name, kind or ANY))
            inside.pop(name, None)
            if kind is not None:
                inside[name] = kind
        return ContextOf(tuple(entries))

    def interval(self, node: nodes.RangeLiteral, scope: Scope) -> Kind:
        start, end = self.kind(node.start, scope), self.kind(node.end, scope)
        self._compare(node, start, end, "<")
        return None if start is None or start != end else RangeOf(start)

    def function(self, node: nodes.FunctionLiteral, scope: Scope) -> Kind:
        hidden = {name for name, _ in node.parameters}
        self.kind(node.body, {name: kind for name, kind in scope.items() if name not in hidden})
        return None

    # ------------------------------------------------------------ calls

    def call(self, node: nodes.Call, scope: Scope) -> Kind:
        given = [self.kind(argument, scope) for argument in node.arguments]
        name = node.function.name if isinstance(node.function, nodes.Name) else ""
        if name not in BUILTINS or name in scope:
            return None
        self._check_arguments(node, name, given)
        result = RESULTS.get(name)
        if result == "argument":
            return common(given) if settled(common(given)) else None
        return SIMPLE.get(result or "")

    def named_call(self, node: nodes.NamedCall, scope: Scope) -> Kind:
        for _, argument in node.arguments:
            self.kind(argument, scope)
        name = node.function.name if isinstance(node.function, nodes.Name) else ""
        result = RESULTS.get(name, "") if name not in scope else ""
        return SIMPLE.get(result)

    def _check_arguments(self, node: nodes.Call, name: str, given: list[Kind]) -> None:
        overloads = [each for each in BUILTINS[name].overloads if each.accepts(len(given))]
        if not overloads:
            text = T("函数“{name}”不接受 {count} 个参数", name=name, count=len(given))
            self.note(node, text)
            return
        for index, kind in enumerate(given):
            taken = [each.parameters[min(index, len(each.parameters) - 1)] for each in overloads]
            found = settled(kind)
            if found and not any({found, "any", "list"} & parameter.kinds for parameter in taken):
                what = {"parameter": taken[0].name, "given": kind_text(found)}
                text = T("函数“{name}”的参数“{parameter}”不能是{given}", name=name, **what)
                self.note(node.arguments[index], text)


@lru_cache(maxsize=1024)
def _calculated(operator: str, left: str, right: str) -> str | None:
    """Return the kind of a result; a duration divided by a duration, for one, is a number."""
    try:
        return kind_of(arithmetic(operator, _SAMPLES[left], _SAMPLES[right]))
    except Undefined as reason:
        return None if reason.code == "type" else left


@lru_cache(maxsize=64)
def _has_opposite(kind: str) -> bool:
    try:
        negative(_SAMPLES[kind])
    except Undefined:
        return False
    return True


@lru_cache(maxsize=512)
def _comparable(operator: str, left: str, right: str) -> bool:
    if operator in ("=", "!="):
        return equal(_SAMPLES[left], _SAMPLES[right]) is not None
    return compare(_SAMPLES[left], _SAMPLES[right]) is not None


_Rule = Callable[[_Inference, Any, Scope], Kind]


def _always(kind: FeelType) -> _Rule:
    def rule(inference: _Inference, node: Node, scope: Scope) -> Kind:
        for child in nodes.children(node):
            inference.kind(child, scope)
        return kind

    return rule


def _temporal(inference: _Inference, node: nodes.AtLiteral, scope: Scope) -> Kind:
    value = parse_temporal(node.text)
    return None if value is None else SIMPLE[kind_of(value)]


def _nothing(inference: _Inference, node: Node, scope: Scope) -> Kind:
    return None


_RULES: Mapping[type[Node], _Rule] = {
    nodes.NumberLiteral: _always(NUMBER),
    nodes.StringLiteral: _always(STRING),
    nodes.BooleanLiteral: _always(BOOLEAN),
    nodes.AtLiteral: _temporal,
    nodes.Name: _Inference.name,
    nodes.Path: _Inference.path,
    nodes.Filter: _Inference.filtered,
    nodes.Arithmetic: _Inference.calculation,
    nodes.Negation: _Inference.opposite,
    nodes.Comparison: _Inference.comparison,
    nodes.Between: _Inference.between,
    nodes.In: _Inference.membership,
    nodes.Conjunction: _Inference.logic,
    nodes.Disjunction: _Inference.logic,
    nodes.If: _Inference.choice,
    nodes.For: _Inference.loop,
    nodes.Quantified: _Inference.quantified,
    nodes.ListLiteral: _Inference.listed,
    nodes.ContextLiteral: _Inference.context,
    nodes.RangeLiteral: _Inference.interval,
    nodes.FunctionLiteral: _Inference.function,
    nodes.Call: _Inference.call,
    nodes.NamedCall: _Inference.named_call,
    nodes.InstanceOf: _always(BOOLEAN),
    nodes.NullLiteral: _nothing,
}
