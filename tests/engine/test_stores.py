"""Data stores: what one instance writes another one reads, in its own transaction."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine import history, stores
from engine.clock import FrozenClock
from engine.errors import InvalidInput
from engine.store.database import Database
from engine.store.tables import variable
from engine.text import T
from tests.engine.build import World, end, flows, process, start, user

pytestmark = pytest.mark.bpmn("data stores")

STORE = '<dataStoreReference id="sr" name="archive"/>'


def script(node: str, text: str, *parts: str) -> str:
    return f'<scriptTask id="{node}" name="{node}">{"".join(parts)}<script>{text}</script></scriptTask>'


WRITES = process(
    start(),
    user("ask"),
    script(
        "keep",
        "y = n",
        '<ioSpecification><dataOutput id="o" name="y"/><inputSet/><outputSet><dataOutputRefs>o'
        "</dataOutputRefs></outputSet></ioSpecification>",
        '<dataOutputAssociation id="oa"><sourceRef>o</sourceRef><targetRef>sr</targetRef>'
        "</dataOutputAssociation>",
    ),
    end(),
    flows("start", "ask", "keep", "end"),
    STORE,
    process_id="writer",
)
READS = process(
    start(),
    script(
        "look",
        "seen = x",
        '<ioSpecification><dataInput id="i" name="x"/><inputSet><dataInputRefs>i</dataInputRefs>'
        "<optionalInputRefs>i</optionalInputRefs></inputSet><outputSet/></ioSpecification>",
        '<dataInputAssociation id="ia"><sourceRef>sr</sourceRef><targetRef>i</targetRef>'
        "</dataInputAssociation>",
    ),
    user("wait"),
    end(),
    flows("start", "look", "wait", "end"),
    STORE,
    process_id="reader",
)


def seen(world: World, instance: int) -> Any:
    query = sa.select(variable.c.value).where(variable.c.instance == instance, variable.c.name == "seen")
    with world.engine.database.read() as uow:
        return uow.execute(query).scalar_one()


def test_what_one_instance_has_written_every_other_reads(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    world.publish(WRITES)
    world.publish(READS)
    first = world.start("writer", n={"total": 3})
    world.complete(world.open(first)[0].id)
    assert seen(world, world.start("reader")) == {"total": 3}
    second = world.start("writer", n=4)
    world.complete(world.open(second)[0].id)
    assert seen(world, world.start("reader")) == 4


def test_each_write_is_an_event_of_the_instance_that_wrote(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    world.publish(WRITES)
    instance = world.start("writer", n=5)
    world.complete(world.open(instance)[0].id)
    with database.read() as uow:
        events = [event for event in history.iterate(uow, instance) if event.kind == "store.written"]
    assert [(event.element, event.body["store"], event.body["value"]) for event in events] == [
        ("keep", "archive", 5)
    ]


def test_a_write_is_undone_with_its_step(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    world.publish(WRITES)
    instance = world.start("writer", n=5)
    item = world.open(instance)[0]

    def refuse(*_: object) -> None:
        raise InvalidInput(T("不"))

    world.engine.handlers.on_end("writer", refuse)
    with pytest.raises(InvalidInput):
        world.complete(item.id)
    with database.read() as uow:
        assert stores.value(uow, "archive") is None


STARTS = process(
    '<startEvent id="high"><conditionalEventDefinition><condition>archive &gt; 3</condition>'
    "</conditionalEventDefinition></startEvent>",
    user("look"),
    end(),
    flows("high", "look", "end"),
    STORE,
    process_id="watcher",
)


def write(world: World, value: Any) -> None:
    world.complete(world.open(world.start("writer", n=value))[0].id)


@pytest.mark.bpmn("startEvent")
def test_a_condition_starts_a_process_each_time_a_write_makes_it_true(
    database: Database, at: FrozenClock
) -> None:
    world = World.over(database)
    world.publish(WRITES)
    write(world, 9)
    world.publish(STARTS)
    assert world.open() == [], "what holds already has not become true"
    for value, started in ((8, 0), (2, 0), (5, 1), (6, 1), (1, 1), (7, 2)):
        write(world, value)
        assert [item.element for item in world.open()] == ["look"] * started, value


@pytest.mark.bpmn("startEvent")
def test_only_the_newest_version_of_a_process_is_started_by_its_condition(
    database: Database, at: FrozenClock
) -> None:
    world = World.over(database)
    world.publish(WRITES, STARTS, STARTS.replace(b"archive &gt; 3", b"archive &gt; 30"))
    write(world, 5)
    assert world.open() == []
    write(world, 50)
    assert [item.element for item in world.open()] == ["look"]
