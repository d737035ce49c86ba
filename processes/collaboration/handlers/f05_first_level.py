"""F05 at the kickoff: the first-level rows of Table 2, compiled by the initiating department (R12)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.text import T
from processes.collaboration import planning, projects, table1, table2


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Show the project and the rows there are."""
    found = projects.of(ctx)
    return {
        **table2.frame(found),
        "project": table1.record_of(ctx.uow, found),
        "tasks": table2.form_rows(ctx.uow, found),
    }


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """Owners are executors, dates lie in the project, and every department has a task."""
    found = projects.of(ctx)
    wrong = planning.row_problems(ctx.uow, found, values["tasks"])
    busy = {row["dept"] for row in values["tasks"]}
    missing = [dept for dept in projects.departments(ctx.uow, found.id) if dept not in busy]
    if missing:
        wrong["tasks"] = T("还没有任务的部门：{depts}", depts="、".join(missing))
    return wrong


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write the rows."""
    planning.save(ctx.uow, projects.of(ctx), ctx.calendar, values["tasks"])
    return {}
