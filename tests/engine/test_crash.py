"""A step that breaks anywhere leaves nothing; a full disk says so, loses nothing, and work goes on after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import commands, due, history, incidents, jobs, messages, rows, running, work
from engine.clock import FrozenClock
from engine.context import StepContext
from engine.directory import SYSTEM
from engine.errors import ElementFailed, Refused, StorageFull
from engine.handlers import Handlers
from engine.store.database import Database
from engine.store.tables import metadata
from engine.text import T
from tests.engine import build
from tests.engine.build import World
from tests.journeys import checks


class Broken(Exception):
    """A fault in our own code."""


def everything(database: Database) -> dict[str, list[Any]]:
    """Return all rows of all tables."""
    with database.read() as uow:
        return {
            table.name: [tuple(row) for row in uow.execute(sa.select(table))]
            for table in metadata.sorted_tables
        }


DIAGRAM = build.process(
    build.start(),
    build.user("ask", form="f"),
    build.service("book", "book"),
    build.user("next"),
    build.boundary_timer("late", "next", "PT1H", cancel=False),
    build.catch_message("heard", "ready", "1"),
    build.end(),
    build.end("late_end"),
    build.flows("start", "ask", "book", "next", "heard", "end"),
    build.flows("late", "late_end"),
    outside=build.message("ready"),
)


class Books:
    """The content of the diagram; `fault` is raised after everything has been written."""

    def __init__(self) -> None:
        self.fault: dict[str, Exception] = {}

    def fill(self, ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
        ctx.grant("project:1", "all")
        self._break("form")
        return values

    def book(self, ctx: StepContext) -> dict[str, Any]:
        ctx.grant("project:2", "all")
        ctx.record("booked", {"amount": 7})
        ctx.notify([2], T("不行"))
        ctx.set_subject("project:2", "P-2")
        self._break("service")
        return {"booked": True}

    def _break(self, where: str) -> None:
        if where in self.fault:
            raise self.fault.pop(where)


@pytest.fixture
def books() -> Books:
    return Books()


@pytest.fixture
def world(database: Database, at: FrozenClock, books: Books) -> World:
    handlers = Handlers()
    handlers.form_library["f"] = {"id": "f"}
    handlers.form("f", complete=books.fill)
    handlers.service("book", books.book)
    made = World.over(database, handlers)
    made.publish(DIAGRAM)
    made.start()
    return made


def goes_on(world: World) -> None:
    """The step that broke is carried out as if nothing had been, and the instance goes on."""
    world.complete(world.item("ask").id, {"x": 1}, command="later")
    assert [item.element for item in world.open()] == ["next"]
    assert world.open()[0].subject == "project:2"
    checks.histories(world.engine)
    checks.nothing_twice(world.engine)


@pytest.mark.parametrize("where", ["form", "service"])
def test_a_fault_of_content_leaves_nothing(world: World, books: Books, where: str) -> None:
    before = everything(world.engine.database)
    books.fault[where] = Broken()
    with pytest.raises(Broken):
        world.complete(world.item("ask").id, {"x": 1})
    assert everything(world.engine.database) == before
    goes_on(world)


@pytest.mark.parametrize(
    ("room", "name"),
    [
        (rows, "write"),
        (work, "open_item"),
        (work, "end_item"),
        (messages, "arm_timer"),
        (history.Chain, "write"),
        (commands, "enter"),
        (commands, "keep_answer"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_anywhere_in_a_step_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, room: Any, name: str
) -> None:
    real = getattr(room, name)

    def breaks(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        raise Broken

    before = everything(world.engine.database)
    with monkeypatch.context() as patched, pytest.raises(Broken):
        patched.setattr(room, name, breaks)
        world.complete(world.item("ask").id, {"x": 1})
    assert everything(world.engine.database) == before
    goes_on(world)


@pytest.mark.parametrize("fault", [ElementFailed("mail", T("邮件服务器拒收")), Refused(T("不行"))])
def test_a_failing_service_leaves_only_its_incident(world: World, books: Books, fault: Exception) -> None:
    books.fault["service"] = fault
    world.complete(world.item("ask").id, {"x": 1})
    with world.engine.database.read() as uow:
        assert [row[0] for row in uow.sql("select subject from access")] == ["project:1"]
        assert uow.sql("select count(*) from notice").fetchone()[0] == 0
        assert uow.sql("select count(*) from event where kind = 'booked'").fetchone()[0] == 0
        assert uow.sql("select subject from instance").fetchone()[0] is None
        (failed,) = incidents.page(uow)
    running.retry_incident(world.engine, SYSTEM, failed.id)
    with world.engine.database.read() as uow:
        assert uow.sql("select count(*) from notice").fetchone()[0] == 1
        assert uow.sql("select count(*) from event where kind = 'booked'").fetchone()[0] == 1
    assert [item.element for item in world.open()] == ["next"]
    checks.histories(world.engine)


def test_a_job_that_breaks_leaves_only_its_failed_attempt(
    world: World, at: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on(world)
    at.advance(timedelta(hours=2))
    before = everything(world.engine.database)
    with monkeypatch.context() as patched:
        patched.setattr(history.Chain, "write", _broken)
        due.run_due(world.engine)
    after = everything(world.engine.database)
    assert {name for name in after if after[name] != before[name]} == {"job"}
    at.advance(timedelta(days=1))
    due.run_due(world.engine)
    with world.engine.database.read() as uow:
        assert uow.sql("select count(*) from event where kind = 'timer.fired'").fetchone()[0] == 1


def _broken(*_: Any) -> None:
    raise Broken


# ---------------------------------------------------------------- no room


@contextmanager
def full(database: Database) -> Iterator[None]:
    """Let the file not grow by a single page within the block."""
    _limit(database, 1)
    try:
        yield
    finally:
        _limit(database, 1 << 30)


def _limit(database: Database, pages: int) -> None:
    with database.write() as uow:
        uow.sql(f"pragma max_page_count = {pages}")


BULK = "满" * 100_000


@pytest.fixture
def small(sqlite: Database, at: FrozenClock) -> World:
    made = World.over(sqlite)
    made.publish(build.LINEAR)
    made.start()
    return made


def test_a_full_disk_is_said_and_nothing_is_lost(small: World) -> None:
    database = small.engine.database
    before = everything(database)
    item = small.item("first").id
    with full(database):
        with pytest.raises(StorageFull) as told:
            small.complete(item, {"x": BULK}, command="same")
        assert "磁盘已满" in str(told.value)
        assert everything(database) == before
    small.complete(item, {"x": BULK}, command="same")
    assert [found.element for found in small.open()] == ["second"]
    checks.histories(small.engine)


def test_a_full_disk_costs_a_job_none_of_its_attempts(small: World, at: FrozenClock) -> None:
    database = small.engine.database
    with database.write() as uow:
        jobs.add(uow, "start", at.now(), at.now(), {"process": "p", "variables": {"x": BULK}})
    before = everything(database)
    with full(database):
        with pytest.raises(StorageFull):
            due.run_due(small.engine)
        assert due.drain(small.engine) == []
    assert everything(database) == before
    due.run_due(small.engine)
    assert [found.element for found in small.open()] == ["first", "first"]


def test_a_file_that_finds_no_room_is_the_same_full_disk(sqlite: Database) -> None:
    with pytest.raises(StorageFull), sqlite.write() as uow:
        uow.sql("insert into access (subject, grp) values ('project:1', 'all')")
        raise OSError(28, "No space left on device")
    assert everything(sqlite)["access"] == []
