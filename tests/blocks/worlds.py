"""Trees through the whole engine, in several worlds at once: whatever happens, all must say the same."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import clock, due, instances, jobs, running
from engine.clock import FrozenClock
from engine.directory import SYSTEM
from engine.store.database import Database
from engine.store.tables import instance, message, metadata
from engine.store.types import load_json
from tests.blocks.text import Text
from tests.engine import build
from tests.engine.build import World
from tests.journeys import checks
from tests.watch import ends

ACTS = 25

Happening = tuple[str, str, str]
"""A kind, what it happens to (an item, a name, or for timers the moment), and for messages the key."""


class Life:
    """One of the worlds; a cold one forgets all it has loaded before each act."""

    def __init__(self, database: Database, *, cold: bool) -> None:
        self.world = World.over(database)
        self.engine = self.world.engine
        self.cold = cold
        self.before = 0

    def begin(self, story: Sequence[Text]) -> None:
        """Publish trees with all they call, and start those that no message starts."""
        self.before = max(self._instances(0), default=0)
        for text in story:
            for xml in (*reversed(text.called.values()), text.xml):
                self.world.publish(xml.replace(b"<userTask ", b'<userTask wuxing:assignee="1" '))
        for text in story:
            for pair in () if text.on else (1, 2) if text.by else (1,):
                self.world.start(text.process, **text.variables, pair=pair)

    def renew(self, process: str) -> None:
        """Publish something else under the name of a process: who runs already must not notice."""
        self.world.publish(build.LINEAR.replace(b'id="p"', f'id="{process}"'.encode()))

    @property
    def instances(self) -> list[int]:
        """The instances of the story, the oldest first."""
        return self._instances(self.before)

    def _instances(self, before: int) -> list[int]:
        with self.engine.database.read() as uow:
            query = sa.select(instance.c.id).where(instance.c.id > before).order_by(instance.c.id)
            return list(uow.execute(query).scalars())

    def waits(self) -> list[Happening]:
        """Return what can happen now."""
        found: set[Happening] = set()
        for number in self.instances:
            found |= set(self._waits_of(number))
        timers = [moment for kind, moment, _ in found if kind == "timer"]
        return sorted(each for each in found if each[0] != "timer" or each[1] == min(timers))

    def _waits_of(self, number: int) -> Iterable[Happening]:
        yield from (("work", str(item.id), "") for item in self.world.open(number))
        with self.engine.database.read() as uow:
            rows = uow.sql("select kind, name, correlation from subscription where instance = ?", (number,))
            yield from [(kind, name, key) for kind, name, key in rows.fetchall()]
            timers = "select min(due_at) from job where instance = ? and state = 'due' and kind = 'timer'"
            first = uow.read_time(uow.sql(timers, (number,)).fetchone()[0])
        if first:
            yield ("timer", first.isoformat(), "")

    def happen(self, what: Happening, command: str) -> None:
        """Let one thing happen, and everything that follows from it."""
        kind, name, key = what
        if self.cold:
            self.engine.hot.clear()
            self.engine.programs.clear()
            self.engine.definitions.clear()
        if kind == "work":
            self.world.complete(int(name), command=command)
        elif kind != "timer":
            with self.engine.database.write() as uow:
                if kind == "message":
                    jobs.add_message(uow, clock.now(), name, load_json(key) if key else None, {})
                else:
                    jobs.add(uow, kind, clock.now(), clock.now(), {"name": name, "payload": {}})
        due.run_due(self.engine)

    def rows(self) -> dict[str, Any]:
        """Return all that belongs to the story, each history by the digest of its last event.

        Numbers of subscriptions are left out, and what has been delivered by them: SQLite gives those of
        ended ones again.
        """
        numbers = self.instances
        with self.engine.database.read() as uow:
            found: dict[str, Any] = {"head": [instances.get(uow, number).head for number in numbers]}
            for table in metadata.sorted_tables:
                if "instance" in table.c:
                    own = sa.select(*_compared(table)).where(table.c.instance.in_(numbers))
                    found[table.name] = sorted(repr(tuple(row)) for row in uow.execute(own))
            kept = sa.select(message.c.name, message.c.state).order_by(message.c.id)
            found["message"] = [tuple(row) for row in uow.execute(kept)]
        return found

    def is_sound(self) -> None:
        """The histories folded alone give the open tokens of the rows, and they are whole."""
        with self.engine.database.read() as uow:
            for number in self.instances:
                checks.sound(self.engine, uow, number)

    def end(self) -> None:
        """Cancel what is left, so that the next story has the names to itself."""
        for number in self.instances:
            running.cancel(self.engine, SYSTEM, number, "next")
        due.run_due(self.engine)


def _compared(table: sa.Table) -> list[sa.Column[Any]]:
    left_out = {"subscription": {"id"}, "job": {"payload"}}.get(table.name, set())
    return [column for column in table.c if column.name not in left_out]


def differing(one: dict[str, Any], other: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what differs, by table."""
    return {name: (one[name], other[name]) for name in one if one[name] != other[name]}


def agree(name: str, story: Sequence[Text], lives: Sequence[Life], at: FrozenClock) -> int:
    """Live a story in all worlds; return how many things have happened in it."""
    with ends(name):
        for life in lives:
            life.begin(story)
        acts = _live(name, story, lives, at)
        for life in lives:
            life.end()
            life.is_sound()
    return acts


def _live(name: str, story: Sequence[Text], lives: Sequence[Life], at: FrozenClock) -> int:
    chance = random.Random(name)
    processes = [each for text in story for each in (text.process, *text.called)]
    for act in range(ACTS):
        waits = _same(f"{name}, act {act}", lives)
        if not waits:
            return act
        what = chance.choice(waits)
        newer = chance.choice(processes) if chance.random() < 0.1 else ""
        if what[0] == "timer":
            at.set(datetime.fromisoformat(what[1]))
        for life in lives:
            if newer:
                life.renew(newer)
            life.happen(what, f"{name}-{act}")
    return ACTS


def _same(when: str, lives: Sequence[Life]) -> list[Happening]:
    """Compare the worlds; return what can happen in each of them."""
    first, *others = lives
    rows, waits = first.rows(), first.waits()
    for life in others:
        unlike = differing(life.rows(), rows)
        assert not unlike, f"{when}: {unlike}"
        assert life.waits() == waits
    for life in lives:
        life.is_sound()
    return waits
