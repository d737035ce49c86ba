"""The unit of work: one transaction, and what waits for its end. As it is here it works on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Result

from engine.errors import WuxingError
from engine.store.types import read_stamp, stamp

Query = tuple[str, Sequence[Any]]
"""A driver-level statement with `?` marks and its parameters."""


class UnitOfWork:
    """One transaction: everything that changes together, or nothing of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect.name
        self._after: list[Callable[[], None]] = []
        self._failed: list[Callable[[], object]] = []
        self._cursor = self._new_cursor()

    def _new_cursor(self) -> Any:
        return self._connection.connection.cursor()

    @property
    def connection(self) -> Connection:
        """The connection, for what needs more than statements."""
        return self._connection

    def execute(self, statement: sa.Executable, params: Any = None) -> Result[*tuple[Any, ...]]:
        """Run a Core statement and return its result."""
        return self._connection.execute(statement, params)

    def sql(self, text: str, params: Sequence[Any] = ()) -> Any:
        """Run a driver-level statement with `?` marks and return the cursor; for the hot path."""
        return self._cursor.execute(text, params)

    def rows(self, *queries: Query) -> list[list[Any]]:
        """Return the rows of each of several driver-level queries that need nothing of each other."""
        return [self._cursor.execute(text, params).fetchall() for text, params in queries]

    def sql_many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a driver-level statement once per row of parameters."""
        if rows:
            self._cursor.executemany(text, rows)

    def change(self, text: str, params: Sequence[Any] = ()) -> None:
        """Run a driver-level statement whose result nobody reads; the database may get it later."""
        self._cursor.execute(text, params)

    def change_one(self, text: str, params: Sequence[Any], otherwise: Callable[[], Exception]) -> None:
        """Run a statement that must meet exactly one row, else raise `otherwise()`, now or later."""
        if self._cursor.execute(text, params).rowcount != 1:
            raise otherwise()

    def flush(self) -> None:
        """Let the database have everything that was to be changed so far."""

    def time(self, moment: datetime | None) -> Any:
        """Return a moment as a driver-level parameter."""
        return stamp(moment) if moment is not None else None

    def read_time(self, value: Any) -> datetime | None:
        """Return the moment of a driver-level value."""
        return read_stamp(value) if value is not None else None

    @property
    def for_update(self) -> str:
        """The row lock of a driver-level SELECT; SQLite's writer holds the whole file already."""
        return ""

    @contextmanager
    def part(self) -> Iterator[None]:
        """Open a part of the transaction; one of our errors takes it back and leaves the rest."""
        self.sql("savepoint part")
        try:
            yield
        except WuxingError:
            self.sql("rollback to savepoint part")
            self.sql("release savepoint part")
            raise
        self.sql("release savepoint part")

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call when the transaction has been committed."""
        self._after.append(call)

    def on_failure(self, call: Callable[[], object]) -> None:
        """Call when the transaction has been rolled back."""
        self._failed.append(call)

    def committed(self) -> None:
        """Run what waited for the commit."""
        for call in self._after:
            call()

    def rolled_back(self) -> None:
        """Run what waited for a failure."""
        for call in self._failed:
            call()
