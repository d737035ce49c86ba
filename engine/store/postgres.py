"""The unit of work on PostgreSQL: what nobody waits for travels with what somebody waits for.

Every statement sent alone costs a way to the server and back. A change whose result nobody reads
waits until something is read, or until the commit, and is then sent with others (ADR 0047).
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache, partial
from time import monotonic
from typing import Any, cast

import psycopg
import sqlalchemy as sa
from psycopg import RawCursor
from psycopg.types.numeric import Int8Dumper
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine, Result

from engine.errors import WuxingError
from engine.store.fusing import Change, Group, Rows, fused, may_end
from engine.store.work import Query, UnitOfWork

_PREPARED_FROM = 1
"""After how many runs a statement is prepared."""
_PREPARED_MOST = 200
_BEGIN, _BEGIN_READING = "begin", "begin isolation level repeatable read read only"
_APART_NEAR = 4
"""Up to so many statements go one by one to a server on this machine; more, or farther, in a pipeline."""
_TRUSTED_SECONDS = 30
"""A connection unused for longer is asked whether it is alive before it is used."""


class PostgresWork(UnitOfWork):
    """A unit of work that sends its changes late and together.

    A change that fails is therefore reported by a later call, at the latest by the `flush` before the
    commit. The error is the same, and every further call raises it again: nothing of it is committed.
    """

    def __init__(self, connection: Connection) -> None:
        self._raw = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        super().__init__(connection)
        self._waiting = [Change(connection.info["begin"])]
        self._apart: int = connection.info["apart"]
        self._broken: BaseException | None = None

    def _new_cursor(self) -> RawCursor[Any]:
        return RawCursor(self._raw)

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
        (cursor,) = self._send((text, params))
        return cursor

    def rows(self, *queries: Query) -> list[list[Any]]:
        """Return the rows of each of several queries, which go to the server together."""
        return [cursor.fetchall() for cursor in self._send(*queries)]

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
        """Send the changes that wait."""
        if self._waiting or self._broken is not None:
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

    def _send(self, *reads: Query) -> list[RawCursor[Any]]:
        """Send what waits, then statements whose results are read; return the cursors of these."""
        if self._broken is not None:
            raise self._broken
        groups, self._waiting = fused(self._waiting), []
        if groups and len(reads) == 1 and may_end(groups[-1], reads[0][0]):
            last = groups.pop()
            reads = ((last.text(reads[0][0]), [*last.params, *reads[0][1]]),)
        try:
            if len(groups) + len(reads) > self._apart:
                return self._in_pipeline(groups, reads)
            for group in groups:
                group.check(_run(self._cursor, group.text(), group.params, group.rows))
            if len(reads) == 1:
                return [_run(self._cursor, *reads[0])]
            return [_run(self._new_cursor(), *read) for read in reads]
        except BaseException as error:
            self._broken = error
            raise

    def _in_pipeline(self, groups: Sequence[Group], reads: Sequence[Query]) -> list[RawCursor[Any]]:
        with self._raw.pipeline() as pipeline:
            try:
                cursors = [_run(self._new_cursor(), each.text(), each.params, each.rows) for each in groups]
                found = [_run(self._new_cursor(), *read) for read in reads]
            except psycopg.Error:
                # What was sent after it is aborted, which is no news and would be logged as ignored.
                with suppress(psycopg.Error):
                    pipeline.sync()
                raise
        for group, cursor in zip(groups, cursors, strict=True):
            group.check(cursor)
        return found


def _run(cursor: RawCursor[Any], text: str, params: Sequence[Any], rows: Rows = ()) -> RawCursor[Any]:
    if rows:
        cursor.executemany(_numbered(text), rows)
    else:
        cursor.execute(_numbered(text), params)
    return cursor


@lru_cache(maxsize=1024)
def _numbered(text: str) -> str:
    """Return a statement with `?` marks as PostgreSQL writes them: `$1`, `$2`, …."""
    first, *rest = text.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


# ---------------------------------------------------------------- connections


def open_engine(url: sa.URL, *, read_only: bool) -> Engine:
    """Return a pool of connections to a PostgreSQL server; those for reading see one state in all queries."""
    engine = sa.create_engine(url, pool_size=10)
    event.listen(engine, "connect", partial(_prepare, begin=_BEGIN_READING if read_only else _BEGIN))
    event.listen(engine, "checkout", _require_alive)
    return engine


def _prepare(connection: Any, record: Any, *, begin: str) -> None:
    # The driver would begin each transaction on a way of its own.
    connection.autocommit = True
    record.info["begin"] = begin
    record.info["apart"] = _APART_NEAR if is_near(connection.info.host) else 1
    # The driver would name the smallest type that holds each number, and every mixture of types is
    # another prepared statement.
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.prepare_threshold = _PREPARED_FROM
    connection.prepared_max = _PREPARED_MOST


def is_near(host: str) -> bool:
    """Tell whether a server is on this machine: the way there costs less than the driver's pipeline."""
    return host.startswith("/") or host in ("localhost", "127.0.0.1", "::1")


def _require_alive(connection: Any, record: Any, _proxy: Any) -> None:
    """Refuse a connection the server has closed, without asking the server each time."""
    now = monotonic()
    before, record.info["used"] = record.info.get("used", now), now
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    # A server has nothing to say to an idle connection but that it is over.
    if not poll.poll(0) and now - before < _TRUSTED_SECONDS:
        return
    try:
        connection.execute("select 1")
    except psycopg.Error as error:
        raise sa.exc.DisconnectionError from error
