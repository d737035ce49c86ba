"""One campaign from filed to closed by its people's own hands, the forbidden next step tried at each gate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.window import Window
from tests.browser.world import PagesWorld
from tests.collaboration import story
from tests.collaboration.world import DEPTS, DESIGN, FIRSTS, LOGISTICS, MARKETING
from tests.journeys import campaign, checks
from tests.journeys.campaign import LEAD, NAME

pytestmark = pytest.mark.browser


@pytest.mark.timeout(300)
def test_one_campaign_from_filed_to_closed(world: PagesWorld, window: Window) -> None:
    file_it_and_have_it_returned_once(world)
    approve_it_on_both_levels(world)
    kick_it_off(world)
    plan_it(world)
    execute_it_with_one_refused_result(world)
    accept_it_with_one_rework(world)
    sign_it(world)
    archive_and_review_it(world)
    read_it_afterwards(world)


def test_filed_and_approved_without_javascript(world: PagesWorld, plain_window: Window) -> None:
    world.start(LEAD)
    two_goals = [{"statement": "办好会员节", "measure": m, "target": "5000"} for m in ("到场会员", "新会员")]
    world.act(LEAD, "file_project_info", campaign.information(world, goal=two_goals))
    world.act("王丽", "decide_approval", {"decision": "退回修改", "comment": "请写明新会员的口径"})
    world.act(LEAD, "file_project_info", {"background": "新会员指当日入会"})
    campaign.approve(world)
    assert world.project().status == "启动中"
    assert world.status_on_its_page(LEAD) == "启动中"


def file_it_and_have_it_returned_once(world: PagesWorld) -> None:
    world.start(LEAD)
    world.not_open("decide_approval", "nominate_first_responsible")
    world.act(LEAD, "file_project_info", campaign.information(world))
    decision = world.item("王丽", "decide_approval")
    assert "这项待办不由您办理" in world.refused(LEAD, decision, {"decision": "同意"})
    assert "没有名为" in world.cannot_start(LEAD, "p1_kickoff")
    world.not_open("nominate_first_responsible", "organise_kickoff")
    world.act("王丽", "decide_approval", {"decision": "退回修改", "comment": "预算超出年度额度"})
    world.not_open("decide_approval")
    assert world.status_on_its_page(LEAD) == "退回"
    world.act(LEAD, "file_project_info", {"budget": 1200000})


def approve_it_on_both_levels(world: PagesWorld) -> None:
    assert world.open_work() == [("王丽", "decide_approval")]
    first = world.item("王丽", "decide_approval")
    world.refused("高岩", first, {"decision": "同意"})
    world.refused("张弛", first, {"decision": "同意"})
    world.act("王丽", "decide_approval", {"decision": "同意", "comment": "同意立项"})
    assert "王丽已办理这项待办" in world.refused("王丽", first, {"decision": "同意"})
    world.not_open("nominate_first_responsible")
    world.act("高岩", "decide_approval", {"decision": "同意"})
    assert world.status_on_its_page(LEAD) == "启动中"


def kick_it_off(world: PagesWorld) -> None:
    for dept in DEPTS[:-1]:
        nominate(world, dept)
    world.not_open("organise_kickoff")
    nominate(world, DEPTS[-1])
    campaign.hold_kickoff(world)
    waiting = world.item("钱莉", "confirm_kickoff")
    world.refused("冯雪", waiting, {"goal_ok": "true", "scope_ok": "true", "duties": "替部门确认"})
    for name in ("王丽", "曹军"):
        world.act(name, "confirm_kickoff", story.confirmation())
    world.not_open("appoint_executors", "compile_table2", "break_down")
    assert "没有名为" in world.cannot_start(LEAD, "p2_planning")
    world.act("钱莉", "confirm_kickoff", story.confirmation())
    story.appoint(world)
    world.not_open("break_down")
    table = world.item(LEAD, "compile_table2")
    world.refused("钱莉", table, {"_do": "submit"})
    world.act(LEAD, "compile_table2", story.first_level(world))
    assert world.status_on_its_page(LEAD) == "计划中"


def nominate(world: PagesWorld, dept: str) -> None:
    first, executor = FIRSTS[dept], story.EXECUTORS[dept]
    values = {"first_responsible": world.ids[first], "key_executors": [world.ids[executor]]}
    world.act(first, "nominate_first_responsible", values)


def plan_it(world: PagesWorld) -> None:
    for dept in (MARKETING, DESIGN):
        world.act(FIRSTS[dept], "break_down", {"tasks": story.department_plan(world, dept)})
    world.not_open("joint_planning", "work_and_update")
    world.act("曹军", "break_down", {"tasks": story.department_plan(world, LOGISTICS)})
    joint = world.item(LEAD, "joint_planning")
    world.refused("钱莉", joint)
    world.act(LEAD, "joint_planning", {"tasks": story.joint_plan(world)})
    world.not_open("work_and_update")
    for name in ("王丽", "钱莉"):
        world.act(name, "confirm_plan", {"decision": "确认"})
    assert world.states("task_execution") == []
    assert "没有名为" in world.cannot_start(LEAD, "task_execution")
    world.act("曹军", "confirm_plan", {"decision": "确认"})
    assert world.status_on_its_page(LEAD) == "执行中"
    assert world.states("task_execution") == ["active"] * 4


def execute_it_with_one_refused_result(world: PagesWorld) -> None:
    assert world.open_work() == [("陈涛", "work_and_update")]
    first = world.item("陈涛", "work_and_update")
    world.refused("冯雪", first, {"status": "已完成", "percent": "100"})
    story.finish(world, "陈涛")
    result = world.item("钱莉", "confirm_deliverable")
    world.refused("陈涛", result, {"decision": "确认"})
    world.not_open("work_and_update")
    world.act("钱莉", "confirm_deliverable", {"decision": "退回", "comment": "缺少预算明细"})
    assert world.open_work() == [("陈涛", "work_and_update")]
    checks.histories(world.engine)
    world.wait_a_day()
    finish_and_confirm(world, "陈涛", "钱莉", LEAD)
    finish_and_confirm(world, "冯雪", "曹军", LEAD)
    story.finish(world, "张弛")
    story.finish(world, "陈涛")
    world.not_open("call_acceptance")
    assert world.status_on_its_page(LEAD) == "执行中"
    campaign.confirm(world, LEAD)
    assert world.status_on_its_page(LEAD) == "验收中"


def finish_and_confirm(world: PagesWorld, owner: str, *confirmers: str) -> None:
    story.finish(world, owner)
    world.not_open("work_and_update")
    campaign.confirm(world, *confirmers)


def accept_it_with_one_rework(world: PagesWorld) -> None:
    call = world.item(LEAD, "call_acceptance")
    world.refused("钱莉", call, {"method": "现场"})
    campaign.call_acceptance(world)
    campaign.judge(world, failing=LOGISTICS)
    assert world.status_on_its_page(LEAD) == "整改中"
    assert world.open_work() == [("冯雪", "work_and_update")]
    finish_and_confirm(world, "冯雪", "曹军", LEAD)
    assert world.open_work() == [("曹军", "judge_acceptance")]
    world.not_open("sign_certificate")
    campaign.judge_one(world, "曹军", LOGISTICS)


def sign_it(world: PagesWorld) -> None:
    *others, last = [item.assignee for item in world.items(element="sign_certificate")]
    names = {number: name for name, number in world.ids.items()}
    for person in others:
        campaign.sign(world, names[person or 0])
    waiting = world.item(names[last or 0], "sign_certificate")
    world.refused(names[others[0] or 0], waiting, {"decision": "签署", "sign": names[last or 0]})
    world.not_open("submit_archive", "hold_retrospective")
    assert world.project().ended_at is None
    campaign.sign(world, names[last or 0])
    assert world.status_on_its_page(LEAD) == "收尾中"


def archive_and_review_it(world: PagesWorld) -> None:
    for dept in DEPTS[:-1]:
        campaign.hand_in(world, dept)
    world.not_open("check_archive")
    campaign.hand_in(world, DEPTS[-1])
    check = world.item(LEAD, "check_archive")
    world.refused("钱莉", check, {"decision": "接收"})
    world.act(LEAD, "check_archive", {"decision": "接收"})
    assert world.status_on_its_page(LEAD) == "收尾中"
    world.act(LEAD, "hold_retrospective", campaign.report(world))
    assert world.status_on_its_page(LEAD) == "收尾中"
    confirmation = world.item("林晓", "confirm_retrospective")
    world.refused(LEAD, confirmation, {"decision": "确认"})
    world.act("林晓", "confirm_retrospective", {"decision": "确认"})


def read_it_afterwards(world: PagesWorld) -> None:
    assert world.status_on_its_page(LEAD) == "已关闭"
    assert world.open_work() == []
    checks.histories(world.engine)
    checks.nothing_twice(world.engine)
    for instance in replayed(world):
        expect(world.window.page.locator("body")).to_contain_text("记录完整")
        slider = world.window.page.locator("[data-part=slider]")
        expect(world.window.page.locator("[data-part=sheet] svg .djs-element").first).to_be_attached()
        slider.focus()
        slider.press("Home")
        slider.press("End")
        assert slider.input_value() == slider.get_attribute("max"), instance
    documents(world)


def replayed(world: PagesWorld) -> Iterator[int]:
    """Open the replay of the project and of its first task as an auditor would."""
    world.window.become(world.ids["林晓"])
    for process in ("project_lifecycle", "task_execution"):
        instance = world.instances(process)[0]
        assert world.window.open(f"/audit/instances/{instance}") == 200
        yield instance


def documents(world: PagesWorld) -> None:
    """The archived files stand on the project's page under their proper names and can be had."""
    world.window.become(world.ids[LEAD])
    world.window.open(f"/projects/{world.project().key}?tab=documents")
    links = world.window.page.locator("td.main a", has_text=f"{NAME}-{DESIGN}-方案-")
    answer = world.window.page.context.request.get(
        world.window.address + (links.first.get_attribute("href") or "")
    )
    assert answer.ok
    assert answer.text().startswith(f"{NAME}-{DESIGN}-方案-")
