"""Conversion functions (DMN 1.5 §10.3.4.1)."""

from __future__ import annotations

import re
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.lexical import parse_date, parse_date_time, parse_duration, parse_time, parse_zone
from engine.feel.numbers import DECIMAL, Number, cut, number_from, whole
from engine.feel.run import Run
from engine.feel.temporal import (
    NANOS,
    UTC,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    OutOfRange,
    Time,
    Zone,
)
from engine.feel.values import Undefined, lift
from engine.feel.writing import text_of
from engine.text import T

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?", re.ASCII)


def _unreadable(text: str, kind: T) -> Undefined:
    return Undefined(T("“{text}”不是{kind}", text=text[:60], kind=kind))


def _integer(value: Number) -> int:
    number = whole(value)
    if number is None:
        raise Undefined(T("{value}不是整数", value=value))
    return number


# ── dates ───────────────────────────────────────────────────────────────────────────────────────


@builtin("date", "from:string|date|date and time")
def date(value: Any) -> Date:
    """Return the date of a text, a date, or a date and time."""
    if isinstance(value, DateTime):
        return value.date
    found = parse_date(value) if isinstance(value, str) else value
    if not isinstance(found, Date):
        raise _unreadable(value, T("日期值"))
    return found


@builtin("date", "year:number, month:number, day:number")
def date_of(year: Number, month: Number, day: Number) -> Date:
    """Return the date of three numbers."""
    try:
        return Date(_integer(year), _integer(month), _integer(day))
    except OutOfRange:
        raise Undefined(T("没有这样的日期：{year}-{month}-{day}", year=year, month=month, day=day)) from None


# ── times ───────────────────────────────────────────────────────────────────────────────────────


@builtin("time", "from:string|time|date and time|date")
def time(value: Any) -> Time:
    """Return the time of a text or a date and time; a date counts as its midnight in UTC."""
    if isinstance(value, DateTime):
        return value.time
    if isinstance(value, Date):
        return Time(0, UTC)
    found = parse_time(value) if isinstance(value, str) else value
    if not isinstance(found, Time):
        raise _unreadable(value, T("时刻值"))
    return found


@builtin("time", "hour:number, minute:number, second:number, offset:days and time duration?")
def time_of(hour: Number, minute: Number, second: Number, offset: DaysDuration | None = None) -> Time:
    """Return the time of three numbers, the seconds with a fraction, and an offset from UTC."""
    hours, minutes, nanos = _integer(hour), _integer(minute), cut(DECIMAL.multiply(second, NANOS))
    if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= nanos < 60 * NANOS):
        raise Undefined(
            T("没有这样的时刻：{hour}:{minute}:{second}", hour=hour, minute=minute, second=second)
        )
    return Time((hours * 60 + minutes) * 60 * NANOS + nanos, _offset(offset))


def _offset(offset: DaysDuration | None) -> Zone | None:
    if offset is None:
        return None
    if abs(offset.value) > 18 * 3600 * NANOS:
        raise Undefined(T("时区偏移超出范围"), "out_of_range")
    return Zone(offset=offset.value // NANOS)


# ── moments ─────────────────────────────────────────────────────────────────────────────────────


@builtin("date and time", "from:string|date|date and time")
def date_and_time(run: Run, value: Any) -> DateTime:
    """Return the moment of a text; a date alone counts as its midnight."""
    if isinstance(value, Date):
        return DateTime(value, Time(0, UTC))
    if isinstance(value, DateTime):
        return value
    run.spend(15)
    found = parse_date_time(value)
    if found is not None:
        return found
    day = parse_date(value)
    if day is None:
        raise _unreadable(value, T("日期时间值"))
    return DateTime(day, Time(0))


@builtin("date and time", "date:date|date and time, time:time")
def date_with_time(date: Date | DateTime, time: Time) -> DateTime:
    """Return a date with a time of day."""
    return DateTime(date.date if isinstance(date, DateTime) else date, time)


_MOMENT = "year:number, month:number, day:number, hour:number, minute:number, second:number"


@builtin("date and time", _MOMENT + ", offset:days and time duration?")
def date_and_time_of(*parts: Any) -> DateTime:
    """Return the moment of six numbers and an offset from UTC."""
    year, month, day, *rest = parts
    return DateTime(date_of(year, month, day), time_of(*rest))


@builtin("date and time", _MOMENT + ", timezone:string")
def date_and_time_in(*parts: Any) -> DateTime:
    """Return the moment of six numbers as the clocks of a region show it."""
    *numbers, zone = parts
    moment = date_and_time_of(*numbers)
    place = parse_zone("@" + zone)
    if place is None:
        raise _unreadable(zone, T("时区名"))
    return DateTime(moment.date, Time(moment.time.nanos, place))


# ── durations ───────────────────────────────────────────────────────────────────────────────────


@builtin("duration", "from:string|days and time duration|years and months duration")
def duration(value: Any) -> DaysDuration | MonthsDuration:
    """Return the duration of a text such as `P3D`, `PT4H` or `P1Y2M`."""
    found = parse_duration(value) if isinstance(value, str) else value
    if found is None:
        raise _unreadable(value, T("时长值"))
    return found


@builtin("years and months duration", "from:date|date and time, to:date|date and time")
def months_between(start: Date | DateTime, end: Date | DateTime) -> MonthsDuration:
    """Return the whole months from one day to another."""
    first = start.date if isinstance(start, DateTime) else start
    last = end.date if isinstance(end, DateTime) else end
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return MonthsDuration(months)


# ── numbers, strings, contexts ──────────────────────────────────────────────────────────────────


@builtin("number", "from:string|number, grouping separator:string?, decimal separator:string?")
def number(value: Any, grouping: str | None = None, decimal: str | None = None) -> Any:
    """Return the number a text writes, with the given separators."""
    if (
        grouping not in (None, " ", ",", ".")
        or decimal not in (None, ",", ".")
        or (grouping and grouping == decimal)
    ):
        raise Undefined(T("数字的分隔符不正确"), "arguments")
    if not isinstance(value, str):
        return value
    text = value.replace(grouping, "") if grouping else value
    text = text.replace(".", "x").replace(decimal, ".") if decimal not in (None, ".") else text
    found = number_from(text) if _NUMBER.fullmatch(text) else None
    if found is None:
        raise _unreadable(value, T("数值"))
    return found


@builtin("string", "from:any")
def string(run: Run, value: Any) -> str | None:
    """Return the text of a value; null has none."""
    return None if value is None else text_of(lift(value), run)
