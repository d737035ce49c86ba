"""The kickoff's facts: the meeting, who was there, and which departments have confirmed (R8, R9)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.errors import NotFound
from engine.store.database import UnitOfWork
from engine.text import T
from processes.collaboration import fetch, people, projects
from processes.collaboration.projects import Project
from processes.collaboration.tables import kickoff, kickoff_confirmation


def find(uow: UnitOfWork, project_id: int) -> fetch.Row | None:
    """Return the kickoff meeting of a project, or None before it is organised."""
    return fetch.first(uow, sa.select(kickoff).where(kickoff.c.project == project_id))


def meeting(uow: UnitOfWork, project_id: int) -> fetch.Row:
    """Return the kickoff meeting of a project; raises `NotFound`."""
    row = find(uow, project_id)
    if row is None or row["time"] is None:
        raise NotFound(T("启动会还没有安排"), project=project_id)
    return row


def absent(uow: UnitOfWork, found: Project, attendees: list[int]) -> list[T]:
    """Return who is missing: the head and at least one key executor of every department (R8)."""
    missing: list[T] = []
    present = set(attendees)
    for dept in projects.departments(uow, found.id):
        if people.head_of(uow, dept) not in present:
            missing.append(T("缺少{dept}的部门负责人", dept=dept))
        members = {row["person"] for row in projects.executors(uow, found.id, dept)}
        if members and not members & present:
            missing.append(T("缺少{dept}的关键执行人", dept=dept))
    return missing


def confirmations(uow: UnitOfWork, project_id: int) -> dict[str, fetch.Row]:
    """Return the confirmation in force of each department."""
    query = (
        sa.select(kickoff_confirmation)
        .where(
            kickoff_confirmation.c.project == project_id,
            kickoff_confirmation.c.superseded.is_(sa.false()),
        )
        .order_by(kickoff_confirmation.c.id)
    )
    return {row["dept"]: row for row in fetch.every(uow, query)}


def unconfirmed(uow: UnitOfWork, project_id: int) -> list[str]:
    """Return the departments that have not said anything yet."""
    given = confirmations(uow, project_id)
    return [dept for dept in projects.departments(uow, project_id) if dept not in given]


def objections(uow: UnitOfWork, project_id: int) -> list[str]:
    """Return the departments that do not agree to goal, scope or duties."""
    given = confirmations(uow, project_id)
    return [
        dept for dept in projects.departments(uow, project_id) if dept in given and not _agrees(given[dept])
    ]


def _agrees(row: fetch.Row) -> bool:
    return bool(row["goal_ok"] and row["scope_ok"] and not row["objection"])


def complete(uow: UnitOfWork, found: Project) -> bool:
    """Say whether the kickoff is done: approved, every department agrees, Table 2 published (R7, R9, R12)."""
    given = confirmations(uow, found.id)
    everyone = all(dept in given and _agrees(given[dept]) for dept in projects.departments(uow, found.id))
    return found.approved_at is not None and everyone and found.published_at is not None


def supersede(uow: UnitOfWork, project_id: int, dept: str | None = None) -> None:
    """Ask again: confirmations of a department, or of all, no longer hold."""
    query = sa.update(kickoff_confirmation).where(kickoff_confirmation.c.project == project_id)
    if dept is not None:
        query = query.where(kickoff_confirmation.c.dept == dept)
    uow.execute(query.values(superseded=True))


def reopen(uow: UnitOfWork, project_id: int) -> None:
    """Begin the kickoff again after goal or scope have changed: everybody confirms anew."""
    supersede(uow, project_id)
    change(uow, project_id, scope_changed=False, objection_open=False)


def change(uow: UnitOfWork, project_id: int, **facts: Any) -> None:
    """Write facts of a kickoff meeting."""
    uow.execute(sa.update(kickoff).where(kickoff.c.project == project_id).values(**facts))


def plan_meeting(uow: UnitOfWork, project_id: int, **facts: Any) -> None:
    """Write the meeting as it is organised; organising it again replaces it."""
    if find(uow, project_id) is None:
        uow.execute(sa.insert(kickoff).values(project=project_id, **facts))
    else:
        change(uow, project_id, **facts)
