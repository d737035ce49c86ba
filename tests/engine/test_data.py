"""Data of a diagram and conflicts between branches, through the database (BPMN 2.0.2 §10.4)."""

from __future__ import annotations

from engine import desk, history, incidents, running
from engine.incidents import Incident
from engine.store.database import Database
from tests.engine.build import World, end, flows, parallel, process, start, user

OBJECT = '<dataObject id="o" name="order"/>'
MAPPED = (
    '<ioSpecification><dataInput id="i" name="goods"/><dataOutput id="r" name="price"/>'
    "<inputSet><dataInputRefs>i</dataInputRefs></inputSet>"
    "<outputSet><dataOutputRefs>r</dataOutputRefs></outputSet></ioSpecification>"
    '<dataInputAssociation id="a1"><sourceRef>o</sourceRef><targetRef>i</targetRef>'
    "<transformation>order.goods</transformation></dataInputAssociation>"
    '<dataOutputAssociation id="a2"><sourceRef>r</sourceRef><targetRef>o</targetRef>'
    "<assignment><from>price * 2</from><to>order.total</to></assignment></dataOutputAssociation>"
)
FORK = process(
    start(), parallel("f"), user("a"), user("b"), parallel("j"), user("c"), end(),
    flows("start", "f", "a", "j", "c", "end"), flows("f", "b", "j"),
)  # fmt: skip


def seen(world: World, item: int) -> dict[str, object]:
    """What the form of an item may show."""
    with world.engine.database.read() as uow:
        return dict(desk.look(world.engine, uow, world.people["Anna"], item).context.variables)


def cold(world: World) -> None:
    """Let every next step load its instance from rows."""
    world.engine.hot.clear()


def trouble(world: World) -> list[Incident]:
    with world.engine.database.read() as uow:
        return incidents.page(uow)


def test_inputs_are_shown_and_outputs_come_back(database: Database) -> None:
    world = World.over(database)
    world.publish(
        process(OBJECT, start(), user("t", MAPPED), user("z"), end(), flows("start", "t", "z", "end"))
    )
    instance = world.start("p", order={"goods": "tea"})
    item = world.item("t", instance)
    assert seen(world, item.id)["goods"] == "tea"
    assert item.title == ""
    world.complete(item.id, {"price": 4})
    shown = seen(world, world.item("z", instance).id)
    assert shown == {"order": {"goods": "tea", "total": 8}}


def test_a_missing_input_is_an_incident_that_can_be_retried(database: Database) -> None:
    world = World.over(database)
    world.publish(process(OBJECT, start(), user("t", MAPPED), end(), flows("start", "t", "end")))
    world.start("p")
    (found,) = trouble(world)
    assert (found.element, found.reason) == ("t", "input_missing")
    running.retry_incident(world.engine, world.people["Dan"], found.id)
    assert [each.reason for each in trouble(world)] == ["input_missing"]


def test_data_objects_of_a_sub_process_are_rows_of_its_scope(database: Database) -> None:
    world = World.over(database)
    inner = (OBJECT, '<startEvent id="s2"/>', user("t"), user("u"), flows("s2", "t", "u"))
    body = f'<subProcess id="x" name="x">{"".join(inner)}</subProcess>'
    world.publish(process(start(), body, user("z"), end(), flows("start", "x", "z", "end")))
    instance = world.start("p", order="outer")
    world.complete(world.item("t", instance).id, {"order": "inner"})
    assert seen(world, world.item("u", instance).id) == {"order": "inner"}
    world.complete(world.item("u", instance).id)
    assert seen(world, world.item("z", instance).id) == {"order": "outer"}


def test_two_people_who_overwrite_each_other_are_an_incident_that_names_both(database: Database) -> None:
    world = World.over(database)
    world.publish(FORK)
    instance = world.start("p")
    second = world.item("b", instance)
    world.complete(world.item("a", instance).id, {"x": 1})
    cold(world)
    world.complete(second.id, {"x": 2, "y": 3})
    (found,) = trouble(world)
    assert (found.reason, found.element) == ("conflict", "b")
    assert found.detail == {"element": "b", "variable": "x", "other": "a"}
    assert "“a”" in str(found.message)
    cold(world)
    running.retry_incident(world.engine, world.people["Dan"], found.id)
    item = world.item("c", instance)
    assert seen(world, item.id) == {"x": 2, "y": 3}
    world.complete(item.id)
    with database.read() as uow:
        assert history.events(uow, instance)[-1].kind == "instance.completed"


def test_what_a_script_reads_it_has_seen(database: Database) -> None:
    world = World.over(database)
    lines = [
        f'<scriptTask id="{name}" name="{name}"><script>{text}</script></scriptTask>'
        for name, text in (("a", 'L = append(L, "a")'), ("b", 'L = append(L, "b")'), ("c", 'L = ["c"]'))
    ]
    branches = "".join(flows("f", name, "z") for name in "abc")
    world.publish(process(start(), parallel("f"), *lines, user("z"), flows("start", "f"), branches))
    instance = world.start("p", L=[])
    assert [(each.element, each.reason) for each in trouble(world)] == [("c", "conflict")]
    assert seen(world, world.open(instance)[0].id) == {"L": ["a", "b"]}
