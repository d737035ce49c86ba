"""Arithmetic on values (DMN 1.5 rules 19-24, §10.3.2.15); raises Undefined where there is none."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal, DecimalException, DivisionByZero, InvalidOperation
from typing import Any

from engine.feel.numbers import DECIMAL, NUMBERS
from engine.feel.temporal import (
    DAY,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    OutOfRange,
    Time,
)
from engine.feel.values import Undefined, describe
from engine.text import T

Operation = Callable[[Any, Any], Any]


def _power(base: Any, exponent: Any) -> Decimal:
    """Return a power as tables have it: `decimal` has none for 0 ** 0, and infinity for 0 ** -1."""
    if not base and exponent < 0:
        raise DivisionByZero
    if not exponent:
        return Decimal(1)
    return DECIMAL.power(base, exponent)


_NUMERIC: dict[str, Operation] = {
    "+": DECIMAL.add,
    "-": DECIMAL.subtract,
    "*": DECIMAL.multiply,
    "/": DECIMAL.divide,
    "**": _power,
}


def numeric(operator: str) -> Operation:
    """Return the operation on two numbers; it raises decimal exceptions."""
    return _NUMERIC[operator]


def numeric_failure(operator: str, failure: DecimalException) -> Undefined:
    """Return the reason two numbers have no result."""
    if isinstance(failure, DivisionByZero) or (operator == "/" and isinstance(failure, InvalidOperation)):
        return Undefined(T("除数为零"), "divide_by_zero")
    return Undefined(T("计算结果超出数字的范围"), "out_of_range")


def arithmetic(operator: str, left: Any, right: Any) -> Any:
    """Return `left operator right` for any two values; raise Undefined."""
    rule = _RULES.get((operator, type(left), type(right))) or _RULES.get(
        (operator, _shape(left), _shape(right))
    )
    if rule is None:
        raise Undefined(
            T(
                "{left}与{right}不能用“{operator}”计算",
                left=describe(left),
                right=describe(right),
                operator=operator,
            ),
            "type",
        )
    try:
        return rule(left, right)
    except OutOfRange:
        raise Undefined(T("计算结果超出日期或时长的范围"), "out_of_range") from None
    except DecimalException as failure:
        raise numeric_failure(operator, failure) from None


def _shape(value: Any) -> type:
    return Decimal if type(value) in NUMBERS else type(value)


def negative(value: Any) -> Any:
    """Return `-value` of a number or a duration; raise Undefined."""
    if type(value) in NUMBERS:
        return DECIMAL.minus(value)
    if isinstance(value, DaysDuration):
        return DaysDuration(-value.value)
    if isinstance(value, MonthsDuration):
        return MonthsDuration(-value.value)
    raise Undefined(T("{kind}不能取负", kind=describe(value)), "type")


# ── temporal arithmetic ─────────────────────────────────────────────────────────────────────────


def _later(moment: Any, duration: DaysDuration) -> Any:
    if isinstance(moment, Date):
        return Date.from_ordinal((moment.value + duration.value) // DAY)
    return moment.plus(duration.value)


def _earlier(moment: Any, duration: DaysDuration) -> Any:
    return _later(moment, DaysDuration(-duration.value))


def _months_later(moment: Date | DateTime, duration: MonthsDuration) -> Date | DateTime:
    return moment.plus_months(duration.value)


def _months_earlier(moment: Date | DateTime, duration: MonthsDuration) -> Date | DateTime:
    return moment.plus_months(-duration.value)


def _apart(left: Any, right: Any) -> DaysDuration:
    """Return the time between two moments; a date counts as its midnight in UTC."""
    if _is_local(left) != _is_local(right):
        raise Undefined(T("只有一方带时区的时间不能相减"), "type")
    return DaysDuration(left.value - right.value)


def _is_local(value: Any) -> bool:
    return not isinstance(value, Date) and value.zone is None


def _scaled_days(duration: DaysDuration, factor: Any) -> DaysDuration:
    return DaysDuration(_floor(DECIMAL.multiply(duration.value, factor)))


def _scaled_months(duration: MonthsDuration, factor: Any) -> MonthsDuration:
    return MonthsDuration(_toward_zero(DECIMAL.multiply(duration.value, factor)))


def _divided_days(duration: DaysDuration, divisor: Any) -> DaysDuration:
    return DaysDuration(_floor(DECIMAL.divide(duration.value, divisor)))


def _divided_months(duration: MonthsDuration, divisor: Any) -> MonthsDuration:
    return MonthsDuration(_toward_zero(DECIMAL.divide(duration.value, divisor)))


def _floor(value: Decimal) -> int:
    return _toward_zero(value.to_integral_value(ROUND_FLOOR))


def _toward_zero(value: Decimal) -> int:
    if value.adjusted() > 34:
        raise OutOfRange(str(value))
    return int(value)


def _ratio(left: Any, right: Any) -> Decimal:
    return DECIMAL.divide(left.value, right.value)


def _swapped(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


_RULES: dict[tuple[str, type, type], Operation] = {
    **{(operator, Decimal, Decimal): operation for operator, operation in _NUMERIC.items()},
    ("+", str, str): lambda left, right: left + right,
    ("+", DaysDuration, DaysDuration): lambda left, right: DaysDuration(left.value + right.value),
    ("-", DaysDuration, DaysDuration): lambda left, right: DaysDuration(left.value - right.value),
    ("+", MonthsDuration, MonthsDuration): lambda left, right: MonthsDuration(left.value + right.value),
    ("-", MonthsDuration, MonthsDuration): lambda left, right: MonthsDuration(left.value - right.value),
    ("*", DaysDuration, Decimal): _scaled_days,
    ("*", Decimal, DaysDuration): _swapped(_scaled_days),
    ("/", DaysDuration, Decimal): _divided_days,
    ("/", DaysDuration, DaysDuration): _ratio,
    ("*", MonthsDuration, Decimal): _scaled_months,
    ("*", Decimal, MonthsDuration): _swapped(_scaled_months),
    ("/", MonthsDuration, Decimal): _divided_months,
    ("/", MonthsDuration, MonthsDuration): _ratio,
    ("-", Time, Time): _apart,
}

for _kind in (Date, DateTime, Time):
    _RULES["+", _kind, DaysDuration] = _later
    _RULES["+", DaysDuration, _kind] = _swapped(_later)
    _RULES["-", _kind, DaysDuration] = _earlier

for _kind in (Date, DateTime):
    _RULES["+", _kind, MonthsDuration] = _months_later
    _RULES["+", MonthsDuration, _kind] = _swapped(_months_later)
    _RULES["-", _kind, MonthsDuration] = _months_earlier
    _RULES["-", _kind, Date] = _apart
    _RULES["-", _kind, DateTime] = _apart
