"""Commands on instances: start, complete, cancel, suspend, resume, retry. Each is one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import clock, commands, definitions, incidents, instances, jobs, messages, work
from engine.context import StepContext
from engine.directory import Actor
from engine.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused
from engine.handlers import FormHandler
from engine.instances import Instance
from engine.policy import may_see_instance
from engine.runtime import Engine
from engine.step import Step
from engine.store.database import UnitOfWork
from engine.text import T
from engine.work import WorkItem

Json = Any

_NO_HANDLER = FormHandler()


@dataclass(frozen=True, slots=True)
class Moved:
    """What a command did: the instance, the items it opened, and the instance's state after it."""

    instance: int
    opened: tuple[int, ...]
    state: str

    def as_json(self) -> dict[str, Json]:
        """Return the answer that is kept with the command."""
        return {"instance": self.instance, "opened": list(self.opened), "state": self.state}

    @classmethod
    def from_json(cls, value: Mapping[str, Json]) -> Moved:
        """Return the answer of a command that has been carried out before."""
        return cls(value["instance"], tuple(value["opened"]), value["state"])

    @classmethod
    def by(cls, step: Step) -> Moved:
        """Return what a step did."""
        return cls(step.instance.id, tuple(step.opened), step.instance.state)


def start(
    engine: Engine,
    actor: Actor,
    process_id: str,
    variables: Mapping[str, Json] | None = None,
    *,
    command_id: str,
    key: str | None = None,
    subject: str | None = None,
    start_event: str | None = None,
) -> Moved:
    """Start the newest version of a process; its tokens move until they wait.

    It begins at its first start event without trigger, or at `start_event`.
    """

    def carry_out(uow: UnitOfWork) -> dict[str, Json]:
        step = begin(
            engine, uow, actor, process_id, variables or {}, key=key, subject=subject, start_event=start_event
        )
        return Moved.by(step).as_json()

    return Moved.from_json(commands.once(engine.database, command_id, actor, carry_out))


def begin(
    engine: Engine,
    uow: UnitOfWork,
    actor: Actor,
    process_id: str,
    variables: Mapping[str, Json],
    *,
    key: str | None = None,
    subject: str | None = None,
    start_event: str | None = None,
    message: str | None = None,
) -> Step:
    """Start an instance within a unit of work and return its finished step.

    `message` is the name of the message or signal that has come to the start event.
    """
    found = definitions.latest(uow, process_id)
    if found is None:
        raise NotFound(T("没有名为“{name}”的流程", name=process_id), process=process_id)
    step = Step.begin(
        engine,
        uow,
        actor,
        found,
        variables,
        key=key,
        subject=subject,
        start_event=start_event,
        message=message,
    )
    step.advance()
    step.close()
    return step


def complete(
    engine: Engine, actor: Actor, item_id: int, values: Mapping[str, Json], *, command_id: str
) -> Moved:
    """Complete a work item: check, let the form take effect, and let the tokens move on.

    Raises `InvalidInput` with the fields, `Refused`, `Forbidden`, or `Conflict` naming who was faster;
    nothing has changed then.
    """

    def carry_out(uow: UnitOfWork) -> dict[str, Json]:
        instance, item = work.lock(uow, item_id)
        step = Step.of(engine, uow, actor, instance)
        work.require_open(uow, actor, item)
        step.require_active()
        _take_effect(step, item, values)
        step.advance()
        step.close()
        return Moved.by(step).as_json()

    return Moved.from_json(commands.once(engine.database, command_id, actor, carry_out))


def item_context(step: Step, item: WorkItem) -> StepContext:
    """Return what the handlers of an item's form see."""
    return step.context(element=step.live.element(item.token), item=item, token=item.token)


def _take_effect(step: Step, item: WorkItem, values: Mapping[str, Json]) -> None:
    handlers = step.engine.handlers
    context = item_context(step, item)
    handler = handlers.forms.get(item.form or "", _NO_HANDLER)
    clean = dict(values)
    if item.form is not None:
        clean = handlers.validate(context, item.form, item.form_version, values)
    if handler.check is not None:
        problems = handler.check(context, clean)
        if problems:
            raise InvalidInput(T("有{n}处需要修改", n=len(problems)), problems)
    body = {"token": item.token, "form": item.form, "version": item.form_version, "values": clean}
    step.record("work.completed", body, item=item)
    results = dict(handler.complete(context, clean)) if handler.complete is not None else clean
    work.end_item(step.uow, item, step.actor, step.now)
    step.completed.add(item.token)
    step.live.complete(item.token, results)


# ---------------------------------------------------------------- operators


def _require_operator(uow: UnitOfWork, actor: Actor, instance: Instance) -> None:
    if not may_see_instance(uow, actor, instance):
        raise NotFound(T("没有这个流程实例"), instance=instance.id)
    if actor.id and not actor.has("administrator", "coordinator"):
        raise Forbidden(T("只有管理员或协调员可以这样做"))


def cancel(engine: Engine, actor: Actor, instance_id: int, reason: str) -> Moved:
    """End an instance with everything that is open in it and linked to it; needs a reason."""
    if not reason.strip():
        raise InvalidInput(T("请写明原因"), {"reason": T("请写明原因")})
    with engine.database.write() as uow:
        _require_operator(uow, actor, instances.get(uow, instance_id))
        step = cancel_within(engine, uow, actor, instance_id, reason.strip())
        return Moved.by(step)


def cancel_within(engine: Engine, uow: UnitOfWork, actor: Actor, instance_id: int, reason: str) -> Step:
    """Cancel an instance within a unit of work; one that has ended stays as it is."""
    step = Step.open(engine, uow, actor, instance_id)
    if not step.instance.is_ended:
        step.live.cancel(reason)
        step.finish_cancel(reason)
        step.close()
    return step


def suspend(engine: Engine, actor: Actor, instance_id: int, reason: str) -> None:
    """Let an instance and all linked ones rest: no step, and the clocks stand still (Q20)."""
    if not reason.strip():
        raise InvalidInput(T("请写明原因"), {"reason": T("请写明原因")})
    with engine.database.write() as uow:
        _require_operator(uow, actor, instances.get(uow, instance_id))
        for found in _family(uow, instance_id):
            if found.state == "active":
                _turn(engine, uow, actor, found.id, "suspended", {"reason": reason.strip()})
                jobs.pause(uow, found.id)


def resume(engine: Engine, actor: Actor, instance_id: int) -> None:
    """Let a resting instance and all linked ones go on; their clocks are later by the pause."""
    with engine.database.write() as uow:
        _require_operator(uow, actor, instances.get(uow, instance_id))
        for found in _family(uow, instance_id):
            if found.state != "suspended":
                continue
            since = instances.suspended_since(uow, found.id)
            step = _turn(engine, uow, actor, found.id, "active", {"since": since.isoformat()})
            jobs.resume(uow, found.id, step.now - since)
            messages.deliver_kept(uow, found.id, step.now)


def _family(uow: UnitOfWork, instance_id: int) -> list[Instance]:
    family, todo = [], [instance_id]
    while todo:
        found = instances.get(uow, todo.pop(0))
        family.append(found)
        todo.extend(entry.child for entry in instances.children(uow, found.id))
    return family


def _turn(
    engine: Engine, uow: UnitOfWork, actor: Actor, instance_id: int, state: str, body: dict[str, Json]
) -> Step:
    step = Step.open(engine, uow, actor, instance_id)
    step.instance.state = state
    step.record("instance.suspended" if state == "suspended" else "instance.resumed", body)
    step.close()
    return step


def retry_incident(engine: Engine, actor: Actor, incident_id: int) -> Moved:
    """Run a failed element again; if it fails again, a new incident opens."""
    with engine.database.write() as uow:
        found = incidents.get(uow, incident_id)
        _require_operator(uow, actor, instances.get(uow, found.instance))
        if found.state != "open":
            raise Conflict(T("这个故障已处理"), incident=incident_id)
        step = Step.open(engine, uow, actor, found.instance)
        step.require_active()
        incidents.close(uow, incident_id, actor.id, step.now)
        body = {"incident": incident_id, "token": found.token}
        step.chain.append("incident.retried", actor, step.now, body, element=found.element)
        if found.reason == "assignment":
            step.open_work(found.token)
        else:
            step.live.retry(found.token)
        step.advance()
        step.close()
        return Moved.by(step)


def retry_job(engine: Engine, actor: Actor, job_id: int) -> None:
    """Make a dead job due now; administrators and coordinators only."""
    _require_role(actor)
    with engine.database.write() as uow:
        jobs.retry(uow, job_id, clock.now())
    engine.wake.set()


def skip_job(engine: Engine, actor: Actor, job_id: int, note: str) -> None:
    """Give a job up with a reason; administrators and coordinators only."""
    _require_role(actor)
    with engine.database.write() as uow:
        jobs.skip(uow, job_id, note, clock.now())


def _require_role(actor: Actor) -> None:
    if actor.id and not actor.has("administrator", "coordinator"):
        raise Refused(T("只有管理员或协调员可以这样做"))
