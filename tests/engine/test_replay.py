"""The replay tells the elements of called processes apart, even where their ids are equal."""

from __future__ import annotations

from engine import history, replay
from engine.clock import FrozenClock
from engine.replay import Spot
from engine.store.database import Database
from tests.engine import build
from tests.engine.build import World


def _inner(name: str) -> bytes:
    return build.process(
        build.start(),
        build.user("work"),
        build.end(),
        build.flows("start", "work", "end"),
        process_id=name,
    )


def test_called_processes_with_equal_ids_have_marks_of_their_own(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    calls = [
        f'<callActivity id="call_{name}" name="{name}" calledElement="{name}"/>' for name in ("red", "blue")
    ]
    outer = build.process(
        build.start(),
        *calls,
        build.user("work"),
        build.end(),
        build.flows("start", "call_red", "call_blue", "work", "end"),
    )
    world.publish(_inner("red"), _inner("blue"), outer)
    instance = world.start()
    world.complete(world.item("work").id)
    with database.read() as uow:
        frame = replay.fold(history.iterate(uow, instance))
    assert {place.spot for place in frame.tokens.values()} == {Spot("call_blue"), Spot("work", "blue")}
    assert frame.done[Spot("work", "red")] == 1
    assert Spot("work") not in frame.done
    assert frame.flows[Spot("start_work", "blue")] == 1
    world.complete(world.item("work").id)
    with database.read() as uow:
        frame = replay.fold(history.iterate(uow, instance))
    assert {place.spot for place in frame.tokens.values()} == {Spot("work")}
