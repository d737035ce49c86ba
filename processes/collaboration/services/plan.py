"""Planning: who plans, what the plan lacks, the critical path and the frozen baseline (R14–R17)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.text import T
from processes.collaboration import baselines, consents, planning, projects, tasks
from processes.collaboration.telling import tell


def prepare_planning(ctx: StepContext) -> dict[str, Any]:
    """Ask every involved department to break down its tasks."""
    return {"planning_depts": projects.departments(ctx.uow, projects.of(ctx).id)}


def validate_plan(ctx: StepContext) -> dict[str, Any]:
    """Find what the plan lacks; only the departments concerned are asked again."""
    lacking = planning.problems(ctx.uow, projects.of(ctx))
    concerned = list(dict.fromkeys(problem["dept"] for problem in lacking))
    return {"planning_depts": concerned, "plan_findings": lacking}


def compute_schedule(ctx: StepContext) -> dict[str, Any]:
    """Compute the critical path of the joint plan and ask every department to agree to it."""
    found = projects.of(ctx)
    computed = baselines.schedule(ctx.uow, found, ctx.calendar)
    baselines.write_schedule(ctx.uow, computed)
    consents.supersede(ctx.uow, found.id)
    return {"consenting_depts": projects.departments(ctx.uow, found.id)}


def freeze_baseline(ctx: StepContext) -> dict[str, Any]:
    """Freeze the plan everybody agreed to as the next version and tell the team (Q18)."""
    found = projects.of(ctx)
    newest = baselines.latest(ctx.uow, found.id)
    for row in tasks.of_project(ctx.uow, found.id):
        if tasks.needs_confirmation(row) and not row["key_result"]:
            tasks.change(ctx.uow, row["id"], key_result=True)
    baselines.freeze(ctx, found, newest["version"] + 1 if newest is not None else 1)
    projects.change(ctx.uow, found.id, planned_at=ctx.now)
    message = T("“{project}”的计划已冻结，任务将陆续开始", project=found.title)
    tell(ctx, projects.team(ctx.uow, found.id), message)
    return {}


SERVICES = {
    "prepare_planning": prepare_planning,
    "validate_plan": validate_plan,
    "compute_schedule": compute_schedule,
    "freeze_baseline": freeze_baseline,
}
