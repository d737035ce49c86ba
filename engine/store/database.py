"""One database, SQLite or PostgreSQL: opening it, and the unit of work all changes go through."""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, Result, make_url

from engine.errors import StorageFull, WuxingError
from engine.store.tables import metadata
from engine.store.types import read_stamp, stamp
from engine.text import T

# A checkpoint falls every this many pages and sits in someone's commit; 8,000 keeps p99 low.
_CHECKPOINT_PAGES = 8000
_BUSY_MS = 30_000
_BATCH = 16
_BATCH_SECONDS = 0.010
_DISK_FULL = "53100"
"""PostgreSQL's SQLSTATE for a full disk."""


class FairLock:
    """A lock that is handed over in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._held = False

    @property
    def awaited(self) -> bool:
        """Tell whether somebody is in the queue; whoever is will take the turn."""
        with self._guard:
            return bool(self._queue)

    def __enter__(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Event()
            self._queue.append(turn)
        turn.wait()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._held = False


@lru_cache(maxsize=512)
def _percent_marks(text: str) -> str:
    """Return a statement with `?` marks in the style of psycopg."""
    return text.replace("%", "%%").replace("?", "%s")


class UnitOfWork:
    """One transaction: everything that changes together, or nothing of it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self._after: list[Callable[[], None]] = []
        self._failed: list[Callable[[], object]] = []
        self._cursor = connection.connection.cursor()

    def execute(self, statement: sa.Executable, params: Any = None) -> Result[*tuple[Any, ...]]:
        """Run a Core statement and return its result."""
        return self.connection.execute(statement, params)

    def sql(self, text: str, params: Sequence[Any] = ()) -> Any:
        """Run a driver-level statement with `?` marks and return the cursor; for the hot path."""
        if self.dialect == "postgresql":
            text = _percent_marks(text)
        self._cursor.execute(text, params)
        return self._cursor

    def sql_many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a driver-level statement once per row of parameters."""
        if not rows:
            return
        if self.dialect == "postgresql":
            text = _percent_marks(text)
        self._cursor.executemany(text, rows)

    def time(self, moment: datetime | None) -> Any:
        """Return a moment as a driver-level parameter."""
        if moment is None or self.dialect == "postgresql":
            return moment
        return stamp(moment)

    def read_time(self, value: Any) -> datetime | None:
        """Return the moment of a driver-level value."""
        return read_stamp(value) if isinstance(value, str) else value

    @property
    def for_update(self) -> str:
        """The row lock of a driver-level SELECT; SQLite's writer holds the whole file already."""
        return " for update" if self.dialect == "postgresql" else ""

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


class _Batch:
    """Units of work of several threads, one after another on one transaction of the writer."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._transaction = connection.begin()
        self._begun = monotonic()
        self._members: list[UnitOfWork] = []
        self._ended = threading.Event()
        self._error: BaseException | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether it has been committed or rolled back."""
        return self._ended.is_set()

    @property
    def is_full(self) -> bool:
        """Tell whether nobody else may join it."""
        return len(self._members) >= _BATCH or monotonic() - self._begun >= _BATCH_SECONDS

    @contextmanager
    def member(self) -> Iterator[UnitOfWork]:
        """Do one unit of work; its error takes back what it did and leaves what others did.

        The first needs no savepoint: there is nothing beside it that a rollback could take back.
        """
        uow, first = UnitOfWork(self.connection), not self._members
        if not first:
            self.connection.exec_driver_sql("savepoint member")
        try:
            yield uow
            if not first:
                self.connection.exec_driver_sql("release savepoint member")
        except BaseException as error:
            self._take_back(error, first=first)
            uow.rolled_back()
            raise
        self._members.append(uow)

    def _take_back(self, error: BaseException, *, first: bool) -> None:
        # SQLite itself rolls the whole transaction back when the disk is full or broken.
        if first or not getattr(self.connection.connection.dbapi_connection, "in_transaction", False):
            self._fail(error)
            return
        self.connection.exec_driver_sql("rollback to savepoint member")
        self.connection.exec_driver_sql("release savepoint member")

    def commit(self) -> None:
        """Commit what all members did; an error is everybody's."""
        try:
            self._transaction.commit()
        except BaseException as error:
            self._fail(error)
        else:
            self._end()

    def _fail(self, error: BaseException) -> None:
        # Before the next has its turn: nobody may find in memory what is not in the database.
        self._error = error
        try:
            self._transaction.rollback()
            for uow in self._members:
                uow.rolled_back()
        finally:
            self._end()

    def _end(self) -> None:
        try:
            self.connection.close()
        finally:
            self._ended.set()

    def outcome(self) -> BaseException | None:
        """Wait for the commit; return what failed it."""
        self._ended.wait()
        return self._error


class Database:
    """The one store of an organisation."""

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._turn = FairLock()
        self._batch: _Batch | None = None
        self._writer = self._open(read_only=False)
        self._reader = self._open(read_only=True) if self.is_sqlite else self._writer

    def _open(self, *, read_only: bool) -> Engine:
        if not self.is_sqlite:
            return sa.create_engine(self.url, pool_size=10, pool_pre_ping=True)
        engine = sa.create_engine(
            self.url,
            connect_args={"check_same_thread": False, "isolation_level": None, "cached_statements": 512},
            pool_size=8,
            max_overflow=24,
        )
        event.listen(engine, "connect", _query_only if read_only else _prepare)
        event.listen(engine, "begin", _begin if read_only else _begin_immediate)
        return engine

    def create(self) -> None:
        """Create the tables that do not exist yet."""
        with self.write() as uow:
            metadata.create_all(uow.connection)

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """Open a unit of work; commit at the end, roll back on any error.

        On SQLite those who wait for their turn share one commit (ADR 0045); each returns after it.
        """
        uow = yield from (self._shared() if self.is_sqlite else self._transaction())
        uow.committed()

    def _shared(self) -> Generator[UnitOfWork, None, UnitOfWork]:
        own: BaseException | None = None
        with self._turn:
            batch = self._batch = self._batch or _Batch(self._writer.connect())
            try:
                with batch.member() as uow:
                    yield uow
            except BaseException as error:
                own = error
            finally:
                self._hand_over(batch)
        failed = batch.outcome()
        _raise(own or failed)
        return uow

    def _hand_over(self, batch: _Batch) -> None:
        if not batch.is_over and (batch.is_full or not self._turn.awaited):
            batch.commit()
        if batch.is_over:
            self._batch = None

    def _transaction(self) -> Generator[UnitOfWork, None, UnitOfWork]:
        with self._writer.connect() as connection:
            transaction = connection.begin()
            uow = UnitOfWork(connection)
            try:
                yield uow
                transaction.commit()
            except BaseException as error:
                transaction.rollback()
                uow.rolled_back()
                _raise(error)
        return uow

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """Open a consistent view for reading; nothing can be changed through it on SQLite."""
        with self._reader.connect() as connection, connection.begin():
            yield UnitOfWork(connection)

    def close(self) -> None:
        """Close all connections."""
        self._writer.dispose()
        self._reader.dispose()


def _raise(error: BaseException | None) -> None:
    """Raise what failed a unit of work, if anything did; a full disk by its name."""
    if error is None:
        return
    if _is_full(error):
        raise StorageFull(T("磁盘已满，这次操作没有生效。请管理员腾出空间后重试。")) from error
    raise error


def _is_full(error: BaseException) -> bool:
    """Tell whether there was no room: in the database's file, on its server's disk, or for a file."""
    found = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    if isinstance(found, OSError):
        return found.errno in (errno.ENOSPC, errno.EDQUOT)
    if isinstance(found, sqlite3.Error):
        return getattr(found, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return getattr(found, "sqlstate", None) == _DISK_FULL


def _pragmas(connection: Any, *lines: str) -> None:
    cursor = connection.cursor()
    for line in lines:
        cursor.execute(f"PRAGMA {line}")
    cursor.close()


def _prepare(connection: Any, _record: Any) -> None:
    _pragmas(
        connection,
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"wal_autocheckpoint={_CHECKPOINT_PAGES}",
    )


def _query_only(connection: Any, _record: Any) -> None:
    _pragmas(connection, f"busy_timeout={_BUSY_MS}", "query_only=ON")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def open_database(url: str | URL) -> Database:
    """Open a database by its SQLAlchemy address: `sqlite:////…` or `postgresql+psycopg://…`."""
    return Database(url)
