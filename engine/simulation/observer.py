"""What a simulation has done so far, read from the database: events, and how instances stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from engine import definitions, history, incidents, jobs, rows, work
from engine.context import StepContext
from engine.incidents import Incident
from engine.instances import ENDED, get
from engine.runtime import Engine
from engine.simulation.report import Outcome, Report, Standing, told
from engine.spiff.port import ROOT_SCOPE
from engine.store.database import UnitOfWork
from engine.store.tables import instance as instances
from engine.store.tables import message, subscription
from engine.work import WorkItem

Json = Any
_MANY = 10_000


class Observer:
    """Looks after each act, so that events of several instances stand in the order they happened."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._events: list[Mapping[str, Json]] = []
        self._seen: dict[int, int] = {}
        self._final: dict[int, dict[str, Json]] = {}

    @property
    def told(self) -> int:
        """How many events there are to tell of."""
        return len(self._events)

    def look(self) -> None:
        """Take note of all events since the last look."""
        query = sa.select(instances.c.id, instances.c.process_id, instances.c.seq).order_by(instances.c.id)
        with self._engine.database.read() as uow:
            for id, process, seq in uow.execute(query).all():
                after = self._seen.get(id, 0)
                if seq > after:
                    for event in history.iterate(uow, id, after=after):
                        self._events.extend(told(event, process))
                    self._seen[id] = seq

    def ended(self, context: StepContext, outcome: str) -> None:
        """Keep the last variables of an instance, whose rows go when it ends."""
        self._final[context.instance.id] = dict(context.variables)

    def open_items(self) -> list[WorkItem]:
        """Return the open work items of all instances, oldest first."""
        with self._engine.database.read() as uow:
            return work.open_items(uow)

    def open_incidents(self) -> list[Incident]:
        """Return the open incidents of all instances."""
        with self._engine.database.read() as uow:
            return [each for each in incidents.page(uow, limit=_MANY) if each.state == "open"]

    def waited_at(self) -> set[str]:
        """Return the elements at which somebody or something is waited for."""
        with self._engine.database.read() as uow:
            ids = uow.execute(sa.select(instances.c.id).where(instances.c.state.not_in(ENDED))).scalars()
            return {wait["element"] for id in ids.all() for wait in self._waits(uow, id)}

    def report(self, *, exhausted: bool) -> Report:
        """Return the report; `exhausted` says that the run was ended before it came to rest."""
        failures = self.open_incidents()
        with self._engine.database.read() as uow:
            found = uow.execute(sa.select(instances).order_by(instances.c.id)).mappings().all()
            standings = [self._standing(uow, dict(row), failures, exhausted) for row in found]
            return Report(tuple(self._events), tuple(standings), tuple(_undelivered(uow)))

    def _standing(
        self, uow: UnitOfWork, row: Mapping[str, Json], failures: list[Incident], exhausted: bool
    ) -> Standing:
        id, process, state = row["id"], row["process_id"], row["state"]
        if state in ENDED:
            return Standing(id, process, state, self._final.get(id, {}), detail=_reason(uow, id))
        mine = tuple(
            {"element": each.element, "reason": each.reason, "message": str(each.message)}
            for each in failures
            if each.instance == id
        )
        outcome: Outcome = "incident" if mine else "limit" if exhausted else "waiting"
        known = {name: value for scope, name, value in rows.read(uow, id)[2] if scope == ROOT_SCOPE}
        return Standing(id, process, outcome, known, tuple(self._waits(uow, id)), mine)

    def _waits(self, uow: UnitOfWork, id: int) -> Iterator[dict[str, Json]]:
        places = self._places(uow, id)
        for item in work.open_items(uow, instance=id):
            yield {"element": item.element, "kind": "work", "name": item.name}
        query = sa.select(subscription).where(subscription.c.instance == id).order_by(subscription.c.id)
        waits = {(row["token"], row["slot"]): row for row in uow.execute(query).mappings()}
        for row in waits.values():
            yield {"element": places.get(row["token"], ""), "kind": row["kind"], "name": row["name"]}
        for job in jobs.page(uow, state="due", limit=_MANY):
            if job.instance == id and job.kind == "timer":
                due = job.due_at.isoformat()
                yield {"element": places.get(job.token or 0, ""), "kind": "timer", "due": due}

    def _places(self, uow: UnitOfWork, id: int) -> dict[int, str]:
        """Return the elements at which the tokens of an instance stand, as the diagram calls them."""
        tokens, scopes, _ = rows.read(uow, id)
        found = definitions.get(uow, get(uow, id).definition)
        specs = definitions.program(self._engine, uow, found).specs
        scope_of = {scope.id: specs[scope.spec] for scope in scopes}
        return {row.id: scope_of[row.scope].task_specs[row.spec].element.id for row in tokens}


def _reason(uow: UnitOfWork, id: int) -> dict[str, Json]:
    last = history.events(uow, id)[-1]
    return dict(last.body or {}) if last.kind == "instance.failed" else {}


def _undelivered(uow: UnitOfWork) -> Iterator[dict[str, Json]]:
    kept = sa.select(message.c.name).where(message.c.state == "kept").order_by(message.c.id)
    for (name,) in uow.execute(kept).all():
        yield {"message": name}
    for job in jobs.page(uow, state="dead", limit=_MANY):
        yield {"job": job.kind, "error": job.error}
