"""The campaign of the journeys: 赵敏 of marketing files and leads it, so that it is approved on two levels.

Every act goes through `world.act`, so that a world may carry it out by commands, in a browser or over HTTP.
"""

from __future__ import annotations

from typing import Any

from engine import clock, directory
from tests.collaboration import story
from tests.collaboration.world import DEPTS, FIRSTS, LOGISTICS, MARKETING, World

LEAD = "赵敏"
NAME = "中秋会员节"
Values = dict[str, Any]


def hire_lead(world: World) -> None:
    """Give marketing one more person, who is nobody's head."""
    with world.database.write() as uow:
        world.ids[LEAD] = directory.add_person(uow, LEAD, MARKETING)


def information(world: World, **changes: Any) -> Values:
    return story.project_info(world, **{"lead": world.ids[LEAD], **changes})


def approve(world: World) -> None:
    for name in ("王丽", "高岩"):
        world.act(name, "decide_approval", {"decision": "同意", "comment": "同意立项"})


def meeting(world: World) -> Values:
    """The kickoff meeting: half an hour from now, with everybody."""
    return story.meeting(world, time=_today(world, "T18:00:00+08:00"), host=world.ids[LEAD])


def _today(world: World, rest: str = "") -> str:
    return world.engine.calendar.local_day(clock.now()).isoformat() + rest


def hold_kickoff(world: World) -> None:
    world.act(LEAD, "organise_kickoff", meeting(world))
    world.act(LEAD, "hold_kickoff", {"notes": "逐条确认目标与范围"})


def plan(world: World) -> None:
    story.break_down(world)
    world.act(LEAD, "joint_planning", {"tasks": story.joint_plan(world)})
    story.consent(world)


def confirm(world: World, *names: str, actual: str = "3") -> None:
    """Let these people confirm the one result that waits for them."""
    story.confirm_result(world, *names, actual=actual)


def call_acceptance(world: World) -> None:
    firsts = [world.ids[name] for name in FIRSTS.values()]
    world.act(LEAD, "call_acceptance", {"date": _today(world), "method": "现场", "participants": firsts})


JUDGES = ((LEAD, MARKETING), ("钱莉", "设计部"), ("曹军", LOGISTICS))


def judge(world: World, *, failing: str | None = None) -> None:
    """Let every department judge its sheet; one of them finds too many defects."""
    for name, dept in JUDGES:
        judge_one(world, name, dept, failing=dept == failing)


def judge_one(world: World, name: str, dept: str, *, failing: bool = False) -> None:
    sheet = story.judged(world, dept, story.BAD if failing else story.GOOD)
    if failing:
        fix = {"item": "缺陷降到 5 个以内", "owner": world.ids["冯雪"], "due": "2026-03-20"}
        sheet["correction"] = [fix]
    world.act(name, "judge_acceptance", sheet)


def sign(world: World, *names: str) -> None:
    for name in names:
        world.act(name, "sign_certificate", {"decision": "签署", "sign": name})


def sign_all(world: World) -> None:
    """Let all sign whose signature the certificate needs."""
    names = {number: name for name, number in world.ids.items()}
    while waiting := world.items(element="sign_certificate"):
        sign(world, names[waiting[0].assignee or 0])


def archive(world: World) -> None:
    """Let every department hand in a file, and the lead receive them."""
    for dept in DEPTS:
        hand_in(world, dept)
    world.act(LEAD, "check_archive", {"decision": "接收"})


def hand_in(world: World, dept: str) -> None:
    """Let a department's first-responsible upload its scheme."""
    name = FIRSTS[dept]
    kept = world.file(name, "submit_archive", f"{NAME}-{dept}-方案-20260302.txt")
    world.act(name, "submit_archive", {"files": [{"file": kept, "material_type": "方案"}]})


def report(world: World) -> Values:
    return story.report(world) | {"host": world.ids[LEAD], "time": clock.now().isoformat()}
