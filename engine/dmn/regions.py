"""The values a cell of a table lets through, when its text consists of literals.

A region is a set of intervals between cuts; a cut lies just before or just after a value. Cells that use
names, or values of several types, have no region: they can only be evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.dmn.nodes import Placed
from engine.dmn.run import Evaluating
from engine.feel import nodes
from engine.feel.nodes import Node, children
from engine.feel.programs import build
from engine.feel.run import Frame
from engine.feel.temporal import DAY, TEMPORALS, DateTime, Time
from engine.feel.values import ORDERED, kind_of

Cut = tuple[Any, ...]
"""A place between values: (0, value, -1) just before one, (0, value, 1) just after it."""

Intervals = tuple[tuple[Cut, Cut], ...]

LOWEST: Cut = (-1,)
HIGHEST: Cut = (1,)
_BEFORE, _AFTER = -1, 1

_LITERALS = (
    nodes.NumberLiteral,
    nodes.StringLiteral,
    nodes.BooleanLiteral,
    nodes.NullLiteral,
    nodes.AtLiteral,
    nodes.Negation,
    nodes.Arithmetic,
)
_CONDITIONS = (nodes.Comparison, nodes.Between, nodes.In, nodes.Conjunction, nodes.Disjunction)
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_CONVERSIONS = frozenset({"date", "time", "date and time", "duration", "years and months duration"})


@dataclass(frozen=True, slots=True)
class Region:
    """Intervals of values of one kind, in order and apart; without a kind everything or nothing."""

    kind: str
    intervals: Intervals
    null: bool = False


EVERYTHING = Region("", ((LOWEST, HIGHEST),), null=True)


class NoRegion(Exception):
    """A cell whose values are known only when it is evaluated."""


def key_of(value: Any) -> Any:
    """Return what values of one kind are ordered by."""
    return value.value if isinstance(value, TEMPORALS) else value


def union(intervals: Iterable[tuple[Cut, Cut]]) -> Intervals:
    """Return the intervals in order, those that touch as one."""
    joined: list[tuple[Cut, Cut]] = []
    for low, high in sorted(pair for pair in intervals if pair[0] < pair[1]):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return tuple(joined)


def complement(intervals: Iterable[tuple[Cut, Cut]]) -> Intervals:
    """Return what lies between intervals that are in order and apart."""
    found: list[tuple[Cut, Cut]] = []
    start = LOWEST
    for low, high in intervals:
        found.append((start, low))
        start = high
    return union([*found, (start, HIGHEST)])


# ── from the tree of a cell ─────────────────────────────────────────────────────────────────────


def region_of(cell: Node) -> Region | None:
    """Return the region of unary tests; None when they have none."""
    tests = cell.node if isinstance(cell, Placed) else cell
    if not isinstance(tests, nodes.UnaryTests):
        return None
    if not tests.tests:
        return EVERYTHING
    try:
        parts = [part for test in tests.tests for part in _parts(test)]
    except NoRegion:
        return None
    kinds = {kind for kind, _, _ in parts if kind}
    if len(kinds) > 1 or (tests.negated and not kinds):
        return None
    intervals = union((low, high) for kind, low, high in parts if kind)
    if tests.negated:
        # What null is compared with decides what `not` makes of it, so nobody asks the region for null.
        return Region(kinds.pop(), complement(intervals))
    return Region(kinds.pop() if kinds else "", intervals, null=any(not kind for kind, _, _ in parts))


def _parts(test: Node) -> Iterator[tuple[str, Cut, Cut]]:
    """Yield the kind and the cuts of each interval a test stands for; null has no kind."""
    if isinstance(test, nodes.Test):
        yield from _compared(test)
    elif isinstance(test, nodes.RangeLiteral):
        yield _range(test)
    elif isinstance(test, _CONDITIONS):
        kind, intervals = _condition(test)
        yield from ((kind, low, high) for low, high in intervals)
    elif isinstance(test, nodes.ListLiteral):
        for item in test.items:
            if isinstance(item, (nodes.ListLiteral, *_CONDITIONS)):
                raise NoRegion
            yield from _parts(item)
    else:
        yield _point(constant(test))


def _condition(test: Node) -> tuple[str, Intervals]:
    """Return the kind and the intervals of a condition on `?` that uses literals only."""
    if isinstance(test, nodes.Conjunction | nodes.Disjunction):
        parts = [_condition(operand) for operand in test.operands]
        if len({kind for kind, _ in parts}) != 1:
            raise NoRegion
        join = _common if isinstance(test, nodes.Conjunction) else _joined
        return parts[0][0], join([intervals for _, intervals in parts])
    tests = _simple_tests(test)
    parts_of = [part for each in tests for part in _parts(each)]
    if len({kind for kind, _, _ in parts_of}) != 1 or not parts_of[0][0]:
        raise NoRegion
    return parts_of[0][0], union((low, high) for _, low, high in parts_of)


def _simple_tests(test: Node) -> tuple[Node, ...]:
    """Return the tests that `? < 5`, `5 > ?`, `? between 1 and 5` and `? in (…)` stand for."""
    if isinstance(test, nodes.Comparison) and isinstance(test.left, nodes.Input):
        return (nodes.Test(test.operator, test.right),)
    if isinstance(test, nodes.Comparison) and isinstance(test.right, nodes.Input):
        return (nodes.Test(_MIRRORED[test.operator], test.left),)
    if isinstance(test, nodes.Between) and isinstance(test.value, nodes.Input):
        return (nodes.RangeLiteral(test.low, test.high, True, True),)
    if isinstance(test, nodes.In) and isinstance(test.value, nodes.Input):
        return test.tests
    raise NoRegion


def _joined(parts: list[Intervals]) -> Intervals:
    return union(pair for intervals in parts for pair in intervals)


def _common(parts: list[Intervals]) -> Intervals:
    return complement(_joined([complement(intervals) for intervals in parts]))


def _compared(test: nodes.Test) -> Iterator[tuple[str, Cut, Cut]]:
    kind, before, after = _point(constant(test.operand))
    if not kind or (kind not in ORDERED and test.operator not in ("=", "!=")):
        raise NoRegion
    if test.operator == "=":
        yield kind, before, after
    if test.operator in ("<", "!="):
        yield kind, LOWEST, before
    if test.operator == "<=":
        yield kind, LOWEST, after
    if test.operator in (">", "!="):
        yield kind, after, HIGHEST
    if test.operator == ">=":
        yield kind, before, HIGHEST


def _range(test: nodes.RangeLiteral) -> tuple[str, Cut, Cut]:
    kind, before_start, after_start = _point(constant(test.start))
    other, before_end, after_end = _point(constant(test.end))
    if not kind or kind != other or before_start > before_end:
        raise NoRegion
    low = before_start if test.start_included else after_start
    return kind, low, after_end if test.end_included else before_end


def _point(value: Any) -> tuple[str, Cut, Cut]:
    """Return the kind of a value and the cuts around it; days follow each other without anything between."""
    kind = kind_of(value)
    if kind == "Null":
        return "", LOWEST, LOWEST
    if kind not in ORDERED and kind != "boolean":
        raise NoRegion
    if isinstance(value, DateTime | Time) and value.zone is not None:
        raise NoRegion
    key = key_of(value)
    if kind == "date":
        return kind, (0, key, _BEFORE), (0, key + DAY, _BEFORE)
    return kind, (0, key, _BEFORE), (0, key, _AFTER)


def constant(node: Node) -> Any:
    """Return the value of a literal, or of a date or duration written as a call; raise NoRegion."""
    if not is_constant(node):
        raise NoRegion
    return build(node)(Frame({}, None, Evaluating(None)))


def is_constant(node: Node) -> bool:
    """Say whether a tree is a literal, or a date or duration written as a call with literals."""
    if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name):
        named = node.function.name in _CONVERSIONS
        return named and all(is_constant(argument) for argument in node.arguments)
    return isinstance(node, _LITERALS) and all(is_constant(child) for child in children(node))
