"""When the owner of a sample task reports, and what: its way to the state it has at `now`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from processes.collaboration.anchoring import AnchoredSample
from processes.collaboration.sample_values import SampleTask

BEFORE_CLOSING = timedelta(minutes=90)
HOURLY_LEAD = timedelta(minutes=20)
FIRST_REPORT = timedelta(minutes=5)
BLOCKED_REPORTS = 2
STEP = 5


@dataclass(frozen=True, slots=True)
class Report:
    """One daily update (F09) of a task; `reason` and `expected` only when blocked."""

    at: datetime
    status: str
    percent: int
    reason: str | None = None
    expected: datetime | None = None


def reports(placed: AnchoredSample, task: SampleTask, *, early: int = 0) -> list[Report]:
    """Return the updates of a task up to `now`: each working day, in hourly plans at begin, evenings and end.

    `early` units before its end it is already reported as done (what the confirmer then returns).
    """
    state = placed.sample.state_of(task)
    if state.status == "未开始":
        return []
    done = state.status == "已完成"
    moments = _moments(placed, task, until=task.end - early if done else placed.sample.now)
    if state.status == "受阻":
        return _blocked(placed, task, moments)
    # An hourly task is first reported when it begins, a daily one on the evening of its first day.
    first = 0 if placed.sample.unit == "wh" else 1
    way = [
        Report(at, "进行中", _rounded(state.percent * number / (len(moments) - 1 + first)))
        for number, at in enumerate(moments[:-1], start=first)
    ]
    return [*way, Report(moments[-1], state.status, state.percent)]


def _blocked(placed: AnchoredSample, task: SampleTask, moments: list[datetime]) -> list[Report]:
    """Return a way that comes to a stop: the last reports repeat that the task is blocked."""
    state = placed.sample.state_of(task)
    stuck = min(BLOCKED_REPORTS, len(moments))
    way = len(moments) - stuck
    expected = placed.closing(state.expected) if state.expected is not None else None
    moving = [
        Report(at, "进行中", _rounded(state.percent * number / (way or 1)))
        for number, at in enumerate(moments[:way], start=1)
    ]
    return moving + [Report(at, "受阻", state.percent, state.reason, expected) for at in moments[way:]]


def _moments(placed: AnchoredSample, task: SampleTask, *, until: int) -> list[datetime]:
    if placed.sample.unit == "wh":
        return _hourly_moments(placed, task, until=until)
    return [placed.closing(offset + 1) - BEFORE_CLOSING for offset in range(task.start, until)]


def _hourly_moments(placed: AnchoredSample, task: SampleTask, *, until: int) -> list[datetime]:
    begin, end = placed.opening(task.start) + FIRST_REPORT, placed.closing(until) - HOURLY_LEAD
    calendar = placed.timeline.calendar
    evenings = []
    evening = calendar.closing(begin) - BEFORE_CLOSING
    while evening < end - BEFORE_CLOSING:
        if evening > begin + BEFORE_CLOSING:
            evenings.append(evening)
        evening = calendar.add_working_days(evening, 1)
    return [begin, *evenings, end]


def _rounded(percent: float) -> int:
    """Return a percent as people report it, in steps of five and never 0 once begun."""
    return max(STEP, int(percent / STEP) * STEP)
