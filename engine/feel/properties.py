"""What a path finds in values that are no contexts: the parts of temporals and ranges (rule 43)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.numbers import DECIMAL
from engine.feel.temporal import NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from engine.feel.values import Range

_Parts = dict[str, Callable[[Any], Any]]


def property_of(value: Any, name: str) -> Any:
    """Return the property `name`; NotImplemented when values of this kind have none of that name."""
    part = _PARTS.get(type(value), {}).get(name)
    return NotImplemented if part is None else part(value)


def seconds(nanos: int) -> int | Decimal:
    """Return nanoseconds as seconds, with a fraction only where there is one."""
    whole, rest = divmod(nanos, NANOS)
    return DECIMAL.divide(nanos, NANOS) if rest else whole


def _toward_zero(value: int, size: int) -> int:
    return abs(value) // size * (-1 if value < 0 else 1)


def _within(value: int, size: int, limit: int) -> int:
    return abs(value) // size % limit * (-1 if value < 0 else 1)


def _second(time: Time) -> int | Decimal:
    return seconds(time.nanos % (60 * NANOS))


def _seconds_of_duration(value: int) -> int | Decimal:
    rest = seconds(abs(value) % (60 * NANOS))
    return -rest if value < 0 else rest


def _offset(moment: Time | DateTime) -> DaysDuration | None:
    return None if moment.offset is None else DaysDuration(moment.offset * NANOS)


def _zone_name(moment: Time | DateTime) -> str | None:
    return moment.zone.name if moment.zone is not None else None


def _of_date(part: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda moment: part(moment.date)


def _of_time(part: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda moment: part(moment.time)


_DATE: _Parts = {
    "year": lambda d: d.year,
    "month": lambda d: d.month,
    "day": lambda d: d.day,
    "weekday": lambda d: d.weekday,
    "value": lambda d: seconds(d.value),
}
_ZONED: _Parts = {
    "time offset": _offset,
    "timezone": _zone_name,
    "value": lambda t: seconds(t.value),
}
_TIME: _Parts = {
    "hour": lambda t: t.hour,
    "minute": lambda t: t.minute,
    "second": _second,
    **_ZONED,
}
_DATE_TIME: _Parts = {
    **{name: _of_date(part) for name, part in _DATE.items()},
    **{name: _of_time(part) for name, part in _TIME.items()},
    **_ZONED,
}
_DAYS: _Parts = {
    "days": lambda d: _toward_zero(d.value, 86_400 * NANOS),
    "hours": lambda d: _within(d.value, 3600 * NANOS, 24),
    "minutes": lambda d: _within(d.value, 60 * NANOS, 60),
    "seconds": lambda d: _seconds_of_duration(d.value),
    "value": lambda d: seconds(d.value),
}
_MONTHS: _Parts = {
    "years": lambda d: _toward_zero(d.value, 12),
    "months": lambda d: _within(d.value, 1, 12),
    "value": lambda d: d.value,
}
_RANGE: _Parts = {
    "start": lambda r: r.start,
    "end": lambda r: r.end,
    "start included": lambda r: r.start_included,
    "end included": lambda r: r.end_included,
}
_PARTS: dict[type, _Parts] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: _DATE_TIME,
    DaysDuration: _DAYS,
    MonthsDuration: _MONTHS,
    Range: _RANGE,
}
