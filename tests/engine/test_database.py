"""The unit of work: everything or nothing, one writer, the same values on both databases."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from engine import settings
from engine.errors import StorageFull
from engine.store.database import Database, UnitOfWork
from engine.store.tables import notice
from engine.store.turns import FairLock
from engine.store.types import dump_json, read_stamp, stamp


def test_a_failed_unit_of_work_changes_nothing(database: Database) -> None:
    undone: list[str] = []
    with pytest.raises(ZeroDivisionError), database.write() as uow:
        settings.put(uow, "colour", "red")
        uow.on_failure(lambda: undone.append("undone"))
        uow.after_commit(lambda: undone.append("never"))
        raise ZeroDivisionError
    with database.read() as uow:
        assert settings.get(uow, "colour") is None
    assert undone == ["undone"]


def test_what_waits_for_the_commit_runs_after_it(database: Database) -> None:
    seen: list[object] = []

    def look() -> None:
        with database.read() as reader:
            seen.append(settings.get(reader, "colour"))

    with database.write() as uow:
        settings.put(uow, "colour", {"name": "红", "shade": 3})
        uow.after_commit(look)
    assert seen == [{"name": "红", "shade": 3}]


def test_times_come_back_aware_and_to_the_microsecond(database: Database) -> None:
    moment = datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=UTC)
    with database.write() as uow:
        uow.execute(sa.insert(notice).values(person=1, at=moment, message="m", params={}))
        row = uow.sql("select at from notice where at = ?", (uow.time(moment),)).fetchone()
        assert uow.read_time(row[0]) == moment
        assert uow.execute(sa.select(notice.c.at)).scalar_one() == moment


def test_a_naive_time_is_refused(database: Database) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the fault under test
    with pytest.raises(sa.exc.StatementError), database.write() as uow:
        uow.execute(sa.insert(notice).values(person=1, at=naive, message="m", params={}))


def test_reading_cannot_write(sqlite: Database) -> None:
    with pytest.raises(sa.exc.OperationalError), sqlite.read() as uow:
        uow.execute(sa.insert(notice).values(person=1, at=datetime.now(UTC), message="m", params={}))


def test_stamps_sort_as_time_does() -> None:
    early = datetime(2026, 1, 1, tzinfo=UTC)
    late = datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
    assert stamp(early) < stamp(late)
    assert read_stamp(stamp(late)) == late


def test_json_text_is_canonical() -> None:
    assert dump_json({"b": 1, "a": ["甲"]}) == '{"a":["甲"],"b":1}'


def test_the_lock_is_handed_over_in_order() -> None:
    lock, order, ready = FairLock(), [], threading.Barrier(2)
    threads = []
    with lock:
        for number in range(5):
            thread = threading.Thread(target=_take, args=(lock, order, number, ready))
            thread.start()
            ready.wait()
            while lock.waiting <= number:
                pass
            threads.append(thread)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def _take(lock: FairLock, order: list[int], number: int, ready: threading.Barrier) -> None:
    ready.wait()
    with lock:
        order.append(number)


def test_writers_in_many_threads_lose_nothing(database: Database) -> None:
    with database.write() as uow:
        settings.put(uow, "count", 0)

    def add() -> None:
        for _ in range(10):
            with database.write() as uow:
                uow.sql("select 1 from setting where name = 'count'" + uow.for_update)
                settings.put(uow, "count", settings.get(uow, "count") + 1)

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as uow:
        assert settings.get(uow, "count") == 60


# ---------------------------------------------------------------- several on one commit


def _together(database: Database, *works: Callable[[UnitOfWork], None]) -> list[BaseException | None]:
    """Do works in threads of their own while the first still has its turn; return what each raised."""
    raised: list[BaseException | None] = [None] * len(works)
    shared = database._shared

    def run(number: int) -> None:
        try:
            with database.write() as uow:
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


def test_a_failed_commit_fails_all_and_changes_nothing(patient: Database) -> None:
    undone: list[str] = []

    def breaks(_connection: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    def work(name: str) -> Callable[[UnitOfWork], None]:
        def put(uow: UnitOfWork) -> None:
            _put(name)(uow)
            uow.on_failure(lambda: undone.append(name))
            uow.after_commit(lambda: undone.append("never"))

        return put

    sa.event.listen(patient._writer, "commit", breaks)
    raised = _together(patient, work("a"), work("b"), work("c"))
    sa.event.remove(patient._writer, "commit", breaks)
    assert all(isinstance(error, sqlite3.OperationalError) for error in raised)
    assert undone == ["a", "b", "c"]
    assert _found(patient, *"abc") == [None, None, None]
    assert _together(patient, _put("a"), _put("b")) == [None, None]
    assert _found(patient, *"ab") == [1, 1]


def test_a_transaction_that_sqlite_took_back_fails_all(patient: Database) -> None:
    def rolls_back(uow: UnitOfWork) -> None:
        uow.sql("rollback")
        raise ZeroDivisionError

    raised = _together(patient, _put("a"), rolls_back, _put("c"))
    assert [type(error) for error in raised] == [ZeroDivisionError, ZeroDivisionError, type(None)]
    assert _found(patient, *"abc") == [None, None, 1]


def test_a_batch_is_full_at_sixteen(patient: Database) -> None:
    commits: list[object] = []
    sa.event.listen(patient._writer, "commit", commits.append)
    names = [f"n{number}" for number in range(20)]
    assert _together(patient, *map(_put, names)) == [None] * 20
    assert _found(patient, *names) == [1] * 20
    assert len(commits) == 2
