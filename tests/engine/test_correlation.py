"""Messages find their instance by the keys of a conversation, and the rows and the history say why."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, due, history, jobs, messages, replay, rows, running
from engine.clock import FrozenClock
from engine.correlation import retrieve
from engine.migration.applying import migrate
from engine.spiff.port import CorrelationKey
from engine.store.database import Database
from engine.store.tables import instance, message, message_key
from tests.conformance.cases_correlation import key, prop, roots
from tests.engine import build
from tests.engine.build import World

pytestmark = pytest.mark.bpmn("correlation keys")

SHOP = roots(
    prop("order", begin="order", go="order", done="order"),
    prop("bill", go="bill", done="bill"),
    key("by_order", "order"),
    key("by_bill", "bill"),
)
START = '<startEvent id="start"><messageEventDefinition messageRef="begin"/></startEvent>'
STEPS = (
    '<receiveTask id="get" messageRef="go"/>',
    '<receiveTask id="last" messageRef="done"/>',
    build.end(),
    build.flows("start", "get", "last", "end"),
)
SHOPPING = build.process(START, *STEPS, outside=SHOP)
NUMBERS = range(1, 41)
BOUND = (
    '<correlationSubscription correlationKeyRef="by_order"><correlationPropertyBinding '
    'correlationPropertyRef="order"><dataPath>wanted</dataPath></correlationPropertyBinding>'
    "</correlationSubscription>"
)


def standings(world: World) -> list[str]:
    with world.engine.database.read() as uow:
        return list(uow.execute(sa.select(instance.c.state).order_by(instance.c.id)).scalars())


@pytest.fixture
def world(database: Database, at: FrozenClock) -> World:
    return World.over(database)


def send(world: World, name: str, **payload: Any) -> None:
    with world.engine.database.write() as uow:
        jobs.add_message(uow, clock.now(), name, None, payload)
    due.run_due(world.engine)


def told(world: World, number: int, kind: str) -> list[dict[str, Any]]:
    with world.engine.database.read() as uow:
        return [event.body or {} for event in history.events(uow, number) if event.kind == kind]


def waiting(world: World) -> list[tuple[int, str]]:
    """Return which instance waits for which message."""
    with world.engine.database.read() as uow:
        found = uow.sql("select distinct instance, name from subscription order by instance, name")
        return [(row[0], row[1]) for row in found.fetchall()]


def states(world: World) -> list[str]:
    with world.engine.database.read() as uow:
        return list(uow.execute(sa.select(instance.c.state).order_by(instance.c.id)).scalars())


def kept_keys(world: World, number: int) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Return the values of keys as the rows have them, those of messages and those of data."""
    with world.engine.database.read() as uow:
        scopes = rows.read(uow, number)[1]
    by_message = {(row.id, name): v for row in scopes for name, v in row.extra.get("keys", {}).items()}
    by_data = {(row.id, name): v for row in scopes for name, v in row.extra.get("bound", {}).items()}
    return by_message, by_data


def test_the_history_says_by_which_key_a_message_was_matched(world: World) -> None:
    world.publish(SHOPPING)
    send(world, "begin", order=1)
    send(world, "begin", order=2)
    send(world, "go", order=2, bill=20)
    (event,) = told(world, 2, "message.received")
    assert event["matched"] == {"keys": {"by_order": {"order": 2}}}
    assert [(e["key"], e["values"], e["cause"], e["name"]) for e in told(world, 2, "correlation.set")] == [
        ("by_order", {"order": 2}, "received", "begin"),
        ("by_bill", {"bill": 20}, "received", "go"),
    ]
    assert waiting(world) == [(1, "go"), (2, "done")]


def test_the_history_folded_gives_the_keys_of_the_rows(world: World) -> None:
    world.publish(build.process(START, *STEPS, BOUND, outside=SHOP))
    send(world, "begin", order=1, wanted=3)
    send(world, "go", order=3, bill=20)
    with world.engine.database.read() as uow:
        frame = replay.fold(history.events(uow, 1))
    assert (frame.keys, frame.bound) == kept_keys(world, 1)
    assert frame.bound == {(0, "by_order"): {"order": 3}}
    send(world, "done", order=3, bill=20)
    with world.engine.database.read() as uow:
        frame = replay.fold(history.events(uow, 1))
    assert (frame.keys, frame.bound) == ({}, {})


@pytest.mark.parametrize("cold", [False, True])
def test_an_instance_loaded_from_its_rows_knows_its_keys(world: World, *, cold: bool) -> None:
    world.publish(SHOPPING)
    send(world, "begin", order=1)
    send(world, "begin", order=2)
    for payload in ({"order": 2, "bill": 20}, {"order": 1, "bill": 10}):
        if cold:
            world.engine.hot.clear()
        send(world, "go", **payload)
    if cold:
        world.engine.hot.clear()
    send(world, "done", bill=10)
    assert states(world) == ["completed", "active"]


def test_of_two_instances_with_the_same_key_the_one_that_waits_longest_receives(world: World) -> None:
    world.publish(SHOPPING)
    send(world, "begin", order=1)
    send(world, "begin", order=1)
    send(world, "go", order=1, bill=10)
    assert waiting(world) == [(1, "done"), (2, "go")]
    (event,) = told(world, 1, "message.received")
    assert event["matched"] == {"keys": {"by_order": {"order": 1}}, "others": [2]}


def test_others_that_wait_by_name_alone_are_named_too(world: World) -> None:
    world.publish(build.process(build.start(), build.catch_message("c", "m"), build.end(),
                                build.flows("start", "c", "end"), outside=build.message("m")))  # fmt: skip
    world.start()
    world.start()
    send(world, "m")
    assert states(world) == ["completed", "active"]
    assert told(world, 1, "message.received")[0]["matched"] == {"others": [2]}


def test_a_message_for_nobody_is_kept_with_its_keys_until_its_instance_waits(world: World) -> None:
    steps = build.process(
        START,
        build.user("pack"),
        *STEPS[:3],
        build.flows("start", "pack", "get", "last", "end"),
        outside=SHOP,
    )
    world.publish(steps)
    send(world, "begin", order=1)
    send(world, "begin", order=2)
    send(world, "go", order=2, bill=20)
    world.engine.hot.clear()
    world.complete(world.item("pack", 1).id)
    assert (1, "go") in waiting(world)
    world.complete(world.item("pack", 2).id)
    assert (2, "done") in waiting(world)
    with world.engine.database.read() as uow:
        assert uow.execute(sa.select(message.c.state)).scalars().all() == ["taken"]


def test_a_message_that_came_before_the_diagram_was_published_is_found_by_its_key(world: World) -> None:
    send(world, "go", order=2, bill=20)
    world.publish(SHOPPING)
    with world.engine.database.read() as uow:
        assert len(uow.execute(sa.select(message_key)).all()) == 2
    send(world, "begin", order=1)
    send(world, "begin", order=2)
    assert waiting(world) == [(1, "go"), (2, "done")]


def test_a_start_message_begins_a_new_instance_unless_one_waits_for_it(world: World) -> None:
    again = build.process(
        START,
        build.user("pack"),
        '<receiveTask id="get" messageRef="begin"/>',
        build.end(),
        build.flows("start", "pack", "get", "end"),
        outside=SHOP,
    )
    world.publish(again)
    send(world, "begin", order=1)
    send(world, "begin", order=1)
    assert len(states(world)) == 2, "nobody waits yet"
    world.complete(world.item("pack", 1).id)
    send(world, "begin", order=2)
    assert states(world) == ["active"] * 3, "the one that waits has another key"
    send(world, "begin", order=1)
    assert states(world) == ["completed", "active", "active"]


def test_a_called_process_takes_part_in_the_conversation_of_its_caller(world: World) -> None:
    called = (
        '<process id="q" isExecutable="true"><startEvent id="qs"/><receiveTask id="get" messageRef="go"/>'
        f"<endEvent id='qe'/>{build.flows('qs', 'get', 'qe')}</process></definitions>"
    )
    caller = build.process(
        START,
        '<callActivity id="call" calledElement="q"/>',
        build.end(),
        build.flows("start", "call", "end"),
        outside=SHOP,
    ).replace(b"</definitions>", called.encode())
    world.publish(caller)
    send(world, "begin", order=1)
    send(world, "begin", order=2)
    world.engine.hot.clear()
    send(world, "go", order=2, bill=20)
    assert states(world) == ["active", "completed"]


def test_a_resend_after_an_incident_does_not_lose_the_key(world: World) -> None:
    """What a message would make of a key is decided before it leaves: a failed send has begun nothing."""
    sends = build.process(
        build.start(),
        '<sendTask id="ask" messageRef="begin" wuxing:payload="price = 3"/>',
        *STEPS[:3],
        build.flows("start", "ask", "get", "last", "end"),
        outside=SHOP,
    )
    world.publish(sends)
    number = world.start()
    assert kept_keys(world, number) == ({}, {})
    (found,) = told(world, number, "incident.opened")
    assert found["reason"] == "correlation"


def test_keys_go_with_an_instance_to_another_version(world: World) -> None:
    world.publish(SHOPPING)
    send(world, "begin", order=1)
    send(world, "begin", order=2)
    world.publish(SHOPPING.replace(b'id="get"', b'id="fetch"').replace(b'"start_get"', b'"a"')
                  .replace(b'"get"', b'"fetch"'))  # fmt: skip
    report = migrate(world.engine, world.people["Dan"], "p", old=1, new=2, mapping={"get": "fetch"})
    assert [verdict.migrates for verdict in report.verdicts] == [True, True]
    send(world, "go", order=2, bill=20)
    assert waiting(world) == [(1, "go"), (2, "done")]
    with world.engine.database.read() as uow:
        frame = replay.fold(history.events(uow, 2))
    assert (frame.keys, frame.bound) == kept_keys(world, 2)


def test_a_new_version_that_takes_a_property_from_elsewhere_matches_anew(world: World) -> None:
    world.publish(SHOPPING)
    send(world, "begin", order=1)
    send(world, "begin", order=2)
    send(world, "go", number=2, bill=20)
    assert waiting(world) == [(1, "go"), (2, "go")], "it carries no order yet"
    world.publish(SHOPPING.replace(
        b'messageRef="go"><messagePath>order<', b'messageRef="go"><messagePath>number<'))  # fmt: skip
    migrate(world.engine, world.people["Dan"], "p", old=1, new=2)
    due.run_due(world.engine)
    assert waiting(world) == [(1, "go"), (2, "done")]


def test_a_version_that_has_renamed_a_key_in_use_is_refused(world: World) -> None:
    world.publish(SHOPPING)
    send(world, "begin", order=1)
    world.publish(SHOPPING.replace(b"by_order", b"by_number"))
    report = migrate(world.engine, world.people["Dan"], "p", old=1, new=2)
    assert [reason.code for verdict in report.verdicts for reason in verdict.reasons] == ["correlation"]


def test_a_version_whose_data_say_otherwise_is_asked_anew(world: World) -> None:
    world.publish(SHOPPING)
    send(world, "begin", order=1, wanted=7)
    world.publish(build.process(START, *STEPS, BOUND, outside=SHOP))
    migrate(world.engine, world.people["Dan"], "p", old=1, new=2)
    assert kept_keys(world, 1) == (
        {(0, "by_order"): {"order": 1}},
        {(0, "by_order"): {"order": 7}},
    )
    send(world, "go", order=1, bill=10)
    send(world, "go", order=7, bill=70)
    assert waiting(world) == [(1, "done")]
    assert told(world, 1, "message.received")[0]["payload"] == {"order": 7, "bill": 70}


@pytest.mark.parametrize("keyed", [True, False])
def test_a_message_that_comes_while_its_instance_rests_is_delivered_afterwards(
    world: World, *, keyed: bool
) -> None:
    plain = build.process(
        build.start(),
        build.catch_message("get", "go"),
        build.user("u"),
        build.flows("start", "get", "u"),
        outside=build.message("go"),
    )
    world.publish(SHOPPING if keyed else plain)
    send(world, "begin", order=1) if keyed else world.start()
    running.suspend(world.engine, world.people["Dan"], 1, "a rest")
    send(world, "go", order=1, bill=10)
    assert told(world, 1, "message.received") == []
    running.resume(world.engine, world.people["Dan"], 1)
    due.run_due(world.engine)
    assert len(told(world, 1, "message.received")) == 1


def test_messages_that_leave_together_agree_on_a_key_they_begin(world: World) -> None:
    both = build.process(
        build.start(),
        '<intermediateThrowEvent id="ask" wuxing:payload="order = 1&#10;bill = 2">'
        '<messageEventDefinition messageRef="begin"/><messageEventDefinition messageRef="done"/>'
        "</intermediateThrowEvent>",
        build.user("u"),
        build.flows("start", "ask", "u"),
        outside=SHOP.replace('messageRef="done"><messagePath>order<', 'messageRef="done"><messagePath>bill<'),
    )
    world.publish(both)
    assert kept_keys(world, world.start()) == ({}, {})
    (found,) = told(world, 1, "incident.opened")
    assert found["reason"] == "correlation"


def test_nothing_of_an_ended_instance_waits_by_its_keys(world: World) -> None:
    world.publish(SHOPPING)
    send(world, "begin", order=1)
    running.cancel(world.engine, world.people["Dan"], 1, "enough")
    send(world, "go", order=1, bill=10)
    assert waiting(world) == []
    with world.engine.database.read() as uow:
        assert list(messages.receivers(uow, messages.Message("go", None, {}, {}))) == []


def carried(path: str, payload: dict[str, Any]) -> Any:
    found = retrieve(CorrelationKey("k", "order", (("id", path),), ("Message_1", "order")), payload)
    return None if found is None else found["id"]


@pytest.mark.parametrize(
    ("path", "payload", "value"),
    [
        ("id", {"id": 5}, 5),
        ("order.id", {"order": {"id": 5}}, 5),
        ("id", {"order": {"id": 5}}, 5),
        ("order.id", {"id": 5, "more": 1}, 5),
        ("Message_1.id", {"id": 5, "more": 1}, 5),
        ("id", {"id": 5.0}, 5),
        ("id", {"id": None}, None),
        ("id", {}, None),
        ("nothing", {"id": 5}, None),
        ("1 / 0", {"id": 5}, None),
        ("= id", {"id": "a"}, "a"),
        ("count", {"id": 5}, None),
    ],
)
def test_a_property_is_taken_from_the_payload(path: str, payload: dict[str, Any], value: Any) -> None:
    assert carried(path, payload) == value


def test_many_instances_are_told_apart(world: World) -> None:
    world.publish(SHOPPING)
    for number in NUMBERS:
        send(world, "begin", order=number)
    world.engine.hot.clear()
    for number in reversed(NUMBERS):
        send(world, "go", order=number, bill=-number)
    for number in NUMBERS:
        send(world, "done", bill=-number)
        assert states(world) == ["completed"] * number + ["active"] * (40 - number)


def test_a_message_kept_while_its_receiver_subscribes_finds_it(world: World) -> None:
    catch = build.process(
        build.start(),
        '<receiveTask id="get" messageRef="go"/>',
        build.end(),
        build.flows("start", "get", "end"),
        outside=build.message("go"),
    )
    world.publish(catch)
    starting = threading.Thread(target=world.start, args=("p",))
    with world.engine.database.write() as uow:
        messages.keep(uow, messages.Message("go", None, {}, {}), clock.now(), 1)
        starting.start()
        # Long enough for the other to subscribe, or to stand at the turn that this transaction has.
        starting.join(0.5)
    starting.join(10)
    due.run_due(world.engine)
    assert standings(world) == ["completed"]
