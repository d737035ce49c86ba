"""One campaign, told in steps: each function brings the project one phase further."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from processes.collaboration import tables
from tests.collaboration.world import DEPTS, DESIGN, EXECUTORS, FIRSTS, LOGISTICS, MARKETING, World

Values = dict[str, Any]


def project_info(world: World, **changes: Any) -> Values:
    return {
        "project_name": "中秋会员节",
        "project_type": "大型市场活动",
        "initiating_dept": MARKETING,
        "lead": world.ids["王丽"],
        "priority": "高",
        "visibility": "参与部门",
        "budget": 1500000,
        "light": False,
        "background": "中秋是会员最活跃的节点",
        "goal": [{"statement": "办好会员节", "measure": "到场会员", "target": "≥5000", "unit": "人"}],
        "scope": "策划、设计、物料与现场执行",
        "out_of_scope": "海外会员",
        "deliverables": [
            {"name": "策划方案", "standard": "三部门会签", "owner_dept": MARKETING},
            {"name": "主视觉", "standard": "终稿确认", "owner_dept": DESIGN},
        ],
        "unit": "wd",
        "start_date": "2026-03-09",
        "end_date": "2026-04-30",
        "involved_depts": DEPTS,
        **changes,
    }


def file_project(world: World, **changes: Any) -> None:
    world.start("王丽")
    world.act("王丽", "file_project_info", project_info(world, **changes))


def approve(world: World, name: str = "高岩", **changes: Any) -> None:
    world.act(name, "decide_approval", {"decision": "同意", **changes})


def nominate(world: World) -> None:
    for dept in DEPTS:
        first, executor = FIRSTS[dept], EXECUTORS[dept]
        values = {"first_responsible": world.ids[first], "key_executors": [world.ids[executor]]}
        world.act(first, "nominate_first_responsible", values)


def everybody(world: World) -> list[int]:
    return [world.ids[name] for name in (*FIRSTS.values(), *EXECUTORS.values())]


def meeting(world: World, **changes: Any) -> Values:
    return {
        "time": "2026-03-04T14:00:00+08:00",
        "place": "三号会议室",
        "host": world.ids["王丽"],
        "recorder": world.ids["陈涛"],
        "attendees": everybody(world),
        **changes,
    }


def hold_kickoff(world: World) -> None:
    world.act("王丽", "organise_kickoff", meeting(world))
    world.act("王丽", "hold_kickoff", meeting(world, notes="逐条确认目标与范围"))


def confirmation(**changes: Any) -> Values:
    return {"goal_ok": True, "scope_ok": True, "duties": "按分工推进本部门工作", **changes}


def confirm_kickoff(world: World) -> None:
    for first in FIRSTS.values():
        world.act(first, "confirm_kickoff", confirmation())


def appoint(world: World) -> None:
    for dept in DEPTS:
        values = {"executors": [world.ids[EXECUTORS[dept]]], "duty": "执行本部门任务"}
        world.act(FIRSTS[dept], "appoint_executors", values)


def first_level(world: World) -> Values:
    rows = [
        ("完成策划方案", MARKETING, "2026-03-09", "2026-03-13"),
        ("完成主视觉设计", DESIGN, "2026-03-16", "2026-03-20"),
        ("完成物料制作", LOGISTICS, "2026-03-23", "2026-03-27"),
    ]
    standard = [{"criterion": "按时完成", "operator": "是否", "target": "是"}]
    return {
        "tasks": [
            {
                "task_name": name,
                "dept": dept,
                "owner": world.ids[EXECUTORS[dept]],
                "plan_start": start,
                "plan_end": end,
                "standard": standard,
            }
            for name, dept, start, end in rows
        ]
    }


def kick_off(world: World) -> None:
    nominate(world)
    hold_kickoff(world)
    confirm_kickoff(world)
    appoint(world)
    world.act("王丽", "compile_table2", first_level(world))


# ---------------------------------------------------------------- planning


def task_rows(world: World) -> dict[str, int]:
    query = sa.select(tables.task.c.name, tables.task.c.id).order_by(tables.task.c.position)
    return {row["name"]: row["id"] for row in world.rows(query)}


def deliverable(world: World, name: str) -> int:
    query = sa.select(tables.deliverable.c.id).where(tables.deliverable.c.name == name)
    return int(world.rows(query)[0]["id"])


def plan_row(world: World, name: str, dept: str, start: str, end: str, **changes: Any) -> Values:
    return {
        "task_name": name,
        "owner": world.ids[EXECUTORS[dept]],
        "plan_start": start,
        "plan_end": end,
        "stage": "筹备",
        "standard": [{"criterion": "缺陷", "operator": "≤", "target": "5", "unit": "个"}],
        **changes,
    }


def department_plan(world: World, dept: str) -> list[Values]:
    ids = task_rows(world)
    plan = {
        MARKETING: [
            plan_row(
                world,
                "完成策划方案",
                MARKETING,
                "2026-03-09",
                "2026-03-13",
                id=ids["完成策划方案"],
                deliverable=deliverable(world, "策划方案"),
                receiver=DESIGN,
                purpose="用于设计",
                milestone="方案定稿",
            ),
            plan_row(
                world,
                "组织现场执行",
                MARKETING,
                "2026-04-01",
                "2026-04-03",
                stage="执行",
                milestone="活动举办",
            ),
        ],
        DESIGN: [
            plan_row(
                world,
                "完成主视觉设计",
                DESIGN,
                "2026-03-16",
                "2026-03-20",
                id=ids["完成主视觉设计"],
                deliverable=deliverable(world, "主视觉"),
                receiver=LOGISTICS,
            )
        ],
        LOGISTICS: [
            plan_row(world, "完成物料制作", LOGISTICS, "2026-03-23", "2026-03-27", id=ids["完成物料制作"])
        ],
    }
    return plan[dept]


def break_down(world: World) -> None:
    for dept in DEPTS:
        world.act(FIRSTS[dept], "break_down", {"tasks": department_plan(world, dept)})


CHAIN = ("完成策划方案", "完成主视觉设计", "完成物料制作", "组织现场执行")


def joint_plan(world: World) -> list[Values]:
    query = sa.select(tables.task).order_by(tables.task.c.position)
    by_name = {row["name"]: row for row in world.rows(query)}
    before = dict(zip(CHAIN[1:], CHAIN[:-1], strict=True))
    return [
        {
            "id": row["id"],
            "stage": row["stage"],
            "plan_start": row["plan_start"].isoformat(),
            "plan_end": row["plan_end"].isoformat(),
            "milestone": row["milestone"],
            "key_result": row["key_result"],
            "predecessors": (
                [{"task": by_name[before[name]]["id"], "dep_type": "FS", "lag": 0}] if name in before else []
            ),
        }
        for name, row in by_name.items()
    ]


def consent(world: World) -> None:
    for first in FIRSTS.values():
        world.act(first, "confirm_plan", {"decision": "确认"})


def plan(world: World) -> None:
    break_down(world)
    world.act("王丽", "joint_planning", {"tasks": joint_plan(world)})
    consent(world)


# ---------------------------------------------------------------- execution


def update(status: str, percent: int, **changes: Any) -> Values:
    return {"status": status, "percent": percent, **changes}


def finish(world: World, name: str) -> None:
    """Report a task done, with its evidence."""
    evidence = world.file(name, "work_and_update", f"中秋会员节-方案-{world.at.now():%Y%m%d}.txt")
    world.act(name, "work_and_update", update("已完成", 100, note="完成", evidence=[evidence]))


def confirm_result(world: World, *names: str, actual: str = "3") -> None:
    for name in names:
        rows = checklist(world, actual)
        world.act(name, "confirm_deliverable", {"decision": "确认", "checklist": rows})


def checklist(world: World, actual: str) -> list[Values]:
    """Return the checklist of the task whose confirmation is open, every row with this actual value."""
    task = world.items(element="confirm_deliverable")[0]
    query = sa.select(tables.task.c.id).where(tables.task.c.instance == task.instance)
    owner = world.rows(query)[0]["id"]
    standards = world.rows(sa.select(tables.task_standard).where(tables.task_standard.c.task == owner))
    return [{"id": row["id"], "actual": actual} for row in standards]


def execute(world: World) -> None:
    finish(world, "陈涛")
    confirm_result(world, "钱莉", "王丽")
    finish(world, "冯雪")
    confirm_result(world, "曹军", "王丽")
    finish(world, "张弛")
    finish(world, "陈涛")
    confirm_result(world, "王丽")


# ---------------------------------------------------------------- delivery


def call_acceptance(world: World) -> None:
    today = world.engine.calendar.local_day(world.at.now()).isoformat()
    firsts = [world.ids[name] for name in FIRSTS.values()]
    world.act("王丽", "call_acceptance", {"date": today, "method": "现场", "participants": firsts})


def judged(world: World, dept: str, actual: dict[str, str]) -> Values:
    """Return a department's sheet of the current round with actual values by criterion."""
    item, rounds = tables.acceptance_item, tables.acceptance_round
    newest = sa.select(sa.func.max(rounds.c.id)).scalar_subquery()
    rows = world.rows(sa.select(item).where(item.c.round == newest, item.c.dept == dept))
    return {"items": [{"id": row["id"], "actual": actual[row["criterion"]]} for row in rows]}


GOOD = {"到场会员": "5600", "缺陷": "2"}
BAD = {"到场会员": "5600", "缺陷": "9"}


def report(world: World) -> Values:
    return {
        "time": world.at.now().isoformat(),
        "host": world.ids["王丽"],
        "attendees": everybody(world),
        "highlights": [{"highlight": "跨部门沟通及时"}],
        "problems": [{"problem": "物料临时变更", "cause": "没有第二供应商"}],
        "measures": [{"measure": "关键物料备两家", "owner": world.ids["曹军"], "due": "2026-06-30"}],
    }


JUDGES = (("王丽", MARKETING), ("钱莉", DESIGN), ("曹军", LOGISTICS))


def accept(world: World) -> None:
    """Accept everything in the first round and sign."""
    call_acceptance(world)
    for name, dept in JUDGES:
        world.act(name, "judge_acceptance", judged(world, dept, GOOD))
    sign(world)


def sign(world: World) -> None:
    for name in FIRSTS.values():
        world.act(name, "sign_certificate", {"decision": "签署", "sign": name})


def review(world: World) -> None:
    world.act("王丽", "hold_retrospective", report(world))
    world.act("林晓", "confirm_retrospective", {"decision": "确认"})


def close(world: World) -> None:
    for name in FIRSTS.values():
        world.act(name, "submit_archive", {"none_reason": "资料已随成果提交"})
    world.act("王丽", "check_archive", {"decision": "接收"})
    review(world)
