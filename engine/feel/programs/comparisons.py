"""The six comparisons and `between` (DMN 1.5 rules 49.a and 49.b, tables 50-54).

A comparison with a literal is by far the commonest condition, so it looks its constant up only once.
"""

from __future__ import annotations

import operator as python
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import nodes
from engine.feel.comparing import compare, equal
from engine.feel.numbers import NUMBERS
from engine.feel.programs.registry import build, compiles
from engine.feel.run import Frame, Program
from engine.feel.values import describe
from engine.text import T

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}


@compiles(nodes.Comparison)
def comparison(node: nodes.Comparison) -> Program:
    """`=` and `!=` compare any values, the others ordered ones."""
    if node.operator in ("=", "!="):
        literal = isinstance(node.right, nodes.BooleanLiteral | nodes.StringLiteral)
        return _equality_with_literal(node) if literal else _equality(node)
    return _order_beside_number(node) if isinstance(node.right, nodes.NumberLiteral) else _order(node)


def _equality(node: nodes.Comparison) -> Program:
    left, right, operator, position = build(node.left), build(node.right), node.operator, node.position
    wanted = operator == "="

    def test(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        if type(a) in NUMBERS and type(b) in NUMBERS:
            return (a == b) is wanted
        return compared(operator, a, b, frame, position)

    return test


def _equality_with_literal(node: nodes.Comparison) -> Program:
    left, operator, position = build(node.left), node.operator, node.position
    literal: Any = node.right.value  # type: ignore[attr-defined]
    kind, wanted = type(literal), operator == "="

    def test(frame: Frame) -> bool | None:
        value = left(frame)
        if type(value) is kind:
            return (value == literal) is wanted
        return compared(operator, value, literal, frame, position)

    return test


def _order(node: nodes.Comparison) -> Program:
    left, right, operator, position = build(node.left), build(node.right), node.operator, node.position
    fast = _ORDERS[operator]

    def test(frame: Frame) -> bool | None:
        a, b = left(frame), right(frame)
        if type(a) in NUMBERS and type(b) in NUMBERS:
            return fast(a, b)
        return compared(operator, a, b, frame, position)

    return test


def _order_beside_number(node: nodes.Comparison) -> Program:
    """Whole numbers are compared as Python's, which is quicker than as decimals."""
    left, operator, position = build(node.left), node.operator, node.position
    number: Decimal = node.right.value  # type: ignore[attr-defined]
    constant = int(number) if number == number.to_integral_value() and number.adjusted() < 18 else number
    fast = _ORDERS[operator]

    def test(frame: Frame) -> bool | None:
        value = left(frame)
        if type(value) in NUMBERS:
            return fast(value, constant)
        return compared(operator, value, constant, frame, position)

    return test


def compared(operator: str, left: Any, right: Any, frame: Frame, position: int) -> bool | None:
    """Return `left operator right` for one of the six comparisons; record why when there is no answer."""
    frame.run.spend(5)
    if operator in ("=", "!="):
        same = equal(left, right, frame.run)
        if same is not None:
            return same is (operator == "=")
    else:
        order = compare(left, right, frame.run)
        if order is not None:
            return _ORDERS[operator](order, 0)
    text = T("{left}与{right}不能比较", left=describe(left), right=describe(right))
    frame.run.note("null_operand" if left is None or right is None else "type", text, position)
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
