"""The archive: what each department has submitted, and whether it is complete (R45, R46)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.store.database import UnitOfWork
from processes.collaboration import fetch, projects
from processes.collaboration.tables import archive_submission, document, retrospective


def submissions(uow: UnitOfWork, project_id: int) -> dict[str, fetch.Row]:
    """Return the newest submission of each department."""
    query = sa.select(archive_submission).where(archive_submission.c.project == project_id)
    rows = fetch.every(uow, query.order_by(archive_submission.c.id))
    return {row["dept"]: row for row in rows}


def complete(uow: UnitOfWork, project_id: int) -> bool:
    """Say whether every involved department's material has been accepted."""
    given = submissions(uow, project_id)
    return all(
        dept in given and given[dept]["accepted_at"] is not None
        for dept in projects.departments(uow, project_id)
    )


def documents(uow: UnitOfWork, project_id: int, dept: str | None = None) -> list[fetch.Row]:
    """Return the documents of a project, of one department when it is given, by name and version."""
    query = sa.select(document).where(document.c.project == project_id)
    if dept is not None:
        query = query.where(document.c.dept == dept)
    return fetch.every(uow, query.order_by(document.c.name, document.c.version))


def add_document(uow: UnitOfWork, **values: Any) -> int:
    """Enter a document; the same name again is its next version (specification §6)."""
    query = sa.select(sa.func.max(document.c.version)).where(
        document.c.project == values["project"], document.c.name == values["name"]
    )
    version = (uow.execute(query).scalar() or 0) + 1
    return fetch.insert(uow, document, version=version, **values)


def latest_retrospective(uow: UnitOfWork, project_id: int) -> fetch.Row | None:
    """Return the newest retrospective report, or None."""
    query = sa.select(retrospective).where(retrospective.c.project == project_id)
    return fetch.first(uow, query.order_by(retrospective.c.id.desc()))


def retrospective_confirmed(uow: UnitOfWork, project_id: int) -> bool:
    """Say whether the newest retrospective report has been confirmed (R51)."""
    newest = latest_retrospective(uow, project_id)
    return newest is not None and newest["decision"] == "确认"
