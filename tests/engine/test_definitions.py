"""Definitions: drafts may be wrong, published versions are right and never change."""

from __future__ import annotations

import pytest

from engine import definitions, instances, publishing
from engine.clock import FrozenClock
from engine.directory import SYSTEM
from engine.errors import Conflict, InvalidInput, NotFound, PublishRefused, UnsafeDocument
from engine.handlers import Handlers
from engine.store.database import Database
from tests.engine import build
from tests.engine.build import World

LONGER = build.process(
    build.start(),
    build.user("first"),
    build.user("extra"),
    build.end(),
    build.flows("start", "first", "extra", "end"),
)


@pytest.fixture
def world(database: Database, at: FrozenClock) -> World:
    made = World.over(database)
    made.publish(build.LINEAR)
    return made


def test_running_instances_stay_on_their_version(world: World) -> None:
    old = world.start()
    world.publish(LONGER)
    new = world.start()
    world.complete(world.item("first", old).id)
    world.complete(world.item("first", new).id)
    assert [item.element for item in world.open(old)] == ["second"]
    assert [item.element for item in world.open(new)] == ["extra"]
    with world.engine.database.read() as uow:
        assert definitions.running_by_version(uow, "p") == {1: 1, 2: 1}
        assert [found.version for found in definitions.versions(uow, "p")] == [2, 1]
        assert definitions.find_version(uow, "p", 1).xml == build.LINEAR


def test_publishing_the_same_again_makes_no_version(world: World) -> None:
    world.publish(build.LINEAR)
    with world.engine.database.read() as uow:
        assert len(definitions.versions(uow, "p")) == 1


def test_a_wrong_diagram_is_refused_with_all_findings(world: World) -> None:
    wrong = build.process(
        build.start(),
        build.user("a", form="nowhere"),
        build.service("b", "nobody"),
        build.flows("start", "a", "b", "c"),
    )
    with pytest.raises(PublishRefused) as told:
        world.publish(wrong)
    assert {f.element for f in told.value.findings if f.severity == "error"} >= {"a", "b"}
    with world.engine.database.read() as uow:
        assert len(definitions.versions(uow, "p")) == 1


def test_called_processes_are_pinned(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    part = build.process(build.start(), build.user("old"), build.flows("start", "old"), process_id="part")
    call = '<callActivity id="call" name="call" calledElement="part"/>'
    whole = build.process(build.start(), call, build.flows("start", "call"))
    with pytest.raises((PublishRefused, NotFound)):
        world.publish(whole)
    world.publish(part, whole)
    instance = world.start()
    world.publish(
        build.process(build.start(), build.user("new"), build.flows("start", "new"), process_id="part")
    )
    assert [item.element for item in world.open(instance)] == ["old"]
    assert [item.element for item in world.open(world.start())] == ["old"]
    world.publish(whole)
    assert [item.element for item in world.open(world.start())] == ["new"]


def test_forms_are_pinned_by_content(database: Database, at: FrozenClock) -> None:
    handlers = Handlers()
    handlers.form_library["f"] = {"id": "f", "components": []}
    world = World.over(database, handlers)
    asking = build.process(build.start(), build.user("ask", form="f"), build.flows("start", "ask"))
    world.publish(asking)
    first = world.start()
    handlers.form_library["f"] = {"id": "f", "components": [], "changed": True}
    world.publish(asking)
    second = world.start()
    assert [world.item("ask", i).form_version for i in (first, second)] == [1, 2]
    with world.engine.database.read() as uow:
        assert definitions.form_body(uow, "f", 1) == {"id": "f", "components": []}


def test_a_draft_may_be_wrong_but_not_lost(world: World) -> None:
    half = build.process(build.start(), build.user("a"))
    anna = world.people["Anna"]
    with world.engine.database.write() as uow:
        assert definitions.save_draft(uow, anna, "p", half).revision == 1
        with pytest.raises(Conflict):
            definitions.save_draft(uow, anna, "p", half)
        assert definitions.save_draft(uow, anna, "p", half, 1).revision == 2
        with pytest.raises(InvalidInput):
            definitions.save_draft(uow, anna, "q", half, 0)
        with pytest.raises(UnsafeDocument):
            definitions.save_draft(uow, anna, "p", b"<!DOCTYPE x><x/>", 2)
        publishing.publish(world.engine, uow, SYSTEM, LONGER, confirmed=publishing.EVERY_WARNING)
        assert definitions.get_draft(uow, "p") is None


def test_a_message_starts_the_newest_version(database: Database, at: FrozenClock) -> None:
    from engine import due, jobs

    world = World.over(database)
    begun = '<startEvent id="paid"><messageEventDefinition messageRef="payment"/></startEvent>'
    world.publish(
        build.process(
            begun, build.user("thank"), build.flows("paid", "thank"), outside=build.message("payment")
        )
    )
    with database.write() as uow:
        jobs.add_message(uow, at.now(), "payment", None, {"sum": 12})
    due.drain(world.engine)
    item = world.item("thank")
    with database.read() as uow:
        assert instances.get(uow, item.instance).started_by == SYSTEM.id
        assert uow.sql("select value from variable where name = 'sum'").fetchone()[0] == "12"


def test_a_step_that_names_nobody_goes_to_the_starter(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    bare = '<userTask id="bare" name="bare"/>'
    world.publish(build.process(build.start(), bare, build.flows("start", "bare")))
    world.start(who="Bo")
    assert [item.element for item in world.mine("Bo")] == ["bare"]


def test_a_diagram_in_another_encoding_runs(database: Database, at: FrozenClock) -> None:
    world = World.over(database)
    text = build.process(build.start(), build.user("ask"), build.flows("start", "ask")).decode()
    text = '<?xml version="1.0" encoding="GB18030"?>' + text.replace('name="ask"', 'name="审批"')
    world.publish(text.encode("gb18030"))
    world.start()
    assert [item.name for item in world.mine()] == ["审批"]


WARNED = build.process(
    build.start(), '<userTask id="bare" name="bare"/>', build.end(), build.flows("start", "bare", "end")
)
KEYS = ["activity.form-missing@bare", "activity.performer-missing@bare"]


def test_warnings_are_confirmed_by_name_and_the_version_keeps_who_did(world: World) -> None:
    anna = world.people["Anna"]
    with world.engine.database.write() as uow:
        published = publishing.publish(world.engine, uow, anna, WARNED, confirmed=KEYS)
    assert [(kept["key"], kept["confirmed_by"]) for kept in published.warnings] == [
        (key, anna.id) for key in KEYS
    ]


@pytest.mark.parametrize("confirmed", [[], KEYS[:1], ["activity.form-missing@other", KEYS[1]]])
def test_a_warning_nobody_confirmed_refuses_publishing(world: World, confirmed: list[str]) -> None:
    with world.engine.database.write() as uow, pytest.raises(PublishRefused) as refused:
        publishing.publish(world.engine, uow, world.people["Anna"], WARNED, confirmed=confirmed)
    assert [finding.key for finding in refused.value.findings] == KEYS
    assert "提醒" in str(refused.value)


def test_an_error_is_refused_whatever_is_confirmed(world: World) -> None:
    wrong = WARNED.replace(b'targetRef="bare"', b'targetRef="nowhere"')
    with world.engine.database.write() as uow, pytest.raises(PublishRefused) as refused:
        publishing.publish(world.engine, uow, SYSTEM, wrong, confirmed=publishing.EVERY_WARNING)
    assert "需要修改" in str(refused.value)


def test_a_drawing_is_not_published(world: World) -> None:
    drawing = WARNED.replace(b'isExecutable="true"', b'isExecutable="false"')
    with world.engine.database.write() as uow, pytest.raises(PublishRefused) as refused:
        publishing.publish(world.engine, uow, SYSTEM, drawing, confirmed=publishing.EVERY_WARNING)
    assert [finding.code for finding in refused.value.findings] == ["process.not-executable"]
