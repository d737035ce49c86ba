"""One approval: its levels, the seats of each level and who signs for a seat (form F02)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false

from engine.store.tables import Id, Json, UtcDateTime, metadata

approval = Table(
    "approval",
    metadata,
    Column("id", Id, primary_key=True),
    Column("project", ForeignKey("project.id"), nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("applicant", Id, nullable=False),
    Column("levels", Json, nullable=False),
    # Table 1 as it was submitted, so that the next round can show what has changed.
    Column("filed", Json, nullable=False),
    Column("level", Integer, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("outcome", String(10)),
    Column("decided_at", UtcDateTime),
    Column("reminded_at", UtcDateTime),
)

approval_seat = Table(
    "approval_seat",
    metadata,
    Column("id", Id, primary_key=True),
    Column("approval", ForeignKey("approval.id"), nullable=False, index=True),
    Column("level", Integer, nullable=False),
    Column("holder", Id, nullable=False),
)

approval_signer = Table(
    "approval_signer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("seat", ForeignKey("approval_seat.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("person", Id, nullable=False),
    # Why this person sits here: named, transfer, before, after or again.
    Column("reason", String(10), nullable=False),
    Column("added_by", Id),
    Column("decision", String(10)),
    Column("comment", Text),
    Column("decided_at", UtcDateTime),
    Column("decided_by", Id),
    Column("on_behalf_of", Id),
    Column("signature", Json),
    Column("replaced", Boolean, nullable=False, server_default=false()),
    Index("ix_approval_signer_seat", "seat", "position"),
)
