"""Subjects: what instances are about, by the key and title people know them by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from engine.store.database import UnitOfWork
from engine.store.tables import subject


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing with a life of its own, for example a project: `project:12`, PRJ-0012, its name."""

    id: str
    key: str
    title: str


def describe(uow: UnitOfWork, subject_id: str, key: str, title: str) -> None:
    """Enter a subject or change how it is called."""
    uow.change(
        "insert into subject (id, key, title) values (?,?,?)"
        " on conflict (id) do update set key = excluded.key, title = excluded.title",
        (subject_id, key, title),
    )


def named(uow: UnitOfWork, ids: Collection[str]) -> dict[str, Subject]:
    """Return the known subjects of a set of ids."""
    if not ids:
        return {}
    query = sa.select(subject).where(subject.c.id.in_(list(ids)))
    return {row["id"]: Subject(**row) for row in uow.execute(query).mappings()}
