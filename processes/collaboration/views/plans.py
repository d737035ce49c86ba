"""Table 2 with its live state, the milestones and the baselines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine import directory
from engine.calendars import Calendar
from engine.store.database import UnitOfWork
from processes.collaboration import baselines, fetch, metrics, table2, tasks
from processes.collaboration.figures import of_tasks
from processes.collaboration.projects import Project
from processes.collaboration.tables import baseline


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A row of Table 2 as it stands today; `late` counts calendar days (Q2)."""

    id: int
    number: str
    name: str
    stage: str | None
    dept: str
    owner: int
    owner_name: str
    start: date
    end: date
    state: str
    percent: int
    late: int
    milestone: str | None
    key_result: bool
    critical: bool
    total_float: int | None
    risk_level: str | None
    receiver: str | None
    standard: list[dict[str, Any]]
    predecessors: str
    block_reason: str | None
    forecast_end: date | None
    instance: int | None
    rework: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """A frozen version of Table 2."""

    version: int
    frozen_at: datetime
    frozen_by: str
    tasks: int
    length: int | None


def state_of(row: fetch.Row, *, may_start: bool) -> str:
    """Return where a task stands (specification §4): derived, only F09 is typed."""
    if row["cancelled_at"] is not None:
        return "已取消"
    if row["confirmed_at"] is not None:
        return "已完成"
    if row["reported_at"] is not None:
        return "待确认"
    if row["rework_open"]:
        return "返工"
    if row["released_at"] is None or row["status"] == "未开始":
        return "可开始" if may_start else "等待前置"
    return str(row["status"])


def table(uow: UnitOfWork, found: Project, calendar: Calendar, now: datetime) -> list[TaskLine]:
    """Return Table 2 in its order."""
    rows = tasks.of_project(uow, found.id)
    names = directory.names(uow, [row["owner"] for row in rows])
    standards = tasks.standards(uow, found.id)
    before = table2.names_of_predecessors(uow, found.id)
    delays = {f.id: metrics.delay_days(f, now, calendar) for f in of_tasks(uow, found, calendar)}
    return [
        TaskLine(
            id=row["id"],
            number=tasks.number(found.key, row),
            name=row["name"],
            stage=row["stage"],
            dept=row["dept"],
            owner=row["owner"],
            owner_name=names.get(row["owner"], ""),
            start=baselines.begin_of(row),
            end=baselines.end_of(row),
            state=_state(uow, calendar, row, found, now),
            percent=row["percent"],
            late=delays[str(row["id"])],
            milestone=row["milestone"],
            key_result=tasks.needs_confirmation(row),
            critical=bool(row["critical"]),
            total_float=row["float"],
            risk_level=row["risk_level"],
            receiver=row["receiver"],
            standard=table2.standard_rows(standards.get(row["id"], [])),
            predecessors=before.get(row["id"], ""),
            block_reason=_block_reason(uow, row),
            forecast_end=row["forecast_end"],
            instance=row["instance"],
            rework=row["rework"],
        )
        for row in rows
    ]


def _state(uow: UnitOfWork, calendar: Calendar, row: fetch.Row, found: Project, now: datetime) -> str:
    free = found.planned_at is not None and (
        row["released_at"] is not None or tasks.may_start(uow, calendar, row["id"], now)
    )
    return state_of(row, may_start=free)


def _block_reason(uow: UnitOfWork, row: fetch.Row) -> str | None:
    if row["status"] != "受阻":
        return None
    update = tasks.last_update(uow, row["id"])
    return update["block_reason"] if update is not None else None


def updates(uow: UnitOfWork, task_id: int) -> list[fetch.Row]:
    """Return the daily updates of a task with the names of who made them, newest first."""
    rows = tasks.updates(uow, task_id)
    names = directory.names(uow, [row["person"] for row in rows])
    return [{**row, "person_name": names.get(row["person"], "")} for row in rows]


def versions(uow: UnitOfWork, project_id: int) -> list[Baseline]:
    """Return the baselines of a project, newest first."""
    query = sa.select(baseline).where(baseline.c.project == project_id).order_by(baseline.c.version.desc())
    rows = fetch.every(uow, query)
    names = directory.names(uow, [row["frozen_by"] for row in rows])
    return [
        Baseline(
            row["version"],
            row["frozen_at"],
            names.get(row["frozen_by"], ""),
            len(row["snapshot"]),
            row["length"],
        )
        for row in rows
    ]
