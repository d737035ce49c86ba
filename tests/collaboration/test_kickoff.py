"""The kickoff: nominations, the meeting, everybody's confirmation, executors and Table 2."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import work
from engine.errors import InvalidInput, Refused
from processes.collaboration import tables
from tests.collaboration import story
from tests.collaboration.world import DEPTS, DESIGN, FIRSTS, World


@pytest.fixture
def approved(world: World) -> World:
    story.file_project(world)
    story.approve(world)
    return world


def test_every_head_nominates_and_nothing_else_is_open(approved: World) -> None:
    assert approved.open_work() == sorted((FIRSTS[d], "nominate_first_responsible") for d in DEPTS)


def test_nominees_belong_to_the_department(approved: World) -> None:
    values = {"first_responsible": approved.ids["钱莉"], "key_executors": [approved.ids["陈涛"]]}
    with pytest.raises(InvalidInput) as caught:
        approved.act("王丽", "nominate_first_responsible", values)
    assert set(caught.value.fields) == {"first_responsible"}


def test_meeting_needs_head_and_key_executor_of_every_department(approved: World) -> None:
    story.nominate(approved)
    for missing in ("钱莉", "冯雪"):
        others = [number for number in story.everybody(approved) if number != approved.ids[missing]]
        with pytest.raises(InvalidInput) as caught:
            approved.act("王丽", "organise_kickoff", story.meeting(approved, attendees=others))
        assert set(caught.value.fields) == {"attendees"}


def test_meeting_is_not_before_the_approval(approved: World) -> None:
    story.nominate(approved)
    early = story.meeting(approved, time="2026-03-01T10:00:00+08:00")
    with pytest.raises(InvalidInput) as caught:
        approved.act("王丽", "organise_kickoff", early)
    assert set(caught.value.fields) == {"time"}


def test_initiator_objects_to_a_nomination_once(approved: World) -> None:
    story.nominate(approved)
    objection = story.meeting(approved, objected_depts=[DESIGN], objection="冯雪更熟悉主视觉")
    approved.act("王丽", "organise_kickoff", objection)
    assert approved.open_work() == [("钱莉", "nominate_first_responsible")]
    again = {"first_responsible": approved.ids["冯雪"], "key_executors": [approved.ids["冯雪"]]}
    approved.act("钱莉", "nominate_first_responsible", again)
    approved.act("王丽", "organise_kickoff", objection)
    assert approved.open_work() == [("王丽", "hold_kickoff")]
    approved.act("王丽", "hold_kickoff", story.meeting(approved))
    assert ("冯雪", "confirm_kickoff") in approved.open_work()
    assert ("钱莉", "confirm_kickoff") not in approved.open_work()


def test_invited_people_are_told(approved: World) -> None:
    story.nominate(approved)
    approved.act("王丽", "organise_kickoff", story.meeting(approved))
    assert approved.told("张弛") == ["“{project}”启动会：{time}，{place}"]


@pytest.fixture
def held(approved: World) -> World:
    story.nominate(approved)
    story.hold_kickoff(approved)
    return approved


def test_nobody_plans_before_every_department_has_confirmed(held: World) -> None:
    held.act("王丽", "confirm_kickoff", story.confirmation())
    held.act("钱莉", "confirm_kickoff", story.confirmation())
    assert held.open_work() == [("曹军", "confirm_kickoff")]
    assert held.project().status == "启动中"


def test_objection_needs_words(held: World) -> None:
    with pytest.raises(InvalidInput) as caught:
        held.act("曹军", "confirm_kickoff", story.confirmation(scope_ok=False))
    assert set(caught.value.fields) == {"objection"}


def object_to_scope(world: World) -> None:
    for first in ("王丽", "钱莉"):
        world.act(first, "confirm_kickoff", story.confirmation())
    world.act("曹军", "confirm_kickoff", story.confirmation(scope_ok=False, objection="运力没有写明"))


def test_only_the_objecting_department_confirms_again(held: World) -> None:
    object_to_scope(held)
    assert held.open_work() == [("王丽", "resolve_objection")]
    resolution = {"resolution": "运力由物流部签约", "scope_changed": False}
    held.act("王丽", "resolve_objection", resolution)
    assert held.open_work() == [("曹军", "confirm_kickoff")]
    held.act("曹军", "confirm_kickoff", story.confirmation())
    assert {element for _, element in held.open_work()} == {"appoint_executors"}


def test_changed_scope_goes_back_to_approval_and_everybody_confirms_anew(held: World) -> None:
    object_to_scope(held)
    held.act("王丽", "resolve_objection", {"resolution": "范围增加运力预订", "scope_changed": True})
    assert held.open_work() == [("王丽", "file_project_info")]
    held.act("王丽", "file_project_info", story.project_info(held, scope="策划、设计、物料、运力"))
    assert held.project().status == "审批中"
    story.approve(held)
    story.hold_kickoff(held)
    assert len(held.items(element="confirm_kickoff")) == 3


def test_silent_departments_are_reminded_then_the_initiator_is_told(held: World) -> None:
    held.act("王丽", "confirm_kickoff", story.confirmation())
    held.pass_time(timedelta(days=1))
    asked = "请确认“{project}”的目标、范围与职责"
    assert held.told("曹军").count(asked) == 2
    assert asked not in held.told("王丽")
    held.pass_time(timedelta(days=2))
    assert "“{project}”还有部门没有确认启动：{depts}" in held.told("王丽")


@pytest.fixture
def confirmed(held: World) -> World:
    story.confirm_kickoff(held)
    return held


def test_only_the_first_responsible_appoints(confirmed: World) -> None:
    item = confirmed.item("钱莉", "appoint_executors").id
    with confirmed.database.write() as uow:
        work.reassign(uow, confirmed.actor("林晓"), item, confirmed.ids["冯雪"], confirmed.at.now())
    values = {"executors": [confirmed.ids["冯雪"]], "duty": "设计"}
    with pytest.raises(Refused):
        confirmed.act("冯雪", "appoint_executors", values, item=item)


def test_first_level_rows_come_from_every_department(confirmed: World) -> None:
    story.appoint(confirmed)
    rows = story.first_level(confirmed)["tasks"]
    with pytest.raises(InvalidInput) as caught:
        confirmed.act("王丽", "compile_table2", {"tasks": rows[:2]})
    assert set(caught.value.fields) == {"tasks"}


def test_owners_are_appointed_executors_or_the_first_responsible(confirmed: World) -> None:
    story.appoint(confirmed)
    rows = story.first_level(confirmed)["tasks"]
    rows[0]["owner"] = confirmed.ids["冯雪"]
    with pytest.raises(InvalidInput) as caught:
        confirmed.act("王丽", "compile_table2", {"tasks": rows})
    assert "tasks-0-owner" in caught.value.fields
    rows[0]["owner"] = confirmed.ids["王丽"]
    confirmed.act("王丽", "compile_table2", {"tasks": rows})


def test_published_table_is_version_0_and_everybody_is_told(confirmed: World) -> None:
    story.appoint(confirmed)
    confirmed.act("王丽", "compile_table2", story.first_level(confirmed))
    frozen = confirmed.rows(sa.select(tables.baseline))
    assert [(row["version"], len(row["snapshot"])) for row in frozen] == [(0, 3)]
    assert "“{project}”的任务分工表已发布，请查看" in confirmed.told("张弛")
    assert confirmed.project().status == "计划中"
