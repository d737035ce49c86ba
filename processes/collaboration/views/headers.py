"""Projects in lists and at the head of their page: status, phase, progress and health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa

from engine import directory, policy
from engine.calendars import Calendar
from engine.directory import Actor
from engine.errors import NotFound
from engine.store.database import UnitOfWork
from engine.store.tables import access
from engine.store.tables import instance as instances
from engine.text import T
from processes.collaboration import baselines, fetch, figures, metrics, projects, table1
from processes.collaboration.projects import Project
from processes.collaboration.tables import project

PAGE = 25
SUSPENDED = "已暂停"
PhaseState = Literal["done", "now", "later"]


@dataclass(frozen=True, slots=True)
class Phase:
    """One of the method's phases on the stepper; `at` is when it was finished."""

    name: T
    state: PhaseState
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Header:
    """A project at a glance; percentages run from 0 to 100 and are None before there is a plan."""

    id: int
    key: str
    title: str
    subject: str
    instance: int
    status: str
    type: str | None
    priority: str | None
    lead: int
    lead_name: str
    initiating_dept: str | None
    start: date | None
    end: date | None
    light: bool
    percent: float | None
    planned_percent: float | None
    health: str | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen in the project."""
        return self.status in ("已关闭", "已拒绝", "已终止")


def require(uow: UnitOfWork, actor: Actor, key: str) -> Project:
    """Return a project the actor may see; raises `NotFound` for all others."""
    found = projects.by_key(uow, key)
    if not policy.may_see_subject(uow, actor, found.subject):
        raise NotFound(T("没有编号为{key}的项目", key=key))
    return found


def header(uow: UnitOfWork, found: Project, calendar: Calendar, now: datetime) -> Header:
    """Return a project at a glance."""
    names = directory.names(uow, [found.lead])
    planned = found.planned_at is not None
    tasks = figures.of_tasks(uow, found, calendar) if planned else []
    timeline = baselines.timeline_of(found, calendar) if planned else None
    return Header(
        id=found.id,
        key=found.key,
        title=found.title,
        subject=found.subject,
        instance=found.instance,
        status=SUSPENDED if _suspended(uow, found) else found.status,
        type=found.type,
        priority=found.priority,
        lead=found.lead,
        lead_name=names.get(found.lead, ""),
        initiating_dept=found.initiating_dept,
        start=found.start_at or found.start_date,
        end=found.end_at or found.end_date,
        light=found.light and found.light_ok,
        percent=metrics.percent_complete(tasks) if timeline else None,
        planned_percent=metrics.planned_percent(tasks, timeline, now) if timeline else None,
        health=metrics.health(tasks, timeline, now) if timeline else None,
    )


def _suspended(uow: UnitOfWork, found: Project) -> bool:
    query = sa.select(instances.c.state).where(instances.c.id == found.instance)
    return uow.execute(query).scalar() == "suspended"


def page(
    uow: UnitOfWork,
    actor: Actor,
    calendar: Calendar,
    now: datetime,
    *,
    ended: bool | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[Header]:
    """Return the projects the actor may see, newest first, those with an id below `before`."""
    query = sa.select(project).order_by(project.c.id.desc()).limit(limit)
    if not actor.has(*policy.SEES_ALL):
        subject = sa.literal("project:") + sa.cast(project.c.id, sa.String)
        query = query.where(subject.in_(sa.select(access.c.subject).where(access.c.grp.in_(actor.groups))))
    if before is not None:
        query = query.where(project.c.id < before)
    if ended is not None:
        over = sa.or_(*(project.c[fact].is_not(None) for fact in table1.ENDED))
        query = query.where(over if ended else sa.not_(over))
    return [header(uow, Project(**row), calendar, now) for row in fetch.every(uow, query)]


def phases(found: Project) -> list[Phase]:
    """Return the stepper: which phases are finished, which is under way."""
    marks: Sequence[tuple[T, datetime | None]] = (
        (T("立项"), found.approved_at),
        (T("启动"), found.published_at),
        (T("计划"), found.planned_at),
        (T("执行"), found.delivery_at),
        (T("验收"), found.ended_at),
        (T("收尾"), found.closed_at),
    )
    finished = [at is not None for _, at in marks]
    current = finished.index(False) if False in finished else len(marks)
    states: list[PhaseState] = [
        "done" if i < current else "now" if i == current else "later" for i in range(6)
    ]
    if found.cancelled_at is not None or found.rejected_at is not None:
        states = ["later" if state == "now" else state for state in states]
    return [
        Phase(name, state, at if state == "done" else None)
        for (name, at), state in zip(marks, states, strict=True)
    ]
