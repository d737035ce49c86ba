"""What people are told inside the product; other channels read the same rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.directory import Actor
from engine.store.database import UnitOfWork
from engine.store.tables import notice
from engine.store.types import dump_json
from engine.text import T


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for one person, with a link to what it is about."""

    id: int
    at: datetime
    subject: str | None
    message: T
    link: str | None
    read_at: datetime | None


def tell(
    uow: UnitOfWork,
    persons: Iterable[int],
    message: T,
    at: datetime,
    subject: str | None = None,
    instance: int | None = None,
    link: str | None = None,
) -> None:
    """Write a notice for each person, once per person."""
    params = {k: str(v) if isinstance(v, T) else v for k, v in message.params.items()}
    rows = [
        (who, uow.time(at), subject, instance, message.message, dump_json(params), link)
        for who in sorted({p for p in persons if p})
    ]
    uow.sql_many(
        "insert into notice (person, at, subject, instance, message, params, link) values (?,?,?,?,?,?,?)",
        rows,
    )


def unread(uow: UnitOfWork, actor: Actor) -> int:
    """Return how many notices the actor has not read, at most 100."""
    text = "select count(*) from (select 1 from notice where person = ? and read_at is null limit 100) n"
    count: int = uow.sql(text, (actor.id,)).fetchone()[0]
    return count


def page(uow: UnitOfWork, actor: Actor, *, before: int | None = None, limit: int = 25) -> list[Notice]:
    """Return the actor's notices, newest first, those with an id below `before`."""
    query = sa.select(notice).where(notice.c.person == actor.id).order_by(notice.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(notice.c.id < before)
    return [
        Notice(r["id"], r["at"], r["subject"], T(r["message"], **r["params"]), r["link"], r["read_at"])
        for r in uow.execute(query).mappings()
    ]


def mark_read(uow: UnitOfWork, actor: Actor, at: datetime) -> None:
    """Mark all notices of the actor as read."""
    uow.change("update notice set read_at = ? where person = ? and read_at is null", (uow.time(at), actor.id))
