"""The step: one change of one instance inside one transaction (architecture §3).

Lock, load, let the tokens move, write what changed, let go. Whatever fails takes everything back,
the live instance in memory included: it was taken out of the cache and returns only on commit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from engine import clock, history, incidents, instances, jobs, messages, rows, work
from engine.assignment import Assignment
from engine.context import StepContext
from engine.definitions import Definition, get_definition, program
from engine.directory import Actor
from engine.errors import Conflict, ElementFailed, WuxingError
from engine.host import StepHost
from engine.instances import Instance
from engine.replay import move_row
from engine.runtime import Engine
from engine.spiff.instance import LiveInstance
from engine.spiff.port import Changes, Correlated, Element, Failure, Move, Thrown, Wait
from engine.store.database import UnitOfWork
from engine.text import T
from engine.work import WorkItem

Json = Any


class Step:
    """One change of one instance; `opened` are the ids of the items it has opened."""

    def __init__(
        self, engine: Engine, uow: UnitOfWork, actor: Actor, instance: Instance, definition: Definition
    ) -> None:
        self.engine = engine
        self.uow = uow
        self.actor = actor
        self.instance = instance
        self.definition = definition
        self.now = clock.now()
        self.program = program(engine, uow, definition)
        self.chain = history.Chain(instance.id, instance.seq, instance.head)
        self.host = StepHost(self)
        self.opened: list[int] = []
        self.completed: set[int] = set()
        """The tokens whose items the step has completed."""
        self.live: LiveInstance

    @classmethod
    def open(cls, engine: Engine, uow: UnitOfWork, actor: Actor, instance_id: int) -> Step:
        """Lock an instance and bring it to life, from memory or from its rows.

        One that has ended has no rows left and stays lifeless: ask `require_active` before moving it.
        """
        return cls.of(engine, uow, actor, instances.lock(uow, instance_id))

    @classmethod
    def of(cls, engine: Engine, uow: UnitOfWork, actor: Actor, instance: Instance) -> Step:
        """Bring an instance to life that has been locked, as `open` does."""
        step = cls(engine, uow, actor, instance, get_definition(engine, uow, instance.definition))
        if instance.is_ended:
            return step
        live = engine.hot.take(instance.id, instance.version)
        if live is None:
            live = LiveInstance.load(
                step.program, step.host, *rows.read(uow, instance.id), instance.next_token
            )
        live.host = step.host
        step.live = live
        return step

    @classmethod
    def begin(
        cls,
        engine: Engine,
        uow: UnitOfWork,
        actor: Actor,
        definition: Definition,
        variables: Mapping[str, Json],
        *,
        key: str | None = None,
        subject: str | None = None,
        start_event: str | None = None,
        message: str | None = None,
    ) -> Step:
        """Insert a new instance with its first token; `advance` lets it move."""
        now = clock.now()
        values: dict[str, Any] = {
            "definition": definition.id,
            "process_id": definition.process_id,
            "key": key,
            "subject": subject,
            "state": "active",
            "version": 0,
            "next_token": 1,
            "seq": 0,
            "head": history.GENESIS,
            "started_by": actor.id,
            "started_at": now,
        }
        instance_id = instances.insert(uow, values)
        instance = Instance(id=instance_id, ended_at=None, **values)
        step = cls(engine, uow, actor, instance, definition)
        body = {
            "process": definition.process_id,
            "version": definition.version,
            "hash": definition.hash,
            "key": key,
            "subject": subject,
            "variables": dict(variables),
        }
        step.chain.append("instance.started", actor, step.now, body)
        step.live = LiveInstance.start(
            step.program, step.host, variables, start_event=start_event, message=message
        )
        return step

    def context(
        self, *, element: Element | None = None, item: WorkItem | None = None, token: int | None = None
    ) -> StepContext:
        """Return what a handler sees; the variables are those visible at the token."""
        names = self.live.names(token) if token is not None else {}
        return StepContext(self, element=element, item=item, variables=names)

    def record(
        self,
        kind: str,
        body: dict[str, Json],
        *,
        element: Element | None = None,
        item: WorkItem | None = None,
    ) -> None:
        """Add an event to the history of the instance."""
        self.chain.append(
            kind,
            self.actor,
            self.now,
            body,
            element=element.id if element is not None else item.element if item is not None else None,
            item=item.id if item is not None else None,
        )

    @contextmanager
    def part(self) -> Iterator[None]:
        """Take back all that a part has done when it fails: only its incident may remain."""
        mark, subject, key = self.chain.mark(), self.instance.subject, self.instance.key
        try:
            with self.uow.part():
                yield
        except WuxingError:
            self.chain.back_to(mark)
            self.instance.subject, self.instance.key = subject, key
            raise

    def require_active(self) -> None:
        """Refuse to move an instance that has ended or rests."""
        if self.instance.state == "suspended":
            raise Conflict(T("流程已暂停，恢复后才能办理"), instance=self.instance.id)
        if self.instance.is_ended:
            raise Conflict(T("流程已结束，不能再办理"), instance=self.instance.id)

    # ------------------------------------------------------------ moving on

    def advance(self) -> None:
        """Let the tokens move until they wait, and write everything that follows from it."""
        more = self.live.run(self.engine.limits.tasks_per_step)
        changes = self.live.changes()
        rows.write(self.uow, self.instance.id, changes)
        self._close_waits(changes)
        self._record_moves(changes.moves)
        self._record_keys(changes.correlated)
        for wait in changes.waits:
            self._open_wait(wait)
        for failure in changes.failures:
            self._fail(failure)
        for thrown in changes.thrown:
            self._send(thrown)
        if changes.outcome is not None:
            self.end(changes.outcome, changes.outcome_detail)
        elif more:
            jobs.add(self.uow, "continue", self.now, self.now, {}, instance=self.instance.id)

    def _send(self, thrown: Thrown) -> None:
        messages.send_thrown(self.uow, self.instance.id, thrown, self.now)
        for token, element in thrown.reached:
            body = {"token": token, "name": thrown.name, "payload": thrown.payload}
            self.chain.append("signal.received", self.actor, self.now, body, element=element)

    def _close_waits(self, changes: Changes) -> None:
        gone = changes.unwaits
        if not gone:
            return
        instance = self.instance.id
        messages.unsubscribe(self.uow, instance, gone)
        jobs.drop_of_tokens(self.uow, instance, gone, self.now)
        unfinished = [token for token in gone if token not in self.completed]
        work.cancel_items(self.uow, instance, unfinished, self.now)
        incidents.close_of_tokens(self.uow, instance, gone, self.now)

    def _record_keys(self, found: list[Correlated]) -> None:
        """Say what correlation keys are worth from now on: by this messages will be matched."""
        for each in found:
            own = each.process in ("", self.instance.process_id)
            body = {
                "key": each.key,
                "scope": each.scope,
                "values": each.values,
                "cause": each.cause,
                **({"name": each.message} if each.message else {}),
                **({} if own else {"process": each.process}),
            }
            self.chain.append("correlation.set", self.actor, self.now, body, element=each.element)

    def _record_moves(self, moves: list[Move]) -> None:
        decisions = self.host.drain_decisions()
        if not moves and not decisions:
            return
        body: dict[str, Json] = {"moves": [move_row(move, self.instance.process_id) for move in moves]}
        if decisions:
            body["decisions"] = decisions
        self.chain.append("moved", self.actor, self.now, body)

    def _open_wait(self, wait: Wait) -> None:
        if wait.kind == "work":
            self.open_work(wait.token)
        elif wait.kind == "timer":
            messages.arm_timer(self.uow, self.instance.id, wait, self.now)
        elif wait.kind in ("message", "signal"):
            messages.subscribe(self.uow, self.instance.id, wait, self.now)
        elif wait.kind == "service":
            detail = {"element": wait.element, **wait.detail}
            jobs.add(
                self.uow,
                "service",
                self.now,
                self.now,
                detail,
                instance=self.instance.id,
                token=wait.token,
                slot=wait.slot,
            )

    def open_work(self, token: int) -> None:
        """Open the work item of a waiting token; an assignment that fails becomes an incident."""
        element = self.live.element(token)
        try:
            assignment = Assignment.of(self, element, token)
        except ElementFailed as error:
            self._fail(Failure(token, element.id, "assignment", error.text, dict(error.ids)))
            return
        item_id = work.open_item(self.uow, assignment.columns, assignment.offer, self.now)
        self.opened.append(item_id)
        for moment in assignment.reminders:
            body = {"item": item_id}
            jobs.add(self.uow, "remind", moment, self.now, body, instance=self.instance.id, token=token)
        self.chain.append(
            "work.opened",
            self.actor,
            self.now,
            assignment.as_history(token),
            element=element.id,
            item=item_id,
        )

    def _fail(self, failure: Failure) -> None:
        incident_id = incidents.open_incident(self.uow, self.instance.id, failure, self.now)
        body = {
            "incident": incident_id,
            "token": failure.token,
            "reason": failure.reason,
            "message": str(failure.text),
            "detail": failure.detail,
        }
        self.chain.append("incident.opened", self.actor, self.now, body, element=failure.element)

    # ------------------------------------------------------------ ending

    def end(self, outcome: str, detail: Mapping[str, Json]) -> None:
        """Close everything that belonged to the instance and tell the content."""
        self.instance.state = outcome
        self.instance.ended_at = self.now
        self.chain.append(f"instance.{outcome}", self.actor, self.now, dict(detail))
        tokens = [item.token for item in work.open_items(self.uow, instance=self.instance.id)]
        work.cancel_items(self.uow, self.instance.id, tokens, self.now)
        messages.unsubscribe_all(self.uow, self.instance.id)
        jobs.drop_of_instance(self.uow, self.instance.id, self.now)
        rows.drop(self.uow, self.instance.id)
        ending = self.engine.handlers.endings.get(self.instance.process_id)
        if ending is not None:
            context = self.context()
            context.variables = self.live.variables()
            ending(context, outcome)
        body = {"parent": self.instance.id, "kind": None, "subject": None, "reason": "ended"}
        if instances.children(self.uow, self.instance.id):
            jobs.add(self.uow, "cancel_linked", self.now, self.now, body)

    def finish_cancel(self, reason: str) -> None:
        """Write what a cancellation of the live instance has left behind."""
        changes = self.live.changes()
        self._close_waits(changes)
        self._record_moves(changes.moves)
        self.end("cancelled", {"reason": reason})

    def set_subject(self, subject: str, key: str | None) -> None:
        """Say what the instance is about; its open items follow."""
        self.instance.subject = subject
        self.instance.key = key if key is not None else self.instance.key
        self.uow.change("update work_item set subject = ? where instance = ?", (subject, self.instance.id))

    def close(self) -> None:
        """Write the history and the instance's new version; the commit makes it true."""
        self.chain.write(self.uow)
        it = self.instance
        self.uow.change_one(
            "update instance set version = ?, next_token = ?, seq = ?, head = ?, state = ?, ended_at = ?,"
            " subject = ?, key = ? where id = ? and version = ?",
            (
                it.version + 1,
                self.live.next_id,
                self.chain.seq,
                self.chain.head,
                it.state,
                self.uow.time(it.ended_at),
                it.subject,
                it.key,
                it.id,
                it.version,
            ),
            lambda: Conflict(T("流程刚被他人推进，请重试"), instance=it.id),
        )
        it.version += 1
        if not it.is_ended:
            self.uow.after_commit(lambda: self.engine.hot.put(it.id, it.version, self.live))
        self.uow.after_commit(self.engine.wake.set)
