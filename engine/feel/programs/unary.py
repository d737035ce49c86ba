"""Unary tests and `in` (DMN 1.5 rules 7, 15 and 49.c, §10.3.2.15)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import nodes
from engine.feel.comparing import equal, lies_within
from engine.feel.logic import negation
from engine.feel.measuring import uses
from engine.feel.nodes import Node
from engine.feel.programs.comparisons import compared
from engine.feel.programs.registry import build, compiles
from engine.feel.run import Frame, Program
from engine.feel.values import ORDERED, Range, kind_of, lifted
from engine.text import T

UnaryTest = Callable[[Frame, Any], bool | None]
"""A test that is given the value it is about."""


@compiles(nodes.In)
def membership(node: nodes.In) -> Program:
    """`a in (test, test)`: true when one of the tests is true."""
    value = build(node.value)
    tests = [_test(test) for test in node.tests]

    return lambda frame: _passes(tests, value(frame), frame)


@compiles(nodes.UnaryTests)
def unary_tests(node: nodes.UnaryTests) -> Program:
    """All tests of a cell on the value named `?`; none at all is always true."""
    if not node.tests:
        return lambda frame: True
    tests = [_test(test) for test in node.tests]

    def check(frame: Frame) -> bool | None:
        answer = _passes(tests, frame.names["?"], frame)
        return negation(answer) if node.negated else answer

    return check


@compiles(nodes.Test)
def test_as_range(node: nodes.Test) -> Program:
    """`(< 5)` standing alone is the range of what passes it (DMN 1.5 §10.3.2.7)."""
    operand, operator = build(node.operand), node.operator

    def make(frame: Frame) -> Range | None:
        end = operand(frame)
        if kind_of(end) not in ORDERED and operator not in ("=", "!="):
            frame.run.note("type", T("“{operator}”不能构成区间", operator=operator), node.position)
            return None
        return range_of(operator, end)

    return make


def range_of(operator: str, end: Any) -> Range:
    """Return all that passes `operator end`."""
    if operator in ("=", "!="):
        return Range(end, end, operator == "=", operator == "=", operator)
    if operator in ("<", "<="):
        return Range(None, end, False, operator == "<=", operator)
    return Range(end, None, operator == ">=", False, operator)


def _passes(tests: list[UnaryTest], value: Any, frame: Frame) -> bool | None:
    answer: bool | None = False
    for test in tests:
        found = test(frame, value)
        if found is True:
            return True
        if found is not False:
            answer = None
    return answer


def _test(node: Node) -> UnaryTest:
    """A comparison, an expression about `?`, or a value to be compared with.

    What is about `?` and neither true nor false is compared with it too; `?` alone asks whether it is true.
    """
    if isinstance(node, nodes.Test):
        return _comparing(node)
    if isinstance(node, nodes.Input):
        return lambda frame, value: value if isinstance(value, bool) else None
    program = build(node)
    if not uses(node, "?"):
        return lambda frame, value: holds(program(frame), value, frame)

    def test(frame: Frame, value: Any) -> bool | None:
        found = program(Frame({"?": value}, frame, frame.run))
        return found if isinstance(found, bool) else holds(found, value, frame)

    return test


def _comparing(node: nodes.Test) -> UnaryTest:
    operand = build(node.operand)

    def test(frame: Frame, value: Any) -> bool | None:
        return compared(node.operator, value, operand(frame), frame, node.position)

    return test


def holds(test: Any, value: Any, frame: Frame) -> bool | None:
    """Say whether `value` passes a test that is itself a value: within a range, in a list, or equal."""
    if isinstance(test, Range) and not isinstance(value, Range):
        return lies_within(value, test, frame.run)
    if type(test) is list:
        if type(value) is list and equal(test, value, frame.run):
            return True
        frame.run.spend(len(test))
        return any(holds(element, value, frame) for element in lifted(test))
    return equal(value, test, frame.run)
