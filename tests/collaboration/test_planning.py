"""Planning: complete tasks, the joint plan, everybody's consent and the frozen baseline."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine.errors import InvalidInput
from processes.collaboration import tables
from tests.collaboration import story
from tests.collaboration.world import DEPTS, DESIGN, FIRSTS, World


@pytest.fixture
def planning(world: World) -> World:
    story.file_project(world)
    story.approve(world)
    story.kick_off(world)
    return world


def joint_fields(world: World, rows: list[dict[str, Any]]) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        world.act("王丽", "joint_planning", {"tasks": rows})
    return {path: str(text) for path, text in caught.value.fields.items()}


def test_every_department_breaks_down_its_own_tasks(planning: World) -> None:
    assert planning.open_work() == sorted((FIRSTS[dept], "break_down") for dept in DEPTS)


def test_only_the_department_whose_deliverable_is_uncovered_plans_again(planning: World) -> None:
    for dept in DEPTS:
        rows = story.department_plan(planning, dept)
        for row in rows:
            if dept == DESIGN:
                row.pop("deliverable", None)
        planning.act(FIRSTS[dept], "break_down", {"tasks": rows})
    assert planning.open_work() == [("钱莉", "break_down")]
    planning.act("钱莉", "break_down", {"tasks": story.department_plan(planning, DESIGN)})
    assert planning.open_work() == [("王丽", "joint_planning")]


def test_task_lies_within_the_project(planning: World) -> None:
    rows = story.department_plan(planning, DESIGN)
    rows[0]["plan_end"] = "2026-05-06"
    with pytest.raises(InvalidInput) as caught:
        planning.act("钱莉", "break_down", {"tasks": rows})
    assert set(caught.value.fields) == {"tasks-0-plan_end"}


def test_stage_without_milestone_is_refused(planning: World) -> None:
    story.break_down(planning)
    rows = story.joint_plan(planning)
    for row in rows:
        if row["stage"] == "执行":
            row["milestone"] = None
    assert "tasks" in joint_fields(planning, rows)


def test_tasks_that_wait_for_each_other_are_refused(planning: World) -> None:
    story.break_down(planning)
    rows = story.joint_plan(planning)
    rows[0]["predecessors"] = [{"task": rows[2]["id"], "dep_type": "FS", "lag": 0}]
    assert "任务互相等待" in joint_fields(planning, rows)["tasks"]


def test_task_that_cannot_wait_for_its_predecessor_is_refused_at_its_start(planning: World) -> None:
    story.break_down(planning)
    rows = story.joint_plan(planning)
    place = next(i for i, row in enumerate(rows) if row["plan_start"] == "2026-03-16")
    rows[place] |= {"plan_start": "2026-03-12", "plan_end": "2026-03-18"}
    fields = joint_fields(planning, rows)
    assert fields == {f"tasks-{place}-plan_start": "要等前置任务，最早2026-03-16才能开始"}


def test_critical_path_is_kept_with_the_tasks(planning: World) -> None:
    story.break_down(planning)
    planning.act("王丽", "joint_planning", {"tasks": story.joint_plan(planning)})
    rows = planning.rows(sa.select(tables.task).order_by(tables.task.c.early_start))
    assert [(row["name"], row["early_start"], row["float"]) for row in rows] == [
        ("完成策划方案", 0, 2),
        ("完成主视觉设计", 5, 2),
        ("完成物料制作", 10, 2),
        ("组织现场执行", 17, 0),
    ]
    assert [row["name"] for row in rows if row["critical"]] == ["组织现场执行"]


def test_refused_plan_is_planned_together_again_and_all_agree_anew(planning: World) -> None:
    story.break_down(planning)
    planning.act("王丽", "joint_planning", {"tasks": story.joint_plan(planning)})
    planning.act("王丽", "confirm_plan", {"decision": "确认"})
    planning.act("钱莉", "confirm_plan", {"decision": "退回", "comment": "设计少了两天"})
    planning.act("曹军", "confirm_plan", {"decision": "确认"})
    assert planning.open_work() == [("王丽", "joint_planning")]
    assert planning.project().status == "计划中"
    planning.act("王丽", "joint_planning", {"tasks": story.joint_plan(planning)})
    assert len(planning.items(element="confirm_plan")) == 3
    story.consent(planning)
    assert planning.project().status == "执行中"


def test_no_task_begins_before_the_baseline_is_frozen(planning: World) -> None:
    story.break_down(planning)
    planning.act("王丽", "joint_planning", {"tasks": story.joint_plan(planning)})
    assert planning.states("task_execution") == []
    story.consent(planning)
    assert planning.states("task_execution") == ["active"] * 4


def test_frozen_baseline_keeps_the_plan_as_agreed(planning: World) -> None:
    story.plan(planning)
    frozen = planning.rows(sa.select(tables.baseline).order_by(tables.baseline.c.version))
    assert [row["version"] for row in frozen] == [0, 1]
    snapshot = {row["name"]: row for row in frozen[1]["snapshot"]}
    assert snapshot["完成主视觉设计"]["predecessors"] == [
        {"task": snapshot["完成策划方案"]["id"], "type": "FS", "lag": 0}
    ]
    assert frozen[1]["length"] == 20
    assert snapshot["完成策划方案"]["standard"][0]["criterion"] == "缺陷"
