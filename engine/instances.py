"""Instances: what a running diagram is to the rest of the engine, and their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import NotFound
from engine.store.database import UnitOfWork
from engine.store.tables import instance, link
from engine.text import T

ENDED = ("completed", "failed", "cancelled")


@dataclass(slots=True)
class Instance:
    """A run of one version of a diagram; `state` is active, suspended, completed, failed or cancelled."""

    id: int
    definition: int
    process_id: str
    key: str | None
    subject: str | None
    state: str
    version: int
    next_token: int
    seq: int
    head: str
    started_by: int
    started_at: datetime
    ended_at: datetime | None

    @property
    def is_ended(self) -> bool:
        """Whether nothing can happen to the instance any more."""
        return self.state in ENDED


NAMES = tuple(column.name for column in instance.c)
_COLUMNS = ", ".join(NAMES)


def lock(uow: UnitOfWork, instance_id: int) -> Instance:
    """Lock and return an instance for a step; raises `NotFound`."""
    text = f"select {_COLUMNS} from instance where id = ?{uow.for_update}"  # noqa: S608 - own columns
    row = uow.sql(text, (instance_id,)).fetchone()
    if row is None:
        raise NotFound(T("没有这个流程实例"), instance=instance_id)
    return of_row(uow, row)


def of_row(uow: UnitOfWork, row: Sequence[Any]) -> Instance:
    """Return the instance of a driver-level row of `NAMES`."""
    found = dict(zip(NAMES, row, strict=True))
    found["started_at"] = uow.read_time(found["started_at"])
    found["ended_at"] = uow.read_time(found["ended_at"])
    return Instance(**found)


def get(uow: UnitOfWork, instance_id: int) -> Instance:
    """Return an instance without asking who wants to know; raises `NotFound`."""
    row = uow.execute(sa.select(instance).where(instance.c.id == instance_id)).mappings().first()
    if row is None:
        raise NotFound(T("没有这个流程实例"), instance=instance_id)
    return Instance(**row)


def insert(uow: UnitOfWork, values: dict[str, Any]) -> int:
    """Insert an instance and return its id."""
    instance_id: int = uow.execute(sa.insert(instance).values(**values).returning(instance.c.id)).scalar_one()
    return instance_id


def of_subject(
    uow: UnitOfWork, subject: str, *, process_id: str | None = None, active_only: bool = False
) -> list[Instance]:
    """Return the instances about a subject, oldest first."""
    query = sa.select(instance).where(instance.c.subject == subject).order_by(instance.c.id)
    if process_id is not None:
        query = query.where(instance.c.process_id == process_id)
    if active_only:
        query = query.where(instance.c.state.not_in(ENDED))
    return [Instance(**row) for row in uow.execute(query).mappings()]


@dataclass(frozen=True, slots=True)
class Link:
    """A root instance that another one has started (D15)."""

    child: int
    parent: int
    kind: str
    subject: str | None


def add_link(uow: UnitOfWork, child: int, parent: int, kind: str, subject: str | None) -> None:
    """Remember who started a linked instance."""
    uow.execute(sa.insert(link).values(child=child, parent=parent, kind=kind, subject=subject))


def children(uow: UnitOfWork, parent: int, *, kind: str | None = None) -> list[Link]:
    """Return the links of an instance, oldest first."""
    query = sa.select(link).where(link.c.parent == parent).order_by(link.c.child)
    if kind is not None:
        query = query.where(link.c.kind == kind)
    return [Link(**row) for row in uow.execute(query).mappings()]


def parent_of(uow: UnitOfWork, child: int) -> Link | None:
    """Return the link to the instance that started this one, or None."""
    row = uow.execute(sa.select(link).where(link.c.child == child)).mappings().first()
    return Link(**row) if row is not None else None


def suspended_since(uow: UnitOfWork, instance_id: int) -> datetime:
    """Return when a resting instance was suspended last."""
    row = uow.sql(
        "select max(at) from event where instance = ? and kind = 'instance.suspended'", (instance_id,)
    ).fetchone()
    since = uow.read_time(row[0])
    if since is None:
        raise NotFound(T("这个流程没有暂停过"), instance=instance_id)
    return since
