"""Published diagrams, drafts, forms and decision models."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from engine.store.tables.meta import metadata
from engine.store.types import Id, Json, UtcDateTime

definition = Table(
    "definition",
    metadata,
    Column("id", Id, primary_key=True),
    Column("process_id", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("xml", LargeBinary, nullable=False),
    Column("called", Json, nullable=False),
    Column("forms", Json, nullable=False),
    Column("decisions", Json, nullable=False),
    Column("starts", Json, nullable=False),
    Column("state", String(12), nullable=False),
    Column("note", Text, nullable=False),
    Column("warnings", Json, nullable=False),
    Column("published_by", Id, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    UniqueConstraint("process_id", "version"),
)

definition_draft = Table(
    "definition_draft",
    metadata,
    Column("process_id", String(120), primary_key=True),
    Column("xml", LargeBinary, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("saved_by", Id, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
)

form_version = Table(
    "form_version",
    metadata,
    Column("form_id", String(80), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("body", Json, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    UniqueConstraint("form_id", "hash"),
)

decision_model = Table(
    "decision_model",
    metadata,
    Column("id", Id, primary_key=True),
    Column("namespace", String(400), nullable=False),
    Column("version", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("xml", LargeBinary, nullable=False),
    Column("decisions", Json, nullable=False),
    Column("imports", Json, nullable=False),
    Column("note", Text, nullable=False),
    Column("warnings", Json, nullable=False),
    Column("published_by", Id, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    UniqueConstraint("namespace", "version"),
)
