"""The company of the stories, whose server is killed again and again while they work."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from engine import clock, settings, work
from engine.clock import FrozenClock
from engine.store.tables import command, instance
from tests.collaboration.world import World
from tests.conftest import MONDAY
from tests.journeys import checks
from tests.journeys.campaign import hire_lead
from tests.journeys.sent import STEP, Pairs, filled
from tests.journeys.typed import Upload
from tests.kill.server import Server
from tests.kill.visitor import Answer, Lost, Visitor
from webui.demo.loading import NAME
from webui.migrating import tables_digest
from webui.serving import file_address, open_engine

R = TypeVar("R")
_PATIENCE = 30.0


@dataclass(frozen=True)
class Kill:
    """When the server dies: at which act, and how many seconds after the form has been sent."""

    act: int
    after: float


def kills(seed: int, *, count: int, acts: int, longest: float = 0.08) -> list[Kill]:
    """Return random moments of a journey of so many acts."""
    chance = random.Random(seed)
    return [Kill(act, chance.uniform(0, longest)) for act in sorted(chance.sample(range(acts), count))]


@dataclass
class Acknowledged:
    """What people have been told is done: commands, and who completed which item."""

    commands: list[str] = field(default_factory=list)
    items: dict[int, int] = field(default_factory=dict)


class MortalWorld(World):
    """People act over HTTP; whenever no answer comes, the server is started anew and asked again."""

    def __init__(self, folder: Path, at: FrozenClock, plan: list[Kill]) -> None:
        engine = open_engine(file_address(folder / NAME), folder)
        super().__init__(engine.database, at, folder)
        hire_lead(self)
        with self.database.write() as uow:
            settings.put(uow, settings.CLOCK_OFFSET, (MONDAY - datetime.now(UTC)).total_seconds())
        (folder / "demo.tables").write_text(tables_digest())
        self.server = Server(folder)
        self.acknowledged = Acknowledged()
        self.acts = 0
        self._plan = {kill.act: kill.after for kill in plan}
        self._visitors: dict[str, Visitor] = {}

    # ------------------------------------------------------------ acting

    def start(self, name: str) -> int:
        page = self._persist(lambda: self._visit(name).get("/start")).page
        pairs = filled(page, "//form[@action='/start/project_lifecycle']", {})
        answer = self._send(name, "/start/project_lifecycle", pairs)
        assert answer.status == 303, answer.told
        self.acknowledged.commands.append(f"{_command_of(pairs)}-project_lifecycle")
        (found,) = self.rows(sa.select(instance.c.id).where(instance.c.process_id == "project_lifecycle"))
        return int(found["id"])

    def act(self, name: str, element: str, values: dict[str, Any], *, item: int | None = None) -> None:
        chosen = item if item is not None else self._wait_for(name, element).id
        page = self._persist(lambda: self._visit(name).get(f"/tasks/{chosen}")).page
        pairs = [*filled(page, STEP, values), ("_do", "submit")]
        answer = self._send(name, f"/tasks/{chosen}", pairs)
        assert answer.status == 303, answer.told
        self.acknowledged.commands.append(_command_of(pairs))
        self.acknowledged.items[chosen] = self.ids[name]

    def file(self, name: str, element: str, title: str) -> dict[str, Any]:
        return Upload(title, f"{title} {clock.now():%c}".encode())  # type: ignore[return-value]

    def item(self, name: str, element: str) -> work.WorkItem:
        return self._wait_for(name, element)

    def _wait_for(self, name: str, element: str) -> work.WorkItem:
        """Return a person's item; what a killed server left to be done may take its successor a moment."""
        end = time.monotonic() + _PATIENCE
        while not (found := self.items(name, element)):
            assert time.monotonic() < end, f"{name} gets no {element}: {self.open_work()}"
            time.sleep(0.05)
        return found[0]

    def _visit(self, name: str) -> Visitor:
        visitor = self._visitors.setdefault(name, Visitor(self.server.port, self.ids[name]))
        visitor.sign_in()
        return visitor

    def _send(self, name: str, path: str, pairs: Pairs) -> Answer:
        """Send a form; the plan may have the server die meanwhile."""
        self._visit_safely(name)
        after = self._plan.pop(self.acts, None)
        self.acts += 1
        death = threading.Timer(after, self.server.kill) if after is not None else None
        if death is not None:
            death.start()
        answer = self._persist(lambda: self._visit(name).post(path, pairs))
        if death is not None:
            death.join()
        return answer

    def _visit_safely(self, name: str) -> None:
        self._persist(lambda: self._visit(name))

    def _persist(self, ask: Callable[[], R]) -> R:
        """Ask until there is an answer; where none comes, the server has died and is started anew."""
        while True:
            try:
                return ask()
            except Lost:
                self.server.bury()
                self.examine()
                self.server.start()

    # ------------------------------------------------------------ looking

    def examine(self) -> None:
        """Nothing acknowledged is lost, nothing has happened twice, histories tell the tables."""
        with self.database.read() as uow:
            kept = uow.execute(sa.select(command.c.id).where(command.c.answer.is_not(None))).scalars().all()
            items = work.items_of(uow, self.acknowledged.items)
        assert set(self.acknowledged.commands) <= set(kept)
        done = {item.id: item.ended_by for item in items if item.state == "completed"}
        assert done == self.acknowledged.items
        checks.nothing_twice(self.engine)
        checks.histories(self.engine)
        self.expect_no_trouble()


def _command_of(pairs: Pairs) -> str:
    (found,) = [value for name, value in pairs if name == "_command"]
    assert isinstance(found, str)
    return found
