"""The journey of one campaign through all diagrams, with the forbidden next step tried at each gate."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine import history
from engine.errors import Forbidden, InvalidInput, WuxingError
from engine.store.tables import instance
from processes.collaboration import commands, tables
from tests.collaboration import story
from tests.collaboration.story import update
from tests.collaboration.world import DEPTS, FIRSTS, World


def forbidden(world: World, name: str, element: str, values: dict[str, Any]) -> None:
    """Try a step that is not this person's, or not possible yet; nothing changes."""
    before, status = world.open_work(), world.project().status
    items = world.items(element=element)
    assert items, f"nothing is open at {element}"
    with pytest.raises(WuxingError) as caught:
        world.act(name, element, values, item=items[0].id)
    assert isinstance(caught.value, Forbidden | InvalidInput)
    assert (world.open_work(), world.project().status) == (before, status)


def not_open(world: World, *elements: str) -> None:
    """Nobody has been offered these steps yet."""
    assert {element for _, element in world.open_work()}.isdisjoint(elements)


def test_one_campaign_from_filed_to_closed(world: World) -> None:
    file_and_kick_off(world)
    plan(world)
    execute(world)
    accept_in_two_rounds(world)
    archive_and_review(world)
    assert world.project().status == "已关闭"
    assert world.open_work() == []
    assert set(world.states("project_lifecycle")) | set(world.states("task_execution")) == {"completed"}
    verify_all(world)


def file_and_kick_off(world: World) -> None:
    story.file_project(world)
    forbidden(world, "王丽", "decide_approval", {"decision": "同意"})
    not_open(world, "nominate_first_responsible", "organise_kickoff")
    world.act("高岩", "decide_approval", {"decision": "退回修改", "comment": "预算超出年度额度"})
    world.act("王丽", "file_project_info", story.project_info(world, budget=1200000))
    story.approve(world)
    story.nominate(world)
    story.hold_kickoff(world)
    forbidden(world, "陈涛", "confirm_kickoff", story.confirmation())
    story.confirm_kickoff(world)
    not_open(world, "break_down")
    story.appoint(world)
    forbidden(world, "钱莉", "compile_table2", story.first_level(world))
    world.act("王丽", "compile_table2", story.first_level(world))
    assert world.project().status == "计划中"


def plan(world: World) -> None:
    story.break_down(world)
    not_open(world, "work_and_update")
    forbidden(world, "钱莉", "joint_planning", {"tasks": story.joint_plan(world)})
    world.act("王丽", "joint_planning", {"tasks": story.joint_plan(world)})
    assert world.states("task_execution") == []
    story.consent(world)
    assert world.project().status == "执行中"


def execute(world: World) -> None:
    forbidden(world, "冯雪", "work_and_update", update("进行中", 10))
    story.finish(world, "陈涛")
    world.act("钱莉", "confirm_deliverable", {"decision": "退回", "comment": "缺少预算明细"})
    assert world.items("冯雪") == []
    story.finish(world, "陈涛")
    story.confirm_result(world, "钱莉", "王丽")
    story.finish(world, "冯雪")
    story.confirm_result(world, "曹军", "王丽")
    story.finish(world, "张弛")
    story.finish(world, "陈涛")
    not_open(world, "call_acceptance")
    story.confirm_result(world, "王丽")
    assert world.project().status == "验收中"


def accept_in_two_rounds(world: World) -> None:
    story.call_acceptance(world)
    for name, dept in story.JUDGES:
        sheet = story.judged(world, dept, story.BAD if name == "曹军" else story.GOOD)
        fix = {"item": "缺陷降到 5 个以内", "owner": world.ids["冯雪"], "due": "2026-03-06"}
        world.act(name, "judge_acceptance", sheet | ({"correction": [fix]} if name == "曹军" else {}))
    assert world.project().status == "整改中"
    not_open(world, "sign_certificate")
    assert world.open_work() == [("冯雪", "work_and_update")]
    story.finish(world, "冯雪")
    story.confirm_result(world, "曹军", "王丽")
    world.act("曹军", "judge_acceptance", story.judged(world, story.LOGISTICS, story.GOOD))
    for name in ("王丽", "钱莉"):
        world.act(name, "sign_certificate", {"decision": "签署", "sign": name})
    assert world.project().ended_at is None
    not_open(world, "submit_archive", "hold_retrospective")
    world.act("曹军", "sign_certificate", {"decision": "签署", "sign": "曹军"})
    assert world.project().status == "收尾中"


def archive_and_review(world: World) -> None:
    for dept in DEPTS:
        world.act(FIRSTS[dept], "submit_archive", {"none_reason": "资料已随成果提交"})
    forbidden(world, "钱莉", "check_archive", {"decision": "接收"})
    world.act("王丽", "check_archive", {"decision": "接收"})
    assert world.project().status == "收尾中"
    story.review(world)


def verify_all(world: World) -> None:
    """Every instance's history is whole."""
    for row in world.rows(sa.select(instance.c.id)):
        with world.database.read() as uow:
            assert history.verify_chain(uow, row["id"]).intact


def test_the_journey_survives_a_restart_at_every_step(world: World, monkeypatch: Any) -> None:
    act = world.act

    def forgetful(*args: Any, **kwargs: Any) -> None:
        world.engine.hot.clear()
        act(*args, **kwargs)

    monkeypatch.setattr(world, "act", forgetful)
    story.file_project(world)
    story.approve(world)
    story.kick_off(world)
    story.plan(world)
    story.execute(world)
    story.accept(world)
    story.close(world)
    assert world.project().status == "已关闭"


def test_cancelled_project_ends_with_all_its_tasks(world: World) -> None:
    story.file_project(world)
    story.approve(world)
    story.kick_off(world)
    story.plan(world)
    project = world.project().id
    with pytest.raises(Forbidden):
        commands.cancel_project(world.engine, world.actor("王丽"), project, "不做了", command_id="c-1")
    with pytest.raises(InvalidInput):
        commands.cancel_project(world.engine, world.actor("高岩"), project, " ", command_id="c-2")
    commands.cancel_project(world.engine, world.actor("高岩"), project, "市场变化", command_id="c-3")
    world.expect_no_trouble()
    assert world.project().status == "已终止"
    assert world.open_work() == []
    assert world.states("task_execution") == ["cancelled"] * 4
    assert world.states("project_lifecycle") == ["completed"]


def test_applicant_cancels_before_approval(world: World) -> None:
    story.file_project(world)
    project = world.project().id
    commands.cancel_project(world.engine, world.actor("王丽"), project, "重复立项", command_id="c-1")
    assert world.project().status == "已终止"
    assert world.open_work() == []


def test_two_projects_do_not_hear_each_others_messages(world: World) -> None:
    for name in ("甲项目", "乙项目"):
        story.file_project(world, project_name=name)
    first, second = world.project("甲项目").id, world.project("乙项目").id
    commands.cancel_project(world.engine, world.actor("王丽"), first, "重复立项", command_id="c-1")
    assert world.project("甲项目").status == "已终止"
    assert world.project("乙项目").status == "审批中"
    rows = world.rows(sa.select(tables.approval.c.project, tables.approval.c.outcome))
    assert {row["project"]: row["outcome"] for row in rows} == {first: None, second: None}
