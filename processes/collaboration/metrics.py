"""The figures of a project: progress, variance, delay, risk and health (specification §5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from engine.calendars import Calendar
from processes.collaboration.timeline import Timeline

LateUnit = Literal["calendar", "working"]
RiskLevel = Literal["高", "中", "低"]
Health = Literal["绿", "黄", "红"]
UNCONFIRMED_CEILING = 95
DUE_SOON_DAYS = 2
DUE_SOON_PERCENT = 70
BEHIND_POINTS = -10
LATE_ALERT_DAYS = 3


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """What the figures of one task are computed from; days are dates, in hourly plans date-times.

    `weight` is the planned number of working units unless somebody set another. `start` and `end` are
    those of the baseline in force, `forecast_end` that of the live schedule or of the executor.
    """

    id: str
    percent: float
    weight: float
    start: date
    end: date
    finished: date | None = None
    forecast_end: date | None = None
    key_result: bool = False
    confirmed: bool = False
    cancelled: bool = False
    blocked: bool = False
    critical: bool = False

    @property
    def counted_percent(self) -> float:
        """Return its percent, at most 95 for a key result that nobody has confirmed yet."""
        if self.key_result and not self.confirmed:
            return min(self.percent, UNCONFIRMED_CEILING)
        return self.percent


def percent_complete(tasks: Iterable[TaskFigures]) -> float:
    """Return Σ(weight·percent)/Σ weight over tasks not cancelled, 0–100; 0 when nothing has weight."""
    return _weighted([(task.weight, task.counted_percent) for task in tasks if not task.cancelled])


def planned_percent(tasks: Iterable[TaskFigures], timeline: Timeline, now: datetime) -> float:
    """Return what should be done by `now`: Σ weight·clamp(units elapsed/duration)/Σ weight, 0–100."""
    elapsed = timeline.elapsed(now)
    return _weighted(
        [(task.weight, _planned_share(task, timeline, elapsed)) for task in tasks if not task.cancelled]
    )


def variance(tasks: Sequence[TaskFigures], timeline: Timeline, now: datetime) -> float:
    """Return actual minus planned progress in percentage points; negative means behind."""
    return percent_complete(tasks) - planned_percent(tasks, timeline, now)


def delay_days(task: TaskFigures, now: datetime, calendar: Calendar, late_unit: LateUnit = "calendar") -> int:
    """Return max(0, days from the baseline end to the actual end or today), in `late_unit` (Q2)."""
    planned = calendar.local_day(task.end)
    reached = calendar.local_day(task.finished or now)
    if late_unit == "working":
        return max(0, calendar.working_days_between(planned, reached))
    return max(0, (reached - planned).days)


def late(task: TaskFigures, now: datetime, calendar: Calendar, late_unit: LateUnit = "calendar") -> bool:
    """Say whether an unfinished task is past its baseline end; in hours its end is a moment."""
    if task.cancelled or task.finished is not None:
        return False
    if isinstance(task.end, datetime):
        return now > task.end
    return delay_days(task, now, calendar, late_unit) > 0


def at_risk(task: TaskFigures, now: datetime, calendar: Calendar) -> bool:
    """Say whether it is forecast past its end, or due within 2 working days with less than 70 % done."""
    if task.cancelled or task.finished is not None:
        return False
    if task.forecast_end is not None and _after(task.forecast_end, task.end, calendar):
        return True
    soon = calendar.working_days_between(calendar.local_day(now), calendar.local_day(task.end))
    return soon <= DUE_SOON_DAYS and task.percent < DUE_SOON_PERCENT


def needs_coordination(
    task: TaskFigures,
    risk: RiskLevel | None,
    now: datetime,
    calendar: Calendar,
    late_unit: LateUnit = "calendar",
) -> bool:
    """Say whether R37 calls for an urgent coordination: more than 3 days late, or risk level 高."""
    if task.cancelled or task.finished is not None:
        return False
    return risk == "高" or delay_days(task, now, calendar, late_unit) > LATE_ALERT_DAYS


def first_alert_day(end: date, calendar: Calendar, late_unit: LateUnit = "calendar") -> date:
    """Return the day on which an unfinished task planned to end on `end` becomes an alert (R37, Q2)."""
    day = calendar.local_day(end)
    if late_unit == "working":
        return calendar.add_working_days(day, LATE_ALERT_DAYS + 1)
    return day + timedelta(days=LATE_ALERT_DAYS + 1)


def health(
    tasks: Sequence[TaskFigures],
    timeline: Timeline,
    now: datetime,
    *,
    open_alerts: int = 0,
    late_unit: LateUnit = "calendar",
) -> Health:
    """Return 红 for an open alert or a late critical task, 黄 when late, blocked or 10 points behind."""
    running = [task for task in tasks if not task.cancelled and task.finished is None]
    behind = [task for task in running if late(task, now, timeline.calendar, late_unit)]
    if open_alerts or any(task.critical for task in behind):
        return "红"
    if behind or any(task.blocked for task in running) or variance(tasks, timeline, now) < BEHIND_POINTS:
        return "黄"
    return "绿"


def _planned_share(task: TaskFigures, timeline: Timeline, elapsed: float) -> float:
    begin, end = timeline.begun(task.start), timeline.ended(task.end)
    if end <= begin:
        return 100.0 if elapsed >= end else 0.0
    return 100 * min(1.0, max(0.0, (elapsed - begin) / (end - begin)))


def _weighted(parts: Sequence[tuple[float, float]]) -> float:
    whole = sum(weight for weight, _ in parts)
    return sum(weight * percent for weight, percent in parts) / whole if whole else 0.0


def _after(day: date, other: date, calendar: Calendar) -> bool:
    """Compare two days, or two moments when both are moments."""
    if isinstance(day, datetime) and isinstance(other, datetime):
        return day > other
    return calendar.local_day(day) > calendar.local_day(other)
