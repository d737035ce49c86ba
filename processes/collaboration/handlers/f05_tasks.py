"""F05 in planning: a department breaks its work down into tasks (R14)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.text import T
from processes.collaboration import planning, projects, table2


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Start with the department's tasks, and with what the plan lacks of them."""
    found, dept = projects.of(ctx), ctx.variables["dept"]
    lacking = ctx.variables.get("plan_findings") or []
    return {
        "dept": dept,
        **table2.frame(found),
        "problems": [{"text": one["text"]} for one in lacking if one["dept"] == dept],
        "tasks": table2.form_rows(ctx.uow, found, dept),
    }


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """Owners are executors of the department and dates lie in the project."""
    found = projects.of(ctx)
    return planning.row_problems(ctx.uow, found, values["tasks"], ctx.variables["dept"])


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write the department's tasks."""
    planning.save(ctx.uow, projects.of(ctx), ctx.calendar, values["tasks"], ctx.variables["dept"])
    return {}
