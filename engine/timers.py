"""When timers are due: dates, durations and cycles, written in ISO 8601 or given as FEEL values.

Everything here is a function of its arguments: the present, the calendar and the zone come from the
caller (BPMN 2.0.2 §10.5.6, Table 10.101: timeDate, timeDuration, timeCycle).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.bpmn import iso8601
from engine.calendars import OFFICE_ZONE, Calendar
from engine.errors import InvalidInput
from engine.feel.temporal import DAY, Date, DateTime, DaysDuration, MonthsDuration, OutOfRange
from engine.feel.values import lift
from engine.spans import (
    DEFAULT_ZONE,
    Repetition,
    Span,
    later,
    parse_iso_cycle,
    parse_iso_date,
    parse_iso_duration,
)
from engine.text import T

__all__ = [
    "DEFAULT_ZONE",
    "Cycle",
    "Repetition",
    "Span",
    "TimerDetail",
    "is_iso",
    "next_cycle",
    "parse_iso_cycle",
    "parse_iso_date",
    "parse_iso_duration",
    "timer_due",
]

Json = Any


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition: the `index`-th firing lies `index` spans after the anchor.

    Counting from the anchor, and not from the last firing, is what keeps the 31st of a month.
    """

    anchor: datetime
    span: Span
    index: int
    last: int | None = None
    end: datetime | None = None
    zone: str = OFFICE_ZONE
    working: bool = False

    def moment(self, index: int, calendar: Calendar | None) -> datetime:
        """Return when the `index`-th firing is."""
        return later(self.anchor, self.span.times(index), ZoneInfo(self.zone), calendar)

    def as_json(self) -> dict[str, Json]:
        """Return the cycle as it is stored beside its timer."""
        return {
            "anchor": self.anchor.isoformat(),
            "span": str(self.span),
            "index": self.index,
            "last": self.last,
            "end": self.end.isoformat() if self.end else None,
            "zone": self.zone,
            "working": self.working,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Json]) -> Cycle:
        """Return the cycle that was stored."""
        return cls(
            datetime.fromisoformat(stored["anchor"]),
            parse_iso_duration(stored["span"]),
            stored["index"],
            stored["last"],
            datetime.fromisoformat(stored["end"]) if stored["end"] else None,
            stored["zone"],
            stored["working"],
        )


@dataclass(frozen=True, slots=True)
class TimerDetail:
    """A timer that waits: its kind, its text, when it is due (UTC), and how a cycle goes on.

    `remaining` counts the firings after this one; None means without end, and 0 that this is the last.
    """

    type: str
    text: str
    due: datetime
    remaining: int | None = 0
    cycle: Cycle | None = None

    def as_json(self) -> dict[str, Json]:
        """Return the detail as the token layer stores it."""
        return {
            "type": self.type,
            "text": self.text,
            "due": self.due.isoformat(),
            "remaining": self.remaining,
            "cycle": self.cycle.as_json() if self.cycle else None,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Json]) -> TimerDetail:
        """Return the detail that was stored."""
        cycle = stored.get("cycle")
        return cls(
            stored["type"],
            stored.get("text") or "",
            datetime.fromisoformat(stored["due"]),
            stored.get("remaining"),
            Cycle.from_json(cycle) if cycle else None,
        )


def is_iso(kind: str, text: str) -> bool:
    """Say whether a timer's text is meant as ISO 8601, and not as an expression that gives the value."""
    return iso8601.looks_like(text)


# ── when a timer is due ─────────────────────────────────────────────────────────────────────────


def timer_due(
    kind: str,
    text_or_value: Any,
    now: datetime,
    calendar: Calendar | None = None,
    zone: ZoneInfo = DEFAULT_ZONE,
) -> TimerDetail:
    """Return when a timer of `kind` (date, duration, cycle) that begins to wait `now` is due.

    The value is ISO 8601 text, a FEEL date, moment or duration, or a Python date or datetime. With
    a working calendar days are working days and hours working hours. Raises InvalidInput.
    """
    value = lift(text_or_value)
    text = value.strip() if isinstance(value, str) else str(text_or_value)
    if kind not in _DUE:
        raise InvalidInput(T("没有“{kind}”这种定时", kind=kind))
    return _DUE[kind](value, text, now.astimezone(UTC), calendar, zone)


def _due_at(value: Any, text: str, now: datetime, calendar: Calendar | None, zone: ZoneInfo) -> TimerDetail:
    return TimerDetail("date", text, _moment(value, text, zone))


def _moment(value: Any, text: str, zone: ZoneInfo) -> datetime:
    if isinstance(value, str):
        return parse_iso_date(value, zone)
    if not isinstance(value, Date | DateTime):
        raise InvalidInput(T("定时器需要一个日期或时间，得到的是“{value}”", value=text[:60]))
    try:
        found = value.to_python()
    except OutOfRange:
        raise InvalidInput(T("时间太远，无法计算")) from None
    if not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day, tzinfo=zone)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _due_after(
    value: Any, text: str, now: datetime, calendar: Calendar | None, zone: ZoneInfo
) -> TimerDetail:
    return TimerDetail("duration", text, later(now, _span(value, text), zone, calendar))


def _span(value: Any, text: str) -> Span:
    if isinstance(value, str):
        return parse_iso_duration(value)
    if isinstance(value, MonthsDuration):
        return Span(months=value.value)
    if not isinstance(value, DaysDuration):
        raise InvalidInput(T("定时器需要一个时长，得到的是“{value}”", value=text[:60]))
    days, nanos = divmod(abs(value.value), DAY)
    span = Span(days=days, clock=timedelta(microseconds=nanos // 1000))
    return span.times(-1) if value.value < 0 else span


def _due_first(
    value: Any, text: str, now: datetime, calendar: Calendar | None, zone: ZoneInfo
) -> TimerDetail:
    said = _repetition(value, text, zone)
    # A cycle with a start fires there first; one without fires first after one span. A start that
    # is past is due at once, and stands for all that was missed since.
    first = 0 if said.start else 1
    last = None if said.count is None else first + said.count - 1
    cycle = Cycle(said.start or now, said.span, first, last, said.end, zone.key, calendar is not None)
    due = cycle.moment(first, calendar)
    if said.end is not None and due > said.end:
        raise InvalidInput(T("重复时间“{text}”在第一次之前就已结束", text=text[:60]))
    return _detail(text, cycle, due, calendar)


def _repetition(value: Any, text: str, zone: ZoneInfo) -> Repetition:
    if isinstance(value, str) and not value.strip().startswith("P"):
        return parse_iso_cycle(value, zone)
    span = _span(value, text)
    if not span.is_forward:
        raise InvalidInput(T("重复时间“{text}”的间隔或次数为零", text=text[:60]))
    return Repetition(None, None, span, None)


def _detail(text: str, cycle: Cycle, due: datetime, calendar: Calendar | None) -> TimerDetail:
    remaining = None if cycle.last is None else cycle.last - cycle.index
    if cycle.end is not None and cycle.moment(cycle.index + 1, calendar) > cycle.end:
        remaining = 0
    return TimerDetail("cycle", text, due, remaining, cycle)


_Due = Callable[[Any, str, datetime, Calendar | None, ZoneInfo], TimerDetail]
_DUE: dict[str, _Due] = {"date": _due_at, "duration": _due_after, "cycle": _due_first}


# ── how a cycle goes on ─────────────────────────────────────────────────────────────────────────


def next_cycle(detail: TimerDetail, now: datetime, calendar: Calendar | None = None) -> TimerDetail | None:
    """Return the next firing of a cycle strictly after `now`, or None after its last one.

    Firings missed during an outage are one with the firing that came late: they are not made up
    for, and of a counted cycle they are gone. `calendar` counts only where the cycle was begun with
    one; without it the official calendar is taken.
    """
    cycle = detail.cycle
    if cycle is None or detail.remaining == 0:
        return None
    calendar = (calendar or Calendar(zone=cycle.zone)) if cycle.working else None
    index = _first_after(cycle, now, calendar)
    if cycle.last is not None and index > cycle.last:
        return None
    due = cycle.moment(index, calendar)
    if cycle.end is not None and due > cycle.end:
        return None
    return _detail(detail.text, replace(cycle, index=index), due, calendar)


def _first_after(cycle: Cycle, now: datetime, calendar: Calendar | None) -> int:
    """Return the next firing after `now`; firings only ever come later, so search by halves."""
    index = high = cycle.index + 1
    step = 1
    while cycle.moment(high, calendar) <= now:
        index, high, step = high + 1, high + step, step * 2
    while index < high:
        middle = (index + high) // 2
        if cycle.moment(middle, calendar) > now:
            high = middle
        else:
            index = middle + 1
    return index
