"""The unit of work on PostgreSQL: what nobody waits for travels with what somebody waits for.

Every statement sent alone costs a way to the server and back. A change whose result nobody reads
waits until something is read, or until the commit, and is then sent with others (ADR 0047).
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import lru_cache
from time import monotonic
from typing import Any, cast

import psycopg
import sqlalchemy as sa
from psycopg import RawCursor
from psycopg.adapt import Dumper
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, Result

from engine.errors import WuxingError
from engine.store.fusing import Change, Group, Rows, fused, may_end
from engine.store.work import UnitOfWork

_PREPARED_FROM = 1
"""After how many runs a statement is prepared."""
_PREPARED_MOST = 200
_TRUSTED_SECONDS = 30
"""A connection unused for longer is asked whether it is alive before it is used."""


class PostgresWork(UnitOfWork):
    """A unit of work that sends its changes late and together.

    A change that fails is therefore reported by a later call, at the latest by `flush`; the error is
    the same. Nothing can be committed after it.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._raw = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        self._waiting: list[Change] = []
        self._broken: BaseException | None = None

    @property
    def connection(self) -> Connection:
        """The connection, with all changes sent."""
        self.flush()
        return self._connection

    def execute(self, statement: sa.Executable, params: Any = None) -> Result[*tuple[Any, ...]]:
        """Run a Core statement, after the changes that wait, and return its result."""
        return self.connection.execute(statement, params)

    def sql(self, text: str, params: Sequence[Any] = ()) -> Any:
        """Run a driver-level statement together with the changes that wait, and return its cursor."""
        return self._send(text, params)

    def sql_many(self, text: str, rows: Rows) -> None:
        """Let a statement wait that is run once per row of parameters."""
        if rows:
            self._waiting.append(Change.of_rows(text, rows))

    def change(self, text: str, params: Sequence[Any] = ()) -> None:
        """Let a statement wait whose result nobody reads."""
        self._waiting.append(Change(text, params))

    def change_one(self, text: str, params: Sequence[Any], otherwise: Callable[[], Exception]) -> None:
        """Let a statement wait that must meet exactly one row; if not, sending it raises `otherwise()`."""
        self._waiting.append(Change(text, params, otherwise=otherwise))

    def flush(self) -> None:
        """Send the changes that wait; raises what has failed, also if it was raised before."""
        if self._broken is not None:
            raise self._broken
        if self._waiting:
            self._send()

    def time(self, moment: datetime | None) -> Any:
        """Return a moment as a driver-level parameter: the driver knows datetimes."""
        return moment

    def read_time(self, value: Any) -> datetime | None:
        """Return the moment of a driver-level value, which comes in the zone of the session."""
        return value.astimezone(UTC) if value is not None else None

    @property
    def for_update(self) -> str:
        """The row lock of a driver-level SELECT."""
        return " for update"

    @contextmanager
    def part(self) -> Iterator[None]:
        """Open a part of the transaction; one of our errors takes it back and leaves the rest."""
        self.flush()
        self.sql("savepoint part")
        try:
            yield
            self.flush()
        except WuxingError:
            self._waiting.clear()
            self._broken = None
            self.sql("rollback to savepoint part")
            self.change("release savepoint part")
            raise
        self.change("release savepoint part")

    def _send(self, text: str = "", params: Sequence[Any] = ()) -> RawCursor[Any] | None:
        """Send what waits, then a statement whose result is read; return its cursor."""
        groups, self._waiting = fused(self._waiting), []
        if groups and text and may_end(groups[-1], text):
            last = groups.pop()
            text, params = last.text(text), (*last.params, *params)
        try:
            with self._raw.pipeline() if len(groups) + bool(text) > 1 else nullcontext():
                cursors = [self._run(group) for group in groups]
                read = RawCursor(self._raw).execute(_numbered(text), params) if text else None
            for group, cursor in zip(groups, cursors, strict=True):
                group.check(cursor)
        except BaseException as error:
            self._broken = error
            raise
        return read

    def _run(self, group: Group) -> RawCursor[Any]:
        cursor = RawCursor(self._raw)
        if group.rows:
            cursor.executemany(_numbered(group.text()), group.rows)
        else:
            cursor.execute(_numbered(group.text()), group.params)
        return cursor


@lru_cache(maxsize=1024)
def _numbered(text: str) -> str:
    """Return a statement with `?` marks as PostgreSQL writes them: `$1`, `$2`, …."""
    first, *rest = text.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


# ---------------------------------------------------------------- connections


def open_engine(url: sa.URL) -> Engine:
    """Return the pool of connections to a PostgreSQL server."""
    engine = sa.create_engine(url, pool_size=10)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "checkin", _remember)
    event.listen(engine, "checkout", _require_alive)
    return engine


class _Number(Dumper):
    """Sends whole numbers without a type of their own: the server knows what each mark stands for.

    The driver would name the smallest type that holds each, and every mixture of types is another
    prepared statement.
    """

    def dump(self, obj: int) -> bytes:
        """Return the digits."""
        return str(obj).encode()


def _prepare(connection: Any, _record: Any) -> None:
    connection.adapters.register_dumper(int, _Number)
    connection.prepare_threshold = _PREPARED_FROM
    connection.prepared_max = _PREPARED_MOST


def _remember(_connection: Any, record: Any) -> None:
    record.info["used"] = monotonic()


def _require_alive(connection: Any, record: Any, _proxy: Any) -> None:
    """Refuse a connection the server has closed, without asking the server each time."""
    idle = monotonic() - record.info.get("used", monotonic())
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    # A server has nothing to say to an idle connection but that it is over.
    if not poll.poll(0) and idle < _TRUSTED_SECONDS:
        return
    try:
        connection.execute("select 1")
        connection.rollback()
    except psycopg.Error as error:
        raise sa.exc.DisconnectionError from error
