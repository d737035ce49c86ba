"""The critical path of a plan and its live forecast, with the reason of every date (specification §5)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from engine.calendars import Calendar
from processes.collaboration.network import Dependency, Network, PlannedTask
from processes.collaboration.timeline import Timeline, Unit

State = Literal["open", "begun", "finished"]


@dataclass(frozen=True, slots=True)
class Actual:
    """What really happened to a task so far: days (moments) of start and finish, and percent done."""

    started: date | None = None
    finished: date | None = None
    percent: float = 0

    @property
    def state(self) -> State:
        """Return whether the task is open, begun or finished."""
        if self.finished is not None:
            return "finished"
        return "begun" if self.started is not None or self.percent > 0 else "open"


@dataclass(frozen=True, slots=True)
class ScheduledTask:
    """A task with its place in the plan: offsets in units from the start, days, float and driver.

    `start`…`latest_end` are dates in days and UTC date-times in hours. `driver` is the dependency
    that decides its start (for FF its end); without one it begins when it was planned to.
    """

    id: str
    name: str
    duration: int
    state: State
    early_start: int
    early_finish: int
    late_start: int
    late_finish: int
    start: date
    end: date
    latest_start: date
    latest_end: date
    planned_start: int
    driver: Dependency | None = None

    @property
    def total_float(self) -> int:
        """Return the units it may slip before the project does: late start − early start."""
        return self.late_start - self.early_start

    @property
    def critical(self) -> bool:
        """Say whether every slip of it moves the project; what is finished cannot slip."""
        return self.total_float <= 0 and self.state != "finished"


@dataclass(frozen=True, slots=True)
class Schedule:
    """All tasks scheduled, in the order they were given; `length` in units, `end` the last day."""

    tasks: Mapping[str, ScheduledTask]
    timeline: Timeline
    length: int
    end: date

    @property
    def critical(self) -> tuple[str, ...]:
        """Return the critical tasks in order of their early start."""
        chain = [task for task in self.tasks.values() if task.critical]
        return tuple(task.id for task in sorted(chain, key=lambda task: task.early_start))

    @property
    def pushed(self) -> tuple[ScheduledTask, ...]:
        """Return the tasks whose dependencies begin them later than they were planned to begin."""
        return tuple(t for t in self.tasks.values() if t.driver and t.early_start > t.planned_start)


def planned_task(timeline: Timeline, id: str, name: str, start: date, end: date) -> PlannedTask:
    """Return a task from its planned first and last day (moments): it must not begin earlier."""
    begin = timeline.begun(start)
    return PlannedTask(id, max(0, timeline.ended(end) - begin), name, begin)


def critical_path(
    tasks: Iterable[PlannedTask],
    dependencies: Iterable[Dependency],
    calendar: Calendar,
    start: date,
    unit: Unit = "wd",
    *,
    deadline: date | None = None,
) -> Schedule:
    """Return the schedule of a plan: each task as early as its dependencies and planned start allow.

    A `deadline` before the computed end makes float negative. Raises `CircularPlan` naming the tasks
    of a cycle, `InvalidInput` for unknown or doubled tasks.
    """
    network = Network.of(tasks, dependencies)
    timeline = Timeline(calendar, start, unit)
    works = {t.id: Work(max(0, t.not_before), t.duration) for t in network.tasks.values()}
    return _schedule(network, works, timeline, deadline)


def forecast(
    tasks: Iterable[PlannedTask],
    dependencies: Iterable[Dependency],
    calendar: Calendar,
    start: date,
    unit: Unit = "wd",
    *,
    actuals: Mapping[str, Actual],
    now: datetime,
    deadline: date | None = None,
) -> Schedule:
    """Return the live schedule: actual days replace the plan, work not done yet lies after `now`.

    What remains of a begun task is duration × (1 − percent), rounded up to whole units.
    """
    network = Network.of(tasks, dependencies)
    timeline = Timeline(calendar, start, unit)
    present = max(0, math.ceil(timeline.elapsed(now)))
    works = {
        t.id: _live_work(t, actuals.get(t.id, Actual()), timeline, present) for t in network.tasks.values()
    }
    return _schedule(network, works, timeline, deadline)


@dataclass(frozen=True, slots=True)
class Work:
    """What is left to place: `length` units not before `earliest`; `begun_at` when it already began."""

    earliest: int
    length: int
    state: State = "open"
    begun_at: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """Where a task lies, in offsets; `end` is after its last unit."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Return how many units it covers."""
        return self.end - self.start


def _live_work(task: PlannedTask, actual: Actual, timeline: Timeline, present: int) -> Work:
    if actual.finished is not None:
        end = max(0, timeline.ended(actual.finished))
        began = timeline.begun(actual.started) if actual.started is not None else end - task.duration
        began = max(0, min(began, end))
        return Work(began, end - began, "finished", began)
    if actual.state == "begun":
        remaining = math.ceil(round(task.duration * (100 - actual.percent) / 100, 6))
        began = timeline.begun(actual.started) if actual.started is not None else present
        return Work(present, remaining, "begun", max(0, min(began, present)))
    return Work(max(task.not_before, present), task.duration)


def _schedule(
    network: Network, works: Mapping[str, Work], timeline: Timeline, deadline: date | None
) -> Schedule:
    early = _forward(network, works)
    length = max((span.end for span in early.values()), default=0)
    required = length if deadline is None else min(length, timeline.ended(deadline))
    late = _backward(network, works, early, required)
    placed = {
        task.id: _place(task, works[task.id].state, early[task.id], late[task.id], timeline)
        for task in network.tasks.values()
    }
    floats = {task.id: task.total_float for task in placed.values()}
    driven = {
        task.id: replace(task, driver=_driver(network, works, early, floats, task.id))
        for task in placed.values()
    }
    return Schedule(driven, timeline, length, timeline.span(0, length)[1])


def _forward(network: Network, works: Mapping[str, Work]) -> dict[str, Span]:
    spans: dict[str, Span] = {}
    for task in network.order:
        work = works[task]
        start = max([work.earliest, *(bound for _, bound in _bounds(network, works, spans, task))])
        spans[task] = Span(work.begun_at if work.state != "open" else start, start + work.length)
    return spans


def _bounds(
    network: Network, works: Mapping[str, Work], spans: Mapping[str, Span], task: str
) -> Iterator[tuple[Dependency, int]]:
    """Yield, for each dependency that can still move the task, the earliest start of what is left of it."""
    for dependency in network.incoming[task]:
        if _binds(dependency, works[task]):
            before = spans[dependency.predecessor]
            anchor = before.start if dependency.kind == "SS" else before.end
            back = works[task].length if dependency.kind == "FF" else 0
            yield dependency, anchor + dependency.lag - back


def _binds(dependency: Dependency, successor: Work) -> bool:
    """Say whether a dependency still matters: a start is decided once begun, an end once finished."""
    if successor.state == "finished":
        return False
    return dependency.kind == "FF" or successor.state == "open"


def _backward(
    network: Network, works: Mapping[str, Work], early: Mapping[str, Span], required: int
) -> dict[str, Span]:
    late: dict[str, Span] = {}
    for task in reversed(network.order):
        length = early[task].length
        limits = [required]
        for dependency in network.outgoing[task]:
            if _binds(dependency, works[dependency.successor]):
                after = late[dependency.successor]
                anchor = after.end if dependency.kind == "FF" else after.start
                limits.append(anchor - dependency.lag + (length if dependency.kind == "SS" else 0))
        late[task] = Span(min(limits) - length, min(limits))
    return late


def _place(task: PlannedTask, state: State, early: Span, late: Span, timeline: Timeline) -> ScheduledTask:
    start, end = timeline.span(early.start, early.end)
    latest_start, latest_end = timeline.span(late.start, late.end)
    return ScheduledTask(
        id=task.id,
        name=task.name,
        duration=task.duration,
        state=state,
        early_start=early.start,
        early_finish=early.end,
        late_start=late.start,
        late_finish=late.end,
        start=start,
        end=end,
        latest_start=latest_start,
        latest_end=latest_end,
        planned_start=task.not_before,
    )


def _driver(
    network: Network,
    works: Mapping[str, Work],
    early: Mapping[str, Span],
    floats: Mapping[str, int],
    task: str,
) -> Dependency | None:
    """Return the dependency that decides the task's place; among equals the one with the least float."""
    reached = early[task].end - works[task].length
    deciding = [dependency for dependency, bound in _bounds(network, works, early, task) if bound == reached]
    return min(deciding, key=lambda dependency: floats[dependency.predecessor], default=None)
