"""What a handler, service or query of the content sees of the step it runs in, and may ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine import access, jobs, notices, subjects
from engine.calendars import Calendar
from engine.directory import Actor
from engine.spiff.port import Element
from engine.store.database import UnitOfWork
from engine.text import T

if TYPE_CHECKING:
    from engine.instances import Instance
    from engine.step import Step
    from engine.work import WorkItem

Json = Any


class StepContext:
    """One handler's view: who acts, on what, with which variables, in which transaction."""

    def __init__(
        self,
        step: Step,
        *,
        element: Element | None = None,
        item: WorkItem | None = None,
        variables: Mapping[str, Json] | None = None,
    ) -> None:
        self._step = step
        self.element = element
        self.item = item
        self.variables: Mapping[str, Json] = variables if variables is not None else {}

    @property
    def uow(self) -> UnitOfWork:
        """The transaction of the step."""
        return self._step.uow

    @property
    def actor(self) -> Actor:
        """Who caused the step; the system for timers and jobs."""
        return self._step.actor

    @property
    def instance(self) -> Instance:
        """The instance that is being moved."""
        return self._step.instance

    @property
    def now(self) -> datetime:
        """The moment of the step, the same for all it writes."""
        return self._step.now

    @property
    def calendar(self) -> Calendar:
        """The organisation's working calendar."""
        return self._step.engine.calendar

    def start(
        self,
        process_id: str,
        variables: Mapping[str, Json],
        *,
        subject: str | None = None,
        key: str | None = None,
        kind: str = "linked",
    ) -> None:
        """Queue the start of a linked root instance (D15); it is drained before the page answers."""
        jobs.add(
            self.uow,
            "start",
            self.now,
            self.now,
            {
                "process": process_id,
                "variables": dict(variables),
                "subject": subject if subject is not None else self.instance.subject,
                "key": key,
                "kind": kind,
                "parent": self.instance.id,
                "actor": self.actor.id,
            },
        )

    def send(self, name: str, correlation: Json, payload: Mapping[str, Json] | None = None) -> None:
        """Queue a message for exactly one receiver; kept until the receiver appears."""
        jobs.add_message(self.uow, self.now, name, correlation, payload or {})

    def broadcast(self, name: str, payload: Mapping[str, Json] | None = None) -> None:
        """Queue a signal for everyone who waits for it when it is delivered."""
        jobs.add(self.uow, "signal", self.now, self.now, {"name": name, "payload": dict(payload or {})})

    def cancel_linked(self, kind: str | None = None, subject: str | None = None, reason: str = "") -> None:
        """Queue the cancellation of instances linked to this one."""
        jobs.add(
            self.uow,
            "cancel_linked",
            self.now,
            self.now,
            {"parent": self.instance.id, "kind": kind, "subject": subject, "reason": reason},
        )

    def notify(self, persons: Iterable[int], message: T, link: str | None = None) -> None:
        """Tell people something in the product."""
        notices.tell(self.uow, persons, message, self.now, self.instance.subject, self.instance.id, link)

    def record(self, kind: str, body: dict[str, Json]) -> None:
        """Add an event of the content's own to the history of the instance."""
        self._step.record(kind, body, element=self.element, item=self.item)

    def set_subject(self, subject: str, key: str | None = None) -> None:
        """Say what the instance is about; its items, comments and access follow."""
        self._step.set_subject(subject, key)

    def describe(self, subject: str, key: str, title: str) -> None:
        """Say how a subject is called on every page that lists its work."""
        subjects.describe(self.uow, subject, key, title)

    def grant(self, subject: str, group: str) -> None:
        """Let a group see the instances of a subject."""
        access.grant(self.uow, subject, group)

    def revoke(self, subject: str, group: str) -> None:
        """Take a group's view of a subject away."""
        access.revoke(self.uow, subject, group)
