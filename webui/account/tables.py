"""Tables of accounts, their one-time links and their sessions."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from engine.store.tables import metadata
from engine.store.types import Id, UtcDateTime

account = Table(
    "account",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", ForeignKey("person.id"), nullable=False, unique=True),
    Column("login", String(200), nullable=False, unique=True),
    Column("password", String(255)),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("uniquifier", String(64), nullable=False, unique=True),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("locked_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("signed_in_at", UtcDateTime),
)

account_link = Table(
    "account_link",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("person", ForeignKey("person.id"), index=True),
    Column("created_by", Id, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

account_session = Table(
    "account_session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account", ForeignKey("account.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", Text, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ix_account_session_account", "account", "ended_at"),
)
