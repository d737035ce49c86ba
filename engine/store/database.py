"""One database, SQLite or PostgreSQL: opening it, and the unit of work all changes go through."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url

from engine.errors import StorageFull
from engine.store.batch import SharedWriter
from engine.store.tables import metadata
from engine.store.work import UnitOfWork
from engine.text import T

__all__ = ["Database", "UnitOfWork", "open_database"]

# A checkpoint falls every this many pages and sits in someone's commit; 8,000 keeps p99 low.
_CHECKPOINT_PAGES = 8000
_BUSY_MS = 30_000
_DISK_FULL = "53100"
"""PostgreSQL's SQLSTATE for a full disk."""


class Database:
    """The one store of an organisation."""

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._unit: type[UnitOfWork] = UnitOfWork
        self._writer = self._open(read_only=False)
        self._shared = SharedWriter(self._writer)
        self._reader = self._open(read_only=True)

    def _open(self, *, read_only: bool) -> Engine:
        if not self.is_sqlite:
            # Only who has a server pays for loading its driver.
            from engine.store import postgres

            self._unit = postgres.PostgresWork
            return postgres.open_engine(self.url, read_only=read_only)
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
    def write(self, *, behind: bool = False) -> Iterator[UnitOfWork]:
        """Open a unit of work; commit at the end, roll back on any error.

        On SQLite those who wait for their turn share one commit (ADR 0045); each returns after it. Jobs
        that no person waits for go `behind`: their turn comes when nobody else wants one.
        """
        with _naming_a_full_disk(), self._work(behind=behind) as uow:
            yield uow
        uow.committed()

    def _work(self, *, behind: bool) -> AbstractContextManager[UnitOfWork]:
        return self._shared.work(behind=behind) if self.is_sqlite else self._transaction()

    @contextmanager
    def _transaction(self) -> Iterator[UnitOfWork]:
        with self._writer.connect() as connection:
            transaction = connection.begin()
            uow = self._unit(connection)
            try:
                yield uow
                uow.flush()
                transaction.commit()
            except BaseException:
                transaction.rollback()
                uow.rolled_back()
                raise

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """Open a consistent view for reading; nothing can be changed through it."""
        with self._reader.connect() as connection, connection.begin():
            uow = self._unit(connection)
            yield uow
            # What was to be changed all the same is refused here at the latest.
            uow.flush()

    def close(self) -> None:
        """Close all connections."""
        self._writer.dispose()
        self._reader.dispose()


@contextmanager
def _naming_a_full_disk() -> Iterator[None]:
    """Raise what failed a unit of work; a full disk by its name."""
    try:
        yield
    except BaseException as error:
        if _is_full(error):
            raise StorageFull(T("磁盘已满，这次操作没有生效。请管理员腾出空间后重试。")) from error
        raise


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
