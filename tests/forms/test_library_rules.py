"""The rules of the library's forms: each has an example that breaks it."""

from __future__ import annotations

import copy

import pytest

from forms.catalog import library
from forms.filling import surroundings
from forms.merging import merge
from forms.validate import validate
from tests.forms.samples import PLANNED, PREFILL, PROJECT, TASK, TYPED
from tests.forms.world import context

HOURS = {"unit": "wh", "start_at": "2026-11-16T09:00+08:00", "end_at": "2026-11-18T18:00+08:00"}
MOMENTS = {"start_at": "2026-11-16T09:00+08:00", "end_at": "2026-11-16T12:00+08:00"}
IN_HOURS = {"unit": "wh", "project_start": "2026-11-16T09:00+08:00", "project_end": "2026-11-18T18:00+08:00"}
TWO = {
    "id": "12",
    "stage": "设计",
    "milestone": "设计定稿",
    "plan_start": "2026-08-31",
    "plan_end": "2026-09-04",
}
ONE = {"id": "11", "stage": "策划", "milestone": "策划定稿"}


def judged(form_id, typed, prefill=None):
    form = library().get(form_id)
    given = {**PREFILL.get(form_id, {}), **(prefill or {})}
    values = {**copy.deepcopy(TYPED[form_id]), **typed}
    return validate(form, merge(form, given, values), surroundings(form, context(), given))


def task(**changes):
    return {"tasks": [{**PLANNED, **changes}]}


BROKEN = [
    ("f01_project_info", {"project_name": "a"}, {}, {"project_name"}),
    ("f01_project_info", {"project_name": "中" * 41}, {}, {"project_name"}),
    ("f01_project_info", {"project_name": "会员节-2026"}, {}, {"project_name"}),
    ("f01_project_info", {"project_name": "会员/节"}, {}, {"project_name"}),
    ("f01_project_info", {"end_date": "2026-08-17"}, {}, {"end_date"}),
    ("f01_project_info", {**HOURS, "end_at": "2026-11-16T09:00+08:00"}, {}, {"end_at"}),
    ("f01_project_info", {"involved_depts": ["市场部"]}, {}, {"involved_depts"}),
    (
        "f01_project_info",
        {"involved_depts": ["设计部", "物流部"]},
        {},
        {"involved_depts", "deliverables-0-owner_dept"},
    ),
    ("f01_project_info", {"lead": 3}, {}, {"lead"}),
    ("f01_project_info", {"goal": [{"statement": "x"}]}, {}, {"goal-0-measure", "goal-0-target"}),
    ("f01_project_info", {"goal": []}, {}, {"goal"}),
    ("f02_approval", {"decision": "拒绝", "comment": "不行"}, {}, {"comment"}),
    ("f02_approval", {"decision": "退回修改", "comment": None}, {}, {"comment"}),
    ("f02_approval", {"decision": None}, {}, {"decision"}),
    ("f02_approval", {"light_ok": None}, {}, {"light_ok"}),
    ("f02_approval", {"transfer_to": 2}, {}, {"transfer_to"}),
    ("f02_approval", {"add_signer": [2]}, {}, {"add_signer_mode"}),
    ("f03_kickoff", {"time": "2026-02-27T14:00+08:00"}, {}, {"time"}),
    ("kickoff_organise", {"time": "2026-02-27T14:00+08:00"}, {}, {"time"}),
    ("kickoff_organise", {"objected_depts": ["设计部"]}, {}, {"objection"}),
    ("kickoff_organise", {"objected_depts": ["设计部"], "objection": "不行"}, {}, {"objection"}),
    ("f03_confirmation", {"scope_ok": False}, {}, {"objection"}),
    ("f03_confirmation", {"scope_ok": False, "objection": "不行"}, {}, {"objection"}),
    ("f04_nominate", {"deputy": 1}, {}, {"deputy"}),
    ("f04_nominate", {"first_responsible": 3}, {}, {"first_responsible"}),
    ("f04_team", {"executors": [3]}, {}, {"executors", "key_executors"}),
    ("f04_team", {"executors": [1]}, {}, {"key_executors"}),
    ("f05_first_level", {"tasks": [{**TASK, "dept": "设计部"}]}, {}, {"tasks-0-owner"}),
    ("f05_tasks", task(plan_end="2026-08-19"), {}, {"tasks-0-plan_end"}),
    ("f05_tasks", task(plan_start="2026-08-16"), {}, {"tasks-0-plan_start"}),
    ("f05_tasks", task(plan_end="2026-10-10"), {}, {"tasks-0-plan_end"}),
    ("f05_tasks", task(**{**MOMENTS, "end_at": MOMENTS["start_at"]}), IN_HOURS, {"tasks-0-end_at"}),
    ("f05_tasks", task(**{**MOMENTS, "start_at": "2026-11-16T08:00+08:00"}), IN_HOURS, {"tasks-0-start_at"}),
    ("f05_tasks", task(**{**MOMENTS, "end_at": "2026-11-18T18:01+08:00"}), IN_HOURS, {"tasks-0-end_at"}),
    ("f05_tasks", task(risk_level=None), {}, {"tasks-0-risk_level"}),
    ("f05_tasks", task(stage=None), {}, {"tasks-0-stage"}),
    ("f05_tasks", task(standard=[]), {}, {"tasks-0-standard"}),
    (
        "f05_tasks",
        task(standard=[{"criterion": "x", "operator": "≥", "target": "很多"}]),
        {},
        {"tasks-0-standard-0-target"},
    ),
    (
        "f05_tasks",
        task(standard=[{"criterion": "x", "operator": "是否", "target": "1"}]),
        {},
        {"tasks-0-standard-0-target"},
    ),
    ("f05_joint", {"tasks": [ONE, {**TWO, "milestone": None}]}, {}, {"tasks"}),
    (
        "f05_joint",
        {"tasks": [ONE, {**TWO, "predecessors": [{"task": "12"}]}]},
        {},
        {"tasks-1-predecessors-0-task"},
    ),
    ("plan_confirm", {"decision": "退回"}, {}, {"comment"}),
    ("f08_deliverable_confirm", {"checklist": [{"id": "1", "actual": "4000"}]}, {}, {"decision"}),
    ("f08_deliverable_confirm", {"checklist": [{"id": "1"}]}, {}, {"checklist-0-actual", "checklist-0-pass"}),
    ("f08_deliverable_confirm", {"decision": "退回"}, {}, {"comment"}),
    ("f09_daily_update", {"status": "已完成", "percent": 80}, {}, {"percent"}),
    (
        "f09_daily_update",
        {"status": "受阻", "block_reason": "印刷厂停电", "expected_resolution": "2026-03-02T10:00+08:00"},
        {},
        {"expected_resolution"},
    ),
    ("f09_daily_update", {"percent": 100}, {}, {"status"}),
    ("f09_daily_update", {"status": "未开始"}, {}, {"percent"}),
    ("f09_daily_update", {"status": "已完成", "percent": 100}, {"key_result": True}, {"evidence"}),
    ("f09_daily_update", {"risk_note": "如果断供，就会延误"}, {}, {"risk_level"}),
    ("f15_acceptance", {"correction": []}, {}, {"correction"}),
    (
        "f15_acceptance",
        {"correction": [{"item": "x", "owner": 3, "due": "2026-03-01"}]},
        {},
        {"correction-0-due"},
    ),
    ("f17_archive", {"files": []}, {}, {"none_reason"}),
    ("f17_check", {"decision": "退回"}, {}, {"return_depts", "comment"}),
    ("f18_retrospective", {"highlights": []}, {}, {"none_reasons"}),
    ("f18_retrospective", {"measures": []}, {}, {"measures", "none_reasons"}),
    (
        "f18_retrospective",
        {"measures": [{"measure": "x", "owner": 1, "due": "2026-03-01"}]},
        {},
        {"measures-0-due"},
    ),
    ("kickoff_objection", {"resolution": "好"}, {}, {"resolution"}),
]


@pytest.mark.parametrize(("form_id", "typed", "prefill", "paths"), BROKEN)
def test_broken_rule_names_its_fields(form_id, typed, prefill, paths):
    assert set(judged(form_id, typed, prefill).errors) == paths


@pytest.mark.parametrize(
    ("form_id", "typed", "prefill", "paths"),
    [
        ("f05_tasks", task(plan_end="2026-09-10"), {}, {"tasks-0-plan_end"}),
        ("f05_tasks", task(task_name="主视觉"), {}, {"tasks-0-task_name"}),
        ("f05_tasks", task(purpose=None), {}, {"tasks-0-receiver"}),
        ("f17_archive", {"none_reason": "没有"}, {}, {"none_reason"}),
    ],
)
def test_a_warning_is_given_and_does_not_block(form_id, typed, prefill, paths):
    result = judged(form_id, typed, prefill)
    assert result.errors == {}
    assert set(result.warnings) == paths


@pytest.mark.parametrize(
    ("form_id", "typed", "prefill"),
    [
        ("f01_project_info", HOURS, {}),
        ("f01_project_info", {"budget": None, "out_of_scope": ""}, {}),
        ("f02_approval", {"decision": None, "transfer_to": 2, "light_ok": None}, {}),
        (
            "f02_approval",
            {"decision": None, "add_signer": [2], "add_signer_mode": "前加签", "light_ok": None},
            {},
        ),
        ("f02_approval", {"decision": "退回修改", "comment": "请写明预算依据", "return_to": "applicant"}, {}),
        (
            "kickoff_organise",
            {"objected_depts": ["设计部"], "objection": "应由设计主管负责", "time": None, "host": None},
            {},
        ),
        ("f03_confirmation", {"goal_ok": False, "objection": "目标值过高，请重新核定"}, {}),
        ("f05_tasks", task(**MOMENTS), IN_HOURS),
        ("f05_tasks", task(standard=[{"criterion": "x", "operator": "文字", "target": "完整"}]), {}),
        (
            "f08_deliverable_confirm",
            {"decision": "退回", "comment": "缺少来源", "checklist": [{"id": "1"}]},
            {},
        ),
        (
            "f09_daily_update",
            {"status": "已完成", "percent": 100, "evidence": [{"attachment": 31}]},
            {"key_result": True},
        ),
        ("f17_archive", {"files": [], "none_reason": "没有，因为只参加评审"}, {}),
        ("f17_check", {"decision": "退回", "return_depts": ["物流部"], "comment": "缺合同"}, {}),
        ("f18_retrospective", {"highlights": [], "none_reasons": "没有，因为……"}, {}),
        ("f18_retrospective", {"measures": [], "none_reasons": "没有，因为……"}, {}),
    ],
)
def test_the_other_right_way_is_accepted(form_id, typed, prefill):
    assert judged(form_id, typed, prefill).errors == {}


def test_values_of_hours_replace_those_of_days():
    stored = judged("f01_project_info", {**PROJECT, **HOURS}).values
    assert stored["start_at"] == "2026-11-16T09:00:00+08:00"
    assert "start_date" not in stored


def test_every_rule_of_the_library_is_broken_by_an_example():
    """A rule without an example that breaks it may never fire at all."""
    said = set()
    for form_id, typed, prefill, _ in BROKEN:
        said |= {text.message for text in judged(form_id, typed, prefill).errors.values()}
    missing = []
    for form_id in library().ids():
        form = library().get(form_id)
        rules = [*form.rules, *(rule for component in form.walk() for rule in component.rules)]
        missing += [
            rule.id for rule in rules if rule.severity == "error" and rule.message.message not in said
        ]
    assert missing == []
