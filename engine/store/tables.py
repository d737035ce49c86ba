"""The engine's tables; the content's tables hang on the same metadata.

State of instances (`token`, `scope`, `variable`) is rows of live things only; what has happened
stands in `event`, which is append-only and chained per instance.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.store.types import Id, Json, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# ---------------------------------------------------------------- people

department = Table(
    "department",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name_en", String(80), nullable=False),
    Column("position", Integer, nullable=False),
    Column("head", Id),
    Column("parent", String(40)),
)

person = Table(
    "person",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("dept", ForeignKey("department.id"), index=True),
    Column("title", String(80), nullable=False, server_default=""),
    Column("email", String(200)),
    Column("pinyin", String(200), nullable=False, server_default=""),
    Column("active", Boolean, nullable=False, server_default=text("true")),
)

person_role = Table(
    "person_role",
    metadata,
    Column("person", ForeignKey("person.id"), primary_key=True),
    Column("role", String(30), primary_key=True),
)

setting = Table(
    "setting",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Json, nullable=False),
)

# ---------------------------------------------------------------- definitions

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

# ---------------------------------------------------------------- instances

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

# ---------------------------------------------------------------- work

work_item = Table(
    "work_item",
    metadata,
    Column("id", Id, primary_key=True),
    Column("instance", ForeignKey("instance.id"), nullable=False),
    Column("token", Integer, nullable=False),
    Column("definition", Id, nullable=False),
    Column("process_id", String(120), nullable=False),
    Column("element", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("title", String(300), nullable=False, server_default=""),
    Column("subject", String(80)),
    Column("form", String(80)),
    Column("form_version", Integer),
    Column("lane", String(120)),
    Column("rule", String(80), nullable=False, server_default=""),
    Column("state", String(10), nullable=False),
    Column("assignee", Id),
    Column("owner", Id),
    Column("priority", Integer, nullable=False, server_default=text("50")),
    Column("due_at", UtcDateTime),
    Column("rank", Id, nullable=False),
    Column("locals", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("claimed_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("ended_by", Id),
    Column("on_behalf_of", Id),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Index("ix_work_item_instance", "instance", "token"),
)
Index(
    "ix_work_item_mine",
    work_item.c.assignee,
    work_item.c.rank,
    work_item.c.id,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)
Index(
    "ix_work_item_done",
    work_item.c.ended_by,
    work_item.c.id,
    sqlite_where=text("state = 'completed'"),
    postgresql_where=text("state = 'completed'"),
)

work_candidate = Table(
    "work_candidate",
    metadata,
    Column("grp", String(80), primary_key=True),
    Column("rank", Id, primary_key=True, autoincrement=False),
    Column("item", Id, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
Index("ix_work_candidate_item", work_candidate.c.item)

work_offer = Table(
    "work_offer",
    metadata,
    Column("item", Id, primary_key=True, autoincrement=False),
    Column("grp", String(80), primary_key=True),
    sqlite_with_rowid=False,
)

draft = Table(
    "draft",
    metadata,
    Column("item", Id, primary_key=True, autoincrement=False),
    Column("person", Id, primary_key=True, autoincrement=False),
    Column("body", Json, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
)

comment = Table(
    "comment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject", String(80), nullable=False),
    Column("instance", Id),
    Column("item", Id),
    Column("author", Id, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("mentions", Json, nullable=False),
    Index("ix_comment_subject", "subject", "id"),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("name", String(255), nullable=False),
    Column("media_type", String(120), nullable=False),
    Column("size", Id, nullable=False),
    Column("subject", String(80)),
    Column("instance", Id),
    Column("item", Id),
    Column("uploaded_by", Id, nullable=False),
    Column("uploaded_at", UtcDateTime, nullable=False),
    Index("ix_attachment_subject", "subject", "id"),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", Id, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("subject", String(80)),
    Column("instance", Id),
    Column("message", Text, nullable=False),
    Column("params", Json, nullable=False),
    Column("link", String(300)),
    Column("read_at", UtcDateTime),
    Index("ix_notice_person", "person", "id"),
)

# ---------------------------------------------------------------- later and outside

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
Index(
    "ix_message_waiting",
    message.c.name,
    message.c.correlation,
    message.c.id,
    sqlite_where=text("state = 'kept'"),
    postgresql_where=text("state = 'kept'"),
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

# ---------------------------------------------------------------- once, and for ever

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

__all__ = ["Id", "Json", "UtcDateTime", "metadata"]
