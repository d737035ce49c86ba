"""People, departments, roles and settings of the organisation."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, text

from engine.store.tables.meta import metadata
from engine.store.types import Id, Json

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
