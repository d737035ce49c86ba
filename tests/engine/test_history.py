"""The chain: whatever is changed, removed or added afterwards is found, and erasing bodies is not."""

from __future__ import annotations

import pytest

from engine import history
from engine.clock import FrozenClock
from engine.store.database import Database
from tests.engine import build
from tests.engine.build import World


@pytest.fixture
def world(sqlite: Database, at: FrozenClock) -> World:
    made = World.over(sqlite)
    made.publish(build.LINEAR)
    return made


@pytest.mark.parametrize(
    "tampering",
    [
        "update event set actor = 2 where seq = 2",
        "update event set at = '2026-03-02T01:00:00.000001Z' where seq = 1",
        "update event_body set body = replace(body, '7', '8') where body like '%7%'",
        "delete from event where seq = 2",
        "delete from event where seq = (select max(seq) from event)",
        "update event set hash = prev where seq = 3",
    ],
)
def test_tampering_is_found(world: World, tampering: str) -> None:
    instance = world.start()
    world.complete(world.item("first").id, {"amount": 7})
    with world.engine.database.write() as uow:
        assert history.verify_chain(uow, instance).intact
        assert uow.sql(tampering).rowcount > 0
    with world.engine.database.read() as uow:
        verdict = history.verify_chain(uow, instance)
    assert not verdict.intact
    assert verdict.broken_at is not None
    assert verdict.reason is not None


def test_erasing_a_body_leaves_the_chain_whole(world: World) -> None:
    instance = world.start()
    world.complete(world.item("first").id, {"amount": 7})
    with world.engine.database.write() as uow:
        uow.sql("update event_body set body = null where body like '%7%'")
        assert history.verify_chain(uow, instance).intact


def test_the_form_of_a_step_is_in_its_history(world: World) -> None:
    instance = world.start()
    item = world.item("first")
    world.complete(item.id, {"amount": 7})
    with world.engine.database.read() as uow:
        (event,) = [e for e in history.events(uow, instance) if e.kind == "work.completed"]
    assert (event.actor, event.element, event.item) == (1, "first", item.id)
    assert event.body is not None
    assert event.body["values"] == {"amount": 7}
