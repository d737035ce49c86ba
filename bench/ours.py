"""Our engine over a fresh database, and the workloads' two diagrams as we draw them."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass, field

from bench.workloads import FAN
from engine import directory, instances, publishing, running, work
from engine.directory import SYSTEM, Actor
from engine.runtime import Engine
from engine.step import Step
from engine.store.database import Database, open_database
from tests.engine import build

_ids = itertools.count(1)

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
    build.end(),
    build.flows("start", "each", "after", "end"),
    process_id="fan",
)


class Bench:
    """An engine over a fresh database with one person and the two diagrams."""

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


@dataclass
class Case:
    """An instance and its open items."""

    instance: int
    items: deque[int] = field(default_factory=deque)


class Ours:
    """Runs the workloads on our engine; `reloaded` reads the instance from its rows before every step."""

    def __init__(self, bench: Bench, *, reloaded: bool = False) -> None:
        self.bench, self._reloaded = bench, reloaded

    def start(self, diagram: str, items: int = 1) -> Case:
        if diagram == FAN:
            instance = self.bench.start("fan", parts=list(range(items)))
        else:
            instance = self.bench.start("loop")
        return Case(instance, deque(self.bench.first_items(instance)))

    def complete(self, case: Case, agreed: bool = False) -> None:
        if self._reloaded:
            self.bench.engine.hot.clear()
        decision = "agree" if agreed else "back"
        case.items.extend(self.bench.complete(case.items.popleft(), decision=decision))

    def ended(self, case: Case) -> bool:
        with self.bench.database.read() as uow:
            return instances.get(uow, case.instance).is_ended

    def load(self, case: Case) -> int:
        self.bench.engine.hot.clear()
        with self.bench.database.write() as uow:
            step = Step.open(self.bench.engine, uow, self.bench.anna, case.instance)
        return len(step.live.open_tokens())
