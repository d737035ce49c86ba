"""The figures of a project, computed on read from its tasks (specification §5)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.calendars import Calendar
from engine.context import StepContext
from engine.store.database import UnitOfWork
from processes.collaboration import acceptances, baselines, fetch, metrics, projects, tasks
from processes.collaboration.metrics import TaskFigures
from processes.collaboration.projects import Project
from processes.collaboration.tables import confirmation


def of_tasks(uow: UnitOfWork, found: Project, calendar: Calendar) -> list[TaskFigures]:
    """Return the figures of each task of a project."""
    timeline = baselines.timeline_of(found, calendar)
    rows = tasks.of_project(uow, found.id)
    return [
        TaskFigures(
            id=str(row["id"]),
            percent=row["percent"],
            weight=_weight(row, timeline),
            start=baselines.begin_of(row),
            end=baselines.end_of(row),
            finished=row["confirmed_at"],
            forecast_end=row["forecast_end"],
            key_result=tasks.needs_confirmation(row),
            confirmed=row["confirmed_at"] is not None,
            blocked=row["status"] == "受阻",
            critical=bool(row["critical"]),
        )
        for row in rows
    ]


def _weight(row: fetch.Row, timeline: Any) -> int:
    if row["weight"]:
        return int(row["weight"])
    begin, end = timeline.begun(baselines.begin_of(row)), timeline.ended(baselines.end_of(row))
    return int(max(0, end - begin))


def retrospective_rows(ctx: StepContext) -> list[dict[str, Any]]:
    """Return the figures that a retrospective looks at, as rows of its form."""
    found = projects.of(ctx)
    late = [
        task
        for task in of_tasks(ctx.uow, found, ctx.calendar)
        if metrics.delay_days(task, ctx.now, ctx.calendar) > 0
    ]
    asked, returned = _confirmations(ctx.uow, found.id)
    return [
        {"metric": "任务数", "value": str(len(tasks.of_project(ctx.uow, found.id)))},
        {"metric": "逾期完成的任务", "value": str(len(late))},
        {"metric": "成果确认（退回/总数）", "value": f"{returned}/{asked}"},
        {"metric": "验收轮次", "value": str(len(acceptances.rounds(ctx.uow, found.id)))},
    ]


def _confirmations(uow: UnitOfWork, project_id: int) -> tuple[int, int]:
    ids = [row["id"] for row in tasks.of_project(uow, project_id)]
    query = sa.select(confirmation.c.decision).where(confirmation.c.task.in_(ids))
    decisions = fetch.column(uow, query)
    return len(decisions), decisions.count("退回")
