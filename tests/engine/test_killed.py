"""A process killed between any two SQL statements has done a whole transaction or nothing of it.

A child carries out a step and kills itself before its n-th statement, for every n; what it leaves is
opened again, compared with a run nobody killed, and the same command is given a second time.
"""

from __future__ import annotations

import json
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from engine.clock import FrozenClock, use_clock
from engine.store.database import Database, open_database
from tests.conftest import MONDAY
from tests.engine import build, mortal, scenes
from tests.engine.build import World
from tests.engine.test_crash import everything
from tests.journeys import checks
from tests.postgres import clone, fresh_database, leave

State = dict[str, list[Any]]


class Lives:
    """Copies of one prepared database, each the whole life of one child."""

    def __init__(self, folder: Path, scene: str) -> None:
        self.folder, self.scene = folder, scene
        self.told = folder / "told"
        self.first = self.url("first")
        with use_clock(FrozenClock(MONDAY)):
            database = open_database(self.first)
            database.create()
            world = World.over(database, scenes.handlers())
            world.publish(scenes.SCENES[scene].diagram)
            scenes.SCENES[scene].before(world)
            database.close()

    def url(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.db"

    def copy(self, name: str) -> str:
        """Return the address of a copy of the prepared database."""
        shutil.copy(self.folder / "first.db", self.folder / f"{name}.db")
        return self.url(name)

    def whole(self) -> tuple[State, list[str]]:
        """Carry out the step without killing; return what is there then and the statements."""
        url = self.copy("whole")
        assert mortal.run(url, self.scene, MONDAY, 0, self.told) == 0
        return self.after(url), json.loads(self.told.read_text(encoding="utf-8"))

    def killed(self, last: int) -> tuple[State, State]:
        """Return what a child killed before a statement leaves, and what the repeated step makes of it."""
        url = self.copy(f"life{last}")
        assert mortal.run(url, self.scene, MONDAY, last, self.told) == -signal.SIGKILL
        return self.after(url), self.after(url, again=True)

    def after(self, url: str, *, again: bool = False) -> State:
        database = open_database(url)
        scene = scenes.SCENES[self.scene]
        with use_clock(FrozenClock(MONDAY + scene.later)):
            world = mortal.world_over(database)
            if again:
                scene.act(world)
            checks.histories(world.engine)
            checks.nothing_twice(world.engine)
        found = everything(database)
        database.close()
        return found


class Copies(Lives):
    """The same on PostgreSQL, where a copy is made by the server."""

    def url(self, name: str) -> str:
        return fresh_database()

    def copy(self, name: str) -> str:
        return clone(self.first)

    def after(self, url: str, *, again: bool = False) -> State:
        leave(url)
        return super().after(url, again=again)


def without_ids(state: State) -> dict[str, int]:
    """Return how many rows each table has: numbers a killed transaction has drawn are not drawn again."""
    return {table: len(rows) for table, rows in state.items()}


def before_or_after(lives: Lives, numbers: list[int] | None = None) -> None:
    before = lives.after(lives.copy("before"))
    whole, statements = lives.whole()
    commits = [number for number, text in enumerate(statements, 1) if text == "COMMIT"]
    states: dict[int, State] = {0: before, len(commits): whole}
    assert before != whole
    for last in numbers or range(1, len(statements) + 1):
        done = sum(number < last for number in commits)
        left, repeated = lives.killed(last)
        assert left == states.setdefault(done, left), f"killed before {statements[last - 1]}"
        if isinstance(lives, Copies):
            assert without_ids(repeated) == without_ids(whole)
        else:
            assert repeated == whole


def test_a_step_killed_before_any_statement(tmp_path: Path) -> None:
    before_or_after(Lives(tmp_path, "complete"))


@pytest.mark.parametrize("scene", ["timer", "message", "signal"])
def test_what_happens_by_itself_killed_now_and_then(tmp_path: Path, scene: str) -> None:
    lives = Lives(tmp_path, scene)
    _, statements = lives.whole()
    before_or_after(lives, [*range(2, len(statements), 11), len(statements)])


@pytest.mark.soak
@pytest.mark.parametrize("scene", scenes.SCENES)
def test_every_kind_of_step_killed_before_any_statement(tmp_path: Path, scene: str) -> None:
    before_or_after(Lives(tmp_path, scene))


@pytest.mark.parametrize("scene", scenes.SCENES)
def test_every_kind_of_step_killed_around_its_commits(tmp_path: Path, scene: str) -> None:
    lives = Lives(tmp_path, scene)
    _, statements = lives.whole()
    commits = [number for number, text in enumerate(statements, 1) if text == "COMMIT"]
    assert commits
    around = {last for number in commits for last in (number, number + 1)}
    before_or_after(lives, sorted(last for last in around if last <= len(statements)))


@pytest.mark.postgres
def test_a_step_on_postgresql_killed_before_any_statement(tmp_path: Path) -> None:
    before_or_after(Copies(tmp_path, "complete"))


@pytest.mark.soak
@pytest.mark.postgres
@pytest.mark.parametrize("scene", scenes.SCENES)
def test_every_kind_of_step_on_postgresql_killed_before_any_statement(tmp_path: Path, scene: str) -> None:
    before_or_after(Copies(tmp_path, scene))


# ---------------------------------------------------------------- many people at once


def crowd_killed(database: Database, last: int, told: Path) -> bool:
    """Kill a child that completes twenty items at once; return whether it died before the end.

    What it has acknowledged is there; all commands given again complete every item once.
    """
    url = database.url.render_as_string(hide_password=False)
    with use_clock(FrozenClock(MONDAY)):
        world = World.over(database, scenes.handlers())
        world.publish(build.LINEAR)
        for _ in range(20):
            world.start()
        items = [item.id for item in world.open()]
        ended = mortal.many(url, MONDAY, last, told)
        assert ended in (0, -signal.SIGKILL)
        if not database.is_sqlite:
            settled(database)
        completed = set(items) - {item.id for item in world.open()}
        acknowledged = {int(line.split()[0]) for line in told.read_text().splitlines()}
        assert acknowledged <= completed
        checks.histories(world.engine)
        for item in items:
            world.complete(item, {"x": 1}, command=f"item{item}")
        assert {item.element for item in world.open()} == {"second"}
        assert len(world.open()) == 20
        checks.histories(world.engine)
        checks.nothing_twice(world.engine)
    return ended != 0


def settled(database: Database) -> None:
    """Wait until the server has noticed that the child is gone."""
    question = "select count(*) from pg_stat_activity where datname = current_database() and state <> 'idle'"
    for _ in range(200):
        with database.read() as uow:
            if uow.sql(question).fetchone()[0] <= 1:
                return
        time.sleep(0.05)


@pytest.mark.parametrize("last", [5, 90, 160])
def test_a_crowd_killed_at_once_keeps_what_was_acknowledged(
    database: Database, tmp_path: Path, last: int
) -> None:
    assert crowd_killed(database, last, tmp_path / "told")


@pytest.mark.soak
@pytest.mark.parametrize("last", range(1, 400, 3))
def test_a_crowd_killed_before_any_statement(database: Database, tmp_path: Path, last: int) -> None:
    crowd_killed(database, last, tmp_path / "told")
