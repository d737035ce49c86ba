"""Several units of work on one commit: each keeps its own errors, all share the fate of the commit."""

from __future__ import annotations

import resource
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import settings
from engine.errors import StorageFull
from engine.store.database import Database, UnitOfWork
from engine.store.tables import metadata


def _together(
    database: Database, *works: Callable[[UnitOfWork], None], jobs: Collection[int] = ()
) -> list[BaseException | None]:
    """Do works in threads of their own while the first still has its turn; return what each raised.

    Those whose numbers are `jobs` go behind.
    """
    raised: list[BaseException | None] = [None] * len(works)
    shared = database._shared

    def run(number: int) -> None:
        try:
            with database.write(behind=number in jobs) as uow:
                if number == 0:
                    _wait_for(lambda: shared.turns.waiting == len(works) - 1)
                works[number](uow)
        except (ZeroDivisionError, sa.exc.SQLAlchemyError, sqlite3.Error, StorageFull) as error:
            raised[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for number, thread in enumerate(threads):
        thread.start()
        if number < len(works) - 1:
            # With the last in the queue the first goes on at once, and the queue may be empty again.
            _wait_for(lambda at=number: shared.batch is not None and shared.turns.waiting == at)
    for thread in threads:
        thread.join()
    return raised


def _wait_for(true: Callable[[], bool]) -> None:
    while not true():
        time.sleep(0.0005)


def _put(name: str, *, fails: bool = False) -> Callable[[UnitOfWork], None]:
    def work(uow: UnitOfWork) -> None:
        settings.put(uow, name, 1)
        if fails:
            raise ZeroDivisionError

    return work


def _found(database: Database, *names: str) -> list[object]:
    with database.read() as uow:
        return [settings.get(uow, name) for name in names]


@pytest.fixture
def patient(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database whose batches end only when nobody waits: the slow test machine decides nothing."""
    monkeypatch.setattr("engine.store.batch._SECONDS", 60)
    return sqlite


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_one_failing_member_leaves_the_others(patient: Database, failing: int) -> None:
    works = [_put(name, fails=number == failing) for number, name in enumerate("abc")]
    raised = _together(patient, *works)
    assert [isinstance(error, ZeroDivisionError) for error in raised] == [n == failing for n in range(3)]
    assert _found(patient, *"abc") == [None if number == failing else 1 for number in range(3)]


def test_members_are_answered_only_after_the_one_commit(patient: Database) -> None:
    seen: list[list[object]] = []
    commits: list[object] = []
    sa.event.listen(patient._writer, "commit", commits.append)

    def look(uow: UnitOfWork) -> None:
        uow.after_commit(lambda: seen.append(_found(patient, "a", "b")))

    def first(uow: UnitOfWork) -> None:
        _put("a")(uow)
        look(uow)

    def second(uow: UnitOfWork) -> None:
        assert settings.get(uow, "a") == 1
        assert _found(patient, "a") == [None]
        _put("b")(uow)
        look(uow)

    assert _together(patient, first, second) == [None, None]
    assert seen == [[1, 1], [1, 1]]
    assert len(commits) == 1


def test_a_commit_that_cannot_be_written_fails_all_and_changes_nothing(patient: Database) -> None:
    undone: list[str] = []

    def work(name: str) -> Callable[[UnitOfWork], None]:
        def put(uow: UnitOfWork) -> None:
            _put(name)(uow)
            uow.on_failure(lambda: undone.append(name))
            uow.after_commit(lambda: undone.append("never"))

        return put

    with _no_more_bytes(patient):
        raised = _together(patient, work("a"), work("b"), work("c"))
    assert all(isinstance(error, sa.exc.OperationalError) for error in raised)
    assert undone == ["a", "b", "c"]
    assert _found(patient, *"abc") == [None, None, None]
    assert _together(patient, _put("a"), _put("b")) == [None, None]
    assert _found(patient, *"ab") == [1, 1]


@contextmanager
def _no_more_bytes(database: Database) -> Iterator[None]:
    """Let the operating system refuse every byte behind the end of the log: SQLite writes it at COMMIT."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = Path(f"{database.url.database}-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_fills_up_is_told_to_all_of_the_batch_and_to_nobody_else(patient: Database) -> None:
    def large(uow: UnitOfWork) -> None:
        settings.put(uow, "large", "满" * 100_000)

    def limit(pages: int) -> None:
        with patient.write() as uow:
            uow.sql(f"pragma max_page_count = {pages}")

    limit(1)
    raised = _together(patient, _put("a"), large, _put("c"))
    limit(1 << 30)
    assert [type(error) for error in raised] == [StorageFull, StorageFull, type(None)]
    assert _found(patient, "a", "large", "c") == [None, None, 1]
    assert _together(patient, _put("a"), large) == [None, None]


def test_no_constraint_waits_for_the_commit(database: Database) -> None:
    """One that did would fail, at the commit, those of the batch who kept it."""
    constraints = [each for table in metadata.tables.values() for each in table.constraints]
    assert not [each for each in constraints if each.deferrable or each.initially]
    with database.read() as uow:
        if database.is_sqlite:
            made = "select count(*) from sqlite_master where sql like '%deferr%'"
        else:
            made = "select count(*) from pg_constraint where condeferrable"
        assert uow.sql(made).fetchone()[0] == 0


def test_a_transaction_that_sqlite_took_back_fails_all(patient: Database) -> None:
    def rolls_back(uow: UnitOfWork) -> None:
        uow.sql("rollback")
        raise ZeroDivisionError

    raised = _together(patient, _put("a"), rolls_back, _put("c"))
    assert [type(error) for error in raised] == [ZeroDivisionError, ZeroDivisionError, type(None)]
    assert _found(patient, *"abc") == [None, None, 1]


@pytest.mark.parametrize(("jobs", "count", "batches"), [(0, 20, 2), (16, 16, 2), (17, 17, 3)])
def test_a_batch_is_full_at_sixteen_and_at_eight_jobs(
    patient: Database, jobs: int, count: int, batches: int
) -> None:
    commits: list[object] = []
    sa.event.listen(patient._writer, "commit", commits.append)
    names = [f"n{number}" for number in range(count)]
    assert _together(patient, *map(_put, names), jobs=range(jobs)) == [None] * count
    assert _found(patient, *names) == [1] * count
    assert len(commits) == batches


def test_people_are_answered_before_a_job_begins(patient: Database) -> None:
    def job(uow: UnitOfWork) -> None:
        assert _found(patient, "a", "b") == [1, 1]
        _put("c")(uow)

    assert _together(patient, _put("a"), job, _put("b"), jobs=[1]) == [None, None, None]
    assert _found(patient, "c") == [1]


def test_people_join_the_batch_of_a_job(patient: Database) -> None:
    commits: list[object] = []
    sa.event.listen(patient._writer, "commit", commits.append)
    assert _together(patient, _put("a"), _put("b"), jobs=[0]) == [None, None]
    assert len(commits) == 1


def test_nobody_gets_less_than_half_of_what_the_others_get(sqlite: Database) -> None:
    ready, turns = threading.Barrier(8), [0] * 8

    def work(number: int) -> None:
        ready.wait()
        while sum(turns) < 1600:
            with sqlite.write() as uow:
                settings.put(uow, f"n{number}", turns[number])
            turns[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(turns) >= statistics.median(turns) / 2
    assert max(turns) <= statistics.median(turns) * 2
