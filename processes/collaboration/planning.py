"""Writing Table 2 and judging it: rows of F05, what is missing, and who has to complete it."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.calendars import Calendar
from engine.store.database import UnitOfWork
from engine.text import T
from processes.collaboration import fetch, people, projects, tasks
from processes.collaboration.projects import Project
from processes.collaboration.tables import dependency, task, task_standard
from processes.collaboration.values import day, moment, text

Fields = dict[str, T]
_PLAIN = ("stage", "purpose", "milestone", "risk_note")
_CHOICES = ("receiver", "priority", "risk_level", "weight")


# ---------------------------------------------------------------- writing


def save(
    uow: UnitOfWork, found: Project, calendar: Calendar, rows: list[dict[str, Any]], dept: str | None = None
) -> None:
    """Write the rows of F05 as the tasks of a project, or of one of its departments.

    Rows with an `id` change that task, others are new; tasks that are not in the rows are removed.
    """
    kept = {int(row["id"]) for row in rows if row.get("id")}
    for gone in tasks.of_project(uow, found.id, dept):
        if gone["id"] not in kept:
            _remove(uow, gone["id"])
    for row in rows:
        task_id = _write(uow, found, calendar, row, dept or row["dept"])
        _write_standards(uow, task_id, row.get("standard") or [])
        if "predecessors" in row:
            _write_predecessors(uow, task_id, row["predecessors"] or [])


def _remove(uow: UnitOfWork, task_id: int) -> None:
    ends = sa.or_(dependency.c.successor == task_id, dependency.c.predecessor == task_id)
    uow.execute(sa.delete(dependency).where(ends))
    uow.execute(sa.delete(task_standard).where(task_standard.c.task == task_id))
    uow.execute(sa.delete(task).where(task.c.id == task_id))


def _write(uow: UnitOfWork, found: Project, calendar: Calendar, row: dict[str, Any], dept: str) -> int:
    values = {
        "name": row["task_name"].strip(),
        "dept": dept,
        "owner": int(row["owner"]),
        **dates(found, calendar, row),
        **{key: text(row[key]) for key in _PLAIN if key in row},
        **{key: row[key] or None for key in _CHOICES if key in row},
        **_detail(row),
    }
    if row.get("id"):
        tasks.change(uow, int(row["id"]), **values)
        return int(row["id"])
    query = sa.select(sa.func.max(task.c.position)).where(task.c.project == found.id)
    position = (uow.execute(query).scalar() or 0) + 1
    return fetch.insert(uow, task, project=found.id, position=position, **values)


def _detail(row: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "key_result" in row:
        values["key_result"] = bool(row["key_result"])
    if "deliverable" in row:
        values["deliverable"] = int(row["deliverable"]) if row["deliverable"] else None
    if "co_depts" in row:
        values["co_depts"] = list(row["co_depts"] or [])
    return values


def dates(found: Project, calendar: Calendar, row: dict[str, Any]) -> dict[str, Any]:
    """Return the planned dates of a row; hourly projects plan moments, whose days stand beside (D4)."""
    if found.unit == "wh":
        start, end = moment(row["start_at"]), moment(row["end_at"])
        first, last = calendar.local_day(start), calendar.local_day(end)
        return {"start_at": start, "end_at": end, "plan_start": first, "plan_end": last}
    return {"plan_start": day(row["plan_start"]), "plan_end": day(row["plan_end"])}


def _write_standards(uow: UnitOfWork, task_id: int, rows: list[dict[str, Any]]) -> None:
    uow.execute(sa.delete(task_standard).where(task_standard.c.task == task_id))
    for position, row in enumerate(rows, start=1):
        values = {key: text(row.get(key)) for key in ("criterion", "operator", "target", "unit")}
        fetch.insert(uow, task_standard, task=task_id, position=position, **values)


def _write_predecessors(uow: UnitOfWork, task_id: int, links: list[Any]) -> None:
    """Write the predecessors of a task: ids, or rows with type and lag."""
    uow.execute(sa.delete(dependency).where(dependency.c.successor == task_id))
    for link in links:
        row = link if isinstance(link, dict) else {"task": link}
        values = {"type": row.get("dep_type") or "FS", "lag": int(row.get("lag") or 0)}
        uow.execute(sa.insert(dependency).values(successor=task_id, predecessor=int(row["task"]), **values))


def arrange(uow: UnitOfWork, found: Project, calendar: Calendar, rows: list[dict[str, Any]]) -> None:
    """Write what the joint planning decides: stages, dates, milestones and dependencies (R15–R17)."""
    for row in rows:
        values = {
            "stage": text(row.get("stage")),
            "milestone": text(row.get("milestone")),
            "key_result": bool(row.get("key_result")),
            **dates(found, calendar, row),
        }
        tasks.change(uow, int(row["id"]), **values)
        _write_predecessors(uow, int(row["id"]), row.get("predecessors") or [])


# ---------------------------------------------------------------- judging rows


def row_problems(
    uow: UnitOfWork, found: Project, rows: list[dict[str, Any]], dept: str | None = None
) -> Fields:
    """Return what is wrong with rows of F05, by the path of the field: owner, department, dates."""
    wrong: Fields = {}
    involved = projects.departments(uow, found.id)
    for place, row in enumerate(rows):
        own = dept or row.get("dept")
        if own not in involved:
            wrong[f"tasks-{place}-dept"] = T("{dept}不是本项目的参与部门", dept=own or "")
            continue
        if not may_own(uow, found, str(own), row.get("owner")):
            text_ = T("负责人应是{dept}已任命的执行人或第一负责人", dept=own)
            wrong[f"tasks-{place}-owner"] = text_
        wrong |= date_problems(found, row, f"tasks-{place}")
    return wrong


def may_own(uow: UnitOfWork, found: Project, dept: str, person: Any) -> bool:
    """Say whether a person may own a task of a department: its executors and first-responsible (D9)."""
    if person in (None, ""):
        return False
    allowed = {row["person"] for row in projects.executors(uow, found.id, dept)}
    return int(person) in allowed | {people.first_responsible_of(uow, found.id, dept)}


def date_problems(found: Project, row: dict[str, Any], path: str) -> Fields:
    """Return what is wrong with the dates of a row: reversed, or outside the project."""
    first, last = ("start_at", "end_at") if found.unit == "wh" else ("plan_start", "plan_end")
    start: date = moment(row[first]) if found.unit == "wh" else day(row[first])
    end: date = moment(row[last]) if found.unit == "wh" else day(row[last])
    if end < start:
        return {f"{path}-{last}": T("结束不能早于开始")}
    if start < found.start:
        return {f"{path}-{first}": T("早于项目开始（{day}）", day=f"{found.start:%Y-%m-%d}")}
    if end > found.end:
        return {f"{path}-{last}": T("晚于项目结束（{day}）", day=f"{found.end:%Y-%m-%d}")}
    return {}


# ---------------------------------------------------------------- judging the plan


def problems(uow: UnitOfWork, found: Project) -> list[dict[str, str]]:
    """Return what the plan lacks, with the department that has to complete it (R14, R12)."""
    rows = tasks.of_project(uow, found.id)
    lacking = _departments_without_tasks(uow, found, rows)
    lacking += _incomplete_tasks(uow, found, rows)
    lacking += _uncovered_deliverables(uow, found, rows)
    return lacking


def _departments_without_tasks(
    uow: UnitOfWork, found: Project, rows: list[fetch.Row]
) -> list[dict[str, str]]:
    busy = {row["dept"] for row in rows}
    missing = [dept for dept in projects.departments(uow, found.id) if dept not in busy]
    return [{"dept": dept, "text": str(T("{dept}还没有任务", dept=dept))} for dept in missing]


def _incomplete_tasks(uow: UnitOfWork, found: Project, rows: list[fetch.Row]) -> list[dict[str, str]]:
    standards = tasks.standards(uow, found.id)
    lacking: list[dict[str, str]] = []
    for row in rows:
        if not standards.get(row["id"]):
            lacking.append(_problem(row, T("“{task}”没有交付标准", task=row["name"])))
        if not row["stage"]:
            lacking.append(_problem(row, T("“{task}”没有写明阶段", task=row["name"])))
    return lacking


def _uncovered_deliverables(uow: UnitOfWork, found: Project, rows: list[fetch.Row]) -> list[dict[str, str]]:
    covered = {row["deliverable"] for row in rows}
    return [
        {"dept": one["owner_dept"], "text": str(T("核心交付物“{name}”还没有任务完成它", name=one["name"]))}
        for one in projects.deliverables(uow, found.id)
        if one["id"] not in covered
    ]


def _problem(row: fetch.Row, message: T) -> dict[str, str]:
    return {"dept": row["dept"], "text": str(message)}


def stages_without_milestone(rows: list[dict[str, Any]]) -> list[str]:
    """Return the stages in which no row has a milestone (R17, D6)."""
    stages = dict.fromkeys(str(row.get("stage") or "").strip() for row in rows)
    marked = {str(row.get("stage") or "").strip() for row in rows if text(row.get("milestone"))}
    return [stage for stage in stages if stage not in marked]
