"""The unit of work: everything or nothing, one writer, the same values on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from engine import settings
from engine.store.database import Database
from engine.store.tables import notice
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


def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError, match=r"read-?only"), database.read() as uow:
        uow.execute(sa.insert(notice).values(person=1, at=datetime.now(UTC), message="m", params={}))


def test_a_change_while_reading_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match=r"read-?only"), database.read() as uow:
        settings.put(uow, "colour", "red")


def test_reading_sees_one_state_whatever_is_committed_meanwhile(database: Database) -> None:
    with database.read() as reader:
        assert settings.get(reader, "colour") is None
        with database.write() as uow:
            settings.put(uow, "colour", "red")
        assert settings.get(reader, "colour") is None
    with database.read() as reader:
        assert settings.get(reader, "colour") == "red"


def test_stamps_sort_as_time_does() -> None:
    early = datetime(2026, 1, 1, tzinfo=UTC)
    late = datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
    assert stamp(early) < stamp(late)
    assert read_stamp(stamp(late)) == late


def test_json_text_is_canonical() -> None:
    assert dump_json({"b": 1, "a": ["甲"]}) == '{"a":["甲"],"b":1}'


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
