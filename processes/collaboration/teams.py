"""The people of each department in a project: nominated, proposed and appointed (R10, R11)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine import directory
from engine.context import StepContext
from engine.errors import NotFound
from engine.store.database import UnitOfWork
from engine.text import T
from processes.collaboration import fetch, projects
from processes.collaboration.projects import Project
from processes.collaboration.tables import project_department, project_executor
from processes.collaboration.values import person_ids


def department(uow: UnitOfWork, project_id: int, dept: str) -> fetch.Row:
    """Return a department's row in a project; raises `NotFound`."""
    query = sa.select(project_department).where(
        project_department.c.project == project_id, project_department.c.dept == dept
    )
    row = fetch.first(uow, query)
    if row is None:
        raise NotFound(T("{dept}不是本项目的参与部门", dept=dept), project=project_id)
    return row


def change(uow: UnitOfWork, project_id: int, dept: str, **facts: Any) -> None:
    """Write facts of a department in a project."""
    own = (project_department.c.project == project_id, project_department.c.dept == dept)
    uow.execute(sa.update(project_department).where(*own).values(**facts))


def outside(uow: UnitOfWork, dept: str, values: dict[str, Any], fields: tuple[str, ...]) -> dict[str, T]:
    """Return an error for each field that names somebody of another department."""
    own = {person.id for person in directory.people(uow, dept=dept)}
    return {
        field: T("只能选择{dept}的人员", dept=dept)
        for field in fields
        if not set(person_ids(values.get(field))) <= own
    }


def key_executors(uow: UnitOfWork, project_id: int, dept: str) -> list[int]:
    """Return the key executors of a department."""
    return [row["person"] for row in projects.executors(uow, project_id, dept) if row["key"]]


def propose(ctx: StepContext, found: Project, dept: str, persons: list[int]) -> None:
    """Replace the department's proposed key executors."""
    _clear(ctx.uow, found.id, dept)
    for person in persons:
        _add(ctx, found, dept, person, key=True)


def appoint(ctx: StepContext, found: Project, dept: str, persons: list[int], key: list[int]) -> None:
    """Replace the department's executors by those its first-responsible appoints (R11)."""
    _clear(ctx.uow, found.id, dept)
    facts = {"appointed_by": ctx.actor.id, "appointed_at": ctx.now}
    for person in persons:
        _add(ctx, found, dept, person, key=person in key, **facts)


def _clear(uow: UnitOfWork, project_id: int, dept: str) -> None:
    own = (project_executor.c.project == project_id, project_executor.c.dept == dept)
    uow.execute(sa.delete(project_executor).where(*own))


def _add(ctx: StepContext, found: Project, dept: str, person: int, **facts: Any) -> None:
    row = {"project": found.id, "person": person, "dept": dept, **facts}
    ctx.uow.execute(sa.insert(project_executor).values(**row))
    ctx.grant(found.subject, f"user:{person}")
