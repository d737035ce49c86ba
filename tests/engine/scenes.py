"""Scenes: a database before a step and the step, of every kind there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine import clock, due, jobs, running
from engine.context import StepContext
from engine.directory import SYSTEM
from engine.handlers import Handlers
from engine.migration import applying
from engine.text import T
from tests.engine import build
from tests.engine.build import World


@dataclass(frozen=True)
class Scene:
    """A database before a step, and the step; repeated, it must give one effect."""

    diagram: bytes
    before: Callable[[World], object]
    act: Callable[[World], object]
    later: timedelta = timedelta()


def handlers() -> Handlers:
    """Return content that writes by every way there is."""
    made = Handlers()
    made.form_library["f"] = {"id": "f"}
    made.form("f", complete=_fill)
    made.service("book", _book)
    return made


def _fill(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    ctx.grant("project:1", "all")
    return {**values, "people": [1, 2]}


def _book(ctx: StepContext) -> dict[str, Any]:
    ctx.grant("project:2", "all")
    ctx.record("booked", {"amount": 7})
    ctx.notify([2], T("不行"))
    ctx.set_subject("project:2", "P-2")
    return {"booked": True}


STEP = build.process(
    build.start(),
    build.user("ask", form="f"),
    build.service("book", "book"),
    build.parallel("fork"),
    build.user("next"),
    build.boundary_timer("late", "next", "PT1H"),
    build.user("each", build.each("people", "person"), assignee="= person"),
    build.catch_message("heard", "ready", "1"),
    build.parallel("join"),
    build.end(),
    build.end("late_end"),
    build.flows("start", "ask", "book", "fork", "next", "join", "end"),
    build.flows("fork", "each", "join"),
    build.flows("fork", "heard", "join"),
    build.flows("late", "late_end"),
    outside=build.message("ready"),
)


def _start(world: World) -> None:
    running.start(world.engine, world.people["Anna"], "p", {"x": 0}, command_id="once")


def _to_the_fork(world: World) -> None:
    world.start()
    world.complete(1, {"x": 1})


def _to_the_second(world: World) -> None:
    world.start()
    world.complete(1)


def _two_people(world: World) -> None:
    """Complete both instances: two transactions, one after the other."""
    for command, item, who in (("one", 3, "Anna"), ("two", 4, "Bo")):
        world.complete(item, command=command, who=who)


def _sent(world: World) -> None:
    _to_the_fork(world)
    with world.engine.database.write() as uow:
        jobs.add_message(uow, clock.now(), "ready", 1, {"y": 2})


def _due(world: World) -> None:
    due.run_due(world.engine)


# ---------------------------------------------------------------- what happens by itself

HEARD = build.process(
    build.start(),
    build.user("first"),
    build.boundary_timer("again", "first", "R3/PT1H", kind="timeCycle", cancel=False),
    '<boundaryEvent id="told" attachedToRef="first" cancelActivity="false">'
    '<signalEventDefinition signalRef="news"/></boundaryEvent>',
    build.user("more"),
    build.user("read"),
    build.end(),
    build.flows("start", "first", "end"),
    build.flows("again", "more"),
    build.flows("told", "read"),
    outside='<signal id="news" name="news"/>',
)


def _two_listeners(world: World) -> None:
    world.start()
    world.start()
    with world.engine.database.write() as uow:
        jobs.add(uow, "signal", clock.now(), clock.now(), {"name": "news", "payload": {}})


ANSWERED = (
    '<process id="q" isExecutable="true"><startEvent id="asked">'
    '<messageEventDefinition messageRef="ask"/></startEvent><intermediateThrowEvent id="answer">'
    '<messageEventDefinition messageRef="reply"/></intermediateThrowEvent><endEvent id="answered"/>'
    f"{build.flows('asked', 'answer', 'answered')}</process></definitions>"
)
POOLS = build.process(
    build.start(),
    '<sendTask id="send" messageRef="ask"/>',
    build.catch_message("wait", "reply"),
    build.user("next"),
    build.end(),
    build.flows("start", "send", "wait", "next", "end"),
    outside=build.message("ask") + build.message("reply"),
).replace(b"</definitions>", ANSWERED.encode())


def _ask(world: World) -> None:
    """Start one pool; its message starts the other one, whose answer lets the first go on."""
    _start(world)
    _due(world)


def _broken(world: World) -> None:
    with world.engine.database.write() as uow:
        jobs.add(uow, "start", clock.now(), clock.now(), {"process": "nothing", "variables": {}})


# ---------------------------------------------------------------- operators


def _two_versions(world: World) -> None:
    """Two instances wait at the fork, and there is a version with one more step."""
    _to_the_fork(world)
    world.start()
    longer = STEP.replace(b'sourceRef="late" targetRef="late_end"', b'sourceRef="late" targetRef="more"')
    more = build.user("more") + build.flows("more", "late_end")
    world.publish(longer.replace(b"</process>", more.encode() + b"</process>"))


def _migrate(world: World) -> None:
    assert not applying.migrate(world.engine, SYSTEM, "p", old=1, new=2).refused


SCENES = {
    "start": Scene(STEP, lambda world: None, _start),
    "complete": Scene(STEP, lambda world: world.start(), lambda world: world.complete(1, command="once")),
    "instances": Scene(STEP, _to_the_fork, _two_people),
    "timer": Scene(STEP, _to_the_fork, _due, timedelta(hours=2)),
    "message": Scene(STEP, _sent, _due),
    "end": Scene(build.LINEAR, _to_the_second, lambda world: world.complete(2, command="once")),
    "cycle": Scene(HEARD, lambda world: world.start(), _due, timedelta(hours=1)),
    "signal": Scene(HEARD, _two_listeners, _due),
    "pools": Scene(POOLS, lambda world: None, _ask),
    "failing job": Scene(STEP, _broken, _due),
    "cancel": Scene(STEP, _to_the_fork, lambda world: running.cancel(world.engine, SYSTEM, 1, "why")),
    "suspend": Scene(STEP, _to_the_fork, lambda world: running.suspend(world.engine, SYSTEM, 1, "why")),
    "migrate": Scene(STEP, _two_versions, _migrate),
}
"""By what happens: commands of people, what is due by itself, and what operators do."""
