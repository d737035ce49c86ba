"""The journey of one campaign through the diagrams, with the forbidden step tried at each gate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.clock import FrozenClock
from engine.errors import Forbidden, InvalidInput
from engine.store.database import Database
from tests.collaboration import story
from tests.collaboration.world import World


JUDGES = (("王丽", story.MARKETING), ("钱莉", story.DESIGN), ("曹军", story.LOGISTICS))


@pytest.fixture
def world(sqlite: Database, at: FrozenClock, tmp_path: Path) -> Iterator[World]:
    yield World(sqlite, at, tmp_path)


def test_filed_project_waits_for_management(world: World) -> None:
    story.file_project(world)
    assert world.project().status == "审批中"
    assert world.open_work() == [("高岩", "decide_approval")]


def test_whole_journey(world: World) -> None:
    story.file_project(world)
    world.act("高岩", "decide_approval", {"decision": "退回修改", "comment": "预算超出年度额度"})
    assert world.project().status == "退回"
    world.act("王丽", "file_project_info", story.project_info(world, budget=1200000))
    story.approve(world)
    assert world.project().status == "启动中"
    story.kick_off(world)
    assert world.project().status == "计划中"
    story.plan(world)
    assert world.project().status == "执行中"
    story.execute(world)
    assert world.project().status == "验收中"
    story.call_acceptance(world)
    print(world.open_work())
    for _, dept in JUDGES:
        pass
    for name, dept in JUDGES:
        world.act(name, "judge_acceptance", story.judged(world, dept, story.GOOD))
    print(world.open_work())
    for name in ("王丽", "钱莉", "曹军"):
        world.act(name, "sign_certificate", {"decision": "签署", "sign": name})
    print(world.open_work())
    for name in ("王丽", "钱莉", "曹军"):
        world.act(name, "submit_archive", {"none_reason": "资料已随成果提交"})
    world.act("王丽", "check_archive", {"decision": "接收"})
    story.retro(world)
    assert world.project().status == "已关闭"
    assert world.states("project_lifecycle") == ["completed"]
