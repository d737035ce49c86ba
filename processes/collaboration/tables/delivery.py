"""Delivery: acceptance rounds, the certificate, the archive and the retrospective (F15 to F18)."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from engine.store.tables import Id, Json, UtcDateTime, metadata

acceptance_round = Table(
    "acceptance_round",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project", ForeignKey("project.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("problems", Text),
    Column("conclusion", String(10)),
    Column("concluded_at", UtcDateTime),
    UniqueConstraint("project", "number"),
)

acceptance_item = Table(
    "acceptance_item",
    metadata,
    Column("id", Id, primary_key=True),
    Column("round", ForeignKey("acceptance_round.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    # A row checks a criterion of a task, or a measure of the project's goal (then task is empty).
    Column("task", ForeignKey("task.id")),
    Column("goal", ForeignKey("goal.id")),
    Column("standard", ForeignKey("task_standard.id")),
    Column("criterion", Text, nullable=False),
    Column("operator", String(4), nullable=False),
    Column("target", String(200)),
    Column("unit", String(40)),
    Column("dept", ForeignKey("department.id"), nullable=False),
    Column("actual", String(200)),
    Column("passed", Boolean),
    Column("override_reason", Text),
    Column("judged_by", Id),
    Column("judged_at", UtcDateTime),
)

correction = Table(
    "correction",
    metadata,
    Column("id", Id, primary_key=True),
    Column("round", ForeignKey("acceptance_round.id"), nullable=False, index=True),
    Column("dept", ForeignKey("department.id"), nullable=False),
    Column("item", Text, nullable=False),
    Column("owner", Id, nullable=False),
    Column("due", Date, nullable=False),
)

acceptance_call = Table(
    "acceptance_call",
    metadata,
    Column("project", ForeignKey("project.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("date", Date, nullable=False),
    Column("method", String(10), nullable=False),
    Column("participants", Json, nullable=False),
    Column("problems", Text),
    Column("at", UtcDateTime, nullable=False),
)

certificate = Table(
    "certificate",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project", ForeignKey("project.id"), nullable=False, index=True),
    Column("number", String(40), nullable=False, unique=True),
    Column("round", ForeignKey("acceptance_round.id"), nullable=False),
    Column("baseline", Integer, nullable=False),
    Column("remain", Json, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("refused_at", UtcDateTime),
)

certificate_signature = Table(
    "certificate_signature",
    metadata,
    Column("certificate", ForeignKey("certificate.id"), primary_key=True),
    Column("person", ForeignKey("person.id"), primary_key=True),
    Column("depts", Json, nullable=False),
    Column("decision", String(4)),
    Column("reason", Text),
    Column("signature", Json),
    Column("signed_by", Id),
    Column("at", UtcDateTime),
)

document = Table(
    "document",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project", ForeignKey("project.id"), nullable=False),
    Column("dept", ForeignKey("department.id"), nullable=False),
    Column("task", ForeignKey("task.id")),
    Column("kind", String(20), nullable=False),
    Column("name", String(255), nullable=False),
    Column("version", Integer, nullable=False),
    Column("attachment", Id, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("author", Id, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("archived", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("project", "name", "version"),
)

archive_submission = Table(
    "archive_submission",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project", ForeignKey("project.id"), nullable=False),
    Column("dept", ForeignKey("department.id"), nullable=False),
    Column("none_reason", Text),
    Column("submitted_by", Id, nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("return_reason", Text),
    Column("accepted_by", Id),
    Column("accepted_at", UtcDateTime),
    Index("ix_archive_submission_project", "project", "dept"),
)

retrospective = Table(
    "retrospective",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project", ForeignKey("project.id"), nullable=False, index=True),
    Column("time", UtcDateTime, nullable=False),
    Column("host", Id, nullable=False),
    Column("attendees", Json, nullable=False),
    Column("highlights", Json, nullable=False),
    Column("problems", Json, nullable=False),
    Column("measures", Json, nullable=False),
    Column("none_reasons", Text),
    Column("written_by", Id, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("decision", String(4)),
    Column("comment", Text),
    Column("decided_by", Id),
    Column("decided_at", UtcDateTime),
)

measure = Table(
    "measure",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project", ForeignKey("project.id"), nullable=False, index=True),
    Column("measure", Text, nullable=False),
    Column("owner", Id, nullable=False, index=True),
    Column("due", Date, nullable=False),
    Column("done_at", UtcDateTime),
)
