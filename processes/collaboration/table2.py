"""Table 2 as the forms show it: rows of F05 with their standards and predecessors."""

from __future__ import annotations

from typing import Any

from engine.store.database import UnitOfWork
from processes.collaboration import fetch, tasks
from processes.collaboration.projects import Project
from processes.collaboration.values import local, local_or_none

_KEPT = ("id", "dept", "owner", "stage", "purpose", "receiver", "milestone", "weight", "priority")
_ALSO = ("key_result", "risk_level", "risk_note", "deliverable", "co_depts")


def frame(found: Project) -> dict[str, Any]:
    """Return what limits every row: the unit and the project's span."""
    if found.unit == "wh":
        start, end = local_or_none(found.start_at), local_or_none(found.end_at)
    else:
        start, end = found.start.isoformat(), found.end.isoformat()
    return {"unit": found.unit, "project_start": start, "project_end": end}


def span(row: fetch.Row) -> dict[str, Any]:
    """Return the planned dates of a task, as days or as moments."""
    if row["start_at"] is not None:
        return {"start_at": local(row["start_at"]), "end_at": local(row["end_at"])}
    return {"plan_start": row["plan_start"].isoformat(), "plan_end": row["plan_end"].isoformat()}


def form_rows(uow: UnitOfWork, found: Project, dept: str | None = None) -> list[dict[str, Any]]:
    """Return the tasks of a project, or of a department, as rows of F05."""
    standards = tasks.standards(uow, found.id)
    return [
        {
            "task_no": tasks.number(found.key, row),
            "task_name": row["name"],
            **{key: row[key] for key in (*_KEPT, *_ALSO)},
            **span(row),
            "standard": standard_rows(standards.get(row["id"], [])),
        }
        for row in tasks.of_project(uow, found.id, dept)
    ]


def standard_rows(rows: list[fetch.Row]) -> list[dict[str, Any]]:
    """Return the delivery standard of a task as rows."""
    return [{key: row[key] for key in ("criterion", "operator", "target", "unit")} for row in rows]


def joint_rows(uow: UnitOfWork, found: Project) -> list[dict[str, Any]]:
    """Return the tasks as rows of the joint planning, with their predecessors."""
    before: dict[int, list[dict[str, Any]]] = {}
    for link in tasks.dependencies(uow, found.id):
        entry = {"task": link["predecessor"], "dep_type": link["type"], "lag": link["lag"]}
        before.setdefault(link["successor"], []).append(entry)
    kept = ("id", "dept", "owner", "stage", "milestone", "key_result")
    return [
        {
            "task_no": tasks.number(found.key, row),
            "task_name": row["name"],
            **{key: row[key] for key in kept},
            **span(row),
            "predecessors": before.get(row["id"], []),
        }
        for row in tasks.of_project(uow, found.id)
    ]


def names_of_predecessors(uow: UnitOfWork, project_id: int) -> dict[int, str]:
    """Return the names of each task's predecessors in one line."""
    names = {row["id"]: row["name"] for row in tasks.of_project(uow, project_id)}
    before: dict[int, list[str]] = {}
    for link in tasks.dependencies(uow, project_id):
        before.setdefault(link["successor"], []).append(names[link["predecessor"]])
    return {task: "、".join(listed) for task, listed in before.items()}
