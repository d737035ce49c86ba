"""The time axis of a plan: offsets in working days or hours from the start, and their dates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from engine.calendars import Calendar

Unit = Literal["wd", "wh"]


@dataclass(frozen=True)
class Timeline:
    """Working units counted from the start of a project (specification §5, D4).

    `unit` is `wd` (dates) or `wh` (aware date-times); a start that is not worked moves to the next
    working day or moment. Offset 0 is the beginning of the first unit.
    """

    calendar: Calendar
    start: date
    unit: Unit

    def begin(self, offset: int) -> date:
        """Return the day (moment) on which unit `offset` begins."""
        if self.unit == "wh":
            return self.calendar.next_working_moment(self.calendar.add_working_hours(self._moment(), offset))
        return self.calendar.add_working_days(self._day(), offset)

    def finish(self, offset: int) -> date:
        """Return the day (moment) on which work of `offset` units from the start is over.

        In days this is the last day worked, so one unit from Monday finishes on Monday.
        """
        if self.unit == "wh":
            return self.calendar.add_working_hours(self._moment(), offset)
        return self.calendar.add_working_days(self._day(), offset - 1)

    def span(self, start: int, end: int) -> tuple[date, date]:
        """Return first and last day (moments) of work between two offsets; a milestone has one day."""
        if start != end:
            return self.begin(start), self.finish(end)
        day = self.begin(0) if start == 0 else self.finish(start)
        return day, day

    def begun(self, day: date) -> int:
        """Return the offset of the unit that begins on `day` or, when it is not worked, after it."""
        if self.unit == "wh":
            return math.floor(self._hours_until(day))
        first = self.calendar.add_working_days(self.calendar.local_day(day), 0)
        return self.calendar.working_days_between(self._day(), first)

    def ended(self, day: date) -> int:
        """Return how many units from the start are over when work ends on `day`, that day included."""
        if self.unit == "wh":
            return math.ceil(self._hours_until(day))
        return self.calendar.working_days_between(self._day(), day) + 1

    def elapsed(self, now: datetime) -> float:
        """Return how many units are over at `now`, below 0 before the start; days count when closed."""
        if self.unit == "wh":
            return self._hours_until(now)
        today = self.calendar.local_day(now)
        over = self.calendar.is_working_day(today) and now >= self.calendar.closing(today)
        before_today = self.calendar.add_working_days(today, -1)
        return self.calendar.working_days_between(self._day(), today if over else before_today) + 1

    def _day(self) -> date:
        return self.calendar.add_working_days(self.calendar.local_day(self.start), 0)

    def _moment(self) -> datetime:
        return self.calendar.next_working_moment(self._as_moment(self.start))

    def _hours_until(self, day: date) -> float:
        hours = self.calendar.working_hours_between(self._moment(), self._as_moment(day))
        return round(hours, 6)

    def _as_moment(self, day: date) -> datetime:
        return day if isinstance(day, datetime) else self.calendar.opening(day)
