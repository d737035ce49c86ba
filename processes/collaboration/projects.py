"""A project as the rest of the content sees it: its facts, its status and who belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from engine.errors import NotFound
from engine.store.database import UnitOfWork
from engine.text import T
from processes.collaboration import fetch
from processes.collaboration.tables import (
    deliverable,
    goal,
    project,
    project_department,
    project_executor,
)


@dataclass(frozen=True, slots=True)
class Project:
    """One project with the facts from which everything about it is derived."""

    id: int
    key: str
    instance: int
    applicant: int
    lead: int
    name: str | None
    type: str | None
    initiating_dept: str | None
    priority: str | None
    unit: str
    start_date: date | None
    end_date: date | None
    start_at: datetime | None
    end_at: datetime | None
    scope: str | None
    out_of_scope: str | None
    background: str | None
    budget_fen: int | None
    light: bool
    light_ok: bool
    visibility: str | None
    created_at: datetime
    filed_at: datetime | None
    returned_at: datetime | None
    approved_at: datetime | None
    published_at: datetime | None
    planned_at: datetime | None
    delivery_at: datetime | None
    rework_at: datetime | None
    ended_at: datetime | None
    archived_at: datetime | None
    closed_at: datetime | None
    rejected_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None

    @property
    def subject(self) -> str:
        """The name under which instances, access and comments belong to the project."""
        return subject_of(self.id)

    @property
    def title(self) -> str:
        """What people call it, before it has a name its number."""
        return self.name or self.key

    @property
    def start(self) -> date:
        """Its first day, in hourly projects its first moment."""
        found = self.start_at if self.unit == "wh" else self.start_date
        assert found is not None
        return found

    @property
    def end(self) -> date:
        """Its last day, in hourly projects its last moment."""
        found = self.end_at if self.unit == "wh" else self.end_date
        assert found is not None
        return found

    @property
    def status(self) -> str:
        """The status the method knows, derived from the facts and never typed (specification §4)."""
        marks = (
            (self.cancelled_at, "已终止"),
            (self.rejected_at, "已拒绝"),
            (self.closed_at, "已关闭"),
            (self.ended_at, "收尾中"),
            (self.rework_at, "整改中"),
            (self.delivery_at, "验收中"),
            (self.planned_at, "执行中"),
            (self.published_at, "计划中"),
            (self.approved_at, "启动中"),
            (self.returned_at, "退回"),
            (self.filed_at, "审批中"),
        )
        return next((name for at, name in marks if at is not None), "草稿")


def subject_of(project_id: int) -> str:
    """Return the subject of a project."""
    return f"project:{project_id}"


def get(uow: UnitOfWork, project_id: int) -> Project:
    """Return a project; raises `NotFound`."""
    row = fetch.first(uow, sa.select(project).where(project.c.id == project_id))
    if row is None:
        raise NotFound(T("没有这个项目"), project=project_id)
    return Project(**row)


def by_key(uow: UnitOfWork, key: str) -> Project:
    """Return a project by its number; raises `NotFound`."""
    row = fetch.first(uow, sa.select(project).where(project.c.key == key))
    if row is None:
        raise NotFound(T("没有编号为{key}的项目", key=key))
    return Project(**row)


def of(ctx: StepContext) -> Project:
    """Return the project that the running instance is about; raises `NotFound` when it is about none."""
    found = ctx.variables.get("project")
    if not isinstance(found, int):
        raise NotFound(T("这个流程不属于任何项目，不能使用项目的资料"))
    return get(ctx.uow, found)


def change(uow: UnitOfWork, project_id: int, **facts: Any) -> None:
    """Write facts of a project."""
    uow.execute(sa.update(project).where(project.c.id == project_id).values(**facts))


# ---------------------------------------------------------------- parts


def departments(uow: UnitOfWork, project_id: int) -> list[str]:
    """Return the involved departments in the order they were named."""
    query = (
        sa.select(project_department.c.dept)
        .where(project_department.c.project == project_id)
        .order_by(project_department.c.position)
    )
    return fetch.column(uow, query)


def department_rows(uow: UnitOfWork, project_id: int) -> list[fetch.Row]:
    """Return the involved departments with their first-responsible and duties."""
    query = (
        sa.select(project_department)
        .where(project_department.c.project == project_id)
        .order_by(project_department.c.position)
    )
    return fetch.every(uow, query)


def goals(uow: UnitOfWork, project_id: int) -> list[fetch.Row]:
    """Return the goal rows of Table 1 in order."""
    return fetch.every(uow, sa.select(goal).where(goal.c.project == project_id).order_by(goal.c.position))


def deliverables(uow: UnitOfWork, project_id: int) -> list[fetch.Row]:
    """Return the core deliverables in order."""
    query = sa.select(deliverable).where(deliverable.c.project == project_id).order_by(deliverable.c.position)
    return fetch.every(uow, query)


def executors(uow: UnitOfWork, project_id: int, dept: str | None = None) -> list[fetch.Row]:
    """Return proposed and appointed executors, of one department when it is given."""
    query = sa.select(project_executor).where(project_executor.c.project == project_id)
    if dept is not None:
        query = query.where(project_executor.c.dept == dept)
    return fetch.every(uow, query.order_by(project_executor.c.person))


def team(uow: UnitOfWork, project_id: int) -> list[int]:
    """Return everyone who takes part: lead, first-responsibles and executors."""
    found = get(uow, project_id)
    firsts = [row["first_responsible"] for row in department_rows(uow, project_id)]
    members = [row["person"] for row in executors(uow, project_id)]
    return [one for one in dict.fromkeys([found.lead, *firsts, *members]) if one]
