"""The auditor's search: instances by process, key, person, state and time; keyset pages, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from engine.directory import Actor
from engine.instances import Instance
from engine.policy import visible_to
from engine.store.database import UnitOfWork
from engine.store.tables import definition, event, instance, person, subject

PAGE = 25


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for; what is None does not matter.

    `words` is part of an instance's key or of its subject's key or title; `who` is part of the name
    of a person who did something in it; `since` and `until` bound the start, `until` is not included.
    """

    process_id: str | None = None
    state: str | None = None
    words: str | None = None
    who: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An instance found, with what a list shows of it."""

    instance: Instance
    version: int
    name: str
    subject_key: str | None
    subject_title: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of hits; `before` is the keyset of the next page, or None on the last."""

    hits: tuple[Hit, ...]
    before: int | None


def search(
    uow: UnitOfWork, actor: Actor, asked: Search, *, before: int | None = None, limit: int = PAGE
) -> Page:
    """Return the instances the actor may see that fit, the newest first."""
    query = (
        sa.select(
            *instance.c,
            definition.c.version.label("definition_version"),
            definition.c.name.label("definition_name"),
            subject.c.key.label("subject_key"),
            subject.c.title.label("subject_title"),
        )
        .join(definition, definition.c.id == instance.c.definition)
        .outerjoin(subject, subject.c.id == instance.c.subject)
        .where(visible_to(actor), *_conditions(asked))
        .order_by(instance.c.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(instance.c.id < before)
    rows = uow.execute(query).mappings().all()
    hits = tuple(_hit(dict(row)) for row in rows[:limit])
    return Page(hits, hits[-1].instance.id if len(rows) > limit else None)


def _hit(row: dict[str, object]) -> Hit:
    version, name = row.pop("definition_version"), row.pop("definition_name")
    key, title = row.pop("subject_key"), row.pop("subject_title")
    return Hit(Instance(**row), version, name, key, title)  # type: ignore[arg-type]


def _conditions(asked: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.process_id:
        found.append(instance.c.process_id == asked.process_id)
    if asked.state:
        found.append(instance.c.state == asked.state)
    if asked.words:
        columns = (instance.c.key, subject.c.key, subject.c.title)
        found.append(sa.or_(*(column.icontains(asked.words, autoescape=True) for column in columns)))
    if asked.who:
        found.append(instance.c.id.in_(_touched_by(asked.who)))
    if asked.since is not None:
        found.append(instance.c.started_at >= asked.since)
    if asked.until is not None:
        found.append(instance.c.started_at < asked.until)
    return found


def _touched_by(name: str) -> sa.Select[tuple[int]]:
    """Return the instances in whose history somebody of this name acted, or was acted for."""
    people = sa.select(person.c.id).where(person.c.name.icontains(name, autoescape=True))
    return sa.select(event.c.instance).where(
        sa.or_(event.c.actor.in_(people), event.c.on_behalf_of.in_(people))
    )


def processes_seen(uow: UnitOfWork, actor: Actor) -> list[tuple[str, str]]:
    """Return id and newest name of the processes the actor may see instances of, for the filter."""
    query = (
        sa.select(definition.c.process_id, definition.c.name)
        .where(definition.c.id.in_(sa.select(instance.c.definition).where(visible_to(actor))))
        .order_by(definition.c.process_id, definition.c.version)
    )
    return sorted({row[0]: row[1] for row in uow.execute(query)}.items())
