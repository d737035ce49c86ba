"""Spans of time as ISO 8601 writes them, and moments that lie some of them later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.calendars import OFFICE_ZONE, Calendar
from engine.errors import InvalidInput
from engine.feel.temporal import days_in_month
from engine.text import T

#: Times without an offset are read on the clocks of this zone.
DEFAULT_ZONE = ZoneInfo(OFFICE_ZONE)

_DURATION = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]{1,4})Y)?(?:([0-9]{1,5})M)?(?:([0-9]{1,5})W)?(?:([0-9]{1,6})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,8})H)?(?:([0-9]{1,8})M)?(?:([0-9]{1,9}(?:[.,][0-9]{1,9})?)S)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in three parts that are added one after the other.

    Months follow the calendar, days are local days (working days where there is a calendar), and
    the rest is time on the clock (working time where there is a calendar).
    """

    months: int = 0
    days: int = 0
    clock: timedelta = timedelta()

    def times(self, count: int) -> Span:
        """Return the span `count` times."""
        return Span(self.months * count, self.days * count, self.clock * count)

    @property
    def is_forward(self) -> bool:
        """Whether the span leads into the future."""
        parts = (self.months, self.days, self.clock / timedelta(seconds=1))
        return any(part > 0 for part in parts) and all(part >= 0 for part in parts)

    def __str__(self) -> str:
        clock = f"T{Decimal(self.clock // timedelta(microseconds=1)) / 1_000_000:f}S" if self.clock else ""
        return f"P{self.months}M{self.days}D{clock}"


def parse_span(text: str) -> Span | None:
    """Return the span ISO 8601 writes as `P1M`, `P2W`, `P3DT4H`; None for other text."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    sign, years, months, weeks, days, hours, minutes, seconds = match.groups()
    micros = int(Decimal((seconds or "0").replace(",", ".")) * 1_000_000)
    clock = timedelta(hours=int(hours or 0), minutes=int(minutes or 0), microseconds=micros)
    span = Span(int(years or 0) * 12 + int(months or 0), int(weeks or 0) * 7 + int(days or 0), clock)
    return span.times(-1) if sign else span


def later(moment: datetime, span: Span, zone: ZoneInfo, calendar: Calendar | None = None) -> datetime:
    """Return the moment a span after an aware one, in UTC; raise InvalidInput when it is too far away.

    Days are counted on the clocks of `zone`. With a calendar, days are working days and hours are
    working hours, counted as the calendar counts them.
    """
    try:
        local = _plus_months(moment.astimezone(zone), span.months)
        if calendar is None:
            return (local + timedelta(days=span.days)).astimezone(UTC) + span.clock
        at = calendar.add_working_days(local, span.days) if span.days else local
        hours = Decimal(span.clock // timedelta(microseconds=1)) / 3_600_000_000
        return (calendar.add_working_hours(at, hours) if span.clock else at).astimezone(UTC)
    except (OverflowError, ValueError):
        raise InvalidInput(T("时间太远，无法计算")) from None


def _plus_months(local: datetime, months: int) -> datetime:
    """Return the same day of a later month, or the month's last day where there is no such day."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, days_in_month(year, month + 1))
    return local.replace(year=year, month=month + 1, day=day)


def parse_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the moment ISO 8601 writes, in UTC; text without an offset is local, a date its midnight."""
    text = text.strip()
    try:
        if len(text) <= len("2026-12-01"):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# ── what timers write ───────────────────────────────────────────────────────────────────────────


def parse_iso_duration(text: str) -> Span:
    """Return the span of `PT4H`, `P3D` or `P1M`; raise InvalidInput."""
    span = parse_span(text)
    if span is None:
        raise InvalidInput(T("“{text}”不是时长，应写成 PT4H 或 P3D 的样子", text=text[:60]))
    return span


def parse_iso_date(text: str, zone: ZoneInfo = DEFAULT_ZONE) -> datetime:
    """Return the moment of `2026-12-01T09:00:00+08:00`, in UTC; raise InvalidInput."""
    moment = parse_moment(text, zone)
    if moment is None:
        raise InvalidInput(T("“{text}”不是时间，应写成 2026-12-01T09:00:00+08:00 的样子", text=text[:60]))
    return moment


@dataclass(frozen=True, slots=True)
class Repetition:
    """What a cycle's text says: how often, from when, at what distance, until when."""

    count: int | None
    start: datetime | None
    span: Span
    end: datetime | None


def parse_iso_cycle(text: str, zone: ZoneInfo = DEFAULT_ZONE) -> Repetition:
    """Return the repetition of `R3/PT1H`, `R/2026-12-01T17:00:00+08:00/P1D` or `R/PT1H/2026-12-31`.

    `R3` fires three times, `R` without end. Raises InvalidInput.
    """
    head, *rest = text.strip().split("/")
    if not head.startswith("R") or not _is_count(head[1:]) or len(rest) not in (1, 2):
        raise InvalidInput(
            T(
                "“{text}”不是重复时间，应写成 R3/PT1H 或 R/2026-12-01T17:00:00+08:00/P1D 的样子",
                text=text[:60],
            )
        )
    count = int(head[1:]) if head[1:] else None
    start = None if rest[0].startswith("P") else parse_iso_date(rest[0], zone)
    span = parse_iso_duration(rest[0] if start is None else rest[-1])
    end = parse_iso_date(rest[1], zone) if start is None and len(rest) == 2 else None
    if not span.is_forward or count == 0:
        raise InvalidInput(T("重复时间“{text}”的间隔或次数为零", text=text[:60]))
    return Repetition(count, start, span, end)


def _is_count(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and len(text) <= 9)
