"""Approval of a project: levels, decisions, handing over, added signers, separation of duties."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import due, running, work
from engine.errors import Conflict, Forbidden, InvalidInput, Refused
from processes.collaboration import commands, tables
from tests.collaboration import story
from tests.collaboration.world import World


def refused_fields(world: World, name: str, element: str, values: dict[str, object]) -> set[str]:
    """Return the fields for which a submit is refused, having changed nothing."""
    before = world.open_work()
    with pytest.raises(InvalidInput) as caught:
        world.act(name, element, values)
    assert world.open_work() == before
    return set(caught.value.fields)


def test_nothing_happens_before_management_has_approved(world: World) -> None:
    story.file_project(world)
    assert world.project().status == "审批中"
    assert world.open_work() == [("高岩", "decide_approval")]


def test_only_the_approver_can_decide(world: World) -> None:
    story.file_project(world)
    item = world.item("高岩", "decide_approval").id
    with pytest.raises(Forbidden):
        world.act("王丽", "decide_approval", {"decision": "同意"}, item=item)


def test_two_approvers_at_once_and_the_second_is_told_who_decided(world: World) -> None:
    story.file_project(world)
    item = world.item("高岩", "decide_approval").id
    story.approve(world)
    with pytest.raises(Conflict) as caught:
        world.act("高岩", "decide_approval", {"decision": "同意"}, item=item)
    assert "高岩" in str(caught.value.text)


def test_department_head_approves_before_management_unless_he_files(world: World) -> None:
    world.start("陈涛")
    world.act("陈涛", "file_project_info", story.project_info(world, lead=world.ids["陈涛"]))
    assert world.open_work() == [("王丽", "decide_approval")]
    story.approve(world, "王丽")
    assert world.open_work() == [("高岩", "decide_approval")]
    assert world.project().status == "审批中"
    story.approve(world)
    assert world.project().status == "启动中"


def test_a_manager_never_approves_the_own_project(world: World) -> None:
    world.start("高岩")
    involved = ["总经办", story.DESIGN]
    info = story.project_info(
        world,
        initiating_dept="总经办",
        lead=world.ids["高岩"],
        involved_depts=involved,
        deliverables=[{"name": "方案", "standard": "定稿", "owner_dept": "总经办"}],
    )
    world.act("高岩", "file_project_info", info)
    assert world.open_work() == [("刘志远", "decide_approval")]


def test_reassigning_to_the_applicant_does_not_let_him_approve(world: World) -> None:
    story.file_project(world)
    item = world.item("高岩", "decide_approval").id
    with world.database.write() as uow:
        work.reassign(uow, world.actor("高岩"), item, world.ids["王丽"], world.at.now())
    with pytest.raises(Refused):
        world.act("王丽", "decide_approval", {"decision": "同意"}, item=item)


def test_a_refusal_needs_a_reason(world: World) -> None:
    story.file_project(world)
    assert refused_fields(world, "高岩", "decide_approval", {"decision": "拒绝"}) == {"comment"}


def test_refused_project_has_ended(world: World) -> None:
    story.file_project(world)
    world.act("高岩", "decide_approval", {"decision": "拒绝", "comment": "今年没有预算"})
    assert world.project().status == "已拒绝"
    assert world.states("project_lifecycle") == ["completed"]
    assert world.open_work() == []
    assert "“{project}”未获批准，项目已结束" in world.told("王丽")


def test_returned_project_is_filed_again_and_approved(world: World) -> None:
    story.file_project(world)
    world.act("高岩", "decide_approval", {"decision": "退回修改", "comment": "预算超出年度额度"})
    assert world.project().status == "退回"
    assert world.open_work() == [("王丽", "file_project_info")]
    world.act("王丽", "file_project_info", story.project_info(world, budget=1200000.5))
    assert world.project().budget_fen == 120000050
    story.approve(world)
    assert world.project().status == "启动中"
    rounds = world.rows(sa.select(tables.rework_round))
    assert [(row["loop"], row["count"]) for row in rounds] == [("register_filing_return", 1)]


def test_applicant_withdraws_before_the_decision(world: World) -> None:
    story.file_project(world)
    project = world.project().id
    with pytest.raises(Forbidden):
        commands.withdraw_approval(world.engine, world.actor("钱莉"), project, command_id="w-0")
    commands.withdraw_approval(world.engine, world.actor("王丽"), project, command_id="w-1")
    world.expect_no_trouble()
    assert world.project().status == "退回"
    assert world.open_work() == [("王丽", "file_project_info")]
    with pytest.raises(Forbidden):
        commands.withdraw_approval(world.engine, world.actor("王丽"), project, command_id="w-2")


def test_handed_over_approval_is_decided_by_the_other(world: World) -> None:
    story.file_project(world)
    world.act("高岩", "decide_approval", {"transfer_to": world.ids["刘志远"]})
    assert world.open_work() == [("刘志远", "decide_approval")]
    story.approve(world, "刘志远")
    assert world.project().status == "启动中"


def test_nobody_hands_an_approval_to_the_applicant(world: World) -> None:
    story.file_project(world)
    values = {"transfer_to": world.ids["王丽"]}
    assert refused_fields(world, "高岩", "decide_approval", values) == {"transfer_to"}


def test_signer_added_before_decides_first(world: World) -> None:
    story.file_project(world)
    added = {"add_signer": [world.ids["林晓"]], "add_signer_mode": "前加签"}
    world.act("高岩", "decide_approval", added)
    assert world.open_work() == [("林晓", "decide_approval")]
    story.approve(world, "林晓")
    assert world.open_work() == [("高岩", "decide_approval")]
    assert world.project().status == "审批中"
    story.approve(world)
    assert world.project().status == "启动中"


def test_signer_added_after_decides_too(world: World) -> None:
    story.file_project(world)
    story.approve(world, add_signer=[world.ids["林晓"]], add_signer_mode="后加签")
    assert world.open_work() == [("林晓", "decide_approval")]
    world.act("林晓", "decide_approval", {"decision": "退回修改", "comment": "请补充客服部"})
    assert world.project().status == "退回"


def test_return_to_an_earlier_approver_asks_him_again(world: World) -> None:
    world.start("陈涛")
    world.act("陈涛", "file_project_info", story.project_info(world, lead=world.ids["陈涛"]))
    story.approve(world, "王丽")
    back = {"decision": "退回修改", "comment": "请部门再核对预算", "return_to": str(world.ids["王丽"])}
    world.act("高岩", "decide_approval", back)
    assert world.open_work() == [("王丽", "decide_approval")]
    story.approve(world, "王丽")
    assert world.open_work() == [("高岩", "decide_approval")]
    story.approve(world)
    assert world.project().status == "启动中"


def test_return_goes_to_nobody_outside_the_approval(world: World) -> None:
    story.file_project(world)
    back = {"decision": "退回修改", "comment": "请再核对预算", "return_to": str(world.ids["林晓"])}
    assert "return_to" in refused_fields(world, "高岩", "decide_approval", back)


def test_approvers_are_reminded_and_their_superiors_told(world: World) -> None:
    story.file_project(world)
    world.pass_time(timedelta(hours=4))
    assert world.told("高岩") == []
    world.pass_time(timedelta(hours=1))
    assert world.told("高岩") == ["请审批“{project}”，申请人在等您的意见"]
    world.pass_time(timedelta(days=2))
    assert "“{project}”的审批超期未决，等待{who}" in world.told("王丽")


def test_reminders_end_with_the_decision(world: World) -> None:
    story.file_project(world)
    story.approve(world)
    world.pass_time(timedelta(days=2))
    assert world.told("高岩") == []


def test_applicant_reminds_at_most_once_an_hour(world: World) -> None:
    story.file_project(world)
    project = world.project().id
    commands.remind_approvers(world.engine, world.actor("王丽"), project)
    with pytest.raises(Refused):
        commands.remind_approvers(world.engine, world.actor("王丽"), project)
    world.at.advance(timedelta(hours=1))
    commands.remind_approvers(world.engine, world.actor("王丽"), project)
    assert len(world.told("高岩")) == 2


def test_repeated_command_has_one_effect(world: World) -> None:
    story.file_project(world)
    item = world.item("高岩", "decide_approval").id
    for _ in range(2):
        running.complete(world.engine, world.actor("高岩"), item, {"decision": "同意"}, command_id="once")
        due.drain(world.engine)
    assert len(world.rows(sa.select(tables.approval_signer))) == 1


def test_light_needs_the_approvers_consent(world: World) -> None:
    story.file_project(world, light=True)
    story.approve(world, light_ok=False)
    assert not world.project().light_ok
    story.nominate(world)
    world.act("王丽", "organise_kickoff", story.meeting(world))
    assert ("王丽", "hold_kickoff") in world.open_work()


def test_light_project_confirms_without_a_meeting(world: World) -> None:
    story.file_project(world, light=True)
    story.approve(world, light_ok=True)
    story.nominate(world)
    world.act("王丽", "organise_kickoff", story.meeting(world))
    assert {element for _, element in world.open_work()} == {"confirm_kickoff"}
