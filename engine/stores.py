"""Data stores: values by name that outlive every instance (BPMN 2.0.2 §10.4.1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.store.database import UnitOfWork
from engine.store.types import dump_json, load_json

Json = Any


def value(uow: UnitOfWork, name: str) -> Json:
    """Return what a data store holds; None when nothing has been written to it."""
    row = uow.sql("select value from data_store where name = ?", (name,)).fetchone()
    return None if row is None else load_json(row[0])


def write(uow: UnitOfWork, name: str, content: Json, now: datetime) -> None:
    """Let a data store hold a value from now on; who wrote it stands in the history of its instance."""
    uow.sql(
        "insert into data_store (name, value, written_at) values (?,?,?)"
        " on conflict (name) do update set value = excluded.value, written_at = excluded.written_at",
        (name, dump_json(content), uow.time(now)),
    )
