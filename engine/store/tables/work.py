"""Work items, who they are offered to, drafts, comments, files and notices."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, text

from engine.store.tables.meta import metadata
from engine.store.types import Id, Json, UtcDateTime

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
