"""Playing acts: the clock goes to each, what is due on the way happens, the holder completes the item."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from engine import directory, incidents, jobs, running, work
from engine.clock import FrozenClock
from engine.due import drain, run_due
from engine.errors import InvalidInput
from engine.runtime import Engine
from engine.text import T
from engine.work import WorkItem
from processes.collaboration.lived.script import Act, Remark, Scripted
from processes.collaboration.lived.stage import Stage, StoryStuck

BETWEEN_ITEMS = timedelta(seconds=40)
MOST_ROUNDS = 20

Progress = Callable[[int, int, "T | str"], None]


class Player:
    """Plays the acts of several stages under one clock."""

    def __init__(self, engine: Engine, still: FrozenClock, stages: Mapping[str, Stage]) -> None:
        self.engine, self.still, self.stages = engine, still, stages
        self._commands = 0

    def play(self, acts: Sequence[Scripted], progress: Progress) -> None:
        """Play all acts in order of time; `progress` is told after each."""
        for number, act in enumerate(acts, start=1):
            self.advance(act.at)
            stage = self.stages[act.sample]
            if not stage.instance:
                stage.begin()
            if isinstance(act, Remark):
                stage.say(act.author, act.text)
            else:
                self._perform(stage, act)
            name = stage.placed.sample.name
            progress(number, len(acts), T("样例“{name}”：{day}", name=name, day=f"{act.at:%Y-%m-%d}"))

    def advance(self, to: datetime) -> None:
        """Move the clock to `to`, stopping wherever something is due so that it happens at its time."""
        while (due := self._next_due()) is not None and due <= to:
            self.still.set(max(due, self.still.now()))
            run_due(self.engine)
        if to > self.still.now():
            self.still.set(to)

    def _next_due(self) -> datetime | None:
        with self.engine.database.read() as uow:
            return jobs.next_due(uow)

    def _perform(self, stage: Stage, act: Act) -> None:
        item = self._find(stage, act)
        if item is None:
            raise self._stuck(stage, act)
        rounds = MOST_ROUNDS if act.every else 1
        for _ in range(rounds):
            self._complete(stage, act, item)
            item = self._find(stage, act)
            if item is None:
                return
            if act.every:
                self.advance(self.still.now() + BETWEEN_ITEMS)

    def _find(self, stage: Stage, act: Act) -> WorkItem | None:
        """Return the first open item of the act's element, in its task or project, of its department."""
        instance = stage.task_instance(act.task) if act.task else stage.instance
        if instance is None:
            return None
        with self.engine.database.read() as uow:
            opened = work.open_items(uow, instance=instance)
        wanted = [item for item in opened if item.element == act.element]
        if act.department is not None:
            wanted = [item for item in wanted if item.locals.get("dept") == act.department]
        return wanted[0] if wanted else None

    def _complete(self, stage: Stage, act: Act, item: WorkItem) -> None:
        if item.assignee is None:
            raise self._stuck(stage, act)
        stage.item = item
        with self.engine.database.read() as uow:
            holder = directory.actor(uow, item.assignee)
        self._commands += 1
        command = f"sample-{act.sample}-{self._commands:04}"
        try:
            running.complete(self.engine, holder, item.id, act.fill(stage), command_id=command)
        except InvalidInput as error:
            wrong = "；".join(f"{path}：{text}" for path, text in error.fields.items())
            raise StoryStuck(
                T("样例的表单填得不对（{element}）：{wrong}", element=act.element, wrong=wrong or error.text),
                sample=act.sample,
            ) from error
        drain(self.engine)

    def _stuck(self, stage: Stage, act: Act) -> StoryStuck:
        with self.engine.database.read() as uow:
            opened = work.open_items(uow, instance=stage.instance)
            failed = incidents.page(uow)
        waiting = "、".join(sorted({item.element for item in opened})) or "—"
        troubles = "；".join(f"{trouble.element}：{trouble.message}" for trouble in failed) or "—"
        return StoryStuck(
            T(
                "样例走到{element}时没有可办的任务；正等待：{waiting}；故障：{troubles}",
                element=act.element,
                waiting=waiting,
                troubles=troubles,
            ),
            sample=act.sample,
            department=act.department,
            task=act.task,
        )
