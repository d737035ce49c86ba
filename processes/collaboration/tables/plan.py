"""Table 2: tasks, standards, dependencies, baselines, progress and confirmations (F05, F08, F09)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, false, text
from sqlalchemy import UniqueConstraint as Unique

from engine.store.tables import Id, Json, UtcDateTime, metadata

task = Table(
    "task",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project", ForeignKey("project.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("stage", String(60)),
    Column("dept", ForeignKey("department.id"), nullable=False),
    Column("owner", ForeignKey("person.id"), nullable=False, index=True),
    Column("co_depts", Json, nullable=False, server_default="[]"),
    Column("plan_start", Date, nullable=False),
    Column("plan_end", Date, nullable=False),
    Column("start_at", UtcDateTime),
    Column("end_at", UtcDateTime),
    Column("receiver", ForeignKey("department.id")),
    Column("purpose", Text),
    Column("deliverable", ForeignKey("deliverable.id")),
    Column("priority", String(4)),
    Column("key_result", Boolean, nullable=False, server_default=false()),
    Column("milestone", String(100)),
    Column("weight", Integer),
    Column("risk_level", String(4)),
    Column("risk_note", Text),
    # Where the task stands; only F09 writes status and percent.
    Column("instance", Id),
    Column("released_at", UtcDateTime),
    Column("started_at", UtcDateTime),
    Column("status", String(6), nullable=False, server_default="未开始"),
    Column("percent", Integer, nullable=False, server_default=text("0")),
    Column("forecast_end", Date),
    Column("reported_at", UtcDateTime),
    Column("confirmed_at", UtcDateTime),
    Column("rework", Integer, nullable=False, server_default=text("0")),
    Column("rework_open", Boolean, nullable=False, server_default=false()),
    Column("rework_due", Date),
    Column("cancelled_at", UtcDateTime),
    # What the critical path says: early and late positions in working units from the project's start.
    Column("early_start", Integer),
    Column("early_finish", Integer),
    Column("float", Integer),
    Column("critical", Boolean, nullable=False, server_default=false()),
)

task_standard = Table(
    "task_standard",
    metadata,
    Column("id", Id, primary_key=True),
    Column("task", ForeignKey("task.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("criterion", Text, nullable=False),
    Column("operator", String(4), nullable=False),
    Column("target", String(200)),
    Column("unit", String(40)),
)

dependency = Table(
    "dependency",
    metadata,
    Column("successor", ForeignKey("task.id"), primary_key=True),
    Column("predecessor", ForeignKey("task.id"), primary_key=True, index=True),
    Column("type", String(2), nullable=False, server_default="FS"),
    Column("lag", Integer, nullable=False, server_default=text("0")),
)

baseline = Table(
    "baseline",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project", ForeignKey("project.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("snapshot", Json, nullable=False),
    Column("length", Integer),
    Column("critical", Json, nullable=False),
    Column("frozen_at", UtcDateTime, nullable=False),
    Column("frozen_by", Id, nullable=False),
    Unique("project", "version"),
)

plan_consent = Table(
    "plan_consent",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project", ForeignKey("project.id"), nullable=False),
    Column("dept", ForeignKey("department.id"), nullable=False),
    Column("person", Id, nullable=False),
    Column("decision", String(4), nullable=False),
    Column("comment", Text),
    Column("signature", Json),
    Column("at", UtcDateTime, nullable=False),
    Column("superseded", Boolean, nullable=False, server_default=false()),
    Index("ix_plan_consent_project", "project", "dept"),
)

progress = Table(
    "progress",
    metadata,
    Column("id", Id, primary_key=True),
    Column("task", ForeignKey("task.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("person", Id, nullable=False),
    Column("status", String(6), nullable=False),
    Column("percent", Integer, nullable=False),
    Column("note", Text),
    Column("block_reason", Text),
    Column("expected_resolution", UtcDateTime),
    Column("forecast_end", Date),
    Column("risk_level", String(4)),
    Column("risk_note", Text),
    Column("evidence", Json, nullable=False),
    Index("ix_progress_task", "task", "id"),
)

confirmation = Table(
    "confirmation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("task", ForeignKey("task.id"), nullable=False),
    Column("round", Integer, nullable=False),
    Column("confirmer", Id, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("decision", String(4)),
    Column("comment", Text),
    Column("checklist", Json),
    Column("files", Json),
    Column("signature", Json),
    Column("decided_by", Id),
    Column("decided_at", UtcDateTime),
    Unique("task", "round", "confirmer"),
)
