"""Baselines: the frozen versions of Table 2, and the critical path that belongs to each (R15, Q18)."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.calendars import Calendar
from engine.context import StepContext
from engine.store.database import UnitOfWork
from processes.collaboration import consents, fetch, tasks
from processes.collaboration.network import Dependency, PlannedTask
from processes.collaboration.projects import Project
from processes.collaboration.schedule import Schedule, critical_path, planned_task
from processes.collaboration.tables import baseline
from processes.collaboration.timeline import Timeline, Unit
from processes.collaboration.values import local_or_none

_SHOWN = (
    "id",
    "position",
    "name",
    "stage",
    "dept",
    "owner",
    "receiver",
    "purpose",
    "deliverable",
    "key_result",
)
_ALSO = ("milestone", "weight", "priority", "risk_level", "risk_note", "co_depts")


def timeline_of(found: Project, calendar: Calendar) -> Timeline:
    """Return the time axis of a project's plan."""
    unit: Unit = "wh" if found.unit == "wh" else "wd"
    return Timeline(calendar, found.start, unit)


def planned(found: Project, calendar: Calendar, rows: list[fetch.Row]) -> list[PlannedTask]:
    """Return the tasks as the schedule wants them, each not before its planned start."""
    timeline = timeline_of(found, calendar)
    return [planned_task(timeline, str(row["id"]), row["name"], begin_of(row), end_of(row)) for row in rows]


def begin_of(row: dict[str, Any]) -> date:
    """Return the planned first day of a task, in hourly projects its moment."""
    found: date = row["start_at"] or row["plan_start"]
    return found


def end_of(row: dict[str, Any]) -> date:
    """Return the planned last day of a task, in hourly projects its moment."""
    found: date = row["end_at"] or row["plan_end"]
    return found


def links(uow: UnitOfWork, project_id: int) -> list[Dependency]:
    """Return the dependencies as the schedule wants them."""
    return [
        Dependency(str(row["predecessor"]), str(row["successor"]), row["type"], row["lag"])
        for row in tasks.dependencies(uow, project_id)
    ]


def schedule(uow: UnitOfWork, found: Project, calendar: Calendar) -> Schedule:
    """Return the schedule of the plan as it stands; raises `CircularPlan`."""
    rows = tasks.of_project(uow, found.id)
    unit: Unit = "wh" if found.unit == "wh" else "wd"
    return critical_path(planned(found, calendar, rows), links(uow, found.id), calendar, found.start, unit)


def write_schedule(uow: UnitOfWork, computed: Schedule) -> None:
    """Keep with each task where the schedule puts it, its float and whether it is critical."""
    for one in computed.tasks.values():
        tasks.change(
            uow,
            int(one.id),
            early_start=one.early_start,
            early_finish=one.early_finish,
            float=one.total_float,
            critical=one.critical,
        )


def freeze(ctx: StepContext, found: Project, version: int) -> None:
    """Freeze the plan as a version of Table 2; a version is written once and never changed."""
    rows = tasks.of_project(ctx.uow, found.id)
    computed = schedule(ctx.uow, found, ctx.calendar)
    write_schedule(ctx.uow, computed)
    fetch.insert(
        ctx.uow,
        baseline,
        project=found.id,
        version=version,
        snapshot=snapshot(ctx.uow, found, rows),
        length=computed.length,
        critical=[int(task) for task in computed.critical],
        frozen_at=ctx.now,
        frozen_by=ctx.actor.id,
    )
    ctx.record("baseline.frozen", {"version": version, "tasks": len(rows), "length": computed.length})


def snapshot(uow: UnitOfWork, found: Project, rows: list[fetch.Row]) -> list[dict[str, Any]]:
    """Return Table 2 as plain values."""
    standards = tasks.standards(uow, found.id)
    before: dict[int, list[dict[str, Any]]] = {}
    for link in tasks.dependencies(uow, found.id):
        entry = {"task": link["predecessor"], "type": link["type"], "lag": link["lag"]}
        before.setdefault(link["successor"], []).append(entry)
    return [
        {
            **{key: row[key] for key in (*_SHOWN, *_ALSO)},
            "plan_start": row["plan_start"].isoformat(),
            "plan_end": row["plan_end"].isoformat(),
            "start_at": local_or_none(row["start_at"]),
            "end_at": local_or_none(row["end_at"]),
            "standard": [
                {key: one[key] for key in ("criterion", "operator", "target", "unit")}
                for one in standards.get(row["id"], [])
            ],
            "predecessors": before.get(row["id"], []),
        }
        for row in rows
    ]


def latest(uow: UnitOfWork, project_id: int) -> fetch.Row | None:
    """Return the newest baseline of a project, or None."""
    query = sa.select(baseline).where(baseline.c.project == project_id).order_by(baseline.c.version.desc())
    return fetch.first(uow, query)


def approved(uow: UnitOfWork, project_id: int) -> bool:
    """Say whether a detailed plan is frozen and every department has agreed to it (R16)."""
    newest = latest(uow, project_id)
    if newest is None or newest["version"] < 1:
        return False
    return not consents.missing(uow, project_id)
