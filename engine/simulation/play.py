"""Running a process by a scenario: real engine, real database, a clock that jumps to what is due next.

Whatever can go on by itself does; then people's steps are completed in the order in which they were
opened; then the next event of the scenario happens; and when nothing else is left the clock jumps to
the next timer. So a run of months takes a moment, and the same scenario gives the same events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import sqlalchemy as sa

from engine import definitions, directory, due, incidents, jobs, running, work
from engine.clock import FrozenClock, use_clock
from engine.context import StepContext
from engine.directory import Actor
from engine.errors import BpmnError, NotFound
from engine.incidents import Incident
from engine.runtime import Engine
from engine.simulation.observer import Observer
from engine.simulation.report import Report
from engine.simulation.scenario import Happening, Scenario
from engine.step import Step
from engine.store.tables import definition
from engine.text import T
from engine.work import WorkItem

Json = Any

MOST_JOBS = 5000
MOST_EVENTS = 1_000_000
"""So many jobs, or so many events, end a run: a loop that never waits goes on in job after job."""


def simulate(engine: Engine, process_id: str | None, scenario: Scenario) -> Report:
    """Run the newest version of a process in an engine made for this run alone, and tell what happened.

    Without `process_id`, or for one that only events start, nothing is started: the events of the
    scenario, or a timer, do that. What content does at the end of an instance is left out.
    """
    clock = FrozenClock(scenario.start)
    with use_clock(clock):
        return Simulation(engine, scenario, clock).play(process_id)


class Simulation:
    """One run: the engine, the scenario, and what has been seen so far."""

    def __init__(self, engine: Engine, scenario: Scenario, clock: FrozenClock) -> None:
        self._engine = engine
        self._scenario = scenario
        self._clock = clock
        self._observer = Observer(engine)
        self._visits: Counter[str] = Counter()
        self._happenings = list(scenario.events)
        self._jumps = scenario.jumps
        self._jobs = MOST_JOBS
        self._actor = self._player()
        self._listen_to_endings()

    def play(self, process_id: str | None) -> Report:
        """Run until nothing more can happen."""
        if process_id is not None and not self._needs_event(process_id):
            with self._engine.database.write() as uow:
                running.begin(
                    self._engine,
                    uow,
                    self._actor,
                    process_id,
                    self._scenario.variables,
                    start_event=self._scenario.start_event,
                )
            self._observer.look()
        while self._move():
            pass
        return self._observer.report(exhausted=self._exhausted())

    def _move(self) -> bool:
        """Let one thing happen; return False when there is nothing left or too much has happened."""
        return not self._too_much() and (
            self._run_job() or self._awaited() or self._answer() or self._next_happening() or self._jump()
        )

    def _needs_event(self, process_id: str) -> bool:
        with self._engine.database.read() as uow:
            found = definitions.latest(uow, process_id)
            if found is None:
                raise NotFound(T("没有名为“{name}”的流程", name=process_id), process=process_id)
            by_event = definitions.program(self._engine, uow, found).needs_event
        return by_event and self._scenario.start_event is None

    # ------------------------------------------------------------ what goes on by itself

    def _run_job(self) -> bool:
        with self._engine.database.read() as uow:
            at = jobs.next_due(uow)
        if at is None or at > self._clock.now():
            return False
        self._jobs -= 1
        due.run_due(self._engine, limit=1)
        self._observer.look()
        return True

    def _jump(self) -> bool:
        with self._engine.database.read() as uow:
            at = jobs.next_due(uow)
        if at is None or self._jumps <= 0:
            return False
        self._jumps -= 1
        self._clock.set(at)
        return True

    # ------------------------------------------------------------ people

    def _answer(self) -> bool:
        for item in self._observer.open_items():
            values = self._scenario.answer(item.element, self._visits[item.element])
            if values is not None:
                self._complete(item, values)
                return True
        return self._answer_unassigned()

    def _answer_unassigned(self) -> bool:
        """Complete a step whose people could not be worked out here, where there is no organisation."""
        for found in self._observer.open_incidents():
            values = self._scenario.answer(found.element, self._visits[found.element])
            if found.reason == "assignment" and values is not None:
                self._visits[found.element] += 1
                self._step(found.instance, partial(_pass, found=found, values=values))
                return True
        return False

    def _complete(self, item: WorkItem, values: dict[str, Json]) -> None:
        self._visits[item.element] += 1
        self._step(item.instance, partial(_finish, item=item, values=values))

    def _step(self, instance: int, act: Callable[[Step], None]) -> None:
        with self._engine.database.write() as uow:
            step = Step.open(self._engine, uow, self._actor, instance)
            act(step)
            step.advance()
            step.close()
        self._observer.look()

    # ------------------------------------------------------------ from outside

    def _awaited(self) -> bool:
        """Let the first event happen whose element is being waited at."""
        waiting = self._observer.waited_at() if any(each.when for each in self._happenings) else set()
        for each in self._happenings:
            if each.when and each.when in waiting:
                return self._happen(each)
        return False

    def _next_happening(self) -> bool:
        following = next((each for each in self._happenings if not each.when), None)
        return following is not None and self._happen(following)

    def _happen(self, happening: Happening) -> bool:
        self._happenings.remove(happening)
        name, payload = happening.name, happening.payload
        if happening.kind == "after":
            self._clock.set(happening.moment(self._clock.now()))
        elif happening.kind == "complete":
            item = next((each for each in self._observer.open_items() if each.element == name), None)
            if item is not None:
                self._complete(item, payload)
        else:
            self._send(happening.kind, name, happening.correlation, payload)
        return True

    def _send(self, kind: str, name: str, correlation: Json, payload: Mapping[str, Json]) -> None:
        now = self._clock.now()
        with self._engine.database.write() as uow:
            if kind == "message":
                jobs.add_message(uow, now, name, correlation, payload)
            else:
                jobs.add(uow, "signal", now, now, {"name": name, "payload": dict(payload)})

    # ------------------------------------------------------------ making ready

    def _player(self) -> Actor:
        """Return the one person of a simulation, who starts everything and does every step."""
        with self._engine.database.write() as uow:
            return directory.actor(uow, directory.add_person(uow, "模拟", None))

    def _listen_to_endings(self) -> None:
        with self._engine.database.read() as uow:
            names = uow.execute(sa.select(definition.c.process_id).distinct()).scalars().all()
        for process_id in names:
            self._engine.handlers.on_end(process_id, self._observer.ended)

    def _too_much(self) -> bool:
        return self._jobs <= 0 or self._observer.told >= MOST_EVENTS

    def _exhausted(self) -> bool:
        with self._engine.database.read() as uow:
            return self._too_much() or (self._jumps <= 0 and jobs.next_due(uow) is not None)


def stub_services(engine: Engine, scenario: Scenario) -> None:
    """Make the services of a scenario known before its diagrams are published."""
    for name, answer in scenario.services.items():
        engine.handlers.services[name] = _answering(answer)


def _answering(answer: Mapping[str, Json]) -> Callable[[StepContext], Mapping[str, Json]]:
    def service(context: StepContext) -> Mapping[str, Json]:
        if set(answer) == {"error"}:
            raise BpmnError(str(answer["error"]))
        return answer

    return service


def _finish(step: Step, item: WorkItem, values: dict[str, Json]) -> None:
    body = {"token": item.token, "form": item.form, "version": item.form_version, "values": values}
    step.record("work.completed", body, item=item)
    work.end_item(step.uow, item, step.actor, step.now)
    step.live.complete(item.token, values)


def _pass(step: Step, found: Incident, values: dict[str, Json]) -> None:
    incidents.close(step.uow, found.id, step.actor.id, step.now)
    body = {"token": found.token, "values": values}
    step.record("work.completed", body, element=step.live.element(found.token))
    step.live.complete(found.token, values)
