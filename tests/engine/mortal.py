"""Steps carried out by a child process that is killed before its n-th SQL statement.

The child counts statements where the driver is told them, so that nothing in between is left out:
SQLite's own trace also names every row of a bulk insert, BEGIN and COMMIT.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event

from engine import directory
from engine.clock import FrozenClock, use_clock
from engine.runtime import Engine
from engine.store import postgres
from engine.store.database import Database, open_database
from tests.engine import scenes
from tests.engine.build import World

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.engine.mortal"])
PEOPLE = ("Anna", "Bo")


class Counter:
    """Counts the statements of a process; dies before the one with the given number."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.statements: list[str] = []
        self._guard = threading.Lock()

    def __call__(self, text: str) -> None:
        with self._guard:
            self.statements.append(text)
            if len(self.statements) == self.last:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, database: Database) -> None:
        """Count what every new connection of a database does."""
        if database.is_sqlite:
            event.listen(database._writer, "connect", self._sqlite)
            return
        postgres.RawCursor = self._counted(psycopg.RawCursor)  # type: ignore[misc]
        event.listen(database._writer, "connect", self._postgres)

    def _sqlite(self, connection: Any, _record: Any) -> None:
        connection.set_trace_callback(self)

    def _postgres(self, connection: Any, _record: Any) -> None:
        commit = connection.commit

        def counted_commit() -> None:
            self("COMMIT")
            commit()

        connection.cursor_factory = self._counted(psycopg.Cursor)
        connection.commit = counted_commit

    def _counted(self, kind: type[Any]) -> type[Any]:
        count = self

        class Counted(kind):  # type: ignore[misc]
            def execute(self, query: Any, *args: Any, **options: Any) -> Any:
                count(str(query))
                return super().execute(query, *args, **options)

            def executemany(self, query: Any, *args: Any, **options: Any) -> None:
                count(str(query))
                super().executemany(query, *args, **options)

        return Counted


def run(url: str, scene: str, at: datetime, last: int, told: Path) -> int | None:
    """Let a child carry out a scene's step; return its exit code, negative for a signal."""
    return _ended(_FORKS.Process(target=_live, args=(url, scene, at, last, told)))


def _ended(child: Any) -> int | None:
    child.start()
    child.join(60)
    code = child.exitcode
    child.close()
    assert code is None or isinstance(code, int)
    return code


def _live(url: str, scene: str, at: datetime, last: int, told: Path) -> None:
    counter = Counter(last)
    database = open_database(url)
    counter.watch(database)
    with use_clock(FrozenClock(at + scenes.SCENES[scene].later)):
        scenes.SCENES[scene].act(world_over(database))
    told.write_text(json.dumps(counter.statements), encoding="utf-8")
    os._exit(0)


def world_over(database: Database) -> World:
    """Return the world of a database that has been filled before."""
    world = World(Engine(database, scenes.handlers()))
    with database.read() as uow:
        world.people = {name: directory.actor_named(uow, name) for name in PEOPLE}
    return world


# ---------------------------------------------------------------- many at once


def many(url: str, at: datetime, last: int, told: Path) -> int | None:
    """Let a child's threads complete all open items at once; it dies before its n-th statement."""
    child = _FORKS.Process(target=_crowd, args=(url, at, last, told))
    return _ended(child)


def _crowd(url: str, at: datetime, last: int, told: Path) -> None:
    database = open_database(url)
    with use_clock(FrozenClock(at)), told.open("ab", buffering=0) as file:
        world = world_over(database)
        items = [item.id for item in world.open()]
        Counter(last).watch(database)

        def complete(item: int) -> None:
            answer = world.complete(item, {"x": 1}, command=f"item{item}")
            file.write(f"{item} {answer.state}\n".encode())

        with ThreadPoolExecutor(max_workers=8) as people:
            list(people.map(complete, items))
    os._exit(0)
