"""Letting go what waits: successors of a task, the project's acceptance, the next round (R16, Q9)."""

from __future__ import annotations

from engine.context import StepContext
from engine.text import T
from processes.collaboration import fetch, projects, tasks
from processes.collaboration.telling import tell


def after_confirmation(ctx: StepContext, row: fetch.Row) -> None:
    """Send what the confirmation of a task sets free: successors, the end of rework, the acceptance."""
    release_successors(ctx, row["id"])
    if row["rework_open"]:
        if rework_complete(ctx, row["project"]):
            ctx.send("rework_done", row["project"])
        return
    if tasks.all_confirmed(ctx.uow, row["project"]):
        ctx.send("all_tasks_confirmed", row["project"])


def release_successors(ctx: StepContext, task_id: int) -> None:
    """Tell the successors that may start now, and their processes."""
    for after in tasks.successors(ctx.uow, task_id):
        if after["released_at"] is None and tasks.may_start(ctx.uow, ctx.calendar, after["id"], ctx.now):
            ctx.send("predecessors_confirmed", after["id"])
            tell(ctx, [after["owner"]], T("“{task}”的前置成果已确认", task=after["name"]))


def wake_waiting(ctx: StepContext) -> None:
    """Look again at everything that waits: a lag has run out, or a message went astray (trap 9)."""
    found = projects.of(ctx)
    for row in tasks.of_project(ctx.uow, found.id):
        if row["released_at"] is None and tasks.may_start(ctx.uow, ctx.calendar, row["id"], ctx.now):
            ctx.send("predecessors_confirmed", row["id"])
    if tasks.all_confirmed(ctx.uow, found.id):
        ctx.send("all_tasks_confirmed", found.id)


def rework_complete(ctx: StepContext, project_id: int) -> bool:
    """Say whether no task is being reworked any more."""
    return not any(row["rework_open"] for row in tasks.of_project(ctx.uow, project_id))
