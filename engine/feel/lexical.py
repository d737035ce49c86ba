"""How temporal values are written (DMN 1.5 §10.3.2.3.4-8, XML Schema Part 2, XPath functions for zones)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from engine.feel.temporal import (
    DAY,
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    OutOfRange,
    Temporal,
    Time,
    Zone,
    region,
)

_DATE = r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})"
_TIME = r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
_ZONE = r"([Zz]|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+/-]+)?"

_DATE_TEXT = re.compile(_DATE, re.ASCII)
_TIME_TEXT = re.compile(_TIME + _ZONE, re.ASCII)
_DATE_TIME_TEXT = re.compile(_DATE + "T" + _TIME + _ZONE, re.ASCII)
_MONTHS_TEXT = re.compile(r"(-?)P(?=[0-9])(?:([0-9]{1,12})Y)?(?:([0-9]{1,12})M)?", re.ASCII)
_DAYS_TEXT = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]{1,15})D)?"
    r"(?:T(?=[0-9.])(?:([0-9]{1,15})H)?(?:([0-9]{1,15})M)?(?:([0-9]{0,18})(?:\.([0-9]*))?S)?)?",
    re.ASCII,
)
_LONGEST = 80


def parse_date(text: str) -> Date | None:
    """Return the date written as `2026-09-25`, else None."""
    match = _DATE_TEXT.fullmatch(text) if len(text) < _LONGEST else None
    return _date(match.groups()) if match else None


def parse_time(text: str) -> Time | None:
    """Return the time written as `09:00:00`, `09:00:00.5+08:00` or `09:00:00@Asia/Shanghai`, else None."""
    match = _TIME_TEXT.fullmatch(text) if len(text) < _LONGEST else None
    return _time(match.groups()) if match else None


def parse_date_time(text: str) -> DateTime | None:
    """Return the moment written as date, `T` and time, else None."""
    match = _DATE_TIME_TEXT.fullmatch(text) if len(text) < _LONGEST else None
    if match is None:
        return None
    date, parts = _date(match.groups()[:3]), match.groups()[3:]
    midnight = parts[:3] == ("24", "00", "00") and not (parts[3] or "").strip("0")
    time = _time(("00", *parts[1:]) if midnight else parts)
    if date is None or time is None:
        return None
    return _next_day(date, time) if midnight else DateTime(date, time)


def parse_duration(text: str) -> DaysDuration | MonthsDuration | None:
    """Return the duration written as `P1DT2H` or `P1Y2M`, else None."""
    if len(text) >= _LONGEST:
        return None
    months = _MONTHS_TEXT.fullmatch(text)
    days = None if months else _DAYS_TEXT.fullmatch(text)
    try:
        if months:
            sign, years, rest = months.groups()
            return MonthsDuration((-1 if sign else 1) * (int(years or 0) * 12 + int(rest or 0)))
        return _days(days) if days else None
    except OutOfRange:
        return None


@lru_cache(maxsize=1024)
def parse_temporal(text: str) -> Temporal | None:
    """Return what the text of an `@"…"` literal means, else None."""
    return parse_date_time(text) or parse_date(text) or parse_time(text) or parse_duration(text)


def _next_day(date: Date, time: Time) -> DateTime | None:
    """Return what `24:00:00` means (XML Schema Part 2 §3.3.7): the first moment of the next day."""
    try:
        return DateTime(Date.from_ordinal(date.ordinal + 1), time)
    except OutOfRange:
        return None


def _date(parts: Sequence[str]) -> Date | None:
    year, month, day = (int(part) for part in parts)
    try:
        return Date(year, month, day)
    except OutOfRange:
        return None


def _time(parts: Sequence[str | None]) -> Time | None:
    hour, minute, second = (int(part or 0) for part in parts[:3])
    fraction, zone = parts[3:]
    if hour > 23 or minute > 59 or second > 59:
        return None
    nanos = ((hour * 60 + minute) * 60 + second) * NANOS + _fraction(fraction)
    if zone is None:
        return Time(nanos)
    place = parse_zone(zone)
    return None if place is None else Time(nanos, place)


def _fraction(digits: str | None) -> int:
    return int((digits or "")[:9].ljust(9, "0"))


def parse_zone(text: str) -> Zone | None:
    """Return the zone written as `Z`, `+08:00` or `@Asia/Shanghai`, else None."""
    if text.startswith("@"):
        return region(text[1:])
    if text in ("Z", "z"):
        return Zone(offset=0)
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    rest = seconds[0] if seconds else 0
    total = hours * 3600 + minutes * 60 + rest
    if minutes > 59 or rest > 59 or total > 18 * 3600:
        return None
    return Zone(offset=-total if text[0] == "-" else total)


def _days(match: re.Match[str]) -> DaysDuration | None:
    sign, days, hours, minutes, seconds, fraction = match.groups()
    if seconds == "" and not fraction:
        return None
    nanos = int(days or 0) * DAY + (int(hours or 0) * 60 + int(minutes or 0)) * 60 * NANOS
    nanos += int(seconds or 0) * NANOS + _fraction(fraction)
    return DaysDuration(-nanos if sign else nanos)


# ── writing ─────────────────────────────────────────────────────────────────────────────────────


def write(value: Temporal) -> str:
    """Return the canonical text of a temporal value; reading it gives the value again."""
    if isinstance(value, Date):
        return _write_date(value)
    if isinstance(value, Time):
        return _write_time(value)
    if isinstance(value, DateTime):
        return f"{_write_date(value.date)}T{_write_time(value.time)}"
    if isinstance(value, DaysDuration):
        return _write_days(value.value)
    return _write_months(value.value)


def _write_date(value: Date) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"


def _write_time(value: Time) -> str:
    text = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{_write_fraction(value.nanos % NANOS)}"
    return text + write_zone(value.zone) if value.zone else text


def write_zone(zone: Zone) -> str:
    """Return `Z`, `+08:00` or `@Asia/Shanghai`."""
    if zone.offset is None or zone.name is not None:
        return f"@{zone.name}"
    if zone.offset == 0:
        return "Z"
    minutes, seconds = divmod(abs(zone.offset), 60)
    text = f"{'-' if zone.offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def _write_fraction(nanos: int) -> str:
    return f".{nanos:09d}".rstrip("0") if nanos else ""


def _write_days(value: int) -> str:
    days, rest = divmod(abs(value), DAY)
    seconds, nanos = divmod(rest, NANOS)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    clock = f"{hours}H" if hours else ""
    clock += f"{minutes}M" if minutes else ""
    clock += f"{seconds}{_write_fraction(nanos)}S" if seconds or nanos else ""
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if value < 0 else "") + "P" + (text or "T0S")


def _write_months(value: int) -> str:
    years, months = divmod(abs(value), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if value < 0 else "") + "P" + (text or "0M")
