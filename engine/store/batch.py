"""Several units of work on one commit: the one writer of SQLite, its queue and its batches (ADR 0045)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from sqlalchemy.engine import Connection, Engine

from engine.store.turns import Turns
from engine.store.work import UnitOfWork

_LARGEST = 16
"""How many units of work share a commit at most."""
_MOST_BEHIND = 8
"""How many of them may be jobs: people who come meanwhile wait for the commit."""
_SECONDS = 0.010
"""How long after its begin a batch still lets somebody join."""


class Batch:
    """Units of work of several threads, one after another on one transaction of the writer."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._transaction = connection.begin()
        self._begun = monotonic()
        self._members: list[UnitOfWork] = []
        self._behind = 0
        self._ended = threading.Event()
        self._error: BaseException | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether it has been committed or rolled back."""
        return self._ended.is_set()

    @property
    def is_full(self) -> bool:
        """Tell whether nobody else may join it."""
        crowded = len(self._members) >= _LARGEST or self._behind >= _MOST_BEHIND
        return crowded or monotonic() - self._begun >= _SECONDS

    @property
    def has_people(self) -> bool:
        """Tell whether somebody has done work in it whom a person waits for."""
        return len(self._members) > self._behind

    @contextmanager
    def member(self, *, behind: bool = False) -> Iterator[UnitOfWork]:
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
        self._behind += behind

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


class SharedWriter:
    """The one writer: whoever waits for a turn works on the transaction of those before."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.turns = Turns()
        self.batch: Batch | None = None
        """The batch that somebody may still join, or is working on."""

    @contextmanager
    def work(self, *, behind: bool = False) -> Iterator[UnitOfWork]:
        """Do one unit of work in its turn; return after the commit of its batch, raise what failed it.

        Whoever is `behind` has a turn when nobody else waits for one.
        """
        own: BaseException | None = None
        with self.turns.take(behind=behind):
            batch = self.batch = self.batch or Batch(self._engine.connect())
            try:
                with batch.member(behind=behind) as uow:
                    yield uow
            except BaseException as error:
                own = error
            finally:
                self._hand_over(batch)
        failed = batch.outcome()
        if (fault := own or failed) is not None:
            raise fault

    def _hand_over(self, batch: Batch) -> None:
        if not batch.is_over and (batch.is_full or not self._goes_on(batch)):
            batch.commit()
        if batch.is_over:
            self.batch = None

    def _goes_on(self, batch: Batch) -> bool:
        """Whether somebody joins: a job may be long, and people do not wait for one to be answered."""
        return self.turns.waiting > 0 and not (batch.has_people and self.turns.next_is_behind)
