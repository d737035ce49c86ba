"""Several executable processes in one file: each its own instance, messages between them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import definitions, due, jobs
from engine.clock import FrozenClock
from engine.store.database import Database
from engine.store.tables import instance
from tests.engine.build import World, end, flows, message, process, start, user

pytestmark = pytest.mark.bpmn("collaborations")
HOUR = timedelta(hours=1)

SHOP = (
    '<process id="shop" isExecutable="true"><startEvent id="ordered">'
    '<messageEventDefinition messageRef="order"/></startEvent>'
    '<userTask id="pack" wuxing:assignee="2"/>'
    '<intermediateThrowEvent id="send" wuxing:correlation="number" wuxing:payload="parcel = number * 10">'
    '<messageEventDefinition messageRef="parcel"/></intermediateThrowEvent><endEvent id="sold"/>'
    f"{flows('ordered', 'pack', 'send', 'sold')}</process>"
)
POOLS = (
    '<collaboration id="c"><participant id="p1" processRef="buyer"/>'
    '<participant id="p2" processRef="shop"><participantMultiplicity minimum="0" maximum="1"/></participant>'
    '<messageFlow id="m1" sourceRef="ask" targetRef="ordered"/>'
    '<messageFlow id="m2" sourceRef="send" targetRef="get"/>'
    "</collaboration>"
)
BUYER = process(
    start(),
    '<sendTask id="ask" messageRef="order" wuxing:payload="number = number"/>',
    '<receiveTask id="get" messageRef="parcel" wuxing:correlation="number"/>',
    user("unpack"),
    end(),
    flows("start", "ask", "get", "unpack", "end"),
    process_id="buyer",
    outside=message("order") + message("parcel") + POOLS,
).replace(b"</definitions>", SHOP.encode() + b"</definitions>")


def states(world: World) -> list[tuple[str, str]]:
    with world.engine.database.read() as uow:
        rows = uow.execute(sa.select(instance.c.process_id, instance.c.state).order_by(instance.c.id)).all()
    return [(row[0], row[1]) for row in rows]


def test_each_pool_is_an_instance_and_messages_go_both_ways(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    world.publish(BUYER)
    first, second = world.start("buyer", number=1), world.start("buyer", number=2)
    assert [process for process, _ in states(world)] == ["buyer", "shop", "buyer", "shop"]
    packing = [item for item in world.open() if item.element == "pack"]
    world.engine.hot.clear()
    world.complete(packing[1].id, who="Bo")
    assert [item.instance for item in world.open() if item.element == "unpack"] == [second]
    world.complete(packing[0].id, who="Bo")
    world.complete(world.item("unpack", first).id)
    world.complete(world.item("unpack", second).id)
    assert {state for _, state in states(world)} == {"completed"}


def test_publishing_makes_a_definition_of_each_pool(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    world.publish(BUYER)
    world.publish(BUYER)
    with database.read() as uow:
        found = {name: definitions.latest(uow, name) for name in ("buyer", "shop")}
    assert {name: (each.version, len(each.starts)) for name, each in found.items() if each is not None} == {
        "buyer": (1, 0),
        "shop": (1, 1),
    }


def test_a_pool_may_be_called_by_another_one(database: Database, at: FrozenClock) -> None:
    called = (
        '<process id="q" isExecutable="true"><startEvent id="s2"/><userTask id="inner" wuxing:assignee="1"/>'
        f"<endEvent id='e2'/>{flows('s2', 'inner', 'e2')}</process></definitions>"
    )
    xml = process(
        start(), '<callActivity id="call" calledElement="q"/>', end(), flows("start", "call", "end")
    ).replace(b"</definitions>", called.encode())
    world = World.over(database)
    world.publish(xml)
    world.start()
    world.complete(world.item("inner").id)
    assert states(world) == [("p", "completed")]


def test_a_timer_starts_its_process_again_and_again(database: Database, at: FrozenClock) -> None:
    timer = "<timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition>"
    xml = process(
        f'<startEvent id="hourly">{timer}</startEvent>',
        end(),
        flows("hourly", "end"),
    )
    world = World.over(database)
    world.publish(xml)
    assert states(world) == []
    for _ in range(2):
        at.advance(HOUR)
        due.run_due(world.engine)
    assert states(world) == [("p", "completed")] * 2
    at.advance(HOUR * 24)
    due.run_due(world.engine)
    assert len(states(world)) == 3, "what an outage has missed is one start"


def test_a_newer_version_takes_the_timer_over(database: Database, at: FrozenClock) -> None:
    def diagram(hours: int) -> bytes:
        timer = f"<timerEventDefinition><timeDuration>PT{hours}H</timeDuration></timerEventDefinition>"
        return process(f'<startEvent id="later">{timer}</startEvent>', end(), flows("later", "end"))

    world = World.over(database)
    world.publish(diagram(1))
    world.publish(diagram(5))
    at.advance(HOUR * 2)
    due.run_due(world.engine)
    assert states(world) == []
    at.advance(HOUR * 4)
    due.run_due(world.engine)
    assert states(world) == [("p", "completed")]


def test_a_receive_task_and_an_event_gateway_start_a_process(database: Database, at: FrozenClock) -> None:
    receiving = process(
        '<receiveTask id="r" instantiate="true" messageRef="go"/>',
        user("a"),
        flows("r", "a"),
        outside=message("go"),
    )
    chosen = process(
        '<eventBasedGateway id="g" instantiate="true"/>',
        '<intermediateCatchEvent id="c1"><messageEventDefinition messageRef="one"/></intermediateCatchEvent>',
        '<intermediateCatchEvent id="c2"><messageEventDefinition messageRef="two"/></intermediateCatchEvent>',
        user("a1"),
        user("a2"),
        flows("g", "c1", "a1"),
        flows("g", "c2", "a2"),
        process_id="q",
        outside=message("one") + message("two"),
    )
    world = World.over(database)
    world.publish(receiving, chosen)
    for name in ("go", "two"):
        with database.write() as uow:
            jobs.add_message(uow, at.now(), name, None, {"given": name})
        due.run_due(world.engine)
    assert sorted(item.element for item in world.open()) == ["a", "a2"]
