"""The server is killed at random moments of a journey: nothing acknowledged is lost, nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.clock import FrozenClock
from tests.collaboration import story
from tests.collaboration.world import LOGISTICS
from tests.journeys import campaign
from tests.journeys.campaign import LEAD
from tests.kill.world import MortalWorld, kills

ACTS = 54
"""How many forms are sent in the journey; the tests fail when this is not so."""


def journey(world: MortalWorld) -> None:
    """The whole campaign: returned once, one result refused, one rework."""
    world.start(LEAD)
    world.act(LEAD, "file_project_info", campaign.information(world))
    world.act("王丽", "decide_approval", {"decision": "退回修改", "comment": "预算超出年度额度"})
    world.act(LEAD, "file_project_info", {"budget": 1200000})
    campaign.approve(world)
    story.nominate(world)
    campaign.hold_kickoff(world)
    story.confirm_kickoff(world)
    story.appoint(world)
    world.act(LEAD, "compile_table2", story.first_level(world))
    campaign.plan(world)
    story.finish(world, "陈涛")
    world.act("钱莉", "confirm_deliverable", {"decision": "退回", "comment": "缺少预算明细"})
    for owner, *confirmers in (("陈涛", "钱莉", LEAD), ("冯雪", "曹军", LEAD), ("张弛",), ("陈涛", LEAD)):
        story.finish(world, owner)
        campaign.confirm(world, *confirmers)
    campaign.call_acceptance(world)
    campaign.judge(world, failing=LOGISTICS)
    story.finish(world, "冯雪")
    campaign.confirm(world, "曹军", LEAD)
    campaign.judge_one(world, "曹军", LOGISTICS)
    campaign.sign_all(world)
    campaign.archive(world)
    world.act(LEAD, "hold_retrospective", campaign.report(world))
    world.act("林晓", "confirm_retrospective", {"decision": "确认"})


def live_through(folder: Path, at: FrozenClock, seed: int, count: int) -> None:
    world = MortalWorld(folder, at, kills(seed, count=count, acts=ACTS))
    try:
        world.server.start()
        journey(world)
        assert world.acts == ACTS
        assert world.server.kills == count
    finally:
        world.server.close()
    world.examine()
    assert world.project().status == "已关闭"
    assert world.open_work() == []
    assert len(world.acknowledged.commands) == ACTS
    world.database.close()


@pytest.mark.timeout(300)
def test_ten_kills_in_one_journey(tmp_path: Path, at: FrozenClock) -> None:
    live_through(tmp_path, at, seed=20261123, count=10)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_a_kill_at_every_act(tmp_path: Path, at: FrozenClock, seed: int) -> None:
    live_through(tmp_path, at, seed=seed, count=ACTS)
