"""What is due gets done: each job in one transaction of its own, its effect and its mark together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from engine import (
    clock,
    condition_starts,
    correlation,
    definitions,
    directory,
    instances,
    jobs,
    messages,
    notices,
    timer_starts,
    work,
)
from engine.directory import SYSTEM, Actor
from engine.errors import StorageFull, WuxingError
from engine.jobs import Job
from engine.messages import Message, Subscription
from engine.running import begin, cancel_within
from engine.runtime import Engine
from engine.step import Step
from engine.store.database import UnitOfWork
from engine.text import T

Json = Any
Opened = list[int]

_log = logging.getLogger(__name__)
_MOST_AT_ONCE = 10_000


def run_due(
    engine: Engine,
    now: datetime | None = None,
    *,
    kinds: Sequence[str] | None = None,
    limit: int = _MOST_AT_ONCE,
    behind: bool = False,
) -> Opened:
    """Run the jobs due at `now`, oldest first; returns the ids of the work items they opened.

    A job that fails is tried again later, with back-off, and is dead after its last attempt; one
    failure never stops the others. A runner that no person waits for lets people go first: `behind`.
    """
    made = _Round(engine, kinds, behind=behind)
    for _ in range(limit):
        if not made.one(now):
            break
    return made.opened


def drain(engine: Engine) -> Opened:
    """Run what the last command has left to be done at once: linked starts, messages, signals.

    The command itself has taken effect: a disk that fills up only now leaves the rest to the runner.
    """
    try:
        return run_due(engine, kinds=jobs.AT_ONCE)
    except StorageFull as error:
        _log.warning("no room to run what is due: %s", error)
        return []


class _Round:
    """One round through what is due: what it opened, and what failed and is not tried again in it."""

    def __init__(self, engine: Engine, kinds: Sequence[str] | None, *, behind: bool) -> None:
        self.engine, self.kinds, self.behind = engine, kinds, behind
        self.opened: Opened = []
        self.failed: list[int] = []

    def one(self, now: datetime | None) -> bool:
        """Run the job that has been due for the longest time; return whether there was one."""
        taken: Job | None = None
        try:
            with self.engine.database.write(behind=self.behind) as uow:
                # The present of the turn: whoever went before may have left something due since we asked.
                taken = jobs.take_due(uow, now or clock.now(), self.kinds, skip=self.failed)
                if taken is None:
                    return False
                jobs.finish(uow, taken, clock.now())
                items = KINDS.get(taken.kind, _content_job)(self.engine, uow, taken)
            self.opened.extend(items)
        except StorageFull:
            # No fault of the job: it stays as it is and costs none of its attempts.
            raise
        except Exception as error:
            if taken is None:
                raise
            self.failed.append(taken.id)
            _note_failure(self.engine, taken, error)
        return True


def _note_failure(engine: Engine, failed: Job, error: Exception) -> None:
    """Write the failure in a transaction of its own: the job's has been rolled back."""
    _log.warning("job %s (%s) failed", failed.id, failed.kind, exc_info=error)
    reason = str(error.text) if isinstance(error, WuxingError) else f"{type(error).__name__}: {error}"
    with engine.database.write() as uow:
        jobs.fail(uow, failed, reason, clock.now(), engine.limits.job_attempts)


# ---------------------------------------------------------------- kinds


def _actor(uow: UnitOfWork, payload: dict[str, Json]) -> Actor:
    who = payload.get("actor") or SYSTEM.id
    return SYSTEM if who == SYSTEM.id else directory.actor(uow, who)


def _start(engine: Engine, uow: UnitOfWork, job: Job) -> Opened:
    body = job.payload
    step = begin(
        engine,
        uow,
        _actor(uow, body),
        body["process"],
        body["variables"],
        key=body.get("key"),
        subject=body.get("subject"),
        start_event=body.get("start_event"),
    )
    if body.get("parent") is not None:
        instances.add_link(uow, step.instance.id, body["parent"], body["kind"], body.get("subject"))
    return step.opened


def _start_at(engine: Engine, uow: UnitOfWork, job: Job) -> Opened:
    """Start a process whose timer start is due, unless a newer version has its own timers."""
    newest = definitions.latest(uow, job.payload["process"])
    if newest is None or newest.id != job.payload["definition"]:
        return []
    return timer_starts.occur(
        engine,
        uow,
        job,
        lambda process, event: begin(engine, uow, SYSTEM, process, {}, start_event=event).opened,
    )


def _start_on_condition(engine: Engine, uow: UnitOfWork, job: Job) -> Opened:
    return condition_starts.occur(
        uow,
        job,
        lambda process, event: begin(engine, uow, SYSTEM, process, {}, start_event=event).opened,
    )


def _on_instance(move: Callable[[Step, Job], None]) -> Callable[[Engine, UnitOfWork, Job], Opened]:
    def run(engine: Engine, uow: UnitOfWork, job: Job) -> Opened:
        assert job.instance is not None
        step = Step.open(engine, uow, SYSTEM, job.instance)
        if step.instance.is_ended:
            return []
        move(step, job)
        step.advance()
        step.close()
        return step.opened

    return run


def _fire(step: Step, job: Job) -> None:
    assert job.token is not None
    element = step.live.element(job.token)
    body = {"token": job.token, "due": job.due_at.isoformat()}
    step.chain.append("timer.fired", step.actor, step.now, body, element=element.id)
    step.live.fire(job.token, job.slot, job.payload)


def _go_on(step: Step, job: Job) -> None:
    """A long run goes on where its budget ended; `advance` does all of it."""


def _deliver(engine: Engine, uow: UnitOfWork, job: Job) -> Opened:
    name, payload = job.payload["name"], job.payload.get("payload") or {}
    carried = correlation.carried(uow, name, payload)
    message = Message(name, job.payload.get("correlation"), payload, carried)
    for match in messages.receivers(uow, message):
        told = match.told()
        matched = {"matched": told} if told else {}
        opened = _receive(engine, uow, match.receiver, "message.received", name, payload, **matched)
        if opened is not None:
            return opened
    started = _start_by(engine, uow, "message", name, payload)
    if started is None:
        messages.keep(uow, message, clock.now(), engine.limits.message_days)
    return started or []


def _signal(engine: Engine, uow: UnitOfWork, job: Job) -> Opened:
    """Fan a signal out: one job for each who waits now, so that no step holds two instances."""
    name, payload = job.payload["name"], job.payload.get("payload") or {}
    now = clock.now()
    for receiver in messages.find_receivers(uow, "signal", name, "", limit=_MOST_AT_ONCE):
        if receiver.instance == job.payload.get("thrower"):
            continue
        body = {"name": name, "payload": payload, "subscription": receiver.id}
        jobs.add(
            uow,
            "receive",
            now,
            now,
            body,
            instance=receiver.instance,
            token=receiver.token,
            slot=receiver.slot,
        )
    return _start_by(engine, uow, "signal", name, payload) or []


def _receive_signal(engine: Engine, uow: UnitOfWork, job: Job) -> Opened:
    assert job.instance is not None
    assert job.token is not None
    receiver = Subscription(job.payload["subscription"], job.instance, job.token, job.slot)
    name, payload = job.payload["name"], job.payload["payload"]
    return _receive(engine, uow, receiver, "signal.received", name, payload) or []


def _receive(
    engine: Engine,
    uow: UnitOfWork,
    receiver: Subscription,
    kind: str,
    name: str,
    payload: dict[str, Json],
    **more: Json,
) -> Opened | None:
    step = Step.open(engine, uow, SYSTEM, receiver.instance)
    if step.instance.state != "active" or not messages.still_waits(uow, receiver):
        return None
    element = step.live.element(receiver.token)
    body = {"token": receiver.token, "name": name, "payload": payload, **more}
    step.chain.append(kind, step.actor, step.now, body, element=element.id)
    step.live.deliver(receiver.token, payload, receiver.slot)
    step.advance()
    step.close()
    return step.opened


def _start_by(
    engine: Engine, uow: UnitOfWork, kind: str, name: str, payload: dict[str, Json]
) -> Opened | None:
    """Start the processes whose start event waits for this; one for a message, all for a signal."""
    opened: Opened | None = None
    for process_id, element in definitions.starting_on(uow, kind, name):
        step = begin(engine, uow, SYSTEM, process_id, payload, start_event=element, message=name)
        opened = (opened or []) + step.opened
        if kind == "message":
            break
    return opened


def _cancel_linked(engine: Engine, uow: UnitOfWork, job: Job) -> Opened:
    body, now = job.payload, clock.now()
    for entry in instances.children(uow, body["parent"], kind=body.get("kind")):
        if body.get("subject") in (None, entry.subject):
            reason = body.get("reason") or "cancelled"
            jobs.add(uow, "cancel", now, now, {"child": entry.child, "reason": reason})
    return []


def _cancel(engine: Engine, uow: UnitOfWork, job: Job) -> Opened:
    cancel_within(engine, uow, SYSTEM, job.payload["child"], job.payload["reason"])
    return []


def _remind(engine: Engine, uow: UnitOfWork, job: Job) -> Opened:
    """Tell who has an item, or whom it is offered to, that it is still open."""
    item = work.read(uow, job.payload["item"])
    if item.state == "open":
        told = [item.assignee] if item.assignee else directory.members(uow, work.offered_to(uow, item.id))
        about = T("“{step}”还没有办完：{title}", step=T(item.name), title=item.title or item.key)
        notices.tell(uow, told, about, clock.now(), item.subject, item.instance, f"/tasks/{item.id}")
    return []


def _content_job(engine: Engine, uow: UnitOfWork, job: Job) -> Opened:
    call = engine.handlers.jobs[job.kind]
    assert job.instance is not None
    step = Step.open(engine, uow, SYSTEM, job.instance)
    if not step.instance.is_ended:
        call(step.context(), job.payload)
        step.advance()
        step.close()
    return step.opened


KINDS: dict[str, Callable[[Engine, UnitOfWork, Job], Opened]] = {
    "start": _start,
    timer_starts.KIND: _start_at,
    condition_starts.KIND: _start_on_condition,
    "timer": _on_instance(_fire),
    "remind": _remind,
    "continue": _on_instance(_go_on),
    "deliver": _deliver,
    "signal": _signal,
    "receive": _receive_signal,
    "cancel_linked": _cancel_linked,
    "cancel": _cancel,
}
"""What runs a job, by its kind; any other kind belongs to the content."""
