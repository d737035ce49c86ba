"""The step: one change, one transaction; once, by the right person, and never half."""

from __future__ import annotations

import pytest

from engine import history, instances, replay, running
from engine.clock import FrozenClock
from engine.context import StepContext
from engine.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused
from engine.handlers import Handlers
from engine.store.database import Database
from engine.text import T
from tests.engine import build
from tests.engine.build import World


@pytest.fixture
def world(database: Database, at: FrozenClock) -> World:
    made = World.over(database)
    made.publish(build.LINEAR)
    return made


def test_a_linear_process_runs_from_person_to_person(world: World) -> None:
    instance = world.start()
    assert [item.element for item in world.mine()] == ["first"]
    moved = world.complete(world.item("first").id, {"amount": 7})
    assert moved.state == "active"
    assert [item.element for item in world.mine()] == ["second"]
    moved = world.complete(world.item("second").id)
    assert moved.state == "completed"
    assert world.open() == []
    with world.engine.database.read() as uow:
        assert instances.get(uow, instance).state == "completed"
        assert uow.sql("select count(*) from token").fetchone()[0] == 0
        assert uow.sql("select value from variable where name = 'amount'").fetchone()[0] == "7"


def test_a_repeated_command_returns_the_first_answer(world: World) -> None:
    instance = world.start()
    first = world.item("first").id
    once = world.complete(first, command="same")
    again = world.complete(first, command="same")
    assert once == again
    assert [item.element for item in world.open(instance)] == ["second"]


def test_another_person_cannot_read_the_answer_of_a_command(world: World) -> None:
    world.start()
    world.complete(world.item("first").id, command="same")
    with pytest.raises(Conflict):
        world.complete(world.item("second").id, who="Bo", command="same")


def test_only_the_assignee_completes(world: World) -> None:
    world.start()
    with pytest.raises(Forbidden):
        world.complete(world.item("first").id, who="Bo")
    assert [item.element for item in world.open()] == ["first"]


def test_the_second_of_two_is_told_who_was_faster(world: World) -> None:
    world.start()
    first = world.item("first").id
    world.complete(first)
    with pytest.raises(Conflict) as told:
        world.complete(first)
    assert "Anna" in str(told.value)


def test_an_unknown_item_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        world.complete(999)


def test_candidates_share_until_one_claims(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    shared = build.user("shared", candidates="[&quot;dept:销售部&quot;]")
    world.publish(build.process(build.start(), shared, build.end(), build.flows("start", "shared", "end")))
    world.start()
    item = world.item("shared").id
    with database.write() as uow:
        running.work.claim(uow, world.people["Bo"], item, at.now())
    with pytest.raises(Conflict) as told:
        world.complete(item, who="Anna")
    assert "Bo" in str(told.value)
    with database.write() as uow:
        running.work.release(uow, world.people["Bo"], item, at.now())
    assert world.complete(item, who="Anna").state == "completed"


def test_reassigning_moves_the_item_and_is_remembered(world: World) -> None:
    instance = world.start()
    item = world.item("first").id
    with world.engine.database.write() as uow:
        running.work.reassign(uow, world.people["Anna"], item, 2, running.clock.now(), "休假")
    with pytest.raises(Forbidden):
        world.complete(item, who="Anna")
    world.complete(item, who="Bo")
    with world.engine.database.read() as uow:
        (event,) = [e for e in history.events(uow, instance) if e.kind == "work.reassigned"]
    assert event.body == {"from": 1, "to": 2, "token": event.body["token"], "reason": "休假"}


def test_a_form_handler_writes_in_the_same_transaction(database: Database, at: FrozenClock) -> None:
    handlers = Handlers()

    def refuse(ctx: StepContext, values: dict[str, object]) -> dict[str, object]:
        ctx.grant("project:1", "all")
        raise Refused(T("不行"))

    handlers.form_library["f"] = {"id": "f"}
    handlers.form("f", complete=refuse)
    world = World.over(database, handlers)
    world.publish(
        build.process(
            build.start(), build.user("ask", form="f"), build.end(), build.flows("start", "ask", "end")
        )
    )
    world.start()
    with pytest.raises(Refused):
        world.complete(world.item("ask").id, {"x": 1})
    with database.read() as uow:
        assert uow.sql("select count(*) from access").fetchone()[0] == 0
        assert uow.sql("select count(*) from command where id like 'c%'").fetchone()[0] == 0
    assert [item.element for item in world.open()] == ["ask"]


def test_a_check_names_the_fields(database: Database, at: FrozenClock) -> None:
    handlers = Handlers()
    handlers.form_library["f"] = {"id": "f"}
    handlers.form("f", check=lambda ctx, values: {"x": T("太大")} if values["x"] > 5 else {})
    world = World.over(database, handlers)
    world.publish(
        build.process(
            build.start(), build.user("ask", form="f"), build.end(), build.flows("start", "ask", "end")
        )
    )
    world.start()
    with pytest.raises(InvalidInput) as told:
        world.complete(world.item("ask").id, {"x": 6})
    assert told.value.fields == {"x": T("太大")}
    assert world.complete(world.item("ask").id, {"x": 5}).state == "completed"


def test_a_gate_decides_by_a_query_and_keeps_what_it_read(database: Database, at: FrozenClock) -> None:
    handlers = Handlers()
    handlers.query("credit", lambda ctx, who: {1: 100, 2: 5}[who])
    world = World.over(database, handlers)
    world.publish(
        build.process(
            build.start(),
            build.exclusive("gate", default="gate_poor"),
            build.user("rich"),
            build.user("poor"),
            build.flow("start", "gate"),
            build.flow("gate", "rich", "credit(who) &gt; 50"),
            build.flow("gate", "poor"),
        )
    )
    instance = _start(world, who=1)
    assert [item.element for item in world.open(instance)] == ["rich"]
    assert [item.element for item in world.open(_start(world, who=2))] == ["poor"]
    with database.read() as uow:
        decisions = [
            d for e in history.events(uow, instance) if e.kind == "moved" for d in e.body.get("decisions", [])
        ]
    assert decisions[0]["queries"] == [{"query": "credit", "args": [1], "answer": 100}]
    assert decisions[0]["inputs"] == {"who": 1}
    assert decisions[0]["answer"] is True


def _start(world: World, **variables: object) -> int:
    started = running.start(
        world.engine, world.people["Anna"], "p", variables, command_id=f"v{sorted(variables.items())}"
    )
    return started.instance


def test_an_undecided_condition_is_an_incident_and_can_be_retried(
    database: Database, at: FrozenClock
) -> None:
    facts = {"ready": None}
    handlers = Handlers()
    handlers.query("ready", lambda ctx: facts["ready"])
    world = World.over(database, handlers)
    world.publish(
        build.process(
            build.start(),
            build.user("ask"),
            build.exclusive("gate", default="gate_no"),
            build.user("yes"),
            build.user("no"),
            build.flows("start", "ask", "gate"),
            build.flow("gate", "yes", "ready()"),
            build.flow("gate", "no"),
        )
    )
    instance = world.start()
    moved = world.complete(world.item("ask").id, {"said": "kept"})
    assert moved.opened == ()
    with database.read() as uow:
        (found,) = running.incidents.page(uow)
        assert (found.instance, found.element, found.reason) == (instance, "gate", "undecided")
        assert uow.sql("select value from variable where name = 'said'").fetchone()[0] == '"kept"'
    facts["ready"] = True
    with pytest.raises((Forbidden, NotFound)):
        running.retry_incident(world.engine, world.people["Bo"], found.id)
    running.retry_incident(world.engine, world.people["Dan"], found.id)
    assert [item.element for item in world.open(instance)] == ["yes"]
    with database.read() as uow:
        assert running.incidents.page(uow) == []


def test_a_service_that_fails_waits_as_an_incident(database: Database, at: FrozenClock) -> None:
    handlers = Handlers()
    broken = {"now": True}

    def serve(ctx: StepContext) -> dict[str, int]:
        if broken["now"]:
            raise Refused(T("打印机没有纸"))
        return {"pages": 3}

    handlers.service("print", serve)
    world = World.over(database, handlers)
    world.publish(
        build.process(
            build.start(),
            build.service("print", "print"),
            build.user("read"),
            build.flows("start", "print", "read"),
        )
    )
    instance = world.start()
    with database.read() as uow:
        (found,) = running.incidents.page(uow)
    assert str(found.message) == "打印机没有纸"
    broken["now"] = False
    running.retry_incident(world.engine, world.people["Dan"], found.id)
    assert [item.element for item in world.open(instance)] == ["read"]


def test_nobody_to_assign_is_an_incident(database: Database, at: FrozenClock) -> None:
    handlers = Handlers()
    found: dict[str, int | None] = {"boss": None}
    handlers.function("boss", lambda ctx: found["boss"])
    world = World.over(database, handlers)
    world.publish(
        build.process(build.start(), build.user("ask", assignee="boss()"), build.flows("start", "ask"))
    )
    world.start()
    assert world.open() == []
    with database.read() as uow:
        (incident,) = running.incidents.page(uow)
    found["boss"] = 2
    running.retry_incident(world.engine, world.people["Dan"], incident.id)
    assert [item.element for item in world.mine("Bo")] == ["ask"]


def test_parallel_branches_both_succeed_and_join(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    world.publish(
        build.process(
            build.start(),
            build.parallel("fork"),
            build.user("left"),
            build.user("right", assignee="2"),
            build.parallel("join"),
            build.user("after"),
            build.flows("start", "fork", "left", "join", "after"),
            build.flows("fork", "right", "join"),
        )
    )
    instance = world.start()
    world.complete(world.item("left").id, {"a": 1})
    assert world.open(instance)[0].element == "right"
    world.complete(world.item("right").id, {"b": 2}, who="Bo")
    assert [item.element for item in world.open(instance)] == ["after"]


@pytest.mark.parametrize("cold", [False, True])
def test_history_alone_gives_the_open_tokens(world: World, cold: bool) -> None:
    instance = world.start()
    for element in ("first", "second"):
        if cold:
            world.engine.hot.clear()
        with world.engine.database.read() as uow:
            frame = replay.fold(history.iterate(uow, instance))
        (place,) = frame.tokens.values()
        assert place.element == element
        assert world.item(element).token in frame.tokens
        world.complete(world.item(element).id)
    with world.engine.database.read() as uow:
        assert replay.fold(history.iterate(uow, instance)).tokens == {}
        assert history.verify_chain(uow, instance).intact


def test_cancelling_closes_everything(world: World) -> None:
    instance = world.start()
    with pytest.raises(InvalidInput):
        running.cancel(world.engine, world.people["Dan"], instance, "  ")
    running.cancel(world.engine, world.people["Dan"], instance, "不再需要")
    assert world.open() == []
    with world.engine.database.read() as uow:
        assert instances.get(uow, instance).state == "cancelled"
        assert replay.fold(history.iterate(uow, instance)).tokens == {}


def test_a_suspended_instance_rests(world: World, at: FrozenClock) -> None:
    instance = world.start()
    running.suspend(world.engine, world.people["Dan"], instance, "等预算")
    with pytest.raises(Conflict):
        world.complete(world.item("first").id)
    running.resume(world.engine, world.people["Dan"], instance)
    assert world.complete(world.item("first").id).state == "active"


@pytest.mark.parametrize("cold", [False, True])
def test_what_has_ended_says_so(world: World, cold: bool) -> None:
    instance = world.start()
    first = world.item("first").id
    running.cancel(world.engine, world.people["Dan"], instance, "不再需要")
    if cold:
        world.engine.hot.clear()
    with pytest.raises(Conflict) as told:
        world.complete(first)
    assert "取消" in str(told.value)
    assert running.cancel(world.engine, world.people["Dan"], instance, "再一次").state == "cancelled"


def test_a_wrong_number_of_arguments_is_an_incident(database: Database, at: FrozenClock) -> None:
    handlers = Handlers()
    handlers.function("boss", lambda ctx, dept: 1)
    handlers.query("credit", lambda ctx, who: 5)
    world = World.over(database, handlers)
    world.publish(
        build.process(
            build.start(),
            build.exclusive("gate", default="gate_ask"),
            build.user("ask", assignee="boss()"),
            build.user("other"),
            build.flow("start", "gate"),
            build.flow("gate", "other", "credit(1, 2) &gt; 1"),
            build.flow("gate", "ask"),
        )
    )
    world.start()
    with database.read() as uow:
        (found,) = running.incidents.page(uow)
    assert (found.element, found.reason) == ("gate", "expression")
    assert "credit" in str(found.message)
