"""Values as functions of the host see them: Python's own numbers, dates, lists and mappings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.temporal import Date, DateTime, DaysDuration, OutOfRange, Time
from engine.feel.values import lift


def to_host(value: Any) -> Any:
    """Return a value for a Python function: whole numbers as int, others as Decimal, dates as Python's.

    Temporal values that Python cannot hold, months durations and ranges stay what they are.
    """
    value = lift(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and value.adjusted() < 34 else value
    if isinstance(value, Date | DateTime | DaysDuration | Time):
        return _python(value)
    if isinstance(value, list):
        return [to_host(item) for item in value]
    if isinstance(value, dict):
        return {key: to_host(item) for key, item in value.items()}
    return value


def _python(value: Date | DateTime | DaysDuration | Time) -> Any:
    try:
        return value.to_python()
    except OutOfRange:
        return value
