"""What pages show of projects: read models over the tables, without any rule of their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from engine import directory, history, instances
from engine.calendars import Calendar
from engine.directory import Actor
from engine.policy import SEES_ALL
from engine.store.database import UnitOfWork
from engine.store.tables import access
from engine.text import T
from processes.collaboration import archives, baselines, fetch, figures, metrics, projects, table2, tasks
from processes.collaboration.metrics import Health
from processes.collaboration.projects import Project, subject_of
from processes.collaboration.tables import baseline, kickoff_confirmation, project

PAGE = 25
State = Literal["done", "now", "next", "failed"]

PHASES: tuple[tuple[str, T, frozenset[str]], ...] = (
    ("kickoff", T("启动"), frozenset({"草稿", "审批中", "退回", "启动中"})),
    ("planning", T("计划"), frozenset({"计划中"})),
    ("execution", T("执行与监控"), frozenset({"执行中"})),
    ("acceptance", T("验收"), frozenset({"验收中", "整改中"})),
    ("closing", T("归档与复盘"), frozenset({"收尾中"})),
)
"""The stepper of a project: phase, its word, and the statuses that mean it."""

STOPPED = frozenset({"已终止", "已拒绝"})


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of a project in execution, each with its rule in the specification's §5."""

    percent: float
    planned: float
    health: Health
    late: int
    blocked: int


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project in a list."""

    project: Project
    lead: str
    depts: list[str]
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A row of Table 2 as people read it; `item` is the open work item behind it, if any."""

    id: int
    number: str
    name: str
    stage: str
    dept: str
    owner: str
    start: date
    end: date
    standard: str
    predecessors: str
    status: str
    percent: int
    critical: bool
    float: int | None
    key_result: bool
    milestone: str
    delay: int
    confirmed: bool
    rework: bool
    block_reason: str
    receiver: str
    risk: str


def phases(found: Project) -> list[tuple[T, State]]:
    """Return the five phases with where the project stands."""
    at = next((i for i, (_, _, statuses) in enumerate(PHASES) if found.status in statuses), len(PHASES))
    if found.status in STOPPED:
        reached = _reached(found)
        states: list[State] = [
            "done" if i < reached else "failed" if i == reached else "next" for i in range(5)
        ]
    else:
        states = ["done" if i < at else "now" if i == at else "next" for i in range(len(PHASES))]
    return [(label, state) for (_, label, _), state in zip(PHASES, states, strict=True)]


def _reached(found: Project) -> int:
    marks = (found.published_at, found.planned_at, found.delivery_at, found.ended_at)
    return sum(mark is not None for mark in marks)


def visible(
    uow: UnitOfWork, actor: Actor, *, open_only: bool = True, before: int | None = None, limit: int = PAGE
) -> list[Project]:
    """Return the projects the actor may see, newest first."""
    query = sa.select(project).order_by(project.c.id.desc()).limit(limit)
    if not actor.has(*SEES_ALL):
        granted = sa.select(access.c.subject).where(access.c.grp.in_(actor.groups))
        own = sa.or_(project.c.applicant == actor.id, project.c.lead == actor.id)
        shown = sa.literal("project:") + sa.cast(project.c.id, sa.String)
        query = query.where(sa.or_(shown.in_(granted), own))
    ended = sa.or_(
        project.c.closed_at.is_not(None),
        project.c.cancelled_at.is_not(None),
        project.c.rejected_at.is_not(None),
    )
    query = query.where(sa.not_(ended) if open_only else ended)
    if before is not None:
        query = query.where(project.c.id < before)
    return [Project(**row) for row in fetch.every(uow, query)]


def may_see(uow: UnitOfWork, actor: Actor, found: Project) -> bool:
    """Return whether the actor may see a project (specification §7)."""
    if actor.has(*SEES_ALL) or actor.id in (found.applicant, found.lead):
        return True
    query = sa.select(access.c.subject).where(
        access.c.subject == subject_of(found.id), access.c.grp.in_(actor.groups)
    )
    return uow.execute(query).first() is not None


def lines(
    uow: UnitOfWork, found: Collection[Project], calendar: Calendar, now: datetime
) -> list[ProjectLine]:
    """Return projects as rows of a list."""
    names = directory.names(uow, {one.lead for one in found})
    return [
        ProjectLine(
            one,
            names.get(one.lead, ""),
            projects.departments(uow, one.id),
            figures_of(uow, one, calendar, now),
        )
        for one in found
    ]


def figures_of(uow: UnitOfWork, found: Project, calendar: Calendar, now: datetime) -> Figures | None:
    """Return the numbers of a project that has a baseline, else None."""
    if found.planned_at is None:
        return None
    rows = figures.of_tasks(uow, found, calendar)
    timeline = baselines.timeline_of(found, calendar)
    running = [row for row in rows if row.finished is None]
    return Figures(
        round(metrics.percent_complete(rows), 1),
        round(metrics.planned_percent(rows, timeline, now), 1),
        metrics.health(rows, timeline, now),
        sum(metrics.late(row, now, calendar) for row in running),
        sum(row.blocked for row in running),
    )


def table_two(uow: UnitOfWork, found: Project, calendar: Calendar, now: datetime) -> list[TaskLine]:
    """Return Table 2: the plan with where each task stands."""
    rows = tasks.of_project(uow, found.id)
    names = directory.names(uow, {row["owner"] for row in rows})
    standards = tasks.standards(uow, found.id)
    before = table2.names_of_predecessors(uow, found.id)
    measured = {int(one.id): one for one in figures.of_tasks(uow, found, calendar)}
    return [
        TaskLine(
            id=row["id"],
            number=tasks.number(found.key, row),
            name=row["name"],
            stage=row["stage"] or "",
            dept=row["dept"],
            owner=names.get(row["owner"], ""),
            start=baselines.begin_of(row),
            end=baselines.end_of(row),
            standard="；".join(_criterion(one) for one in standards.get(row["id"], ())),
            predecessors=before.get(row["id"], ""),
            status=_status(row),
            percent=row["percent"],
            critical=bool(row["critical"]),
            float=row["float"],
            key_result=bool(row["key_result"]),
            milestone=row["milestone"] or "",
            delay=metrics.delay_days(measured[row["id"]], now, calendar),
            confirmed=row["confirmed_at"] is not None,
            rework=bool(row["rework_open"]),
            block_reason=_block_reason(uow, row),
            receiver=row["receiver"] or "",
            risk=row["risk_level"] or "",
        )
        for row in rows
    ]


def _status(row: fetch.Row) -> str:
    """Return a task's status of the specification's §4, derived from what has been reported."""
    if row["rework_open"]:
        return "返工"
    if row["status"] == "已完成" and row["confirmed_at"] is None:
        return "待确认"
    if row["status"] == "未开始":
        return "可开始" if row["released_at"] is not None else "等待前置"
    return str(row["status"])


def _block_reason(uow: UnitOfWork, row: fetch.Row) -> str:
    last = tasks.last_update(uow, row["id"]) if row["status"] == "受阻" else None
    return (last or {}).get("block_reason") or ""


def _criterion(row: fetch.Row) -> str:
    operator = row["operator"] if row["operator"] not in ("文字", "是否") else ""
    target = f"{operator}{row['target'] or ''}{row['unit'] or ''}" if operator else row["target"] or ""
    return f"{row['criterion']}{target}" if target not in row["criterion"] else str(row["criterion"])


@dataclass(frozen=True, slots=True)
class Member:
    """A department's people in a project."""

    dept: str
    first_responsible: str
    first_id: int
    duty: str
    confirmed: bool | None
    executors: list[tuple[int, str, bool]]


def members(uow: UnitOfWork, found: Project) -> list[Member]:
    """Return the team by department: who answers for it, who does the work, what was confirmed."""
    rows = projects.department_rows(uow, found.id)
    people = projects.executors(uow, found.id)
    ids = {row["first_responsible"] for row in rows} | {one["person"] for one in people}
    names = directory.names(uow, {i for i in ids if i})
    consents = _kickoff_consents(uow, found.id)
    return [
        Member(
            row["dept"],
            names.get(row["first_responsible"] or -1, ""),
            row["first_responsible"] or 0,
            row["duty"] or "",
            consents.get(row["dept"]),
            [
                (one["person"], names.get(one["person"], ""), bool(one["key"]))
                for one in people
                if one["dept"] == row["dept"]
            ],
        )
        for row in rows
    ]


def _kickoff_consents(uow: UnitOfWork, project_id: int) -> dict[str, bool]:
    consent = kickoff_confirmation
    query = sa.select(consent.c.dept, consent.c.goal_ok, consent.c.scope_ok).where(
        consent.c.project == project_id, sa.not_(consent.c.superseded)
    )
    return {row[0]: bool(row[1] and row[2]) for row in uow.execute(query)}


def documents(uow: UnitOfWork, found: Project) -> list[dict[str, Any]]:
    """Return the documents of a project with their authors' names, newest first."""
    rows = archives.documents(uow, found.id)
    names = directory.names(uow, {row["author"] for row in rows})
    return [{**row, "author": names.get(row["author"], "")} for row in reversed(rows)]


def baselines_of(uow: UnitOfWork, found: Project) -> list[dict[str, Any]]:
    """Return the frozen versions of Table 2, newest first, with who froze them."""
    query = sa.select(baseline).where(baseline.c.project == found.id).order_by(baseline.c.version.desc())
    rows = fetch.every(uow, query)
    names = directory.names(uow, {row["frozen_by"] for row in rows})
    return [{**row, "frozen_by": names.get(row["frozen_by"], "")} for row in rows]


def histories(uow: UnitOfWork, found: Project, limit: int = 60) -> list[tuple[int, history.Event]]:
    """Return the newest human events of all instances of a project as (instance, event)."""
    gathered: list[tuple[int, history.Event]] = []
    for one in instances.of_subject(uow, subject_of(found.id)):
        gathered += [(one.id, event) for event in history.events(uow, one.id) if event.kind != "moved"]
    gathered.sort(key=lambda pair: (pair[1].at, pair[0], pair[1].seq), reverse=True)
    return gathered[:limit]
