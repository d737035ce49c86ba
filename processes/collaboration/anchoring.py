"""Sample projects laid on real days: with a fixed start, or so that their `now` is just over (D2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from engine.calendars import Calendar
from processes.collaboration.sample_values import SampleProject
from processes.collaboration.timeline import Timeline

LEAD_IN_DAYS = 10
LEAD_IN_HOURS = 4


@dataclass(frozen=True, slots=True)
class AnchoredSample:
    """A sample with its days: offsets become dates (`wd`) or UTC date-times (`wh`)."""

    sample: SampleProject
    timeline: Timeline

    @property
    def filed(self) -> datetime:
        """Return when F01 is filed: 10 working days before the start, hourly projects 4 working hours."""
        if self.sample.unit == "wh":
            return self.timeline.calendar.add_working_hours(self.opening(0), -LEAD_IN_HOURS)
        return self.timeline.calendar.add_working_days(self.opening(0), -LEAD_IN_DAYS)

    @property
    def now(self) -> datetime:
        """Return the moment at which the sample's `now` units are over."""
        return self.closing(self.sample.now)

    @property
    def end(self) -> date:
        """Return the last day (moment) of the plan."""
        return self.timeline.finish(self.sample.length)

    def at(self, offset: int) -> date:
        """Return the day (moment) on which unit `offset` begins."""
        return self.timeline.begin(offset)

    def over(self, offset: int) -> date:
        """Return the day (moment) on which `offset` units from the start are over."""
        return self.timeline.finish(offset)

    def opening(self, offset: int) -> datetime:
        """Return the moment at which unit `offset` begins, in days the morning of its day."""
        day = self.at(offset)
        return day if isinstance(day, datetime) else self.timeline.calendar.opening(day)

    def closing(self, offset: int) -> datetime:
        """Return the moment at which `offset` units are over, in days the evening of the last one."""
        day = self.over(offset)
        return day if isinstance(day, datetime) else self.timeline.calendar.closing(day)


def anchored(sample: SampleProject, calendar: Calendar, start: date | None = None) -> AnchoredSample:
    """Return the sample with its own start of the specification, or with another one."""
    return AnchoredSample(sample, Timeline(calendar, start or sample.start, sample.unit))


def anchored_to(sample: SampleProject, calendar: Calendar, present: datetime) -> AnchoredSample:
    """Return the sample started so that its `now` is the last working moment before `present` (D2).

    In days that is the last evening that is over, in hours the last full working hour.
    """
    if sample.unit == "wh":
        full_hour = (
            calendar.last_working_moment(present).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        )
        last = calendar.last_working_moment(full_hour)
        return anchored(
            sample, calendar, calendar.next_working_moment(calendar.add_working_hours(last, -sample.now))
        )
    today = calendar.local_day(present)
    over = calendar.is_working_day(today) and present >= calendar.closing(today)
    last_day = today if over else calendar.add_working_days(today, -1)
    return anchored(sample, calendar, calendar.add_working_days(last_day + timedelta(days=1), -sample.now))
