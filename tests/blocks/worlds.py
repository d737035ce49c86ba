"""One tree through the whole engine, in several worlds at once: whatever happens, all must say the same."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import clock, due, instances, jobs, running
from engine.clock import FrozenClock
from engine.directory import SYSTEM
from engine.store.database import Database
from engine.store.tables import metadata
from tests.blocks.draw import Draw
from tests.blocks.text import Text
from tests.engine.build import World
from tests.journeys import checks
from tests.watch import ends

ACTS = 25

Happening = tuple[str, str]
"""A kind and what it happens to: an item, a name, or for timers the moment."""


class Life:
    """One of the worlds; a cold one forgets every live instance before each act."""

    def __init__(self, database: Database, *, cold: bool) -> None:
        self.world = World.over(database)
        self.engine = self.world.engine
        self.cold = cold
        self.instance = 0

    def begin(self, text: Text, process: str) -> None:
        """Publish a tree with all it calls and start it."""
        for xml in (*reversed(text.called.values()), text.xml):
            self.world.publish(xml.replace(b"<userTask ", b'<userTask wuxing:assignee="1" '))
        self.instance = self.world.start(process, **text.variables)

    def waits(self) -> list[Happening]:
        """Return what can happen now."""
        found = [("work", str(item.id)) for item in self.world.open(self.instance)]
        with self.engine.database.read() as uow:
            rows = uow.sql("select kind, name from subscription where instance = ?", (self.instance,))
            found += [(kind, name) for kind, name in rows.fetchall()]
            timers = "select min(due_at) from job where instance = ? and state = 'due' and kind = 'timer'"
            first = uow.read_time(uow.sql(timers, (self.instance,)).fetchone()[0])
        return sorted({*found, *([("timer", first.isoformat())] if first else [])})

    def happen(self, what: Happening, command: str) -> None:
        """Let one thing happen, and everything that follows from it."""
        kind, name = what
        if self.cold:
            self.engine.hot.clear()
        if kind == "work":
            self.world.complete(int(name), command=command)
        elif kind != "timer":
            with self.engine.database.write() as uow:
                if kind == "message":
                    jobs.add_message(uow, clock.now(), name, None, {})
                else:
                    jobs.add(uow, kind, clock.now(), clock.now(), {"name": name, "payload": {}})
        due.run_due(self.engine)

    def rows(self) -> dict[str, Any]:
        """Return everything that belongs to the instance, its history by the digest of its last event.

        Numbers of subscriptions are left out, and what has been delivered by them: SQLite gives those of
        ended ones again.
        """
        with self.engine.database.read() as uow:
            found: dict[str, Any] = {"head": instances.get(uow, self.instance).head}
            for table in metadata.sorted_tables:
                if "instance" in table.c:
                    own = sa.select(*_compared(table)).where(table.c.instance == self.instance)
                    found[table.name] = sorted(repr(tuple(row)) for row in uow.execute(own))
        return found

    def is_sound(self) -> None:
        """The history folded alone gives the open tokens of the rows, and it is whole."""
        with self.engine.database.read() as uow:
            checks.sound(self.engine, uow, self.instance)

    def end(self) -> None:
        """Cancel what is left, so that the next tree has the names to itself."""
        running.cancel(self.engine, SYSTEM, self.instance, "next")
        due.run_due(self.engine)


def _compared(table: sa.Table) -> list[sa.Column[Any]]:
    left_out = {"subscription": {"id"}, "job": {"payload"}}.get(table.name, set())
    return [column for column in table.c if column.name not in left_out]


def differing(one: dict[str, Any], other: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what differs, by table."""
    return {name: (one[name], other[name]) for name in one if one[name] != other[name]}


def agree(seed: int, lives: Sequence[Life], at: FrozenClock) -> int:
    """Live one tree in all worlds; return how many things have happened in it."""
    with ends(f"tree {seed}"):
        return _agree(seed, lives, at)


def _agree(seed: int, lives: Sequence[Life], at: FrozenClock) -> int:
    process = f"tree{seed}"
    text = Text(Draw(seed).process(), process)
    chance = random.Random(seed)
    for life in lives:
        life.begin(text, process)
    for act in range(ACTS):
        first, *others = lives
        rows, waits = first.rows(), first.waits()
        for life in others:
            unlike = differing(life.rows(), rows)
            assert not unlike, f"tree {seed}, act {act}: {unlike}"
            assert life.waits() == waits
        for life in lives:
            life.is_sound()
        if not waits:
            return act
        what = chance.choice(waits)
        if what[0] == "timer":
            at.set(datetime.fromisoformat(what[1]))
        for life in lives:
            life.happen(what, f"{process}-{act}")
    for life in lives:
        life.end()
        life.is_sound()
    return ACTS
