"""Table 1: the project information form as rows, and back (form F01, R6)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from engine.store.database import UnitOfWork
from processes.collaboration import fetch, projects
from processes.collaboration.projects import Project
from processes.collaboration.tables import deliverable, goal, project, project_department
from processes.collaboration.values import (
    day_or_none,
    fen,
    local_or_none,
    moment_or_none,
    text,
    yuan,
)

_TEXTS = ("scope", "out_of_scope", "background")
ENDED = ("closed_at", "rejected_at", "cancelled_at")


def values_of(uow: UnitOfWork, found: Project) -> dict[str, Any]:
    """Return Table 1 of a filed project as the values of its form."""
    return {
        "project_no": found.key,
        "project_name": found.name,
        "project_type": found.type,
        "initiating_dept": found.initiating_dept,
        "lead": found.lead,
        "priority": found.priority,
        "visibility": found.visibility,
        "budget": yuan(found.budget_fen),
        "light": found.light,
        **{key: getattr(found, key) for key in _TEXTS},
        **_span(found),
        "involved_depts": projects.departments(uow, found.id),
        "goal": [
            {key: row[key] for key in ("statement", "measure", "target", "unit")}
            for row in projects.goals(uow, found.id)
        ],
        "deliverables": [
            {key: row[key] for key in ("name", "standard", "owner_dept")}
            for row in projects.deliverables(uow, found.id)
        ],
    }


def record_of(uow: UnitOfWork, found: Project, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return Table 1 to be shown inside another form; with `before` what has changed is marked."""
    shown: dict[str, Any] = {"values": values_of(uow, found)}
    return shown | ({"before": before} if before is not None else {})


def _span(found: Project) -> dict[str, Any]:
    if found.unit == "wh":
        start, end = local_or_none(found.start_at), local_or_none(found.end_at)
        return {"unit": "wh", "start_at": start, "end_at": end}
    return {
        "unit": "wd",
        "start_date": found.start_date.isoformat() if found.start_date else None,
        "end_date": found.end_date.isoformat() if found.end_date else None,
    }


def write(ctx: StepContext, found: Project, values: dict[str, Any]) -> None:
    """Write the values of F01; filing again replaces what was filed before."""
    hourly = values.get("unit") == "wh"
    projects.change(
        ctx.uow,
        found.id,
        name=values["project_name"].strip(),
        type=values["project_type"],
        initiating_dept=values["initiating_dept"],
        lead=int(values["lead"]),
        applicant=ctx.actor.id,
        priority=values["priority"],
        visibility=values["visibility"],
        budget_fen=fen(values.get("budget")),
        light=bool(values.get("light")),
        light_ok=False,
        unit="wh" if hourly else "wd",
        start_date=None if hourly else day_or_none(values.get("start_date")),
        end_date=None if hourly else day_or_none(values.get("end_date")),
        start_at=moment_or_none(values.get("start_at")) if hourly else None,
        end_at=moment_or_none(values.get("end_at")) if hourly else None,
        filed_at=ctx.now,
        returned_at=None,
        approved_at=None,
        **{key: text(values.get(key)) for key in _TEXTS},
    )
    _write_goals(ctx.uow, found.id, values["goal"])
    _write_deliverables(ctx.uow, found.id, values["deliverables"])
    _write_departments(ctx.uow, found.id, values["involved_depts"])


def _write_goals(uow: UnitOfWork, project_id: int, rows: list[dict[str, Any]]) -> None:
    uow.execute(sa.delete(goal).where(goal.c.project == project_id))
    for position, row in enumerate(rows, start=1):
        parts = {key: text(row.get(key)) for key in ("statement", "measure", "target", "unit")}
        fetch.insert(uow, goal, project=project_id, position=position, **parts)


def _write_deliverables(uow: UnitOfWork, project_id: int, rows: list[dict[str, Any]]) -> None:
    """Write the deliverables by their place, so that tasks keep pointing at the same ones."""
    before = projects.deliverables(uow, project_id)
    for position, row in enumerate(rows, start=1):
        parts = {key: text(row.get(key)) for key in ("name", "standard", "owner_dept")}
        if position <= len(before):
            known = before[position - 1]["id"]
            uow.execute(sa.update(deliverable).where(deliverable.c.id == known).values(**parts))
        else:
            fetch.insert(uow, deliverable, project=project_id, position=position, **parts)
    for row in before[len(rows) :]:
        uow.execute(sa.delete(deliverable).where(deliverable.c.id == row["id"]))


def _write_departments(uow: UnitOfWork, project_id: int, depts: list[str]) -> None:
    """Write the involved departments; those that stay keep their first-responsible."""
    known = set(projects.departments(uow, project_id))
    own = project_department.c.project == project_id
    uow.execute(sa.delete(project_department).where(own, project_department.c.dept.not_in(depts)))
    for position, dept in enumerate(dict.fromkeys(depts), start=1):
        if dept in known:
            change = sa.update(project_department).where(own, project_department.c.dept == dept)
            uow.execute(change.values(position=position))
        else:
            row = {"project": project_id, "dept": dept, "position": position}
            uow.execute(sa.insert(project_department).values(**row))


def open_project_named(uow: UnitOfWork, name: str, without: int) -> bool:
    """Say whether another project that has not ended carries this name."""
    query = sa.select(project.c.id).where(project.c.name == name, project.c.id != without)
    for fact in ENDED:
        query = query.where(project.c[fact].is_(None))
    return uow.execute(query).first() is not None
