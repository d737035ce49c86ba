"""What people type into the forms of a sample: values keyed as `forms/library` names the fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from processes.collaboration.anchoring import AnchoredSample
from processes.collaboration.lived.phrases import say
from processes.collaboration.lived.progress import Report
from processes.collaboration.lived.twists import Twists
from processes.collaboration.organisation import Lang, organisation
from processes.collaboration.sample_values import SampleTask
from processes.collaboration.standards import Criterion
from processes.collaboration.values import local

Values = dict[str, Any]


class Scene(Protocol):
    """What a filler may ask: the sample, its language, and the ids its names have in the database."""

    placed: AnchoredSample
    lang: Lang
    twists: Twists

    def person(self, name: str) -> int:
        """Return the id of a person."""

    def task(self, id: str) -> int:
        """Return the row of a sample task."""

    def deliverable(self, name: str) -> int:
        """Return the row of a deliverable."""

    def given(self) -> Mapping[str, Any]:
        """Return the values the form at hand starts with."""

    def file(self, name: str, content: str) -> Mapping[str, Any]:
        """Store a file for the item at hand and return its form value."""


Fill = Callable[[Scene], Values]
ByDepartment = Callable[[str], Fill]


def project_info(*, budget: int | None = None, light: bool = False) -> Fill:
    """Fill F01; another budget than the sample's is what gets it returned."""

    def fill(scene: Scene) -> Values:
        sample = scene.placed.sample
        return {
            "project_name": sample.name,
            "project_type": sample.type,
            "initiating_dept": sample.initiating_department,
            "lead": scene.person(sample.lead),
            "priority": "中",
            "visibility": "参与部门",
            "budget": budget if budget is not None else sample.budget,
            "light": light,
            "background": sample.background,
            "goal": [
                {"statement": g.statement, "measure": g.measure, "target": g.target, "unit": g.unit}
                for g in sample.goals
            ],
            "scope": sample.scope,
            "out_of_scope": sample.out_of_scope,
            "deliverables": [
                {"name": d.name, "standard": d.standard, "owner_dept": d.owner_department}
                for d in sample.deliverables
            ],
            "unit": sample.unit,
            **_project_span(scene.placed),
            "involved_depts": list(sample.departments),
        }

    return fill


def _project_span(placed: AnchoredSample) -> Values:
    start, end = ("start_at", "end_at") if placed.sample.unit == "wh" else ("start_date", "end_date")
    return {start: _written(placed.at(0)), end: _written(placed.end)}


def _task_span(placed: AnchoredSample, task: SampleTask) -> Values:
    start, end = ("start_at", "end_at") if placed.sample.unit == "wh" else ("plan_start", "plan_end")
    return {start: _written(placed.at(task.start)), end: _written(placed.over(task.end))}


def _written(day: date) -> str:
    return local(day) if isinstance(day, datetime) else day.isoformat()


def approval(*, light: bool = False) -> Fill:
    """Fill F02 with consent, in light projects also to the light process (D14)."""

    def fill(scene: Scene) -> Values:
        values: Values = {"decision": "同意", "comment": say("agree", scene.lang)}
        return values | ({"light_ok": True} if light else {})

    return fill


def approval_returned(scene: Scene) -> Values:
    """Fill F02: returned for change with the reason of the twist."""
    assert scene.twists.filing is not None
    return {"decision": "退回修改", "comment": scene.twists.filing.comment[scene.lang]}


def nomination(department: str) -> Fill:
    """Fill F04 before the kickoff: the head nominates and proposes key executors (D7)."""

    def fill(scene: Scene) -> Values:
        head, *others = organisation().members(department)
        return {
            "first_responsible": scene.person(head),
            "key_executors": [scene.person(name) for name in executors(scene.placed, department)],
            **({"deputy": scene.person(others[0])} if others else {}),
        }

    return fill


def executors(placed: AnchoredSample, department: str) -> list[str]:
    """Return who executes in a department: the owners of its tasks, else its head (D3, D9)."""
    owners = dict.fromkeys(t.owner for t in placed.sample.tasks if t.department == department)
    return list(owners) or [organisation().head_of(department)]


def kickoff_meeting(at: datetime) -> Fill:
    """Fill the invitation: attendees are those the form proposes."""

    def fill(scene: Scene) -> Values:
        lead = scene.placed.sample.lead
        recorder = organisation().members(scene.placed.sample.initiating_department)[-1]
        return {
            "time": local(at),
            "place": say("place", scene.lang),
            "host": scene.person(lead),
            "recorder": scene.person(recorder),
            "agenda": say("agenda", scene.lang),
        }

    return fill


def kickoff_record(scene: Scene) -> Values:
    """Fill F03: the meeting was held as invited."""
    return {"notes": say("notes", scene.lang)}


def kickoff_confirmation(department: str, *, objecting: bool = False) -> Fill:
    """Fill the confirmation of goal, scope and duties; or object to the scope."""

    def fill(scene: Scene) -> Values:
        names = [t.name for t in scene.placed.sample.tasks if t.department == department]
        between = "、" if scene.lang == "zh" else ", "
        values: Values = {
            "goal_ok": True,
            "scope_ok": not objecting,
            "duties": say("duties", scene.lang, tasks=between.join(names)),
        }
        if objecting:
            assert scene.twists.objection is not None
            values["objection"] = scene.twists.objection.objection[scene.lang]
        return values

    return fill


def objection_resolved(scene: Scene) -> Values:
    """Fill the answer to an objection: the scope stays as it is."""
    assert scene.twists.objection is not None
    return {"resolution": scene.twists.objection.resolution[scene.lang], "scope_changed": False}


def team(department: str) -> Fill:
    """Fill F04: the first-responsible appoints the executors (R11)."""

    def fill(scene: Scene) -> Values:
        chosen = [scene.person(name) for name in executors(scene.placed, department)]
        return {"executors": chosen, "duty": say("duty", scene.lang)}

    return fill


def first_level(scene: Scene) -> Values:
    """Fill F05 v0: every task with department, owner, dates and standard (R12)."""
    return {"tasks": [{**_row(scene, t), "dept": t.department} for t in scene.placed.sample.tasks]}


def breakdown(department: str) -> Fill:
    """Fill F05 of one department: stage, receiver, purpose, risk beside what is known (R14, R17)."""

    def fill(scene: Scene) -> Values:
        own = [t for t in scene.placed.sample.tasks if t.department == department]
        return {"tasks": [{"id": scene.task(t.id), **_row(scene, t), **_plan(t)} for t in own]}

    return fill


def _row(scene: Scene, task: SampleTask) -> Values:
    deliverable = scene.deliverable(task.deliverable) if task.deliverable else None
    return {
        "task_name": task.name,
        "owner": scene.person(task.owner),
        **_task_span(scene.placed, task),
        "standard": [_criterion(c) for c in task.standard],
        **({"deliverable": deliverable} if deliverable is not None else {}),
    }


def _criterion(criterion: Criterion) -> Values:
    return {
        "criterion": criterion.subject,
        "operator": criterion.operator,
        "target": criterion.target,
        "unit": criterion.unit,
    }


def _plan(task: SampleTask) -> Values:
    values: Values = {
        "stage": task.stage,
        "receiver": task.receiver,
        "purpose": task.purpose,
        "priority": "中",
        "key_result": task.key_result,
        "weight": task.duration,
    }
    optional = {"milestone": task.milestone, "risk_note": task.risk_note, "risk_level": task.risk_level}
    return values | {key: value for key, value in optional.items() if value}


def joint_plan(*, without: tuple[str, str] | None = None) -> Fill:
    """Fill the joint planning: dependencies and milestones (R15–R17); `without` leaves one out."""

    def fill(scene: Scene) -> Values:
        rows = []
        for task in scene.placed.sample.tasks:
            before = [id for id in task.predecessors if (id, task.id) != without]
            links = [{"task": scene.task(id), "dep_type": "FS", "lag": 0} for id in before]
            rows.append(
                {
                    "id": scene.task(task.id),
                    "stage": task.stage,
                    **_task_span(scene.placed, task),
                    "predecessors": links,
                    "key_result": task.key_result,
                    **({"milestone": task.milestone} if task.milestone else {}),
                }
            )
        return {"tasks": rows}

    return fill


def plan_consent(scene: Scene) -> Values:
    """Fill the confirmation of the plan by a department."""
    return {"decision": "确认"}


def plan_refusal(scene: Scene) -> Values:
    """Fill the refusal of the plan with the reason of the twist."""
    assert scene.twists.plan is not None
    return {"decision": "退回", "comment": scene.twists.plan.comment[scene.lang]}


def daily_update(task: SampleTask, report: Report) -> Fill:
    """Fill F09; a key result that is done comes with its evidence (R33, R34)."""

    def fill(scene: Scene) -> Values:
        values: Values = {"status": report.status, "percent": report.percent}
        if report.status == "受阻":
            expected = report.expected or scene.placed.now
            blocked = {"block_reason": report.reason, "expected_resolution": local(expected)}
            return values | blocked | {"note": say("stuck", scene.lang)}
        if report.status != "已完成":
            return values | {"note": say("moving", scene.lang)}
        values["note"] = say("done", scene.lang)
        return values | ({"evidence": [_evidence(scene, task)]} if task.key_result else {})

    return fill


def _evidence(scene: Scene, task: SampleTask) -> Mapping[str, Any]:
    standard = "\n".join(f"{c.subject} {c.operator} {c.target}{c.unit}" for c in task.standard)
    text = say("evidence", scene.lang, task=task.name, standard=standard)
    return scene.file(task.deliverable or task.name, text)


def result_confirmed(scene: Scene) -> Values:
    """Fill F08: each criterion reached exactly its target."""
    return {
        "checklist": [_checked(row) for row in scene.given()["checklist"]],
        "decision": "确认",
        "comment": say("accepted", scene.lang),
    }


def _checked(row: Mapping[str, Any]) -> Values:
    measured = row["operator"] in ("≥", "≤", "=")
    return {"id": row["id"], "actual": row["target"]} | ({} if measured else {"pass": True})


def result_returned(scene: Scene) -> Values:
    """Fill F08: returned with the reason of the twist (R32)."""
    assert scene.twists.result is not None
    return {"decision": "退回", "comment": scene.twists.result.comment[scene.lang]}
