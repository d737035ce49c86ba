"""Who does what when in a sample: from the filed F01 to the last report at its `now`.

The lead-in before the project's start (D2: ten working days, in hourly projects four working hours)
is divided into shares, so that the same script fits both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from processes.collaboration.anchoring import AnchoredSample
from processes.collaboration.lived import fill
from processes.collaboration.lived.fill import Fill
from processes.collaboration.lived.progress import reports
from processes.collaboration.lived.twists import Twists
from processes.collaboration.sample_values import SampleTask

CONFIRM_AFTER = timedelta(minutes=40)
HOURLY_CONFIRM_AFTER = timedelta(minutes=5)
BETWEEN_TASKS = timedelta(minutes=1)
ASKED_AFTER = timedelta(minutes=15)
ANSWERED_AFTER = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody completes the open items of an element: of one department or task when it says so.

    Whoever holds the item acts. `every` goes on until none is open (levels of an approval,
    confirmers of a result); without it exactly one is expected.
    """

    at: datetime
    sample: str
    element: str
    fill: Fill
    department: str | None = None
    task: str | None = None
    every: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """Somebody says something in the project's conversation (D12); `@name` asks a person."""

    at: datetime
    sample: str
    author: str
    text: str


Scripted = Act | Remark


def script(placed: AnchoredSample, twists: Twists) -> list[Scripted]:
    """Return all acts and remarks of a sample in order of time."""
    scripted: list[Scripted] = [*_Kickoff(placed, twists).acts()]
    scripted += [*_execution(placed, twists), *_remarks(placed)]
    return sorted((one for one in scripted if one.at <= placed.now), key=lambda one: one.at)


class _Kickoff:
    """The acts before the project's start, at shares of its lead-in."""

    def __init__(self, placed: AnchoredSample, twists: Twists) -> None:
        self.placed, self.twists = placed, twists
        calendar = placed.timeline.calendar
        self.hours = calendar.working_hours_between(placed.filed, placed.opening(0))

    def at(self, share: float) -> datetime:
        """Return the working moment at a share of the lead-in, to the second."""
        moment = self.placed.timeline.calendar.add_working_hours(self.placed.filed, self.hours * share)
        return moment.replace(microsecond=0)

    def acts(self) -> Iterator[Act]:
        """Yield filing, approval, kickoff and planning."""
        yield from self._filing()
        yield from self._meeting()
        yield from self._confirming()
        yield self._act(0.66, "compile_table2", fill.first_level)
        yield from self._each(0.68, 0.78, "break_down", fill.breakdown)
        yield from self._planning()

    def _act(self, share: float, element: str, what: Fill, department: str | None = None) -> Act:
        return Act(self.at(share), self.placed.sample.key, element, what, department)

    def _every(self, share: float, element: str, what: Fill) -> Act:
        return Act(self.at(share), self.placed.sample.key, element, what, every=True)

    def _each(self, begin: float, end: float, element: str, what: fill.ByDepartment) -> Iterator[Act]:
        departments = self.placed.sample.departments
        for number, department in enumerate(departments):
            share = begin + (end - begin) * number / len(departments)
            yield self._act(share, element, what(department), department)

    def _filing(self) -> Iterator[Act]:
        light = self.twists.light
        if self.twists.filing:
            first = fill.project_info(budget=self.twists.filing.budget, light=light)
            yield self._act(0.0, "file_project_info", first)
            yield self._act(0.05, "decide_approval", fill.approval_returned)
        yield self._act(
            0.08 if self.twists.filing else 0.0, "file_project_info", fill.project_info(light=light)
        )
        yield self._every(0.12, "decide_approval", fill.approval(light=light))

    def _meeting(self) -> Iterator[Act]:
        yield from self._each(0.16, 0.24, "nominate_first_responsible", fill.nomination)
        yield self._act(0.26, "organise_kickoff", fill.kickoff_meeting(self.at(0.36)))
        if not self.twists.light:
            yield self._act(0.42, "hold_kickoff", fill.kickoff_record)

    def _confirming(self) -> Iterator[Act]:
        objection = self.twists.objection
        objecting = objection.department if objection else None
        for act in self._each(0.44, 0.52, "confirm_kickoff", fill.kickoff_confirmation):
            if act.department != objecting:
                yield act
        if objection:
            against = fill.kickoff_confirmation(objection.department, objecting=True)
            yield self._act(0.53, "confirm_kickoff", against, objection.department)
            yield self._act(0.55, "resolve_objection", fill.objection_resolved)
            again = fill.kickoff_confirmation(objection.department)
            yield self._act(0.57, "confirm_kickoff", again, objection.department)
        yield from self._each(0.59, 0.64, "appoint_executors", fill.team)

    def _planning(self) -> Iterator[Act]:
        refusal = self.twists.plan
        if refusal:
            missing = (refusal.predecessor, refusal.successor)
            yield self._act(0.80, "joint_planning", fill.joint_plan(without=missing))
            for department in self.placed.sample.departments:
                refused = department == refusal.department
                answer = fill.plan_refusal if refused else fill.plan_consent
                yield self._act(0.84 if refused else 0.83, "confirm_plan", answer, department)
        yield self._act(0.90, "joint_planning", fill.joint_plan())
        yield self._every(0.94, "confirm_plan", fill.plan_consent)


def _execution(placed: AnchoredSample, twists: Twists) -> Iterator[Act]:
    for number, task in enumerate(placed.sample.tasks):
        refused = twists.result is not None and twists.result.task == task.id
        yield from _task_acts(placed, task, number * BETWEEN_TASKS, refused=refused)


def _task_acts(placed: AnchoredSample, task: SampleTask, shift: timedelta, *, refused: bool) -> Iterator[Act]:
    """Yield the reports of a task and the confirmation of its result; a refused one is reported twice."""
    key, hourly = placed.sample.key, placed.sample.unit == "wh"
    shift = timedelta() if hourly else shift
    after = shift + (HOURLY_CONFIRM_AFTER if hourly else CONFIRM_AFTER)
    rounds = (
        [reports(placed, task, early=1), reports(placed, task)[-1:]] if refused else [reports(placed, task)]
    )
    for number, way in enumerate(rounds):
        for report in way:
            yield Act(
                report.at + shift, key, "work_and_update", fill.daily_update(task, report), task=task.id
            )
        if way and way[-1].status == "已完成" and task.key_result:
            returned = refused and number == 0
            answer = fill.result_returned if returned else fill.result_confirmed
            at = way[-1].at + after
            yield Act(at, key, "confirm_deliverable", answer, task=task.id, every=not returned)


def _remarks(placed: AnchoredSample) -> Iterator[Remark]:
    """Yield what is said about each issue of the sample: its owner is asked and answers with the plan."""
    for issue in placed.sample.issues:
        task = placed.sample.task(issue.task)
        way = reports(placed, task)
        stuck = next((report for report in way if report.status == "受阻"), way[-1])
        other = issue.owner if issue.owner != task.owner else placed.sample.lead
        asked = stuck.at + ASKED_AFTER
        yield Remark(asked, placed.sample.key, task.owner, f"{issue.description} @{other}")
        yield Remark(asked + ANSWERED_AFTER, placed.sample.key, other, f"{issue.plan} @{task.owner}")
