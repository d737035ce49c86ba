"""The inbox with a million work items, beside the same page with a thousand."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path

from bench.field import Field
from bench.report import Row, Section, at_most
from engine import clock, directory, inbox
from engine.directory import Actor
from engine.store.database import Database, open_database
from engine.work import rank

GROUPS = tuple(f"role:g{n}" for n in range(8))
ALL_GROUPS = tuple(f"role:g{n}" for n in range(200))
_ITEM = (
    "insert into work_item (id, instance, token, definition, process_id, element, name, state, priority,"
    " rank, locals, created_at, ended_by) values (?,1,?,1,'p','e','步骤',?,50,?,'{}',?,?)"
)


def fill(database: Database, total: int, open_items: int) -> None:
    """Write `total` items of which `open_items` are open and offered to random groups."""
    chance = random.Random(7)
    with database.write() as uow:
        directory.add_person(uow, "Anna", None)
        now = uow.time(clock.now())
        rows, offers = [], []
        for number in range(1, total + 1):
            is_open = number <= open_items
            place = rank(50, None) - chance.randrange(1 << 30)
            rows.append(
                (number, number, "open" if is_open else "completed", place, now, None if is_open else 1)
            )
            if is_open:
                offers += [(group, place, number) for group in chance.sample(ALL_GROUPS, 2)]
        # Only the inbox is measured; the instance its items would belong to is left out.
        uow.sql("commit")
        uow.sql("pragma foreign_keys=off")
        uow.sql("begin immediate")
        uow.sql_many(_ITEM, rows)
        uow.sql_many("insert into work_candidate (grp, rank, item) values (?,?,?)", offers)


def page_cost(database: Database) -> float:
    """Return the milliseconds of one page of offered items for a person of eight groups."""
    anna = Actor(1, "Anna", None, frozenset(), GROUPS)
    costs = []
    for _ in range(60):
        began = time.perf_counter()
        with database.read() as uow:
            inbox.offered(uow, anna)
        costs.append((time.perf_counter() - began) * 1000)
    return statistics.median(costs)


def measure(_: Field, small: int = 1_000, large: int = 1_000_000) -> list[Section]:
    """Compare a page of a small inbox with one of a large."""
    costs = {}
    for total in (small, large):
        with tempfile.TemporaryDirectory() as folder:
            database = open_database(f"sqlite:///{Path(folder) / 'inbox.db'}")
            database.create()
            fill(database, total, max(100, total // 10))
            costs[total] = page_cost(database)
            database.close()
    rows = [
        Row(f"of {small:,} items", costs[small], beside=1.0),
        Row(
            f"of {large:,} items, a tenth open",
            costs[large],
            beside=costs[large] / costs[small],
            goals=(at_most("≤ 10 ms, of which this is the query", costs[large], 10),),
        ),
    ]
    return [Section("The first page of an inbox of eight groups, read in process", rows, "the small one")]
