"""Rows of a query as plain mappings."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.store.database import UnitOfWork

Row = dict[str, Any]


def every(uow: UnitOfWork, query: sa.Select[Any]) -> list[Row]:
    """Return all rows of a query."""
    return [dict(row) for row in uow.execute(query).mappings()]


def first(uow: UnitOfWork, query: sa.Select[Any]) -> Row | None:
    """Return the first row of a query, or None."""
    row = uow.execute(query.limit(1)).mappings().first()
    return dict(row) if row is not None else None


def column(uow: UnitOfWork, query: sa.Select[Any]) -> list[Any]:
    """Return the first column of a query."""
    return [row[0] for row in uow.execute(query)]


def insert(uow: UnitOfWork, table: sa.Table, **values: Any) -> int:
    """Insert a row and return the id the database gave it."""
    made: int = uow.execute(sa.insert(table).values(**values).returning(table.c.id)).scalar_one()
    return made
