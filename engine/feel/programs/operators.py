"""Arithmetic and comparisons (DMN 1.5 rules 19-24, 49 and 51, §10.3.2.15)."""

from __future__ import annotations

import operator as python
from collections.abc import Callable
from decimal import DecimalException
from typing import Any

from engine.feel import nodes
from engine.feel.numbers import NUMBERS
from engine.feel.operators import arithmetic, negative, numeric, numeric_failure
from engine.feel.programs.registry import build, compiles
from engine.feel.resolving import resolved
from engine.feel.run import Frame, Program
from engine.feel.types import belongs
from engine.feel.values import Undefined, compare, describe, equal
from engine.text import T

_PLAIN = frozenset({str, bool})
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}


@compiles(nodes.Arithmetic)
def calculation(node: nodes.Arithmetic) -> Program:
    """Two numbers are calculated at once; other kinds look their rule up."""
    left, right = build(node.left), build(node.right)
    operator, position, fast = node.operator, node.position, numeric(node.operator)

    def calculate(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        try:
            if type(a) in NUMBERS and type(b) in NUMBERS:
                return fast(a, b)
            if type(a) is str and type(b) is str:
                frame.run.characters(len(a) + len(b))
            return arithmetic(operator, a, b)
        except DecimalException as failure:
            return frame.run.note_undefined(numeric_failure(operator, failure), position)
        except Undefined as reason:
            return frame.run.note_undefined(reason, position)

    return calculate


@compiles(nodes.Negation)
def opposite(node: nodes.Negation) -> Program:
    """The opposite of a number or a duration."""
    operand, position = build(node.operand), node.position

    def negate(frame: Frame) -> Any:
        try:
            return negative(operand(frame))
        except Undefined as reason:
            return frame.run.note_undefined(reason, position)

    return negate


@compiles(nodes.Comparison)
def comparison(node: nodes.Comparison) -> Program:
    """`=` and `!=` compare any values, the others ordered ones."""
    if node.operator in ("=", "!="):
        return _equality(node)
    return _order(node)


def _equality(node: nodes.Comparison) -> Program:
    left, right, position = build(node.left), build(node.right), node.position
    wanted = node.operator == "="

    def test(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        kind = type(a)
        if (kind is type(b) and kind in _PLAIN) or (kind in NUMBERS and type(b) in NUMBERS):
            return bool((a == b) is wanted)
        same = equal(a, b, frame.run)
        if same is None:
            not_comparable(a, b, frame, position)
            return None
        return same is wanted

    return test


def _order(node: nodes.Comparison) -> Program:
    left, right, position = build(node.left), build(node.right), node.position
    fast = _ORDERS[node.operator]

    def test(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        if type(a) in NUMBERS and type(b) in NUMBERS:
            return fast(a, b)
        order = compare(a, b)
        if order is None:
            not_comparable(a, b, frame, position)
            return None
        return fast(order, 0)

    return test


def not_comparable(left: Any, right: Any, frame: Frame, position: int) -> None:
    """Record that two values cannot be compared."""
    text = T("{left}与{right}不能比较", left=describe(left), right=describe(right))
    code = "null_operand" if left is None or right is None else "type"
    frame.run.note(code, text, position)


def compared(operator: str, left: Any, right: Any, frame: Frame, position: int) -> bool | None:
    """Return `left operator right` for one of the six comparisons."""
    if operator in ("=", "!="):
        same = equal(left, right, frame.run)
        if same is not None:
            return same is (operator == "=")
    else:
        order = compare(left, right)
        if order is not None:
            return _ORDERS[operator](order, 0)
    not_comparable(left, right, frame, position)
    return None


@compiles(nodes.Between)
def between(node: nodes.Between) -> Program:
    """`a between b and c` is `a >= b and a <= c`."""
    value, low, high = build(node.value), build(node.low), build(node.high)

    def test(frame: Frame) -> bool | None:
        x, a, b = value(frame), low(frame), high(frame)
        above = compared(">=", x, a, frame, node.position)
        below = compared("<=", x, b, frame, node.position)
        if above is False or below is False:
            return False
        return True if above and below else None

    return test


@compiles(nodes.InstanceOf)
def instance_of(node: nodes.InstanceOf) -> Program:
    """Ask for the type of a value."""
    value, kind = build(node.value), resolved(node.type)

    def test(frame: Frame) -> bool | None:
        try:
            return belongs(value(frame), kind, frame.run)
        except Undefined as reason:
            frame.run.note_undefined(reason, node.position)
            return None

    return test
