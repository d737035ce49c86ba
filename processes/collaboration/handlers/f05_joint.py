"""F05 planned together: stages, milestones, dependencies and dates (R15–R17)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.errors import InvalidInput, Refused
from engine.text import T
from processes.collaboration import baselines, consents, planning, projects, table2, tasks
from processes.collaboration.network import Dependency
from processes.collaboration.projects import Project
from processes.collaboration.schedule import Schedule, critical_path, planned_task
from processes.collaboration.timeline import Unit

Rows = list[dict[str, Any]]


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Show all tasks, and why departments did not agree to the plan before."""
    found = projects.of(ctx)
    return {
        **table2.frame(found),
        "problems": [{"text": line} for line in consents.refusal_lines(ctx.uow, found.id)],
        "tasks": table2.joint_rows(ctx.uow, found),
    }


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """Dates lie in the project, each stage has a milestone, and dependencies can be kept."""
    found, rows = projects.of(ctx), values["tasks"]
    wrong: dict[str, T] = {}
    for place, row in enumerate(rows):
        wrong |= planning.date_problems(found, row, f"tasks-{place}")
    known = {row["id"] for row in tasks.of_project(ctx.uow, found.id)}
    if {int(row["id"]) for row in rows if row.get("id")} != known:
        wrong["tasks"] = T("任务清单刚有变动，请刷新后再提交")
    lacking = planning.stages_without_milestone(rows)
    if lacking:
        wrong["tasks"] = T("还没有里程碑的阶段：{stages}", stages="、".join(lacking))
    return wrong or _network_problems(ctx, found, rows)


def _network_problems(ctx: StepContext, found: Project, rows: Rows) -> dict[str, T]:
    try:
        computed = _schedule(ctx, found, rows)
    except (Refused, InvalidInput) as error:
        return {"tasks": error.text}
    field = "start_at" if found.unit == "wh" else "plan_start"
    places = {str(row["id"]): place for place, row in enumerate(rows)}
    return {
        f"tasks-{places[task.id]}-{field}": T("要等前置任务，最早{day}才能开始", day=f"{task.start:%Y-%m-%d}")
        for task in computed.pushed
    }


def _schedule(ctx: StepContext, found: Project, rows: Rows) -> Schedule:
    """Return the schedule of the rows as they were typed; raises `CircularPlan`."""
    timeline = baselines.timeline_of(found, ctx.calendar)
    planned = []
    for row in rows:
        dates = planning.dates(found, ctx.calendar, row)
        start = dates.get("start_at") or dates["plan_start"]
        end = dates.get("end_at") or dates["plan_end"]
        planned.append(planned_task(timeline, str(row["id"]), str(row.get("task_name") or ""), start, end))
    unit: Unit = "wh" if found.unit == "wh" else "wd"
    return critical_path(planned, _links(rows), ctx.calendar, found.start, unit)


def _links(rows: Rows) -> list[Dependency]:
    return [
        Dependency(str(link["task"]), str(row["id"]), link.get("dep_type") or "FS", int(link.get("lag") or 0))
        for row in rows
        for link in row.get("predecessors") or []
    ]


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write what was planned together."""
    planning.arrange(ctx.uow, projects.of(ctx), ctx.calendar, values["tasks"])
    return {}
