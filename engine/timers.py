"""When a timer is due: ISO-8601 text or a FEEL value in, a moment and what comes after it out.

Recurrences are computed by the calendar, never by frozen seconds: a month after 31 January is the
last of February, and what was missed in an outage fires once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from engine.calendars import OFFICE_ZONE, Calendar
from engine.errors import InvalidInput
from engine.feel.host import to_host
from engine.feel.temporal import DaysDuration, MonthsDuration
from engine.text import T

Json = Any

_DURATION = re.compile(
    r"^(?P<sign>-)?P(?=\d|T\d)(?:(?P<years>\d{1,6})Y)?(?:(?P<months>\d{1,6})M)?(?:(?P<weeks>\d{1,6})W)?"
    r"(?:(?P<days>\d{1,6})D)?(?:T(?=\d)(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,8})M)?"
    r"(?:(?P<seconds>\d{1,9})(?:\.\d{1,9})?S)?)?$"
)
_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$")
_CYCLE = re.compile(r"^R(?P<times>\d{0,9})/(?P<rest>.+)$")
_MOST_MISSED = 100_000


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time by the calendar: months and days are not a number of seconds."""

    months: int = 0
    days: int = 0
    seconds: int = 0

    def after(self, moment: datetime, zone: ZoneInfo, times: int = 1) -> datetime:
        """Return `times` lengths after a moment, keeping the local time of day for days and months."""
        local = moment.astimezone(zone).replace(tzinfo=None)
        local += relativedelta(months=self.months * times, days=self.days * times)
        shifted: datetime = local.replace(tzinfo=zone).astimezone(UTC)
        return shifted + timedelta(seconds=self.seconds * times)

    def worked(self, moment: datetime, calendar: Calendar) -> datetime:
        """Return the end of this length of working time: its days are working days."""
        later = calendar.add_working_days(moment, self.days) if self.days else moment
        if self.months:
            later = self.__class__(months=self.months).after(later, calendar.zone)
        return calendar.add_working_hours(later, self.seconds / 3600) if self.seconds else later


@dataclass(frozen=True, slots=True)
class TimerDetail:
    """An armed timer: when it is due, and for a cycle how it goes on.

    `remaining` counts the firings after this one, None for ever; `start` and `step` are the
    first moment and the ISO-8601 length of a cycle.
    """

    type: str
    due: datetime
    remaining: int | None = 0
    start: datetime | None = None
    step: str | None = None
    fired: int = 1
    zone: str = OFFICE_ZONE

    def as_json(self) -> dict[str, Json]:
        """Return plain values for a job's row."""
        return {
            "type": self.type,
            "due": self.due.isoformat(),
            "remaining": self.remaining,
            "start": self.start.isoformat() if self.start is not None else None,
            "step": self.step,
            "fired": self.fired,
            "zone": self.zone,
        }

    @classmethod
    def from_json(cls, value: dict[str, Json]) -> TimerDetail:
        """Return the detail of a job's row."""
        start = value.get("start")
        return cls(
            type=value["type"],
            due=datetime.fromisoformat(value["due"]),
            remaining=value.get("remaining"),
            start=datetime.fromisoformat(start) if start else None,
            step=value.get("step"),
            fired=value.get("fired", 1),
            zone=value.get("zone", OFFICE_ZONE),
        )


def is_iso(kind: str, text: str) -> bool:
    """Return whether a timer's text is ISO-8601 rather than FEEL; `kind` is date, duration or cycle."""
    if kind == "date":
        return bool(_MOMENT.match(text))
    if kind == "duration":
        return bool(_DURATION.match(text))
    return bool(_CYCLE.match(text) or _DURATION.match(text))


def parse_duration(text: str) -> Duration:
    """Return an ISO-8601 duration; raises `InvalidInput`."""
    match = _DURATION.match(text.strip())
    if match is None:
        raise InvalidInput(T("“{text}”不是时长，例如 PT4H、P3D", text=text))
    part = {name: int(value or 0) for name, value in match.groupdict().items() if name != "sign"}
    sign = -1 if match["sign"] else 1
    return Duration(
        sign * (part["years"] * 12 + part["months"]),
        sign * (part["weeks"] * 7 + part["days"]),
        sign * (part["hours"] * 3600 + part["minutes"] * 60 + part["seconds"]),
    )


def timer_due(kind: str, value: Json, now: datetime, calendar: Calendar | None = None) -> TimerDetail:
    """Return when a timer armed at `now` is due; raises `InvalidInput` for what is no time.

    With a working calendar, days and hours of a duration are working time.
    """
    zone = calendar.zone if calendar is not None else ZoneInfo(OFFICE_ZONE)
    if kind == "date":
        return TimerDetail("date", _moment(value, zone))
    if kind == "duration":
        length = _length(value)
        due = length.worked(now, calendar) if calendar is not None else length.after(now, zone)
        return TimerDetail("duration", due)
    return _first_of_cycle(value, now, zone)


def _first_of_cycle(value: Json, now: datetime, zone: ZoneInfo) -> TimerDetail:
    if not isinstance(value, str):
        raise InvalidInput(T("“{text}”不是周期，例如 R3/PT1H", text=str(value)))
    match = _CYCLE.match(value.strip())
    times, rest = (match["times"], match["rest"]) if match is not None else ("", value.strip())
    parts = rest.split("/")
    if len(parts) > 2:
        raise InvalidInput(T("“{text}”不是周期，例如 R3/PT1H", text=value))
    length = parse_duration(parts[-1])
    if length.after(now, zone) <= now:
        raise InvalidInput(T("周期“{text}”的间隔必须大于零", text=value))
    # Without a moment to begin at, the first firing comes after one interval.
    start = _moment(parts[0], zone) if len(parts) == 2 else length.after(now, zone)
    remaining = max(0, int(times) - 1) if times else None
    if times and int(times) == 0:
        raise InvalidInput(T("周期“{text}”的次数必须大于零", text=value))
    return TimerDetail("cycle", start, remaining, start, parts[-1], 1, zone.key)


def next_cycle(detail: TimerDetail, now: datetime) -> TimerDetail | None:
    """Return the next firing strictly after `now`, or None after the last.

    Firings missed meanwhile count as fired: after an outage a rhythm fires once, not in a burst.
    """
    if detail.remaining == 0 or detail.start is None or detail.step is None:
        return None
    length, zone = parse_duration(detail.step), ZoneInfo(detail.zone)
    fired, remaining = detail.fired, detail.remaining
    for _ in range(_MOST_MISSED):
        due = length.after(detail.start, zone, fired)
        fired += 1
        remaining = remaining - 1 if remaining is not None else None
        if due > now:
            return TimerDetail("cycle", due, remaining, detail.start, detail.step, fired, detail.zone)
        if remaining == 0:
            return None
    return TimerDetail("cycle", length.after(now, zone), remaining, now, detail.step, 1, detail.zone)


def _moment(value: Json, zone: ZoneInfo) -> datetime:
    """Return a moment; without a zone of its own it is meant where the organisation works."""
    read = to_host(value)
    if isinstance(read, str):
        if not _MOMENT.match(read.strip()):
            raise InvalidInput(T("“{text}”不是时刻，例如 2026-12-01T09:00:00", text=read))
        try:
            read = datetime.fromisoformat(read.strip())
        except ValueError as error:
            raise InvalidInput(T("“{text}”不是时刻，例如 2026-12-01T09:00:00", text=str(value))) from error
    if isinstance(read, date) and not isinstance(read, datetime):
        read = datetime(read.year, read.month, read.day, tzinfo=zone)
    if not isinstance(read, datetime):
        raise InvalidInput(T("“{text}”不是时刻，例如 2026-12-01T09:00:00", text=str(value)))
    return (read if read.tzinfo is not None else read.replace(tzinfo=zone)).astimezone(UTC)


def _length(value: Json) -> Duration:
    read = to_host(value)
    if isinstance(read, str):
        return parse_duration(read)
    if isinstance(read, timedelta):
        # Whole days stay days, so that a working calendar does not read P1D as 24 working hours.
        return Duration(days=read.days, seconds=read.seconds)
    if isinstance(read, MonthsDuration):
        return Duration(months=read.value)
    if isinstance(read, DaysDuration):
        raise InvalidInput(T("“{text}”超出了可用的时长", text=str(read)))
    raise InvalidInput(T("“{text}”不是时长，例如 PT4H、P3D", text=str(value)))
