"""`for`, `some` and `every` (DMN 1.5 §10.3.2.14, rules 44 and 46)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from engine.feel import nodes
from engine.feel.measuring import cost, uses
from engine.feel.nodes import Node
from engine.feel.numbers import NUMBERS, whole
from engine.feel.programs.registry import build, compiles
from engine.feel.run import Frame, Program
from engine.feel.temporal import Date
from engine.feel.values import Range, Undefined, describe, lifted
from engine.text import T

Domain = Callable[[Frame], list[Any]]
"""The values an iterator runs through; raises Undefined."""


@compiles(nodes.IterationRange)
def iteration_range(node: nodes.IterationRange) -> Program:
    """`1..5` and `5..1` after `in`, as the list they stand for."""
    low, high = build(node.start), build(node.end)
    return lambda frame: steps_between(low(frame), high(frame), frame)


def steps_between(start: Any, end: Any, frame: Frame) -> list[Any]:
    """Return the whole numbers or the days from `start` to `end`, upwards or downwards; raise Undefined."""
    if isinstance(start, Date) and isinstance(end, Date):
        days = _integers(start.ordinal, end.ordinal, frame)
        frame.run.spend(8 * len(days))
        return [Date.from_ordinal(day) for day in days]
    first, last = whole(start), whole(end)
    if first is None or last is None:
        text = T("不能从{start}数到{end}", start=describe(start), end=describe(end))
        raise Undefined(text, "type")
    return list(_integers(first, last, frame))


def _integers(first: int, last: int, frame: Frame) -> range:
    frame.run.items(abs(last - first) + 1)
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def _domain(node: Node) -> Domain:
    program = build(node)

    def values(frame: Frame) -> list[Any]:
        value = program(frame)
        if type(value) is list:
            return lifted(value)
        if isinstance(value, Range):
            return _range_values(value, frame)
        if value is None:
            raise Undefined(T("空值不能逐项处理"), "null_operand")
        return [value]

    return values


def _range_values(value: Range, frame: Frame) -> list[Any]:
    found = steps_between(value.start, value.end, frame)
    found = found if value.start_included or type(value.start) not in NUMBERS | {Date} else found[1:]
    return found if value.end_included else found[:-1]


class _Loops:
    """Several iterators within each other; a later domain sees the earlier variables."""

    def __init__(self, iterators: tuple[tuple[str, Node], ...], body: Node) -> None:
        self._names = [name for name, _ in iterators]
        self._domains = [_domain(domain) for _, domain in iterators]
        inner = [cost(domain) for _, domain in iterators[1:]] + [cost(body)]
        self._costs = inner

    def scopes(self, frame: Frame, shared: dict[str, Any], level: int = 0) -> Iterator[Frame]:
        """Give a scope for every combination of values; raise Undefined when a domain has none."""
        values = self._domains[level](frame)
        frame.run.spend(len(values) * self._costs[level])
        last = level + 1 == len(self._names)
        for value in values:
            scope = Frame({**shared, self._names[level]: value}, frame, frame.run)
            if last:
                yield scope
            else:
                yield from self.scopes(scope, shared, level + 1)


@compiles(nodes.For)
def loop(node: nodes.For) -> Program:
    """One result for every combination of the iterators; `partial` holds the results so far."""
    loops, result = _Loops(node.iterators, node.result), build(node.result)
    uses_partial = uses(node.result, "partial")

    def collect(frame: Frame) -> list[Any] | None:
        results: list[Any] = []
        shared: dict[str, Any] = {}
        try:
            for scope in loops.scopes(frame, shared):
                if uses_partial:
                    frame.run.items(len(results))
                    scope = Frame({"partial": list(results)}, scope, frame.run)
                results.append(result(scope))
        except Undefined as reason:
            frame.run.note_undefined(reason, node.position)
            return None
        return results

    return collect


@compiles(nodes.Quantified)
def quantified(node: nodes.Quantified) -> Program:
    """`some`: true when one condition is true; `every`: false when one is false; else null beats the rest."""
    loops, condition = _Loops(node.iterators, node.condition), build(node.condition)
    decides = node.kind == "some"

    def test(frame: Frame) -> bool | None:
        answer: bool | None = not decides
        try:
            for scope in loops.scopes(frame, {}):
                value = condition(scope)
                if value is decides:
                    return bool(decides)
                if value is not (not decides):
                    answer = None
        except Undefined as reason:
            frame.run.note_undefined(reason, node.position)
            return None
        return answer

    return test
