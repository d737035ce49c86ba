"""A department's consent to the joint plan (会签 before the baseline)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.text import T
from processes.collaboration import baselines, consents, fetch, projects, table2, tasks
from processes.collaboration.tables import plan_consent
from processes.collaboration.values import text


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Show the department's tasks, the length of the plan and its critical path."""
    found, dept = projects.of(ctx), ctx.variables["dept"]
    computed = baselines.schedule(ctx.uow, found, ctx.calendar)
    chain = [computed.tasks[task].name for task in computed.critical]
    before = table2.names_of_predecessors(ctx.uow, found.id)
    return {
        "dept": dept,
        "forecast_end": ctx.calendar.local_day(computed.end).isoformat(),
        "length": computed.length,
        "critical_path": " → ".join(chain),
        "tasks": [
            {
                "task_no": tasks.number(found.key, row),
                "task_name": row["name"],
                "owner": row["owner"],
                "plan_start": f"{baselines.begin_of(row):%Y-%m-%d}",
                "plan_end": f"{baselines.end_of(row):%Y-%m-%d}",
                "predecessors": before.get(row["id"], ""),
                "critical": str(row["id"]) in computed.critical,
            }
            for row in tasks.of_project(ctx.uow, found.id, dept)
        ],
    }


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """A return needs its reason."""
    if values["decision"] == consents.RETURN and not text(values.get("comment")):
        return {"comment": T("退回时请写明原因")}
    return {}


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write the consent of the department."""
    fetch.insert(
        ctx.uow,
        plan_consent,
        project=projects.of(ctx).id,
        dept=ctx.variables["dept"],
        person=ctx.actor.id,
        decision=values["decision"],
        comment=text(values.get("comment")),
        signature=values.get("confirmed_by"),
        at=ctx.now,
    )
    return {}
