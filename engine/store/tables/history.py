"""What happens once and what is never changed: commands and events."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from engine.store.tables.meta import metadata
from engine.store.types import Id, Json, UtcDateTime

command = Table(
    "command",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("actor", Id, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("answer", Json),
    sqlite_with_rowid=False,
)

event = Table(
    "event",
    metadata,
    Column("instance", Id, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("actor", Id, nullable=False),
    Column("on_behalf_of", Id),
    Column("element", String(200)),
    Column("item", Id),
    Column("body_digest", String(64), nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_event_at", event.c.at)

event_body = Table(
    "event_body",
    metadata,
    Column("instance", Id, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("body", Text),
    sqlite_with_rowid=False,
)
