"""Running instances go on under another version of their diagram, or stay where they are with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine import history, instances, replay, running
from engine.clock import FrozenClock
from engine.errors import Forbidden, InvalidInput
from engine.migration.applying import migrate
from engine.migration.past import versions_run
from engine.migration.report import Report
from engine.replay import Spot
from engine.store.database import Database
from tests.engine import build
from tests.engine.build import World


@pytest.fixture
def world(database: Database, at: FrozenClock) -> World:
    return World.over(database)


def moved(world: World, mapping: dict[str, str] | None = None, who: str = "Dan", **how: Any) -> Report:
    """Migrate everything from version 1 to version 2."""
    return migrate(world.engine, world.people[who], "p", old=1, new=2, mapping=mapping, **how)


def begun(world: World, old: bytes, *later: bytes, **variables: Any) -> int:
    """Start an instance of the first version, then publish the others."""
    world.publish(old)
    instance = world.start(**variables)
    world.publish(*later)
    return instance


def codes(report: Report) -> list[str]:
    return [reason.code for verdict in report.verdicts for reason in verdict.reasons]


def straight(*steps: str, **attributes: str) -> bytes:
    tasks = [build.user(step, **attributes) for step in steps]
    return build.process(build.start(), *tasks, build.end(), build.flows("start", *steps, "end"))


def waits(world: World, instance: int) -> list[tuple[str, str]]:
    with world.engine.database.read() as uow:
        jobs = uow.sql(
            "select kind, due_at from job where instance = ? and state = 'due' order by id", (instance,)
        ).fetchall()
        found = [(row[0], str(row[1])[:16]) for row in jobs]
        names = uow.sql("select kind, name from subscription where instance = ? order by id", (instance,))
        return found + [(row[0], row[1]) for row in names.fetchall()]


def test_an_open_item_goes_on_under_the_new_id(world: World) -> None:
    begun(world, straight("write", "check"), straight("draft", "review", "check"))
    before = world.item("write")
    report = moved(world, {"write": "draft"})
    assert [verdict.migrates for verdict in report.verdicts] == [True]
    after = world.item("draft")
    assert (after.id, after.token, after.assignee, after.name) == (before.id, before.token, 1, "draft")
    world.complete(after.id)
    world.complete(world.item("review").id)
    world.complete(world.item("check").id)
    with world.engine.database.read() as uow:
        assert instances.get(uow, before.instance).state == "completed"
        assert history.verify_chain(uow, before.instance).intact


def test_a_trial_changes_nothing(world: World) -> None:
    instance = begun(world, straight("write", "check"), straight("draft", "check"))
    with world.engine.database.read() as uow:
        before = (instances.get(uow, instance), history.events(uow, instance))
    report = moved(world, {"write": "draft"}, dry_run=True)
    assert [each.element for each in report.verdicts[0].after] == ["draft"]
    with world.engine.database.read() as uow:
        assert (instances.get(uow, instance), history.events(uow, instance)) == before
    world.complete(world.item("write").id)
    world.item("check")


def test_a_token_on_an_element_that_has_gone_is_a_reason(world: World) -> None:
    world.publish(straight("write", "check"))
    stuck, fine = world.start(), world.start()
    world.publish(straight("draft", "check"))
    world.complete(world.item("write", fine).id)
    report = moved(world)
    assert [(verdict.instance, verdict.migrates) for verdict in report.verdicts] == [
        (stuck, False),
        (fine, True),
    ]
    (reason,) = report.refused[0].reasons
    assert (reason.code, reason.element) == ("gone", "write")
    assert str(reason.text) == "“write”在新版本里没有了，那里还有令牌"
    world.item("write", stuck)


def test_the_history_tells_both_versions(world: World) -> None:
    instance = begun(world, straight("write", "check"), straight("draft", "check"))
    world.complete(world.item("write").id)
    moved(world, {"write": "draft"})
    with world.engine.database.read() as uow:
        events = history.events(uow, instance)
        found = instances.get(uow, instance)
        first, then = versions_run(uow, found)
    (event,) = [event for event in events if event.kind == "instance.migrated"]
    assert event.body is not None
    assert event.body["before"]["version"] == 1
    assert event.body["after"]["version"] == 2
    assert event.body["mapping"]["p"]["write"] == "draft"
    assert (first.seq, then.seq, then.definition) == (1, event.seq, found.definition)
    before = replay.fold(each for each in events if each.seq < event.seq)
    after = replay.fold(each for each in events if each.seq <= event.seq)
    assert before.done[Spot("write")] == after.done[Spot("draft")] == 1
    assert before.flows[Spot("write_check")] == after.flows[Spot("draft_check")] == 1
    assert Spot("write") not in after.done


def test_another_form_or_kind_is_a_reason(world: World) -> None:
    begun(
        world,
        straight("write"),
        build.process(
            build.start(),
            '<manualTask id="write" name="write"/>',
            build.end(),
            build.flows("start", "write", "end"),
        ),
    )
    assert codes(moved(world)) == ["kind"]


def test_operators_and_designers_migrate(world: World) -> None:
    begun(world, straight("write"), straight("write", "check"))
    with pytest.raises(Forbidden):
        moved(world, who="Anna")
    with pytest.raises(InvalidInput):
        moved(world, {"write": "nowhere"})
    with pytest.raises(InvalidInput):
        moved(world, {"nobody": "write"})
    assert codes(moved(world)) == []


def test_a_resting_instance_stays(world: World) -> None:
    instance = begun(world, straight("write"), straight("write", "check"))
    running.suspend(world.engine, world.people["Dan"], instance, "等一等")
    assert codes(moved(world)) == ["refused"]


def guarded(text: str, *, name: str = "late") -> bytes:
    return build.process(
        build.start(),
        build.user("write"),
        build.boundary_timer(name, "write", text),
        build.user("chase"),
        build.end(),
        build.flows("start", "write", "end"),
        build.flows(name, "chase", "end"),
    )


def test_a_timer_keeps_its_due_unless_its_text_changes(world: World, at: FrozenClock) -> None:
    instance = begun(world, guarded("P2D"), guarded("P2D", name="overdue"))
    before = waits(world, instance)
    at.advance(timedelta(hours=5))
    assert codes(moved(world, {"late": "overdue"})) == []
    assert waits(world, instance) == before


def test_a_changed_timer_counts_from_its_beginning(world: World, at: FrozenClock) -> None:
    instance = begun(world, guarded("P2D"), guarded("P3D"))
    began = at.now()
    at.advance(timedelta(hours=5))
    assert codes(moved(world)) == []
    due = (began + timedelta(days=3)).strftime("%Y-%m-%d")
    ((kind, when),) = waits(world, instance)
    assert (kind, when[:10]) == ("timer", due)


@pytest.mark.parametrize("cold", [False, True])
def test_boundary_events_are_armed_and_disarmed(world: World, at: FrozenClock, cold: bool) -> None:
    instance = begun(world, straight("write"), guarded("P2D"))
    assert waits(world, instance) == []
    assert codes(moved(world)) == []
    assert [kind for kind, _ in waits(world, instance)] == ["timer"]
    if cold:
        world.engine.hot.clear()
    report = migrate(world.engine, world.people["Dan"], "p", old=2, new=1)
    assert codes(report) == []
    assert waits(world, instance) == []
    if cold:
        world.engine.hot.clear()
    world.complete(world.item("write").id)
    with world.engine.database.read() as uow:
        assert instances.get(uow, instance).state == "completed"


def test_an_armed_boundary_event_interrupts(world: World, at: FrozenClock) -> None:
    from engine import due

    instance = begun(world, straight("write"), guarded("P2D"))
    moved(world)
    world.engine.hot.clear()
    at.advance(timedelta(days=2, minutes=1))
    due.run_due(world.engine)
    assert [item.element for item in world.open(instance)] == ["chase"]


def receiving(name: str, correlation: str = "") -> bytes:
    return build.process(
        build.start(),
        build.catch_message("hear", name, correlation),
        build.user("read"),
        build.end(),
        build.flows("start", "hear", "read", "end"),
        outside=build.message(name),
    )


def test_a_message_is_awaited_under_its_new_name(world: World) -> None:
    instance = begun(world, receiving("old"), receiving("new", "order"), order=7)
    assert codes(moved(world)) == []
    assert waits(world, instance) == [("message", "new")]
    with world.engine.database.read() as uow:
        assert uow.sql("select correlation from subscription").fetchone()[0] == "7"


def forked(*branches: str) -> bytes:
    return build.process(
        build.start(),
        build.parallel("fork"),
        *(build.user(branch) for branch in branches),
        build.parallel("join"),
        build.end(),
        build.flows("start", "fork"),
        *(build.flows("fork", branch, "join") for branch in branches),
        build.flows("join", "end"),
    )


def test_a_join_that_would_starve_is_a_reason(world: World) -> None:
    begun(world, forked("a", "b"), forked("a", "b", "c"))
    assert codes(moved(world)) == ["starved"]


def test_a_join_whose_last_branch_has_gone_goes_on(world: World) -> None:
    instance = begun(world, forked("a", "b", "c"), forked("a", "b"))
    assert codes(moved(world)) == ["gone"]
    world.complete(world.item("a").id)
    world.complete(world.item("c").id)
    assert codes(moved(world)) == ["join"]
    world.complete(world.item("b").id)
    with world.engine.database.read() as uow:
        assert instances.get(uow, instance).state == "completed"


def test_a_changed_loop_is_a_reason_and_an_equal_one_goes_on(world: World) -> None:
    def many(step: str, *, sequential: bool = False) -> bytes:
        return build.process(
            build.start(),
            build.user(step, build.each("people", "person", sequential=sequential)),
            build.end(),
            build.flows("start", step, "end"),
        )

    instance = begun(world, many("ask"), many("ask", sequential=True), many("question"), people=["a", "b"])
    assert codes(moved(world)) == ["loop"]
    world.complete(world.open()[0].id)
    report = migrate(world.engine, world.people["Dan"], "p", old=1, new=3, mapping={"ask": "question"})
    assert codes(report) == []
    world.engine.hot.clear()
    world.complete(world.item("question").id)
    with world.engine.database.read() as uow:
        assert instances.get(uow, instance).state == "completed"
