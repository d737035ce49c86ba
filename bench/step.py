"""What one completion costs: beside the floor, in a fan-out, in a loop, and cold.

The floor is one durable transaction of one insert and one update by the bare driver. Both are timed
in the same rounds, so that what else the machine does falls on both.
"""

from __future__ import annotations

import itertools
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from bench.report import Row
from engine import directory, publishing, running, work
from engine.directory import SYSTEM, Actor
from engine.runtime import Engine
from engine.store.database import Database, open_database
from tests.engine import build
from tests.postgres import fresh_database

_ids = itertools.count(1)


class Bench:
    """An engine over a fresh database with one person and the three diagrams of the measurements."""

    def __init__(self, url: str) -> None:
        self.database: Database = open_database(url)
        self.database.create()
        self.engine = Engine(self.database)
        with self.database.write() as uow:
            directory.add_department(uow, "销售部", "Sales")
            directory.add_person(uow, "Anna", "销售部")
            self.anna: Actor = directory.actor(uow, 1)
            for xml in (_LOOP, _FAN):
                publishing.publish(self.engine, uow, SYSTEM, xml, confirmed=publishing.EVERY_WARNING)

    def start(self, process_id: str, **variables: object) -> int:
        return running.start(
            self.engine, self.anna, process_id, variables, command_id=f"s{next(_ids)}"
        ).instance

    def complete(self, item: int, **values: object) -> tuple[int, ...]:
        moved = running.complete(self.engine, self.anna, item, values, command_id=f"c{next(_ids)}")
        return moved.opened

    def first_items(self, instance: int) -> list[int]:
        with self.database.read() as uow:
            return [item.id for item in work.open_items(uow, instance=instance)]


_LOOP = build.process(
    build.start(),
    build.user("apply"),
    build.user("decide"),
    build.exclusive("gate", default="gate_apply"),
    build.end(),
    build.flows("start", "apply", "decide", "gate"),
    build.flow("gate", "end", "decision = &quot;agree&quot;"),
    build.flow("gate", "apply"),
    process_id="loop",
)
_FAN = build.process(
    build.start(),
    build.user("each", build.each("parts", "part")),
    build.user("after"),
    build.flows("start", "each", "after"),
    process_id="fan",
)


def sqlite_floor(folder: Path) -> Callable[[], None]:
    """Return one durable transaction of an insert and an update on SQLite."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None, check_same_thread=False)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table a (id integer primary key, x text)")
    connection.execute("create table b (id integer primary key, n integer)")
    connection.execute("insert into b values (1, 0)")

    def once() -> None:
        connection.execute("begin immediate")
        connection.execute("insert into a (x) values ('0123456789')")
        connection.execute("update b set n = n + 1 where id = 1")
        connection.execute("commit")

    return once


def postgres_floor(url: str) -> Callable[[], None]:
    """Return one durable transaction of an insert and an update on PostgreSQL."""
    connection = psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)
    connection.execute("create table floor_a (id bigserial primary key, x text)")
    connection.execute("create table floor_b (id bigint primary key, n bigint)")
    connection.execute("insert into floor_b values (1, 0)")

    def once() -> None:
        connection.execute("begin")
        connection.execute("insert into floor_a (x) values ('0123456789')")
        connection.execute("update floor_b set n = n + 1 where id = 1")
        connection.execute("commit")

    return once


def timed(call: Callable[[], object]) -> float:
    """Return the milliseconds of one call."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def completions(bench: Bench, instances: int) -> Iterator[Callable[[], None]]:
    """Yield completions of user tasks, going round many loop instances."""
    items = {i: bench.first_items(i)[0] for i in (bench.start("loop") for _ in range(instances))}

    def one(instance: int) -> None:
        items[instance] = bench.complete(items[instance], decision="back")[0]

    for instance in itertools.cycle(items):
        yield lambda instance=instance: one(instance)


def one_step(name: str, bench: Bench, floor: Callable[[], None], rounds: int = 400) -> list[Row]:
    """Measure a completion beside the floor, hot and with the instance loaded from rows."""
    steps = completions(bench, 50)
    for _ in range(100):
        next(steps)()
    floors, hot, cold = [], [], []
    for _ in range(rounds):
        floors.append(timed(floor))
        hot.append(timed(next(steps)))
    # Apart from the others: these leave nothing in memory for those to find.
    for _ in range(rounds):
        bench.engine.hot.clear()
        cold.append(timed(next(steps)))
    base = statistics.median(floors)
    return [
        Row(f"{name}: floor", base, 1.0),
        Row(f"{name}: complete one user task", statistics.median(hot), statistics.median(hot) / base),
        Row(f"{name}: the same, loaded from rows", statistics.median(cold), statistics.median(cold) / base),
    ]


def fan_out(bench: Bench, sizes: tuple[int, ...] = (10, 1000, 5000)) -> list[Row]:
    """Measure one completion among parallel ones, beside the cost at ten."""
    rows, base = [], 0.0
    for size in sizes:
        instance = bench.start("fan", parts=list(range(size)))
        items = bench.first_items(instance)
        count = min(len(items) - 1, 200)
        cost = statistics.median(timed(lambda item=item: bench.complete(item)) for item in items[:count])
        base = base or cost
        rows.append(Row(f"one of {size} parallel items", cost, cost / base))
    return rows


def rounds(bench: Bench, last: int = 500) -> list[Row]:
    """Measure late rounds of a drawn loop, beside the tenth."""
    instance = bench.start("loop")
    item = bench.first_items(instance)[0]
    costs = []
    for _ in range(2 * last):
        began = time.perf_counter()
        (item,) = bench.complete(item, decision="back")
        costs.append((time.perf_counter() - began) * 1000)
    early = statistics.median(costs[10:60])
    late = statistics.median(costs[-50:])
    return [Row("a loop's 10th round", early, 1.0), Row(f"a loop's {last}th round", late, late / early)]


def measure() -> list[Row]:
    """Run all measurements of this file."""
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench = Bench(f"sqlite:///{folder / 'bench.db'}")
        found += one_step("SQLite", bench, sqlite_floor(folder))
        found += fan_out(bench)
        found += rounds(bench)
    url = fresh_database()
    found += one_step("PostgreSQL", Bench(url), postgres_floor(url))
    return found
