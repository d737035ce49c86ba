"""Delivery: acceptance in rounds, the certificate, archive, retrospective and closing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import work
from engine.errors import InvalidInput, Refused
from engine.store.tables import event
from processes.collaboration import acceptances, tables
from tests.collaboration import story
from tests.collaboration.world import DESIGN, FIRSTS, LOGISTICS, World


@pytest.fixture
def delivered(world: World) -> World:
    story.file_project(world)
    story.approve(world)
    story.kick_off(world)
    story.plan(world)
    story.execute(world)
    return world


def judge(world: World, failing: str | None = None) -> None:
    """Judge the open sheets; one judge finds too many defects."""
    for name, dept in story.JUDGES:
        if not world.items(name, "judge_acceptance"):
            continue
        sheet = story.judged(world, dept, story.BAD if name == failing else story.GOOD)
        if name == failing:
            owner = world.ids["冯雪" if name == "曹军" else "陈涛"]
            sheet["correction"] = [{"item": "缺陷降到 5 个以内", "owner": owner, "due": "2026-03-06"}]
        world.act(name, "judge_acceptance", sheet)


def sheet(world: World, number: int) -> list[tuple[str | None, str]]:
    """Return the rows of a round as (task, criterion)."""
    item, rounds, task = tables.acceptance_item, tables.acceptance_round, tables.task
    query = (
        sa.select(task.c.name, item.c.criterion)
        .join(rounds, rounds.c.id == item.c.round)
        .outerjoin(task, task.c.id == item.c.task)
        .where(rounds.c.number == number)
        .order_by(item.c.position)
    )
    return [(row["name"], row["criterion"]) for row in world.rows(query)]


def test_first_sheet_holds_the_goal_and_every_standard(delivered: World) -> None:
    story.call_acceptance(delivered)
    assert sheet(delivered, 1) == [
        (None, "到场会员"),
        ("完成策划方案", "缺陷"),
        ("完成主视觉设计", "缺陷"),
        ("完成物料制作", "缺陷"),
        ("组织现场执行", "缺陷"),
    ]


def test_no_department_judges_its_own_task(delivered: World) -> None:
    story.call_acceptance(delivered)
    item, task = tables.acceptance_item, tables.task
    query = sa.select(task.c.dept, item.c.dept.label("judge")).join(item, item.c.task == task.c.id)
    assert all(row["dept"] != row["judge"] for row in delivered.rows(query))


def test_every_department_takes_part(delivered: World) -> None:
    call = {"date": "2026-03-02", "method": "现场", "participants": [delivered.ids["王丽"]]}
    with pytest.raises(InvalidInput) as caught:
        delivered.act("王丽", "call_acceptance", call)
    assert set(caught.value.fields) == {"participants"}


def test_verdict_against_the_numbers_needs_its_reason(delivered: World) -> None:
    story.call_acceptance(delivered)
    sheet = story.judged(delivered, LOGISTICS, story.BAD)
    sheet["items"][0]["pass"] = True
    with pytest.raises(InvalidInput) as caught:
        delivered.act("曹军", "judge_acceptance", sheet)
    assert set(caught.value.fields) == {"items-0-override_reason"}
    sheet["items"][0]["override_reason"] = "四个缺陷属于同一处"
    delivered.act("曹军", "judge_acceptance", sheet)


def test_failed_item_needs_a_correction(delivered: World) -> None:
    story.call_acceptance(delivered)
    with pytest.raises(InvalidInput) as caught:
        delivered.act("曹军", "judge_acceptance", story.judged(delivered, LOGISTICS, story.BAD))
    assert set(caught.value.fields) == {"correction"}


def test_only_failed_items_are_reworked_and_checked_again(delivered: World) -> None:
    story.call_acceptance(delivered)
    judge(delivered, failing="曹军")
    assert delivered.project().status == "整改中"
    assert delivered.open_work() == [("冯雪", "work_and_update")]
    story.finish(delivered, "冯雪")
    story.confirm_result(delivered, "曹军", "王丽")
    assert delivered.open_work() == [("曹军", "judge_acceptance")]
    assert sheet(delivered, 2) == [("完成主视觉设计", "缺陷")]
    judge(delivered)
    rounds = delivered.rows(sa.select(tables.acceptance_round.c.conclusion))
    assert [row["conclusion"] for row in rounds] == ["部分通过", "通过"]
    assert {element for _, element in delivered.open_work()} == {"sign_certificate"}


def test_third_failed_round_goes_to_management(delivered: World) -> None:
    story.call_acceptance(delivered)
    escalated = "“{project}”第{n}轮验收仍未通过，请介入"
    for number in (1, 2, 3):
        assert escalated not in delivered.told("高岩"), number
        judge(delivered, failing="曹军")
        story.finish(delivered, "冯雪")
        story.confirm_result(delivered, "曹军", "王丽")
    assert escalated in delivered.told("高岩")
    judge(delivered)
    assert {element for _, element in delivered.open_work()} == {"sign_certificate"}


def test_refused_certificate_leads_back_to_acceptance(delivered: World) -> None:
    story.call_acceptance(delivered)
    judge(delivered)
    delivered.act("钱莉", "sign_certificate", {"decision": "拒签", "refuse": "主视觉的源文件没有交付"})
    assert delivered.open_work() == [("王丽", "call_acceptance")]
    assert delivered.project().ended_at is None
    story.call_acceptance(delivered)
    concerned = {"完成策划方案", "完成主视觉设计", "组织现场执行"}
    assert {row[0] for row in sheet(delivered, 2)} == concerned
    judge(delivered)
    story.sign(delivered)
    assert delivered.project().status == "收尾中"


def test_signature_is_typed_and_a_refusal_explained(delivered: World) -> None:
    story.call_acceptance(delivered)
    judge(delivered)
    for values, field in (({"decision": "签署"}, "sign"), ({"decision": "拒签"}, "refuse")):
        with pytest.raises(InvalidInput) as caught:
            delivered.act("钱莉", "sign_certificate", values)
        assert set(caught.value.fields) == {field}


def test_signature_is_bound_to_what_was_signed(delivered: World) -> None:
    story.accept(delivered)
    rows = delivered.rows(sa.select(tables.certificate_signature))
    assert {row["person"] for row in rows} == {delivered.ids[name] for name in FIRSTS.values()}
    for row in rows:
        assert row["signature"]["person"] == row["person"]
        assert len(row["signature"]["digest"]) == 64


@pytest.fixture
def accepted(delivered: World) -> World:
    story.accept(delivered)
    return delivered


def test_archive_takes_files_under_their_name_by_rule(accepted: World) -> None:
    file = accepted.file("钱莉", "submit_archive", "主视觉最终版.psd.txt")
    values = {"files": [{"file": file, "material_type": "设计稿"}]}
    accepted.act("钱莉", "submit_archive", values)
    query = sa.select(tables.document).where(tables.document.c.kind == "设计稿")
    assert [row["name"] for row in accepted.rows(query)] == ["中秋会员节-设计部-设计稿-20260302.txt"]


def test_submission_without_files_says_why(accepted: World) -> None:
    with pytest.raises(InvalidInput) as caught:
        accepted.act("钱莉", "submit_archive", {"files": []})
    assert set(caught.value.fields) == {"none_reason"}


def test_only_returned_departments_complete_their_material(accepted: World) -> None:
    for name in FIRSTS.values():
        accepted.act(name, "submit_archive", {"none_reason": "资料已随成果提交"})
    back = {"decision": "退回", "return_depts": [DESIGN], "comment": "缺少设计稿"}
    accepted.act("王丽", "check_archive", back)
    assert accepted.items(element="submit_archive")[0].assignee == accepted.ids["钱莉"]
    assert len(accepted.items(element="submit_archive")) == 1
    accepted.act("钱莉", "submit_archive", {"none_reason": "设计稿在成果文件里"})
    accepted.act("王丽", "check_archive", {"decision": "接收"})
    assert accepted.project().archived_at is not None


def test_project_is_not_closed_by_its_archive_alone(accepted: World) -> None:
    for name in FIRSTS.values():
        accepted.act(name, "submit_archive", {"none_reason": "资料已随成果提交"})
    accepted.act("王丽", "check_archive", {"decision": "接收"})
    assert accepted.project().status == "收尾中"
    story.review(accepted)
    assert accepted.project().status == "已关闭"


def test_empty_part_of_the_report_carries_a_reason(accepted: World) -> None:
    report = story.report(accepted) | {"problems": []}
    with pytest.raises(InvalidInput) as caught:
        accepted.act("王丽", "hold_retrospective", report)
    assert "none_reasons" in caught.value.fields
    accepted.act("王丽", "hold_retrospective", report | {"none_reasons": "没有返工"})


def test_report_is_confirmed_by_somebody_else(accepted: World) -> None:
    accepted.act("王丽", "hold_retrospective", story.report(accepted))
    item = accepted.item("林晓", "confirm_retrospective").id
    with accepted.database.write() as uow:
        work.reassign(uow, accepted.actor("林晓"), item, accepted.ids["王丽"], accepted.at.now())
    with pytest.raises(Refused):
        accepted.act("王丽", "confirm_retrospective", {"decision": "确认"}, item=item)


def test_returned_report_is_written_again_and_measures_become_tasks_of_their_own(accepted: World) -> None:
    accepted.act("王丽", "hold_retrospective", story.report(accepted))
    back = {"decision": "退回", "comment": "问题没有写原因"}
    accepted.act("林晓", "confirm_retrospective", back)
    assert accepted.rows(sa.select(tables.measure)) == []
    story.review(accepted)
    measures = accepted.rows(sa.select(tables.measure))
    assert [(row["measure"], row["owner"]) for row in measures] == [("关键物料备两家", accepted.ids["曹军"])]
    assert "您负责的改进措施：{measure}" in accepted.told("曹军")


def test_retrospective_is_reminded_of_on_day_3_and_broken_on_day_5_at_17(accepted: World) -> None:
    """Signed on Monday 2026-03-02: the third working day is Thursday, the fifth Monday 2026-03-09."""
    accepted.until(datetime(2026, 3, 5, 0, 0, tzinfo=UTC))
    assert "“{project}”的复盘会还没有记录" not in accepted.told("王丽")
    accepted.until(datetime(2026, 3, 5, 2, 0, tzinfo=UTC))
    assert "“{project}”的复盘会还没有记录" in accepted.told("王丽")
    accepted.until(datetime(2026, 3, 9, 8, 30, tzinfo=UTC))
    assert "“{project}”未按期复盘" not in accepted.told("高岩")
    accepted.until(datetime(2026, 3, 9, 10, 0, tzinfo=UTC))
    assert "“{project}”未按期复盘" in accepted.told("高岩")
    broken = accepted.rows(sa.select(event.c.element).where(event.c.kind == "rule.broken"))
    assert [row["element"] for row in broken] == ["escalate_retrospective"]
    story.review(accepted)


def test_no_reminder_after_the_retrospective_was_held(accepted: World) -> None:
    accepted.act("王丽", "hold_retrospective", story.report(accepted))
    accepted.pass_time(timedelta(days=10))
    assert "“{project}”未按期复盘" not in accepted.told("高岩")


@pytest.mark.parametrize(
    ("operator", "target", "actual", "verdict"),
    [
        ("≥", "5000", "5,600", True),
        ("≥", "5000", "4999", False),
        ("≤", "5", "5", True),
        ("=", "100", "100%", True),
        ("=", "100", "99.9", False),
        ("≥", "5000", "很多", None),
        ("文字", "会签", "已会签", None),
    ],
)
def test_numbers_are_judged_by_themselves(operator: str, target: str, actual: str, verdict: Any) -> None:
    assert acceptances.verdict(operator, target, actual) is verdict
