"""Jobs: timers, messages and linked instances; each effect once, failures seen and retried."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from engine import due, history, instances, jobs, notices, running
from engine.clock import FrozenClock
from engine.context import StepContext
from engine.errors import Refused
from engine.handlers import Handlers
from engine.store.database import Database
from tests.engine import build
from tests.engine.build import World


def test_an_interrupting_timer_takes_the_work_away(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    world.publish(
        build.process(
            build.start(),
            build.user("ask"),
            build.boundary_timer("late", "ask", "PT4H"),
            build.user("chase"),
            build.flows("start", "ask"),
            build.flows("late", "chase"),
        )
    )
    instance = world.start()
    at.advance(timedelta(hours=3, minutes=59))
    assert due.run_due(world.engine) == []
    at.advance(timedelta(minutes=1))
    due.run_due(world.engine)
    assert [item.element for item in world.open(instance)] == ["chase"]
    with database.read() as uow:
        assert "timer.fired" in [e.kind for e in history.events(uow, instance)]
        assert jobs.next_due(uow) is None


def test_completing_in_time_disarms_the_timer(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    world.publish(
        build.process(
            build.start(),
            build.user("ask"),
            build.boundary_timer("late", "ask", "PT4H"),
            build.user("chase"),
            build.user("next"),
            build.flows("start", "ask", "next"),
            build.flows("late", "chase"),
        )
    )
    instance = world.start()
    world.complete(world.item("ask").id)
    at.advance(timedelta(hours=5))
    due.run_due(world.engine)
    assert [item.element for item in world.open(instance)] == ["next"]


def test_a_cycle_fires_once_after_an_outage(database: Database, at: FrozenClock) -> None:
    told: list[int] = []
    handlers = Handlers()
    handlers.service("remind", lambda ctx: told.append(1))
    world = World.over(database, handlers)
    world.publish(
        build.process(
            build.start(),
            build.user("ask"),
            build.boundary_timer("daily", "ask", "R/P1D", kind="timeCycle", cancel=False),
            build.service("remind", "remind"),
            build.flows("start", "ask"),
            build.flows("daily", "remind"),
        )
    )
    world.start()
    at.advance(timedelta(days=1))
    due.run_due(world.engine)
    assert len(told) == 1
    at.advance(timedelta(days=5, hours=1))
    due.run_due(world.engine)
    assert len(told) == 2
    at.advance(timedelta(hours=23))
    due.run_due(world.engine)
    assert len(told) == 3
    world.complete(world.item("ask").id)
    at.advance(timedelta(days=3))
    due.run_due(world.engine)
    assert len(told) == 3


def _waiting(world: World) -> None:
    world.publish(
        build.process(
            build.start(),
            build.catch_message("wait", "paid", "order"),
            build.user("ship"),
            build.flows("start", "wait", "ship"),
            outside=build.message("paid"),
        )
    )


def _pay(world: World, order: int) -> None:
    with world.engine.database.write() as uow:
        jobs.add_message(uow, running.clock.now(), "paid", order, {"sum": 10})
    due.drain(world.engine)


def test_a_message_reaches_exactly_one_receiver(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    _waiting(world)
    first, second, other = world.start(order=1), world.start(order=1), world.start(order=2)
    _pay(world, 1)
    assert [len(world.open(i)) for i in (first, second, other)] == [1, 0, 0]
    _pay(world, 1)
    _pay(world, 2)
    assert [len(world.open(i)) for i in (first, second, other)] == [1, 1, 1]


def test_a_message_waits_for_its_receiver(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    _waiting(world)
    _pay(world, 7)
    instance = world.start(order=7)
    assert [item.element for item in world.open(instance)] == ["ship"]
    at.advance(timedelta(days=31))
    _pay(world, 8)
    at.advance(timedelta(days=31))
    late = world.start(order=8)
    assert world.open(late) == []


def test_a_linked_instance_starts_and_ends_with_its_parent(database: Database, at: FrozenClock) -> None:
    handlers = Handlers()
    handlers.service("spawn", lambda ctx: ctx.start("child", {"n": 1}, subject="thing:1", kind="part"))
    world = World.over(database, handlers)
    child = build.process(build.start(), build.user("do"), build.flows("start", "do"), process_id="child")
    world.publish(
        child,
        build.process(
            build.start(),
            build.service("spawn", "spawn"),
            build.user("wait"),
            build.flows("start", "spawn", "wait"),
        ),
    )
    parent = world.start()
    (link,) = _children(world, parent)
    assert (link.kind, link.subject) == ("part", "thing:1")
    assert world.item("do").instance == link.child
    world.complete(world.item("wait").id)
    assert world.open() == []
    with database.read() as uow:
        assert instances.get(uow, link.child).state == "cancelled"


def _children(world: World, parent: int) -> list[instances.Link]:
    with world.engine.database.read() as uow:
        return instances.children(uow, parent)


def test_a_failing_job_is_tried_again_then_dead_then_retried_by_a_person(
    database: Database, at: FrozenClock
) -> None:
    handlers = Handlers()
    broken = {"now": True}

    def work(ctx: StepContext, payload: dict[str, object]) -> None:
        if broken["now"]:
            raise ZeroDivisionError("no")
        ctx.grant("done:1", "all")

    handlers.job("tidy", work)
    world = World.over(database, handlers)
    world.publish(build.LINEAR)
    instance = world.start()
    with database.write() as uow:
        jobs.add(uow, "tidy", at.now(), at.now(), {}, instance=instance)
    for _ in range(world.engine.limits.job_attempts):
        due.run_due(world.engine)
        at.advance(timedelta(days=1))
    with database.read() as uow:
        (dead,) = jobs.page(uow, state="dead")
    assert dead.error == "ZeroDivisionError: no"
    broken["now"] = False
    with pytest.raises(Refused):
        running.retry_job(world.engine, world.people["Bo"], dead.id)
    running.retry_job(world.engine, world.people["Dan"], dead.id)
    due.run_due(world.engine)
    with database.read() as uow:
        assert jobs.get(uow, dead.id).state == "done"
        assert uow.sql("select count(*) from access").fetchone()[0] == 1


def test_suspending_stops_the_clock_and_resuming_shifts_it(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    world.publish(
        build.process(
            build.start(),
            build.user("ask"),
            build.boundary_timer("late", "ask", "PT4H"),
            build.user("chase"),
            build.flows("start", "ask"),
            build.flows("late", "chase"),
        )
    )
    instance = world.start()
    at.advance(timedelta(hours=1))
    running.suspend(world.engine, world.people["Dan"], instance, "等待")
    at.advance(timedelta(days=3))
    due.run_due(world.engine)
    running.resume(world.engine, world.people["Dan"], instance)
    at.advance(timedelta(hours=2, minutes=59))
    due.run_due(world.engine)
    assert [item.element for item in world.open(instance)] == ["ask"]
    at.advance(timedelta(minutes=1))
    due.run_due(world.engine)
    assert [item.element for item in world.open(instance)] == ["chase"]


def test_reminders_tell_the_holder_until_the_step_is_done(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    asked = build.user(
        "ask", reminders="[@&quot;2026-03-02T06:00:00Z&quot;, @&quot;2026-03-02T09:00:00Z&quot;]"
    )
    world.publish(build.process(build.start(), asked, build.flows("start", "ask")))
    world.start()
    at.advance(timedelta(hours=6))
    due.run_due(world.engine)
    world.complete(world.item("ask").id)
    at.advance(timedelta(hours=6))
    due.run_due(world.engine)
    with database.read() as uow:
        (told,) = notices.page(uow, world.people["Anna"])
    assert "ask" in str(told.message)


def test_who_waits_for_a_turn_runs_what_those_before_have_left_due(sqlite: Database, at: FrozenClock) -> None:
    world = World.over(sqlite)
    world.publish(build.LINEAR)
    drains = threading.Thread(target=due.drain, args=(world.engine,))
    with sqlite.write() as uow:
        drains.start()
        while not sqlite._shared.turns.waiting:
            time.sleep(0.001)
        at.advance(timedelta(seconds=1))
        jobs.add(uow, "start", at.now(), at.now(), {"process": "p", "variables": {}})
    drains.join()
    assert [item.element for item in world.open()] == ["first"]
