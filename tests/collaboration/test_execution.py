"""Execution: predecessors, daily updates, confirmations, rework and the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import work
from engine.errors import InvalidInput, Refused
from processes.collaboration import tables
from tests.collaboration import story
from tests.collaboration.story import update
from tests.collaboration.world import World


@pytest.fixture
def executing(world: World) -> World:
    story.file_project(world)
    story.approve(world)
    story.kick_off(world)
    story.plan(world)
    return world


def task(world: World, name: str) -> dict[str, Any]:
    return world.rows(sa.select(tables.task).where(tables.task.c.name == name))[0]


def refused(world: World, name: str, element: str, values: dict[str, Any]) -> set[str]:
    with pytest.raises(InvalidInput) as caught:
        world.act(name, element, values)
    return set(caught.value.fields)


def test_only_the_task_without_predecessors_begins(executing: World) -> None:
    assert executing.open_work() == [("陈涛", "work_and_update")]


def test_update_keeps_the_task_open_until_it_is_done(executing: World) -> None:
    for percent in (20, 60):
        executing.act("陈涛", "work_and_update", update("进行中", percent))
    assert executing.open_work() == [("陈涛", "work_and_update")]
    assert task(executing, "完成策划方案")["percent"] == 60
    assert len(executing.rows(sa.select(tables.progress))) == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (update("已完成", 90), "percent"),
        (update("进行中", 100), "status"),
        (update("受阻", 30), "block_reason"),
        (
            update("受阻", 30, block_reason="停电", expected_resolution="2026-03-01T10:00:00+08:00"),
            "expected_resolution",
        ),
        (update("进行中", 120), "percent"),
        (update("已完成", 100), "evidence"),
    ],
)
def test_update_that_contradicts_itself_is_refused(
    executing: World, values: dict[str, Any], field: str
) -> None:
    assert field in refused(executing, "陈涛", "work_and_update", values)


def test_going_back_needs_a_note(executing: World) -> None:
    executing.act("陈涛", "work_and_update", update("进行中", 60))
    assert refused(executing, "陈涛", "work_and_update", update("进行中", 40)) == {"note"}
    executing.act("陈涛", "work_and_update", update("进行中", 40, note="方案重写"))


def test_blocked_task_is_reported_to_lead_and_first_responsible(executing: World) -> None:
    blocked = update("受阻", 30, block_reason="场地未批", expected_resolution="2026-03-10T10:00:00+08:00")
    executing.act("陈涛", "work_and_update", blocked)
    assert "“{task}”受阻：{reason}" in executing.told("王丽")
    executing.act("陈涛", "work_and_update", update("进行中", 40))
    assert task(executing, "完成策划方案")["status"] == "进行中"


def test_successor_waits_until_the_result_is_confirmed_by_all(executing: World) -> None:
    story.finish(executing, "陈涛")
    assert executing.open_work() == [("王丽", "confirm_deliverable"), ("钱莉", "confirm_deliverable")]
    story.confirm_result(executing, "钱莉")
    assert executing.open_work() == [("王丽", "confirm_deliverable")]
    story.confirm_result(executing, "王丽")
    assert executing.open_work() == [("冯雪", "work_and_update")]


def test_returned_result_goes_back_to_work_and_is_confirmed_again(executing: World) -> None:
    story.finish(executing, "陈涛")
    back = {"decision": "退回", "comment": "缺少预算明细"}
    executing.act("钱莉", "confirm_deliverable", back)
    assert executing.open_work() == [("陈涛", "work_and_update")]
    row = task(executing, "完成策划方案")
    assert (row["status"], row["percent"], row["rework"]) == ("进行中", 95, 1)
    assert "“{task}”的成果被退回：{reasons}" in executing.told("陈涛")
    story.finish(executing, "陈涛")
    story.confirm_result(executing, "钱莉", "王丽")
    assert executing.open_work() == [("冯雪", "work_and_update")]
    rounds = executing.rows(sa.select(tables.confirmation.c.round, tables.confirmation.c.decision))
    assert sorted((row["round"], row["decision"] or "") for row in rounds) == [
        (1, ""),
        (1, "退回"),
        (2, "确认"),
        (2, "确认"),
    ]


def test_result_below_its_standard_cannot_be_confirmed(executing: World) -> None:
    story.finish(executing, "陈涛")
    rows = story.checklist(executing, "9")
    values = {"decision": "确认", "checklist": rows}
    assert refused(executing, "钱莉", "confirm_deliverable", values) == {"decision"}


def test_nobody_confirms_the_own_result(executing: World) -> None:
    story.finish(executing, "陈涛")
    item = executing.item("王丽", "confirm_deliverable").id
    with executing.database.write() as uow:
        work.reassign(uow, executing.actor("王丽"), item, executing.ids["陈涛"], executing.at.now())
    rows = story.checklist(executing, "3")
    with pytest.raises(Refused):
        executing.act("陈涛", "confirm_deliverable", {"decision": "确认", "checklist": rows}, item=item)


def test_pmo_confirms_when_initiator_and_owner_are_one(world: World) -> None:
    story.file_project(world)
    story.approve(world)
    story.kick_off(world)
    for dept in story.DEPTS:
        rows = story.department_plan(world, dept)
        if dept == story.MARKETING:
            rows[0] |= {"owner": world.ids["王丽"], "receiver": None}
        world.act(story.FIRSTS[dept], "break_down", {"tasks": rows})
    joint = story.joint_plan(world)
    for row in joint:
        row["predecessors"] = []
    world.act("王丽", "joint_planning", {"tasks": joint})
    story.consent(world)
    story.finish(world, "王丽")
    assert world.items("林晓", "confirm_deliverable")
    assert world.items("王丽", "confirm_deliverable") == []


def test_ordinary_result_needs_no_confirmation(executing: World) -> None:
    story.finish(executing, "陈涛")
    story.confirm_result(executing, "钱莉", "王丽")
    story.finish(executing, "冯雪")
    story.confirm_result(executing, "曹军", "王丽")
    executing.act("张弛", "work_and_update", update("已完成", 100))
    assert executing.open_work() == [("陈涛", "work_and_update")]


def test_all_confirmed_opens_the_acceptance_and_nothing_less_does(executing: World) -> None:
    story.finish(executing, "陈涛")
    story.confirm_result(executing, "钱莉", "王丽")
    story.finish(executing, "冯雪")
    story.confirm_result(executing, "曹军", "王丽")
    executing.act("张弛", "work_and_update", update("已完成", 100))
    story.finish(executing, "陈涛")
    assert executing.project().status == "执行中"
    assert executing.items(element="call_acceptance") == []
    story.confirm_result(executing, "王丽")
    assert executing.project().status == "验收中"
    assert executing.open_work() == [("王丽", "call_acceptance")]
    assert executing.states("task_execution") == ["completed"] * 4


# ---------------------------------------------------------------- kinds of dependency


def link(world: World, kind: str, lag: int = 0) -> None:
    """Plan with one dependency of a kind from the first task to the second; the others are free."""
    story.file_project(world)
    story.approve(world)
    story.kick_off(world)
    story.break_down(world)
    rows = story.joint_plan(world)
    ids = story.task_rows(world)
    for row in rows:
        own = row["id"] == ids["完成主视觉设计"]
        before = {"task": ids["完成策划方案"], "dep_type": kind, "lag": lag}
        row["predecessors"] = [before] if own else []
        if own:
            row["plan_start"], row["plan_end"] = "2026-03-23", "2026-03-27"
    world.act("王丽", "joint_planning", {"tasks": rows})
    story.consent(world)


def test_ss_successor_begins_when_its_predecessor_has_begun(world: World) -> None:
    link(world, "SS")
    assert world.items("冯雪") == []
    world.act("陈涛", "work_and_update", update("进行中", 5))
    assert world.items("冯雪", "work_and_update")


def test_ff_successor_works_but_cannot_finish_first(world: World) -> None:
    link(world, "FF")
    evidence = world.file("冯雪", "work_and_update", "主视觉.txt")
    done = update("已完成", 100, evidence=[evidence])
    assert refused(world, "冯雪", "work_and_update", done) == {"status"}


def test_lag_of_two_working_days_is_waited_for(world: World) -> None:
    link(world, "FS", lag=2)
    story.finish(world, "陈涛")
    story.confirm_result(world, "钱莉", "王丽")
    assert world.items("冯雪") == []
    world.pass_time(timedelta(days=1))
    assert world.items("冯雪") == []
    world.pass_time(timedelta(days=2))
    assert world.items("冯雪", "work_and_update")


# ---------------------------------------------------------------- the clock


def test_owner_is_warned_then_reminded_then_reported_late(executing: World) -> None:
    executing.until(datetime(2026, 3, 11, 0, 0, tzinfo=UTC))
    assert "“{task}”将于{day}到期" not in executing.told("陈涛")
    executing.until(datetime(2026, 3, 11, 2, 0, tzinfo=UTC))
    assert "“{task}”将于{day}到期" in executing.told("陈涛")
    executing.until(datetime(2026, 3, 13, 11, 0, tzinfo=UTC))
    assert "“{task}”今天到期" in executing.told("陈涛")
    assert "“{task}”已逾期" not in executing.told("王丽")
    executing.until(datetime(2026, 3, 16, 11, 0, tzinfo=UTC))
    assert "“{task}”已逾期" in executing.told("王丽")


def test_missing_update_is_asked_for_once_a_day_and_never_at_the_weekend(executing: World) -> None:
    asked = "请更新“{task}”今天的进度"
    executing.act("陈涛", "work_and_update", update("进行中", 5))
    executing.until(datetime(2026, 3, 6, 12, 0, tzinfo=UTC))
    before = executing.told("陈涛").count(asked)
    executing.until(datetime(2026, 3, 8, 12, 0, tzinfo=UTC))
    assert executing.told("陈涛").count(asked) == before
    executing.until(datetime(2026, 3, 9, 12, 0, tzinfo=UTC))
    assert executing.told("陈涛").count(asked) == before + 1
    assert "“{task}”昨天没有更新进度" in executing.told("王丽")


def test_reminders_missed_in_an_outage_are_not_sent_in_a_burst(executing: World) -> None:
    executing.act("陈涛", "work_and_update", update("进行中", 5))
    executing.pass_time(timedelta(days=9), tick=timedelta(days=9))
    assert executing.told("陈涛").count("请更新“{task}”今天的进度") <= 1
