"""What happens later or comes from outside: jobs, subscriptions, messages, data stores, incidents."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, text

from engine.store.tables.meta import metadata
from engine.store.types import Id, Json, UtcDateTime

job = Table(
    "job",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("instance", Id),
    Column("token", Integer),
    Column("slot", Integer, nullable=False, server_default=text("0")),
    Column("payload", Json, nullable=False),
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("error", Text),
    Column("note", Text),
)
Index(
    "ix_job_due",
    job.c.due_at,
    job.c.id,
    sqlite_where=text("state = 'due'"),
    postgresql_where=text("state = 'due'"),
)
Index(
    "ix_job_token",
    job.c.instance,
    job.c.token,
    sqlite_where=text("state = 'due'"),
    postgresql_where=text("state = 'due'"),
)
Index("ix_job_state", job.c.state, job.c.id)

subscription = Table(
    "subscription",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("name", String(200), nullable=False),
    Column("correlation", String(200), nullable=False),
    Column("instance", Id, nullable=False),
    Column("token", Integer, nullable=False),
    Column("slot", Integer, nullable=False),
    Index("ix_subscription_name", "kind", "name", "correlation", "id"),
    Index("ix_subscription_token", "instance", "token"),
)

message = Table(
    "message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("correlation", String(200), nullable=False),
    Column("payload", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("receiver", Id),
)

message_key = Table(
    "message_key",
    metadata,
    Column("message", ForeignKey("message.id"), primary_key=True),
    Column("rule", String(16), primary_key=True),
    Column("correlation", String(80), nullable=False),
    Index("ix_message_key_correlation", "correlation", "message"),
    Index("ix_message_key_rule", "rule", "message"),
    sqlite_with_rowid=False,
)

retrieval = Table(
    "retrieval",
    metadata,
    Column("rule", String(16), primary_key=True),
    Column("message", String(200), nullable=False, index=True),
    Column("body", Json, nullable=False),
    sqlite_with_rowid=False,
)
Index(
    "ix_message_waiting",
    message.c.name,
    message.c.correlation,
    message.c.id,
    sqlite_where=text("state = 'kept'"),
    postgresql_where=text("state = 'kept'"),
)

data_store = Table(
    "data_store",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Json, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
)

incident = Table(
    "incident",
    metadata,
    Column("id", Id, primary_key=True),
    Column("instance", ForeignKey("instance.id"), nullable=False, index=True),
    Column("token", Integer, nullable=False),
    Column("element", String(200), nullable=False),
    Column("reason", String(60), nullable=False),
    Column("message", Text, nullable=False),
    Column("params", Json, nullable=False),
    Column("detail", Json, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_by", Id),
    Index("ix_incident_state", "state", "id"),
)
