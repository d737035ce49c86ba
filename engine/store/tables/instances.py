"""Running instances: state as rows of live things only, and who may see them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from engine.store.tables.meta import metadata
from engine.store.types import Id, Json, UtcDateTime

instance = Table(
    "instance",
    metadata,
    Column("id", Id, primary_key=True),
    Column("definition", ForeignKey("definition.id"), nullable=False),
    Column("process_id", String(120), nullable=False),
    Column("key", String(120)),
    Column("subject", String(80)),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("next_token", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("started_by", Id, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ix_instance_subject", "subject", "process_id"),
    Index("ix_instance_process", "process_id", "id"),
    Index("ix_instance_definition", "definition", "state"),
)

link = Table(
    "link",
    metadata,
    Column("child", ForeignKey("instance.id"), primary_key=True),
    Column("parent", ForeignKey("instance.id"), nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("subject", String(80)),
)

token = Table(
    "token",
    metadata,
    Column("instance", Id, primary_key=True, autoincrement=False),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("scope", Integer, nullable=False),
    Column("parent", Integer),
    Column("spec", Text, nullable=False),
    Column("state", Integer, nullable=False),
    Column("triggered", Boolean, nullable=False),
    Column("internal", Json, nullable=False),
    Column("locals", Json, nullable=False),
    sqlite_with_rowid=False,
)

scope = Table(
    "scope",
    metadata,
    Column("instance", Id, primary_key=True, autoincrement=False),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("spec", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("extra", Json, nullable=False),
    sqlite_with_rowid=False,
)

variable = Table(
    "variable",
    metadata,
    Column("instance", Id, primary_key=True, autoincrement=False),
    Column("scope", Integer, primary_key=True, autoincrement=False),
    Column("name", String(200), primary_key=True),
    Column("value", Json),
    sqlite_with_rowid=False,
)

subject = Table(
    "subject",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("key", String(120), nullable=False),
    Column("title", String(200), nullable=False),
    sqlite_with_rowid=False,
)

access = Table(
    "access",
    metadata,
    Column("grp", String(80), primary_key=True),
    Column("subject", String(80), primary_key=True),
    sqlite_with_rowid=False,
)
Index("ix_access_subject", access.c.subject, access.c.grp)
