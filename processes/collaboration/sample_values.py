"""Value objects of a sample project: what the pages would otherwise ask people for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from processes.collaboration.network import Dependency, PlannedTask
from processes.collaboration.standards import Criterion
from processes.collaboration.timeline import Unit


@dataclass(frozen=True, slots=True)
class SampleGoal:
    """A measurable row of the goal (F01); `target` carries its operator, such as ≥5000."""

    statement: str
    measure: str
    target: str
    unit: str


@dataclass(frozen=True, slots=True)
class SampleDeliverable:
    """A core deliverable, the department that owns it and the tasks that make it."""

    name: str
    standard: str
    owner_department: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleTask:
    """A row of Table 2; `start` is its early start and `duration` its length in the project's unit."""

    id: str
    name: str
    department: str
    owner: str
    start: int
    duration: int
    predecessors: tuple[str, ...]
    standard: tuple[Criterion, ...]
    stage: str
    milestone: str | None
    key_result: bool
    deliverable: str | None
    receiver: str
    purpose: str
    risk_level: str | None
    risk_note: str | None

    @property
    def end(self) -> int:
        """Return the offset at which it is planned to be over."""
        return self.start + self.duration


@dataclass(frozen=True, slots=True)
class SampleState:
    """How a task stands at the sample's `now`; `expected` is the offset at which a block should be over."""

    status: str
    percent: int
    reason: str | None = None
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class SampleRisk:
    """A risk with its contingency plan (F07)."""

    task: str
    level: str
    note: str
    plan: str


@dataclass(frozen=True, slots=True)
class SampleIssue:
    """A cross-department problem (F13); `due` is an offset."""

    id: str
    task: str
    urgent: bool
    description: str
    departments: tuple[str, ...]
    plan: str
    owner: str
    due: int
    result: str
    review: str | None


@dataclass(frozen=True, slots=True)
class SampleResource:
    """A resource a department asks for (F06)."""

    department: str
    item: str
    escalate: bool


@dataclass(frozen=True, slots=True)
class SampleChange:
    """A change somebody asked for (F19) and what was decided."""

    content: str
    impact: str
    decision: str


@dataclass(frozen=True, slots=True)
class SampleProject:
    """One sample: `length` and `critical` are what the critical path must be, `now` where the demo stops."""

    key: str
    type: str
    name: str
    initiating_department: str
    lead: str
    departments: tuple[str, ...]
    unit: Unit
    start: date
    now: int
    length: int
    critical: tuple[str, ...]
    goals: tuple[SampleGoal, ...]
    deliverables: tuple[SampleDeliverable, ...]
    scope: str
    out_of_scope: str
    background: str
    budget: int
    tasks: tuple[SampleTask, ...]
    state: Mapping[str, SampleState]
    risks: tuple[SampleRisk, ...]
    issues: tuple[SampleIssue, ...]
    resources: tuple[SampleResource, ...]
    change: SampleChange

    def task(self, id: str) -> SampleTask:
        """Return the task with this id; raises `KeyError`."""
        return {task.id: task for task in self.tasks}[id]

    def planned(self) -> tuple[list[PlannedTask], list[Dependency]]:
        """Return tasks and dependencies as the schedule takes them (all FS without lag)."""
        tasks = [PlannedTask(task.id, task.duration, task.name) for task in self.tasks]
        links = [Dependency(before, task.id) for task in self.tasks for before in task.predecessors]
        return tasks, links

    def state_of(self, task: SampleTask) -> SampleState:
        """Return how a task stands at `now`: as listed, else done when its end is reached (§2)."""
        if task.id in self.state:
            return self.state[task.id]
        return SampleState("已完成", 100) if task.end <= self.now else SampleState("未开始", 0)
