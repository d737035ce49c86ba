"""The script of the samples: pure, so checked without an engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.calendars import Calendar
from processes.collaboration.anchoring import AnchoredSample, anchored
from processes.collaboration.lived.progress import reports
from processes.collaboration.lived.script import Act, Remark, script
from processes.collaboration.lived.twists import TWISTS, Twists
from processes.collaboration.organisation import Lang
from processes.collaboration.sample_data import sample

CALENDAR = Calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")
SAMPLES = ("A", "B", "C", "D")


def placed(key: str, lang: Lang = "zh") -> AnchoredSample:
    return anchored(sample(key, lang), CALENDAR)


def acts_of(key: str) -> list[Act]:
    return [one for one in script(placed(key), TWISTS[key]) if isinstance(one, Act)]


class Paper:
    """Stands in for a stage: ids are numbers made from names, files are kept in memory."""

    def __init__(self, key: str, lang: Lang = "zh") -> None:
        self.placed, self.lang, self.twists = placed(key, lang), lang, TWISTS[key]
        self.files: dict[str, str] = {}

    def person(self, name: str) -> int:
        return sum(name.encode())

    def task(self, id: str) -> int:
        return int(id[1:])

    def deliverable(self, name: str) -> int:
        return len(name)

    def given(self) -> Mapping[str, Any]:
        rows = [("有效问卷", "≥", "200"), ("五部门会签", "文字", "达到")]
        return {
            "checklist": [
                {"id": number, "criterion": criterion, "operator": operator, "target": target}
                for number, (criterion, operator, target) in enumerate(rows)
            ]
        }

    def file(self, name: str, content: str) -> Mapping[str, Any]:
        self.files[name] = content
        return {"attachment": len(self.files), "name": name}


@pytest.mark.parametrize("key", SAMPLES)
def test_acts_are_in_order_and_none_lies_after_now(key: str) -> None:
    acts = acts_of(key)
    assert all(before.at <= after.at for before, after in pairwise(acts))
    assert acts[0].at == placed(key).filed
    assert acts[-1].at <= placed(key).now


@pytest.mark.parametrize("key", SAMPLES)
def test_everything_up_to_the_frozen_plan_happens_before_the_start(key: str) -> None:
    work = {"work_and_update", "confirm_deliverable"}
    before = [act for act in acts_of(key) if act.element not in work]
    assert all(act.at < placed(key).opening(0) for act in before)
    assert all(act.at > placed(key).opening(0) for act in acts_of(key) if act.element in work)


def test_the_campaign_has_its_return_objection_refusals_and_blocked_task() -> None:
    paper = Paper("B")
    filled = [(act.element, act.fill(paper)) for act in acts_of("B")]
    decisions = Counter((element, values.get("decision")) for element, values in filled)
    assert decisions["decide_approval", "退回修改"] == 1
    assert decisions["confirm_plan", "退回"] == 1
    assert decisions["confirm_deliverable", "退回"] == 1
    assert sum(values.get("scope_ok") is False for _, values in filled) == 1
    blocked = [values for _, values in filled if values.get("status") == "受阻"]
    assert {values["block_reason"] for values in blocked} == {"印刷厂停电"}
    budgets = [values["budget"] for element, values in filled if element == "file_project_info"]
    assert budgets == [1_800_000, 1_500_000]


def test_a_plan_refused_for_a_missing_dependency_is_completed() -> None:
    paper = Paper("B")
    plans = [act.fill(paper)["tasks"] for act in acts_of("B") if act.element == "joint_planning"]
    training = [next(row for row in plan if row["id"] == 8)["predecessors"] for plan in plans]
    assert [len(rows) for rows in training] == [0, 1]
    assert training[1][0]["task"] == 4


def test_a_light_project_has_no_meeting_but_asks_for_consent_to_being_light() -> None:
    paper = Paper("C")
    filled = {act.element: act.fill(paper) for act in acts_of("C")}
    assert "hold_kickoff" not in filled
    assert filled["file_project_info"]["light"] is True
    assert filled["decide_approval"]["light_ok"] is True
    assert "hold_kickoff" in {act.element for act in acts_of("A")}


def test_a_refused_result_is_reported_a_day_early_and_confirmed_the_next_day() -> None:
    acts = [act for act in acts_of("B") if act.task == "B03"]
    paper = Paper("B")
    done = [act.at for act in acts if act.fill(paper).get("status") == "已完成"]
    decided = [(act.at, act.fill(paper)["decision"]) for act in acts if act.element == "confirm_deliverable"]
    assert [decision for _, decision in decided] == ["退回", "确认"]
    assert (done[1].date() - done[0].date()).days == 1
    assert done[0] < decided[0][0] < done[1] < decided[1][0]


def test_a_successor_begins_after_its_predecessors_are_confirmed() -> None:
    for key in SAMPLES:
        project, acts = sample(key), acts_of(key)
        first = {act.task: act.at for act in reversed(acts) if act.element == "work_and_update"}
        last = {act.task: act.at for act in acts if act.task}
        for task in project.tasks:
            if task.id in first:
                assert all(last[before] < first[task.id] for before in task.predecessors), task.id


def test_each_working_day_of_a_running_task_has_one_report() -> None:
    campaign = placed("B")
    for task in campaign.sample.tasks:
        days = [CALENDAR.local_day(report.at) for report in reports(campaign, task)]
        assert len(days) == len(set(days))
        assert all(CALENDAR.is_working_day(day) for day in days)
        status = campaign.sample.state_of(task).status
        running = campaign.sample.now - task.start
        assert len(days) == {"已完成": task.duration, "未开始": 0}.get(status, running)


@pytest.mark.parametrize("key", SAMPLES)
def test_reports_never_fall_back_and_end_in_the_state_of_the_sample(key: str) -> None:
    project = placed(key)
    for task in project.sample.tasks:
        way, state = reports(project, task), project.sample.state_of(task)
        assert bool(way) == (state.status != "未开始")
        if way:
            assert all(before.percent <= after.percent for before, after in pairwise(way))
            assert (way[-1].status, way[-1].percent) == (state.status, state.percent)
            assert all(report.percent < 100 for report in way if report.status != "已完成")


def test_a_blocked_task_says_why_and_until_when_on_its_last_days() -> None:
    way = reports(placed("B"), sample("B").task("B06"))
    assert [report.status for report in way[-3:]] == ["进行中", "受阻", "受阻"]
    assert way[-1].expected == datetime(2026, 9, 17, 18, tzinfo=SHANGHAI)
    assert way[-3].percent == 70


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("key", SAMPLES)
def test_every_act_can_be_filled_in_both_languages(key: str, lang: Lang) -> None:
    paper = Paper(key, lang)
    for act in filter(lambda one: isinstance(one, Act), script(paper.placed, TWISTS[key])):
        values = act.fill(paper)
        assert values, act
        if lang == "en":
            written = [
                values.get(name) or "" for name in ("comment", "note", "notes", "objection", "resolution")
            ]
            assert not any("\u4e00" <= sign <= "\u9fff" for text in written for sign in text), act


def test_a_key_result_that_is_done_comes_with_evidence_naming_its_standard() -> None:
    paper = Paper("B")
    for act in acts_of("B"):
        if act.task == "B02" and act.element == "work_and_update":
            values = act.fill(paper)
            assert bool(values.get("evidence")) == (values["status"] == "已完成")
    assert "五部门会签" in paper.files["策划方案"]


def test_hourly_projects_are_filed_with_moments_and_others_with_days() -> None:
    hourly = acts_of("C")[0].fill(Paper("C"))
    daily = acts_of("A")[0].fill(Paper("A"))
    assert (hourly["unit"], hourly["start_at"]) == ("wh", "2026-11-16T09:00+08:00")
    assert "start_date" not in hourly
    assert (daily["start_date"], daily["end_date"]) == ("2026-03-02", "2026-07-16")
    assert "start_at" not in daily


def test_a_sample_without_twists_goes_straight_through() -> None:
    acts = [one for one in script(placed("B"), Twists()) if isinstance(one, Act)]
    paper = Paper("B")
    decisions = {values["decision"] for act in acts if "decision" in (values := act.fill(paper))}
    assert decisions == {"同意", "确认"}


def test_issues_are_talked_about_between_the_stuck_and_those_who_can_help() -> None:
    remarks = [one for one in script(placed("B"), TWISTS["B"]) if isinstance(one, Remark)]
    assert [(one.author, one.text) for one in remarks] == [
        ("曹军", "印刷厂停电致展架延期2日 @王丽"),
        ("王丽", "改由第二印刷厂加急 @曹军"),
    ]
    assert CALENDAR.local_day(remarks[0].at) == CALENDAR.local_day(
        reports(placed("B"), sample("B").task("B06"))[-2].at
    )
