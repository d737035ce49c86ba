"""What pages show of a project, for readers who may see it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import NotFound
from processes.collaboration.views import headers, members, papers, plans
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


def table(world: World) -> dict[str, plans.TaskLine]:
    with world.database.read() as uow:
        lines = plans.table(uow, world.project(), world.engine.calendar, world.at.now())
    return {line.name: line for line in lines}


def head(world: World) -> headers.Header:
    with world.database.read() as uow:
        return headers.header(uow, world.project(), world.engine.calendar, world.at.now())


def test_project_is_found_by_those_who_may_see_it_only(world: World) -> None:
    story.file_project(world)
    with world.database.read() as uow:
        assert headers.require(uow, world.actor("钱莉"), "PRJ-0001").name == "中秋会员节"
        with pytest.raises(NotFound):
            headers.require(uow, world.actor("张弛"), "PRJ-0001")
        with pytest.raises(NotFound):
            headers.require(uow, world.actor("钱莉"), "PRJ-9999")


def test_list_holds_the_readers_projects_newest_first(world: World) -> None:
    for name in ("甲项目", "乙项目"):
        story.file_project(world, project_name=name)
    calendar, now = world.engine.calendar, world.at.now()
    with world.database.read() as uow:
        seen = headers.page(uow, world.actor("钱莉"), calendar, now)
        unseen = headers.page(uow, world.actor("张弛"), calendar, now)
        older = headers.page(uow, world.actor("高岩"), calendar, now, before=seen[0].id)
        ended = headers.page(uow, world.actor("高岩"), calendar, now, ended=True)
    assert [one.title for one in seen] == ["乙项目", "甲项目"]
    assert unseen == []
    assert [one.title for one in older] == ["甲项目"]
    assert ended == []


def test_stepper_follows_the_facts(executing: World) -> None:
    assert [phase.state for phase in headers.phases(executing.project())] == [
        "done",
        "done",
        "done",
        "now",
        "later",
        "later",
    ]
    story.execute(executing)
    assert [phase.state for phase in headers.phases(executing.project())].index("now") == 4


def test_progress_is_weighed_and_unconfirmed_results_count_less(executing: World) -> None:
    """Weights are the planned days 5, 5, 5 and 3; a key result counts 95 until it is confirmed."""
    assert head(executing).percent == 0
    story.finish(executing, "陈涛")
    assert head(executing).percent == pytest.approx(5 * 95 / 18)
    story.confirm_result(executing, "钱莉", "王丽")
    assert head(executing).percent == pytest.approx(5 * 100 / 18)


def test_table_2_shows_where_each_task_stands(executing: World) -> None:
    assert [line.state for line in table(executing).values()] == [
        "可开始",
        "等待前置",
        "等待前置",
        "等待前置",
    ]
    executing.act("陈涛", "work_and_update", update("进行中", 40))
    assert table(executing)["完成策划方案"].state == "进行中"
    blocked = update("受阻", 40, block_reason="场地未批", expected_resolution="2026-03-10T10:00:00+08:00")
    executing.act("陈涛", "work_and_update", blocked)
    line = table(executing)["完成策划方案"]
    assert (line.state, line.block_reason) == ("受阻", "场地未批")
    story.finish(executing, "陈涛")
    assert table(executing)["完成策划方案"].state == "待确认"
    story.confirm_result(executing, "钱莉", "王丽")
    assert table(executing)["完成策划方案"].state == "已完成"
    assert table(executing)["完成主视觉设计"].state == "可开始"
    assert table(executing)["完成主视觉设计"].predecessors == "完成策划方案"


def test_late_task_makes_the_project_yellow_or_red(executing: World) -> None:
    assert head(executing).health == "绿"
    executing.at.advance(timedelta(days=16))
    assert table(executing)["完成策划方案"].late == 5
    assert head(executing).health == "黄"


def test_teams_show_who_answers_and_who_works(executing: World) -> None:
    with executing.database.read() as uow:
        teams = {team.dept: team for team in members.teams(uow, executing.project())}
    design = teams[story.DESIGN]
    assert design.first_responsible is not None
    assert design.first_responsible.name == "钱莉"
    assert [(one.name, one.appointed) for one in design.executors] == [("冯雪", True)]
    assert design.confirmed_at is not None
    assert teams[story.MARKETING].initiating
    assert not design.initiating


def test_baselines_name_who_froze_them(executing: World) -> None:
    with executing.database.read() as uow:
        versions = plans.versions(uow, executing.project().id)
    assert [(one.version, one.tasks) for one in versions] == [(1, 4), (0, 3)]


def test_papers_of_a_closed_project(executing: World) -> None:
    story.execute(executing)
    story.accept(executing)
    story.close(executing)
    project = executing.project()
    with executing.database.read() as uow:
        assert {one.author for one in papers.documents(uow, project)} == {"陈涛", "冯雪", "张弛"}
        assert all(one.archived for one in papers.documents(uow, project))
        assert [one["decision"] for one in papers.approval_steps(uow, project)] == ["同意"]
        assert [one.conclusion for one in papers.rounds(uow, project)] == ["通过"]
        assert {one["decision"] for one in papers.signatures(uow, project)} == {"签署"}
        assert [one["owner_name"] for one in papers.measures(uow, project)] == ["曹军"]
        reached = [str(one.text) for one in papers.milestones(uow, project)]
    assert {reached[0], reached[-1]} <= {"提交审批", "批准立项", "项目关闭", "资料归档"}
    assert len(reached) == 8
