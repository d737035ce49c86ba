"""Running instances go on under another version of their diagram, or stay where they are with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine import clock, conversation, due, history, incidents, instances, jobs, replay, running, work
from engine.clock import FrozenClock
from engine.errors import Forbidden, InvalidInput
from engine.handlers import Handlers
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


def test_drafts_claims_and_comments_stay_with_an_item(database: Database, at: FrozenClock) -> None:
    handlers = Handlers()
    handlers.form_library["trip"] = _form("去哪")
    world = World.over(database, handlers)
    shared = {"candidates": "[1]", "form": "trip"}
    world.publish(straight("write", **shared))
    world.start()
    item = world.item("write")
    with database.write() as uow:
        work.claim(uow, world.people["Anna"], item.id, at.now())
        conversation.save_draft(uow, world.people["Anna"], item.id, {"where": "上海"})
        conversation.say(uow, world.people["Anna"], "再想想", item_id=item.id)
    handlers.form_library["trip"] = _form("到哪里")
    world.publish(straight("draft", "check", **shared))
    assert codes(moved(world, {"write": "draft"})) == []
    after = world.item("draft")
    assert (after.id, after.assignee, item.form_version, after.form_version) == (item.id, 1, 1, 2)
    with database.read() as uow:
        found = conversation.get_draft(uow, world.people["Anna"], item.id)
        assert found is not None
        assert found.body == {"where": "上海"}
        assert uow.sql("select count(*) from comment where item = ?", (item.id,)).fetchone()[0] == 1


def test_another_form_is_a_reason(database: Database, at: FrozenClock) -> None:
    handlers = Handlers()
    handlers.form_library.update(trip=_form("去哪"), tour=_form("去哪"))
    world = World.over(database, handlers)
    begun(world, straight("write", form="trip"), straight("write", form="tour"))
    assert codes(moved(world)) == ["form"]


def _form(label: str) -> dict[str, Any]:
    field = {"id": "where", "key": "where", "type": "textfield", "label": label}
    return {"id": "trip", "schemaVersion": 16, "title": "出差", "type": "default", "components": [field]}


def test_a_failed_element_is_mended_by_a_migration(world: World) -> None:
    def computing(script: str) -> bytes:
        return build.process(
            build.start(),
            f'<scriptTask id="reckon" name="reckon"><script>{script}</script></scriptTask>',
            build.user("read"),
            build.end(),
            build.flows("start", "reckon", "read", "end"),
        )

    instance = begun(world, computing("total = 1 + price.net"), computing("total = 2"), price="x")
    (found,) = _incidents(world, instance)
    assert codes(moved(world)) == []
    running.retry_incident(world.engine, world.people["Dan"], found.id)
    assert _incidents(world, instance) == []
    world.item("read")


def _incidents(world: World, instance: int) -> list[incidents.Incident]:
    with world.engine.database.read() as uow:
        return incidents.page(uow, instance=instance)


def watching(*watchers: str, interrupting: bool = False) -> bytes:
    bodies = [
        f'<subProcess id="{name}" name="{name}" triggeredByEvent="true"><startEvent id="{name}_start"'
        f' isInterrupting="{str(interrupting).lower()}"><messageEventDefinition messageRef="m_{name}"/>'
        f"</startEvent>{build.user(f'{name}_task')}{build.flows(f'{name}_start', f'{name}_task')}"
        "</subProcess>"
        for name in watchers
    ]
    return build.process(
        build.start(),
        build.user("write"),
        *bodies,
        build.end(),
        build.flows("start", "write", "end"),
        outside="".join(build.message(f"m_{name}") for name in watchers),
    )


def test_event_sub_processes_are_armed_and_disarmed(world: World) -> None:
    instance = begun(world, watching("red"), watching("blue", "green"))
    assert waits(world, instance) == [("message", "m_red")]
    assert codes(moved(world)) == []
    assert sorted(waits(world, instance)) == [("message", "m_blue"), ("message", "m_green")]
    world.engine.hot.clear()
    _send(world, "m_green")
    assert sorted(item.element for item in world.open(instance)) == ["green_task", "write"]
    report = migrate(world.engine, world.people["Dan"], "p", old=2, new=1)
    assert codes(report) == ["gone"]


def test_nothing_new_listens_once_an_event_has_interrupted(world: World) -> None:
    instance = begun(world, watching("red", interrupting=True), watching("red", "blue", interrupting=True))
    _send(world, "m_red")
    assert codes(moved(world)) == []
    assert waits(world, instance) == []
    world.item("red_task")


def _send(world: World, name: str) -> None:
    with world.engine.database.write() as uow:
        jobs.add_message(uow, clock.now(), name, None, {})
    due.drain(world.engine)


def choosing(*events: str) -> bytes:
    return build.process(
        build.start(),
        '<eventBasedGateway id="first"/>',
        *(build.catch_message(name, f"m_{name}") for name in events),
        *(build.user(f"after_{name}") for name in events),
        build.end(),
        build.flows("start", "first"),
        *(build.flows("first", name, f"after_{name}", "end") for name in events),
        outside="".join(build.message(f"m_{name}") for name in events),
    )


def test_an_event_gateway_waits_for_the_events_of_the_new_version(world: World) -> None:
    instance = begun(world, choosing("red", "blue"), choosing("blue", "green"))
    assert codes(moved(world)) == []
    assert sorted(waits(world, instance)) == [("message", "m_blue"), ("message", "m_green")]
    world.engine.hot.clear()
    _send(world, "m_green")
    assert [item.element for item in world.open(instance)] == ["after_green"]
    assert waits(world, instance) == []


def calling(called: str = "inner") -> bytes:
    return build.process(
        build.start(),
        f'<callActivity id="call" name="call" calledElement="{called}"/>',
        build.end(),
        build.flows("start", "call", "end"),
    )


def inside(*steps: str, process_id: str = "inner") -> bytes:
    tasks = [build.user(step) for step in steps]
    return build.process(
        build.start(), *tasks, build.end(), build.flows("start", *steps, "end"), process_id=process_id
    )


def test_a_called_process_follows_the_new_pin(world: World) -> None:
    world.publish(inside("pack"))
    instance = begun(world, calling(), inside("wrap", "seal"), calling(), inside("else", process_id="other"))
    world.publish(calling("other"))
    assert codes(moved(world)) == ["gone"]
    assert codes(moved(world, {"inner/pack": "wrap"})) == []
    world.complete(world.item("wrap", instance).id)
    world.item("seal", instance)
    report = migrate(world.engine, world.people["Dan"], "p", old=2, new=3)
    assert codes(report) == ["called"]
    with world.engine.database.read() as uow:
        frame = replay.fold(history.iterate(uow, instance))
    assert frame.done[Spot("wrap", "inner")] == 1


def undoing(step: str, *handlers: str) -> bytes:
    parts = [
        f'<boundaryEvent id="b_{name}" attachedToRef="{step}"><compensateEventDefinition/></boundaryEvent>'
        f'<userTask id="{name}" name="{name}" isForCompensation="true" wuxing:assignee="1"/>'
        f'<association id="a_{name}" sourceRef="b_{name}" targetRef="{name}"/>'
        for name in handlers
    ]
    return build.process(
        build.start(),
        build.user(step),
        build.user("wait"),
        *parts,
        '<intermediateThrowEvent id="throw"><compensateEventDefinition/></intermediateThrowEvent>',
        build.end(),
        build.flows("start", step, "wait", "throw", "end"),
    )


def test_what_was_done_is_undone_by_the_new_name(world: World) -> None:
    begun(world, undoing("pay", "refund"), undoing("spend", "return"), undoing("pay"))
    world.complete(world.item("pay").id)
    assert codes(moved(world, {"pay": "spend"})) == ["handler"]
    assert codes(moved(world, {"pay": "spend", "refund": "return"})) == []
    world.complete(world.item("wait").id)
    assert [item.element for item in world.open()] == ["return"]


def test_a_handler_that_comes_too_late_is_a_reason(world: World) -> None:
    world.publish(undoing("pay"))
    done, open_still = world.start(), world.start()
    world.complete(world.item("pay", done).id)
    world.publish(undoing("pay", "refund"))
    report = moved(world)
    assert {verdict.instance: verdict.migrates for verdict in report.verdicts} == {
        done: False,
        open_still: True,
    }
    assert codes(report) == ["handler"]


def test_an_element_that_has_moved_into_a_sub_process_is_a_reason(world: World) -> None:
    nested = build.process(
        build.start(),
        '<subProcess id="part" name="part">',
        build.start("s2"),
        build.user("write"),
        build.flows("s2", "write"),
        "</subProcess>",
        build.end(),
        build.flows("start", "part", "end"),
    )
    begun(world, straight("write"), nested)
    assert codes(moved(world)) == ["moved"]


def test_a_boundary_event_around_a_loop_that_runs(world: World, at: FrozenClock) -> None:
    def many(*more: str) -> bytes:
        return build.process(
            build.start(),
            build.user("ask", build.each("people", "person")),
            *more,
            build.end(),
            build.flows("start", "ask", "end"),
        )

    guard = (
        build.boundary_timer("late", "ask", "PT1H"),
        build.user("chase"),
        build.flows("late", "chase", "end"),
    )
    instance = begun(world, many(), many(*guard), people=["a", "b"])
    world.complete(world.open(instance)[0].id)
    assert codes(moved(world)) == []
    world.engine.hot.clear()
    at.advance(timedelta(hours=2))
    due.run_due(world.engine)
    assert [item.element for item in world.open(instance)] == ["chase"]


def test_a_cycle_that_has_fired_keeps_its_text(world: World, at: FrozenClock) -> None:
    def nagging(text: str) -> bytes:
        timer = build.boundary_timer("nag", "write", text, kind="timeCycle", cancel=False)
        parts = (build.start(), build.user("write"), timer, build.user("hurry"), build.end())
        return build.process(*parts, build.flows("start", "write", "end"), build.flows("nag", "hurry", "end"))

    instance = begun(
        world, nagging("R3/PT1H"), nagging("R3/PT2H"), nagging("R3/PT1H").replace(b'"hurry"', b'"run"')
    )
    assert codes(moved(world, dry_run=True)) == []
    at.advance(timedelta(hours=1, minutes=5))
    due.run_due(world.engine)
    assert codes(moved(world)) == ["cycle"]
    report = migrate(world.engine, world.people["Dan"], "p", old=1, new=3, mapping={"hurry": "run"})
    assert codes(report) == []
    at.advance(timedelta(hours=1))
    due.run_due(world.engine)
    assert sorted(item.element for item in world.open(instance)) == ["run", "run", "write"]
