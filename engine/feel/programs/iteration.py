"""`for`, `some` and `every` (DMN 1.5 §10.3.2.14, rules 44 and 46)."""

from __future__ import annotations

from collections.abc import Callable
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


Visit = Callable[[Frame], bool]
"""What is done in each turn of a loop; true ends it."""


class _Loops:
    """Several iterators within each other; a later domain sees the earlier variables."""

    def __init__(self, iterators: tuple[tuple[str, Node], ...], body: Node) -> None:
        self._names = [name for name, _ in iterators]
        self._domains = [_domain(domain) for _, domain in iterators]
        self._costs = [cost(domain) for _, domain in iterators[1:]] + [cost(body)]

    def each(self, frame: Frame, visit: Visit) -> None:
        """Visit every combination of values; raise Undefined when a domain has none."""
        values = self._values(0, frame)
        steps = len(values) * self._costs[0] * 100 ** (len(self._names) - 1)
        frame.run.roomy(steps, lambda: self._turn(values, 0, frame, visit))

    def _values(self, level: int, frame: Frame) -> list[Any]:
        values = self._domains[level](frame)
        frame.run.spend(len(values) * self._costs[level])
        return values

    def _turn(self, values: list[Any], level: int, frame: Frame, visit: Visit) -> bool:
        name, following = self._names[level], level + 1
        for value in values:
            scope = Frame({name: value}, frame, frame.run)
            if following == len(self._names):
                ended = visit(scope)
            else:
                ended = self._turn(self._values(following, scope), following, scope, visit)
            if ended:
                return True
        return False


@compiles(nodes.For)
def loop(node: nodes.For) -> Program:
    """One result for every combination of the iterators; `partial` holds the results so far."""
    loops, result = _Loops(node.iterators, node.result), build(node.result)
    uses_partial = uses(node.result, "partial")

    def collect(frame: Frame) -> list[Any] | None:
        results: list[Any] = []

        def visit(scope: Frame) -> bool:
            if uses_partial:
                frame.run.items(len(results))
                scope = Frame({"partial": list(results)}, scope, frame.run)
            results.append(result(scope))
            return False

        try:
            loops.each(frame, visit)
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

        def visit(scope: Frame) -> bool:
            nonlocal answer
            value = condition(scope)
            if value is decides:
                answer = decides
            elif value is not (not decides):
                answer = None
            return value is decides

        try:
            loops.each(frame, visit)
        except Undefined as reason:
            frame.run.note_undefined(reason, node.position)
            return None
        return answer

    return test
