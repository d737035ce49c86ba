"""PostgreSQL: changes travel together, fail as they would alone, and a completion needs few ways."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import FileIO
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import pq

from engine import access, clock, running, settings, work
from engine.errors import Conflict, Forbidden, Refused, WuxingError
from engine.store import postgres
from engine.store.database import Database, UnitOfWork, open_database
from engine.store.fusing import Change, fused
from engine.store.tables import access as access_table
from engine.text import T
from tests.engine import build
from tests.engine.build import World
from tests.journeys import checks
from tests.postgres import fresh_database

pytestmark = pytest.mark.postgres
_GRANT = "insert into access (grp, subject) values (?, ?)"


@pytest.fixture
def server() -> Iterator[Database]:
    opened = open_database(fresh_database())
    opened.create()
    yield opened
    opened.close()


def granted(database: Database) -> list[str]:
    with database.read() as uow:
        return [row[0] for row in uow.sql("select grp from access order by grp").fetchall()]


# ---------------------------------------------------------------- how often


class Wire:
    """What goes over new connections of a database, as libpq itself traces it."""

    def __init__(self, database: Database, file: FileIO) -> None:
        self._file = file
        sa.event.listen(database._writer, "connect", self._trace)
        database._writer.dispose()

    def _trace(self, connection: Any, _record: Any) -> None:
        connection.pgconn.trace(self._file.fileno())
        connection.pgconn.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)

    def during(self, call: Callable[[], object]) -> tuple[int, list[str]]:
        """Return how often we waited for the server meanwhile, and the commands it completed."""
        begin = self._file.seek(0, 2)
        call()
        self._file.seek(begin)
        lines = self._file.read().decode(errors="replace").splitlines()
        sides = [line[0] for line in lines if line[:2] in ("F\t", "B\t")]
        ways = sum(a + b == "FB" for a, b in pairwise(sides))
        return ways, re.findall(r'^B\t\d+\tCommandComplete\s+"(\w+)', "\n".join(lines), re.MULTILINE)


@pytest.fixture
def wire(server: Database, tmp_path: Path) -> Iterator[Wire]:
    with FileIO(tmp_path / "trace", "w+") as file:
        yield Wire(server, file)
        server.close()


class Loop:
    """An instance that goes round and round; every statement of a round has been prepared."""

    def __init__(self, database: Database, **whom: str) -> None:
        self.world = World.over(database)
        decide = build.user("decide", **whom)
        shape = build.flows("start", "ask", "decide", "ask")
        self.world.publish(build.process(build.start(), build.user("ask"), decide, shape))
        self.numbers = count()
        self.item = self.world.item("ask", self.world.start()).id
        for _ in range(6):
            self.complete()

    def complete(self) -> None:
        """Complete the open item, which opens the next."""
        number = next(self.numbers)
        moved = running.complete(
            self.world.engine,
            self.world.people["Anna"],
            self.item,
            {"x": number, "y": str(number)},
            command_id=f"r{number}",
        )
        (self.item,) = moved.opened


@pytest.fixture(params=[True, False], ids=["near", "far"])
def near(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether connections made from now on take the server to be on this machine."""
    monkeypatch.setattr("engine.store.postgres.is_near", lambda host: request.param)
    return bool(request.param)


@pytest.mark.parametrize("whom", [{"assignee": "= 1"}, {"candidates": "= &quot;all&quot;"}])
def test_a_completion_is_at_most_eight_statements_and_one_commit(
    near: bool, server: Database, wire: Wire, whom: dict[str, str]
) -> None:
    loop = Loop(server, **whom)
    for _ in range(2):
        ways, commands = wire.during(loop.complete)
        assert 2 < ways <= (8 if near else 5)
        assert 4 < len(commands) <= 8
        assert commands.count("COMMIT") == 1
    checks.histories(loop.world.engine)


@pytest.mark.parametrize("near", [False], indirect=True)
def test_a_completion_that_loads_its_instance_needs_one_way_more(
    near: bool, server: Database, wire: Wire
) -> None:
    loop = Loop(server)
    hot, _ = wire.during(loop.complete)
    loop.world.engine.hot.clear()
    cold, _ = wire.during(loop.complete)
    assert cold == hot + 1


# ---------------------------------------------------------------- what is sent


def texts(*changes: Change) -> list[str]:
    return [group.text() for group in fused(changes)]


def test_changes_of_different_tables_become_one_statement() -> None:
    one, two = Change("delete from a where id = ?", (1,)), Change("update b set x = ? where id = ?", (2, 3))
    (group,) = fused([one, two])
    assert group.text() == (
        "with c0 as (delete from a where id = ?), c1 as (update b set x = ? where id = ?) select "
    )
    assert group.params == [1, 2, 3]


@pytest.mark.parametrize(
    "second",
    [
        "update a set y = 1",
        "delete from b where id in (select id from a)",
        "insert into b (x) select x from a",
        "update b set x = a.x from a",
        "savepoint part",
    ],
)
def test_what_may_see_another_change_is_a_statement_of_its_own(second: str) -> None:
    first, third = "update a set x = 1", "update a set z = 1"
    assert texts(Change(first), Change(second), Change(third)) == [first, second, third]


def test_a_few_rows_are_one_insert_and_many_are_not() -> None:
    rows = [(number, "x") for number in range(3)]
    few = Change.of_rows("insert into a (b, c) values (?,?) on conflict do nothing", rows)
    assert few.text == "insert into a (b, c) values (?,?),(?,?),(?,?) on conflict do nothing"
    assert few.params == [0, "x", 1, "x", 2, "x"]
    assert Change.of_rows("insert into a (b) values (?)", [(n,) for n in range(99)]).rows
    assert Change.of_rows("insert into a (b) values (?) on conflict (b) do update set c = ?", rows).rows
    assert Change.of_rows("delete from a where b = ?", rows).rows


@pytest.mark.parametrize("number", [1, 2, 16, 17, 500])
def test_all_rows_arrive(server: Database, number: int) -> None:
    rows = [(f"g{each:03}", "s") for each in range(number)]
    with server.write() as uow:
        uow.sql_many(_GRANT, rows)
    assert granted(server) == [grp for grp, _ in rows]


def test_what_is_read_sees_every_change_before_it(server: Database) -> None:
    with server.write() as uow:
        access.grant(uow, "s", "a")
        access.grant(uow, "s", "b")
        settings.put(uow, "colour", "red")
        assert access.groups_of(uow, "s") == ["a", "b"]
        access.revoke(uow, "s", "a")
        assert uow.execute(sa.select(access_table.c.grp)).scalars().all() == ["b"]
        assert settings.get(uow, "colour") == "red"


def test_a_row_and_one_that_refers_to_it_may_go_together(server: Database) -> None:
    with server.write() as uow:
        uow.sql("create table parent (id bigint primary key)")
        uow.sql("create table child (id bigint primary key, parent bigint references parent)")
    with server.write() as uow:
        uow.change("insert into parent (id) values (?)", (1,))
        uow.change("insert into child (id, parent) values (?, ?)", (5_000_000_000, 1))
    with server.read() as uow:
        assert uow.sql("select id, parent from child").fetchall() == [(5_000_000_000, 1)]


# ---------------------------------------------------------------- what fails


def twice(uow: UnitOfWork) -> None:
    uow.change(_GRANT, ("b", "s"))
    uow.change(_GRANT, ("a", "s"))


def read_after(uow: UnitOfWork) -> None:
    twice(uow)
    uow.sql("select 1")


def core_after(uow: UnitOfWork) -> None:
    twice(uow)
    uow.execute(sa.select(access_table))


def swallowed(uow: UnitOfWork) -> None:
    twice(uow)
    with suppress(psycopg.Error):
        uow.sql("select 1")


@pytest.mark.parametrize("work", [twice, read_after, core_after, swallowed])
def test_a_failing_change_leaves_nothing_and_the_connection_goes_on(
    near: bool, server: Database, work: Callable[[UnitOfWork], None]
) -> None:
    with server.write() as uow:
        access.grant(uow, "s", "a")
    undone: list[str] = []
    with pytest.raises(psycopg.errors.UniqueViolation) as failed, server.write() as uow:
        process = uow.sql("select pg_backend_pid()").fetchone()
        uow.on_failure(lambda: undone.append("undone"))
        uow.after_commit(lambda: undone.append("never"))
        settings.put(uow, "colour", "red")
        work(uow)
    assert failed.value.diag.table_name == "access"
    assert undone == ["undone"]
    with server.write() as uow:
        assert uow.sql("select pg_backend_pid()").fetchone() == process
        assert settings.get(uow, "colour") is None
        access.grant(uow, "s", "c")
    assert granted(server) == ["a", "c"]


def late() -> Exception:
    return Conflict(T("这项待办刚被他人处理，请刷新"))


def meets(*grp: str) -> Callable[[UnitOfWork], None]:
    def work(uow: UnitOfWork) -> None:
        for each in grp:
            uow.change_one("update access set subject = 't' where grp = ?", (each,), late)
        settings.put(uow, "colour", "red")

    return work


@pytest.mark.parametrize(
    ("work", "holds"), [(meets("a"), True), (meets("x"), False), (meets("a", "x"), False)]
)
def test_a_change_that_must_meet_a_row_is_checked_before_the_commit(
    server: Database, work: Callable[[UnitOfWork], None], holds: bool
) -> None:
    with server.write() as uow:
        access.grant(uow, "s", "a")
    with suppress(Conflict), server.write() as uow:
        work(uow)
    with server.read() as uow:
        assert access.groups_of(uow, "t") == (["a"] if holds else [])
        assert settings.get(uow, "colour") == ("red" if holds else None)


def test_two_rows_are_not_one(server: Database) -> None:
    with server.write() as uow:
        access.grant(uow, "s", "a")
        access.grant(uow, "s", "b")
    with pytest.raises(Conflict), server.write() as uow:
        uow.change_one("update access set subject = 't' where subject = ?", ("s",), late)


def test_a_part_takes_back_its_own_changes_only(near: bool, server: Database) -> None:
    with server.write() as uow:
        access.grant(uow, "s", "a")
        with pytest.raises(Refused), uow.part():
            access.grant(uow, "s", "b")
            uow.sql("select 1")
            access.grant(uow, "s", "c")
            raise Refused(T("不行"))
        access.grant(uow, "s", "d")
        with uow.part():
            access.grant(uow, "s", "e")
        with pytest.raises(Conflict), uow.part():
            uow.change_one("update access set subject = 't' where grp = ?", ("x",), late)
    assert granted(server) == ["a", "d", "e"]


def test_what_failed_before_a_part_is_not_taken_back_with_it(near: bool, server: Database) -> None:
    with pytest.raises(Conflict), server.write() as uow:
        access.grant(uow, "s", "a")
        uow.change_one("update access set subject = 't' where grp = ?", ("x",), late)
        with suppress(Conflict), uow.part():
            access.grant(uow, "s", "b")
    assert granted(server) == []


def test_a_failed_change_is_no_noise_in_the_log(
    near: bool, server: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with suppress(psycopg.Error), server.write() as uow:
        twice(uow)
        twice(uow)
        uow.sql("select 1")
    assert caplog.messages == []


# ---------------------------------------------------------------- who was faster


def test_who_waits_for_an_item_sees_what_the_faster_one_did(server: Database) -> None:
    loop = Loop(server)
    anna, bo = (loop.world.people[name] for name in ("Anna", "Bo"))
    late = Late(lambda: running.complete(loop.world.engine, anna, loop.item, {}, command_id="late"))
    with server.write() as uow:
        work.reassign(uow, anna, loop.item, bo.id, clock.now())
        late.start()
        wait_for_a_lock(server)
    late.join(30)
    assert isinstance(late.raised, Forbidden)


class Late(threading.Thread):
    """Does something in a thread of its own and keeps what was refused."""

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__()
        self.call = call
        self.raised: WuxingError | None = None

    def run(self) -> None:
        try:
            self.call()
        except WuxingError as error:
            self.raised = error


def wait_for_a_lock(database: Database) -> None:
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with database.read() as uow:
            if uow.sql(f"{waiting} and datname = current_database()").fetchone() == (1,):
                return
        time.sleep(0.01)
    raise TimeoutError


# ---------------------------------------------------------------- connections


@pytest.mark.parametrize(
    ("host", "is_near"), [("/var/run/postgresql", True), ("localhost", True), ("db.example", False)]
)
def test_a_server_on_this_machine_is_near(host: str, is_near: bool) -> None:
    assert postgres.is_near(host) == is_near


def test_a_connection_the_server_has_closed_is_replaced(server: Database) -> None:
    with server.write() as uow:
        process = uow.sql("select pg_backend_pid()").fetchone()[0]
    address = server.url.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", (process,))
    with server.write() as uow:
        assert uow.sql("select pg_backend_pid()").fetchone()[0] != process


def test_numbers_of_every_size_share_a_prepared_statement(server: Database) -> None:
    with server.write() as uow:
        for number in (1, 70_000, 5_000_000_000, 1):
            uow.sql("select grp from access where length(grp) = ?", (number,))
        kept = "select count(*) from pg_prepared_statements where statement like '%length(grp)%'"
        assert uow.sql(kept).fetchone() == (1,)
