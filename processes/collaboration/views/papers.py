"""Documents, approvals, acceptance and retrospective of a project, as its page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import directory
from engine.store.database import UnitOfWork
from engine.text import T
from processes.collaboration import acceptances, approvals, archives, fetch, tasks
from processes.collaboration.projects import Project
from processes.collaboration.tables import measure


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a project in one version."""

    id: int
    name: str
    version: int
    dept: str
    kind: str
    task: str | None
    attachment: int
    sha256: str
    author: str
    at: datetime
    archived: bool


@dataclass(frozen=True, slots=True)
class Round:
    """A round of acceptance with its rows."""

    number: int
    opened_at: datetime
    conclusion: str | None
    problems: str | None
    items: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that has happened to the project as a whole."""

    text: T
    at: datetime


def documents(uow: UnitOfWork, found: Project) -> list[Document]:
    """Return all documents, by name and version."""
    rows = archives.documents(uow, found.id)
    names = directory.names(uow, [row["author"] for row in rows])
    titles = {row["id"]: row["name"] for row in tasks.of_project(uow, found.id)}
    return [
        Document(
            id=row["id"],
            name=row["name"],
            version=row["version"],
            dept=row["dept"],
            kind=row["kind"],
            task=titles.get(row["task"]),
            attachment=row["attachment"],
            sha256=row["sha256"],
            author=names.get(row["author"], ""),
            at=row["at"],
            archived=bool(row["archived"]),
        )
        for row in rows
    ]


def approval_steps(uow: UnitOfWork, found: Project) -> list[dict[str, Any]]:
    """Return every approver's decision over all rounds, with names."""
    rows = approvals.decided(uow, found.id)
    names = directory.names(uow, [row["decided_by"] for row in rows])
    kept = ("approval", "level", "decision", "comment", "decided_at")
    return [{**{key: row[key] for key in kept}, "by": names.get(row["decided_by"], "")} for row in rows]


def rounds(uow: UnitOfWork, found: Project) -> list[Round]:
    """Return the rounds of acceptance, newest first."""
    titles = {row["id"]: row["name"] for row in tasks.of_project(uow, found.id)}
    return [
        Round(
            row["number"],
            row["opened_at"],
            row["conclusion"],
            row["problems"],
            [
                {**one, "task_name": titles.get(one["task"], found.title)}
                for one in acceptances.items(uow, row["id"])
            ],
        )
        for row in reversed(acceptances.rounds(uow, found.id))
    ]


def signatures(uow: UnitOfWork, found: Project) -> list[dict[str, Any]]:
    """Return who has signed the newest certificate and who has not."""
    newest = acceptances.latest_certificate(uow, found.id)
    if newest is None:
        return []
    rows = acceptances.signatures(uow, newest["id"])
    names = directory.names(uow, [row["person"] for row in rows])
    return [{**row, "name": names.get(row["person"], ""), "number": newest["number"]} for row in rows]


def measures(uow: UnitOfWork, found: Project) -> list[fetch.Row]:
    """Return the improvement measures with the names of their owners (R52)."""
    query = sa.select(measure).where(measure.c.project == found.id).order_by(measure.c.due)
    rows = fetch.every(uow, query)
    names = directory.names(uow, [row["owner"] for row in rows])
    return [{**row, "owner_name": names.get(row["owner"], "")} for row in rows]


def milestones(uow: UnitOfWork, found: Project) -> list[Milestone]:
    """Return what has happened to the project as a whole, in order of time."""
    marks = (
        (T("提交审批"), found.filed_at),
        (T("退回修改"), found.returned_at),
        (T("批准立项"), found.approved_at),
        (T("发布任务分工表"), found.published_at),
        (T("冻结基线"), found.planned_at),
        (T("任务全部确认"), found.delivery_at),
        (T("验收签署完成"), found.ended_at),
        (T("资料归档"), found.archived_at),
        (T("项目关闭"), found.closed_at),
        (T("立项被拒绝"), found.rejected_at),
        (T("项目终止"), found.cancelled_at),
    )
    reached = [Milestone(text, at) for text, at in marks if at is not None]
    return sorted(reached, key=lambda one: one.at)
