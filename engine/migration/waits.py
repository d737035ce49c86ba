"""What waits outside the token layer: items, jobs, subscriptions and incidents follow their tokens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine import incidents, jobs, messages
from engine.migration.reasons import Reason
from engine.migration.translation import Translation
from engine.spiff.parser.model import Trigger
from engine.spiff.port import Wait
from engine.spiff.private import WAITING
from engine.spiff.specs.events import Catching, conversation, correlate
from engine.spiff.specs.node import Node
from engine.step import Step
from engine.store.tables import incident, job, subscription, work_item

Json = Any
KEPT = ("due", "paused", "dead")
"""States of jobs that may still run, by themselves or when an operator says so."""


class Waits:
    """Carries over what the tokens of one instance wait for; `reasons` are why that cannot be exact."""

    def __init__(self, step: Step, nodes: Mapping[int, Node]) -> None:
        self.step = step
        self.nodes = nodes
        self.reasons: list[Reason] = []

    def carry(self, found: Translation) -> None:
        """Change the rows of everything that waits, where the new version says something else of it."""
        uow, instance, now = self.step.uow, self.step.instance.id, self.step.now
        messages.unsubscribe(uow, instance, found.dropped)
        jobs.drop_of_tokens(uow, instance, found.dropped, now)
        incidents.close_of_tokens(uow, instance, found.dropped, now)
        self._items()
        self._incidents()
        self._services()
        for id, row in found.tokens.items():
            old, new = self.nodes[id], self.step.live.state.tokens[id].task_spec
            if row.state == WAITING and isinstance(old, Catching):
                self._events(id, old, new)

    def _items(self) -> None:
        """Open items keep id, holder, offers, drafts and comments; they name the new element and form."""
        uow, definition = self.step.uow, self.step.definition
        query = sa.select(work_item.c.id, work_item.c.token, work_item.c.form).where(
            work_item.c.instance == self.step.instance.id, work_item.c.state == "open"
        )
        for id, token, form in uow.execute(query).all():
            element = self.step.live.element(token)
            values = {
                "definition": definition.id,
                "element": element.id,
                "name": element.name or element.id,
                "lane": element.lane,
                "rule": element.attributes.get("rule", ""),
                "form_version": definition.forms.get(form) if form else None,
                "version": work_item.c.version + 1,
            }
            uow.execute(sa.update(work_item).where(work_item.c.id == id).values(**values))

    def _incidents(self) -> None:
        uow = self.step.uow
        for found in incidents.page(uow, instance=self.step.instance.id, limit=100_000):
            element = self.step.live.element(found.token).id
            if element != found.element:
                uow.execute(sa.update(incident).where(incident.c.id == found.id).values(element=element))

    def _services(self) -> None:
        for id, token, _, _, payload, _ in self._jobs("service"):
            at = self.step.live.state.tokens.get(token)
            if at is not None:
                self._change(id, payload={**payload, "element": at.task_spec.element.id})

    def _jobs(self, kind: str, token: int | None = None, slot: int | None = None) -> list[Any]:
        query = sa.select(
            job.c.id, job.c.token, job.c.due_at, job.c.created_at, job.c.payload, job.c.state
        ).where(job.c.instance == self.step.instance.id, job.c.kind == kind, job.c.state.in_(KEPT))
        if token is not None:
            query = query.where(job.c.token == token, job.c.slot == slot)
        return list(self.step.uow.execute(query).all())

    def _change(self, id: int, **values: Json) -> None:
        self.step.uow.execute(sa.update(job).where(job.c.id == id).values(**values))

    # ------------------------------------------------------------ events

    def _events(self, token: int, old: Node, new: Node) -> None:
        for slot, (was, now) in enumerate(zip(old.triggers, new.triggers, strict=True)):
            if was.kind == "timer" and _timing(old, was) != _timing(new, now):
                self._time(token, slot, new, now)
            elif was.kind in ("message", "signal") and _address(old, was) != _address(new, now):
                self._address(token, slot, now)

    def _time(self, token: int, slot: int, new: Node, trigger: Trigger) -> None:
        """Reckon a changed timer from the moment its first version began; pauses are added again."""
        names = self.step.live.names(token)
        for id, _, due, began, payload, _ in self._jobs("timer", token, slot):
            if _has_fired(payload, began):
                self.reasons.append(Reason.at("cycle", token, new.element.id, new.element.name))
                continue
            paused: timedelta = due - datetime.fromisoformat(payload["due"])
            detail = self.step.host.timer_since(
                began, trigger.timer, trigger.text, names, element=new.element
            )
            following = {"type": trigger.timer, "text": trigger.text, **detail}
            self._change(id, payload=following, due_at=datetime.fromisoformat(detail["due"]) + paused)

    def _address(self, token: int, slot: int, trigger: Trigger) -> None:
        """Let a token wait for a message or signal under its new name and correlation."""
        uow, instance = self.step.uow, self.step.instance.id
        at = self.step.live.state.tokens[token]
        gone = sa.delete(subscription).where(
            subscription.c.instance == instance,
            subscription.c.token == token,
            subscription.c.slot == slot,
        )
        uow.execute(gone)
        detail: dict[str, Json] = {"name": trigger.name, **conversation(at, trigger)}
        if trigger.kind == "message":
            detail["correlation"] = correlate(at, trigger)
        kind = "message" if trigger.kind == "message" else "signal"
        wait = Wait(token, at.task_spec.element.id, kind, at.workflow.id, slot, detail=detail)  # type: ignore[arg-type]
        messages.subscribe(uow, instance, wait, self.step.now)


def _timing(node: Node, trigger: Trigger) -> tuple[object, ...]:
    return trigger.timer, trigger.text.strip(), node.element.attributes.get("calendar")


def _address(node: Node, trigger: Trigger) -> tuple[object, ...]:
    correlation = node.element.attributes.get("correlation") or trigger.correlation
    return trigger.name, correlation if trigger.kind == "message" else None, trigger.keys


def _has_fired(payload: Mapping[str, Json], began: datetime) -> bool:
    """Whether a cycle has fired: the first job of one without a start begins where the cycle does."""
    cycle = payload.get("cycle")
    if cycle is None or cycle["index"] == 0:
        return False
    return datetime.fromisoformat(cycle["anchor"]) != began
