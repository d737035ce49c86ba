"""Tasks of Table 2: reading them, and what their facts say about starting, ending and being confirmed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.calendars import Calendar
from engine.errors import NotFound
from engine.store.database import UnitOfWork
from engine.text import T
from processes.collaboration import fetch, projects
from processes.collaboration.tables import confirmation, dependency, progress, task, task_standard

UNCONFIRMED = 95
"""Percent a result that must be confirmed has at most until it is."""


def get(uow: UnitOfWork, task_id: Any) -> fetch.Row:
    """Return a task; raises `NotFound`."""
    row = fetch.first(uow, sa.select(task).where(task.c.id == int(task_id)))
    if row is None:
        raise NotFound(T("没有这项任务"), task=task_id)
    return row


def change(uow: UnitOfWork, task_id: int, **facts: Any) -> None:
    """Write facts of a task."""
    uow.execute(sa.update(task).where(task.c.id == task_id).values(**facts))


def of_project(uow: UnitOfWork, project_id: int, dept: str | None = None) -> list[fetch.Row]:
    """Return the tasks of a project that have not been cancelled, in the order of Table 2."""
    query = sa.select(task).where(task.c.project == project_id, task.c.cancelled_at.is_(None))
    if dept is not None:
        query = query.where(task.c.dept == dept)
    return fetch.every(uow, query.order_by(task.c.position, task.c.id))


def standards(uow: UnitOfWork, project_id: int) -> dict[int, list[fetch.Row]]:
    """Return the delivery standards of a project's tasks by task."""
    query = (
        sa.select(task_standard)
        .join(task, task.c.id == task_standard.c.task)
        .where(task.c.project == project_id)
        .order_by(task_standard.c.task, task_standard.c.position)
    )
    found: dict[int, list[fetch.Row]] = {}
    for row in fetch.every(uow, query):
        found.setdefault(row["task"], []).append(row)
    return found


def dependencies(uow: UnitOfWork, project_id: int) -> list[fetch.Row]:
    """Return the dependencies between a project's tasks."""
    query = (
        sa.select(dependency)
        .join(task, task.c.id == dependency.c.successor)
        .where(task.c.project == project_id)
        .order_by(task.c.position, dependency.c.predecessor)
    )
    return fetch.every(uow, query)


def number(project_key: str, row: fetch.Row) -> str:
    """Return the number of a task in Table 2."""
    return f"{project_key}-{row['position']:02d}"


# ---------------------------------------------------------------- gates


def predecessors(uow: UnitOfWork, task_id: int) -> list[fetch.Row]:
    """Return the predecessors of a task with the type and lag of each dependency."""
    query = (
        sa.select(task, dependency.c.type.label("link"), dependency.c.lag)
        .join(dependency, dependency.c.predecessor == task.c.id)
        .where(dependency.c.successor == task_id, task.c.cancelled_at.is_(None))
    )
    return fetch.every(uow, query)


def successors(uow: UnitOfWork, task_id: int) -> list[fetch.Row]:
    """Return the tasks that wait for a task."""
    query = (
        sa.select(task)
        .join(dependency, dependency.c.successor == task.c.id)
        .where(dependency.c.predecessor == task_id, task.c.cancelled_at.is_(None))
    )
    return fetch.every(uow, query.order_by(task.c.position))


def may_start(uow: UnitOfWork, calendar: Calendar, task_id: int, now: datetime) -> bool:
    """Say whether every predecessor lets a task start (R16, R32, D10).

    FS waits for the predecessor's confirmation, SS for its start, each with its lag in working days
    (hours); FF does not hold back the start.
    """
    if get(uow, task_id)["rework_open"]:
        return True
    return all(_lets_start(uow, calendar, before, now) for before in predecessors(uow, task_id))


def _lets_start(uow: UnitOfWork, calendar: Calendar, before: fetch.Row, now: datetime) -> bool:
    if before["link"] == "FF":
        return True
    since = before["started_at"] if before["link"] == "SS" else before["confirmed_at"]
    if since is None:
        return False
    if not before["lag"]:
        return True
    unit = projects.get(uow, before["project"]).unit
    if unit == "wh":
        return now >= calendar.add_working_hours(since, before["lag"])
    return now >= calendar.add_working_days(since, before["lag"])


def blocking_end(uow: UnitOfWork, task_id: int) -> list[fetch.Row]:
    """Return the FF predecessors that are not confirmed; until then a task may not be completed (D10)."""
    return [b for b in predecessors(uow, task_id) if b["link"] == "FF" and b["confirmed_at"] is None]


def needs_confirmation(row: fetch.Row) -> bool:
    """Say whether a result is key: flagged, a milestone, or part of a core deliverable (Q17)."""
    return bool(row["key_result"] or row["milestone"] or row["deliverable"])


def all_confirmed(uow: UnitOfWork, project_id: int) -> bool:
    """Say whether the project has tasks and every one of them is confirmed done."""
    rows = of_project(uow, project_id)
    return bool(rows) and all(row["confirmed_at"] is not None for row in rows)


def confirmations(uow: UnitOfWork, task_id: int) -> list[fetch.Row]:
    """Return the confirmations asked for in the latest round of a task."""
    latest = (
        sa.select(sa.func.max(confirmation.c.round)).where(confirmation.c.task == task_id).scalar_subquery()
    )
    query = sa.select(confirmation).where(confirmation.c.task == task_id, confirmation.c.round == latest)
    return fetch.every(uow, query.order_by(confirmation.c.id))


def due_day(row: fetch.Row) -> date:
    """Return the last day of a task; while it is reworked that of the correction."""
    found: date = row["rework_due"] if row["rework_open"] and row["rework_due"] else row["plan_end"]
    return found


def due_moment(row: fetch.Row, calendar: Calendar) -> datetime:
    """Return when a task must be done: its moment in hourly projects, else the end of its day."""
    if row["end_at"] is not None and not row["rework_open"]:
        found: datetime = row["end_at"]
        return found
    return calendar.closing(due_day(row))


def times(row: fetch.Row, calendar: Calendar) -> dict[str, datetime]:
    """Return when an owner is warned, when a task is due and when it is late (specification §4).

    In days: two working days before, the end of the day, one working day after; in hours: two hours
    before and one hour after.
    """
    due = due_moment(row, calendar)
    if row["end_at"] is not None and not row["rework_open"]:
        warning, late = calendar.add_working_hours(due, -2), calendar.add_working_hours(due, 1)
    else:
        day = due_day(row)
        warning = calendar.opening(calendar.add_working_days(day, -2))
        late = calendar.closing(calendar.add_working_days(day, 1))
    return {"warning": warning, "due": due, "late": late}


def last_update(uow: UnitOfWork, task_id: int) -> fetch.Row | None:
    """Return the newest daily update of a task, or None."""
    query = sa.select(progress).where(progress.c.task == task_id).order_by(progress.c.id.desc())
    return fetch.first(uow, query)


def updates(uow: UnitOfWork, task_id: int) -> list[fetch.Row]:
    """Return the daily updates of a task, newest first."""
    query = sa.select(progress).where(progress.c.task == task_id).order_by(progress.c.id.desc())
    return fetch.every(uow, query)
