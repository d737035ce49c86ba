"""A project, who takes part in it and how it was kicked off (forms F01, F03, F04)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, false

from engine.store.tables import Id, Json, UtcDateTime, metadata

project = Table(
    "project",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(20), unique=True),
    Column("instance", Id, nullable=False, index=True),
    Column("applicant", Id, nullable=False),
    Column("lead", Id, nullable=False, index=True),
    Column("name", String(40)),
    Column("type", String(40)),
    Column("initiating_dept", ForeignKey("department.id")),
    Column("priority", String(4)),
    Column("unit", String(2), nullable=False, server_default="wd"),
    Column("start_date", Date),
    Column("end_date", Date),
    Column("start_at", UtcDateTime),
    Column("end_at", UtcDateTime),
    Column("scope", Text),
    Column("out_of_scope", Text),
    Column("background", Text),
    Column("budget_fen", Id),
    Column("light", Boolean, nullable=False, server_default=false()),
    Column("light_ok", Boolean, nullable=False, server_default=false()),
    Column("visibility", String(10)),
    Column("created_at", UtcDateTime, nullable=False),
    # The facts from which the status is derived, in the order in which they come about.
    Column("filed_at", UtcDateTime),
    Column("returned_at", UtcDateTime),
    Column("approved_at", UtcDateTime),
    Column("published_at", UtcDateTime),
    Column("planned_at", UtcDateTime),
    Column("delivery_at", UtcDateTime),
    Column("rework_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("archived_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("rejected_at", UtcDateTime),
    Column("cancelled_at", UtcDateTime),
    Column("cancel_reason", Text),
)

goal = Table(
    "goal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project", ForeignKey("project.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("statement", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("target", String(200), nullable=False),
    Column("unit", String(40)),
)

deliverable = Table(
    "deliverable",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project", ForeignKey("project.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("standard", Text, nullable=False),
    Column("owner_dept", ForeignKey("department.id"), nullable=False),
)

project_department = Table(
    "project_department",
    metadata,
    Column("project", ForeignKey("project.id"), primary_key=True),
    Column("dept", ForeignKey("department.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("first_responsible", Id),
    Column("deputy", Id),
    Column("duty", Text),
    Column("contact", Text),
    Column("nominated_by", Id),
    Column("nominated_at", UtcDateTime),
    Column("appointed_at", UtcDateTime),
)

project_executor = Table(
    "project_executor",
    metadata,
    Column("project", ForeignKey("project.id"), primary_key=True),
    Column("person", ForeignKey("person.id"), primary_key=True),
    Column("dept", ForeignKey("department.id"), nullable=False),
    Column("key", Boolean, nullable=False, server_default=false()),
    Column("appointed_by", Id),
    Column("appointed_at", UtcDateTime),
)

kickoff = Table(
    "kickoff",
    metadata,
    Column("project", ForeignKey("project.id"), primary_key=True),
    Column("time", UtcDateTime),
    Column("place", Text),
    Column("host", Id),
    Column("recorder", Id),
    Column("attendees", Json),
    Column("agenda", Text),
    Column("notes", Text),
    Column("invited_at", UtcDateTime),
    Column("held_at", UtcDateTime),
    # The initiating department may object to the nominations once (Q21).
    Column("objected_dept", String(40)),
    Column("objection_reason", Text),
    Column("objected_at", UtcDateTime),
    Column("objection_open", Boolean, nullable=False, server_default=false()),
    Column("resolution", Text),
    Column("scope_changed", Boolean, nullable=False, server_default=false()),
)

kickoff_confirmation = Table(
    "kickoff_confirmation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project", ForeignKey("project.id"), nullable=False),
    Column("dept", ForeignKey("department.id"), nullable=False),
    Column("person", Id, nullable=False),
    Column("goal_ok", Boolean, nullable=False),
    Column("scope_ok", Boolean, nullable=False),
    Column("duties", Text, nullable=False),
    Column("objection", Text),
    Column("signature", Json),
    Column("at", UtcDateTime, nullable=False),
    Column("superseded", Boolean, nullable=False, server_default=false()),
    Index("ix_kickoff_confirmation_project", "project", "dept"),
)

rework_round = Table(
    "rework_round",
    metadata,
    Column("subject", String(80), primary_key=True),
    Column("loop", String(40), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("escalated_at", UtcDateTime),
)

reminder = Table(
    "reminder",
    metadata,
    Column("subject", String(80), primary_key=True),
    Column("kind", String(60), primary_key=True),
    Column("period", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
