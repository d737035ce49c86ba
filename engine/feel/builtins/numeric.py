"""Functions of numbers (DMN 1.5 §10.3.4.5)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.numbers import DECIMAL, Number, cut
from engine.feel.run import Run
from engine.feel.temporal import DaysDuration, MonthsDuration
from engine.feel.values import Undefined
from engine.text import T

_SMALLEST_SCALE, _LARGEST_SCALE = -6111, 6176


def rounded(number: Number, scale: Number, rounding: str) -> Decimal:
    """Return `number` with `scale` digits after the point; raise Undefined when the scale is out of range."""
    digits = cut(scale)
    if not _SMALLEST_SCALE <= digits <= _LARGEST_SCALE:
        raise Undefined(T("小数位数 {scale} 超出范围", scale=scale), "out_of_range")
    value = Decimal(number)
    if -value.as_tuple().exponent <= digits:  # type: ignore[operator]
        return value
    return value.quantize(Decimal(1).scaleb(-digits), rounding=rounding, context=DECIMAL)


@builtin("decimal", "n:number, scale:number")
def to_scale(n: Number, scale: Number) -> Decimal:
    """Round half to even."""
    return rounded(n, scale, ROUND_HALF_EVEN)


@builtin("floor", "n:number")
@builtin("floor", "n:number, scale:number")
def floor(n: Number, scale: Number = 0) -> Decimal:
    """Round down."""
    return rounded(n, scale, ROUND_FLOOR)


@builtin("ceiling", "n:number")
@builtin("ceiling", "n:number, scale:number")
def ceiling(n: Number, scale: Number = 0) -> Decimal:
    """Round up."""
    return rounded(n, scale, ROUND_CEILING)


@builtin("round up", "n:number, scale:number")
def round_up(n: Number, scale: Number) -> Decimal:
    """Round away from zero."""
    return rounded(n, scale, ROUND_UP)


@builtin("round down", "n:number, scale:number")
def round_down(n: Number, scale: Number) -> Decimal:
    """Round towards zero."""
    return rounded(n, scale, ROUND_DOWN)


@builtin("round half up", "n:number, scale:number")
def round_half_up(n: Number, scale: Number) -> Decimal:
    """Round to the nearest, halves away from zero."""
    return rounded(n, scale, ROUND_HALF_UP)


@builtin("round half down", "n:number, scale:number")
def round_half_down(n: Number, scale: Number) -> Decimal:
    """Round to the nearest, halves towards zero."""
    return rounded(n, scale, ROUND_HALF_DOWN)


@builtin("abs", "n:number|days and time duration|years and months duration")
def absolute(n: Any) -> Any:
    """Return the value without its sign, of a number or a duration."""
    if isinstance(n, DaysDuration | MonthsDuration):
        return type(n)(abs(n.value))
    return DECIMAL.abs(n)


@builtin("modulo", "dividend:number, divisor:number")
def modulo(dividend: Number, divisor: Number) -> Decimal:
    """Return what is left of a division rounded down; it has the sign of the divisor."""
    if not divisor:
        raise Undefined(T("除数为零"), "divide_by_zero")
    rest = DECIMAL.remainder(dividend, divisor)
    return DECIMAL.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@builtin("sqrt", "number:number")
def square_root(run: Run, number: Number) -> Decimal:
    """Return the square root."""
    run.spend(3)
    if number < 0:
        raise Undefined(T("负数没有平方根"), "out_of_range")
    return DECIMAL.sqrt(number)


@builtin("log", "number:number")
def logarithm(run: Run, number: Number) -> Decimal:
    """Return the natural logarithm."""
    run.spend(50)
    if number <= 0:
        raise Undefined(T("只有正数才有对数"), "out_of_range")
    return DECIMAL.ln(number)


@builtin("exp", "number:number")
def exponential(run: Run, number: Number) -> Decimal:
    """Return e to the power of the number."""
    run.spend(30)
    return DECIMAL.exp(number)


@builtin("odd", "number:number")
def odd(number: Number) -> bool:
    """Say whether a whole number is odd."""
    return _remainder_of_two(number) == 1


@builtin("even", "number:number")
def even(number: Number) -> bool:
    """Say whether a whole number is even."""
    return _remainder_of_two(number) == 0


def _remainder_of_two(number: Number) -> Number:
    """Return 0 or 1 for whole numbers, which those too large for their last digits to be known are even."""
    if isinstance(number, Decimal) and number.adjusted() > 33:
        return 0
    return DECIMAL.remainder(DECIMAL.abs(number), 2)
