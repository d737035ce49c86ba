"""F03, one department's confirmation of goal, scope and its initial duties (R9)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.text import T
from processes.collaboration import fetch, kickoffs, projects, table1
from processes.collaboration.tables import kickoff_confirmation
from processes.collaboration.values import text


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Show Table 1, the minutes, and how an earlier objection was resolved."""
    found, dept = projects.of(ctx), ctx.variables["dept"]
    meeting = kickoffs.meeting(ctx.uow, found.id)
    before = kickoffs.confirmations(ctx.uow, found.id).get(dept)
    return {
        "dept": dept,
        "project": table1.record_of(ctx.uow, found),
        "notes": meeting["notes"],
        "resolution": meeting["resolution"] if before is not None else None,
        "duties": before["duties"] if before is not None else None,
    }


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """Whoever does not agree says why."""
    agrees = values.get("goal_ok") and values.get("scope_ok")
    if not agrees and not text(values.get("objection")):
        return {"objection": T("不同意时请写明异议")}
    return {}


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write the confirmation; it replaces what the department said before."""
    found, dept = projects.of(ctx), ctx.variables["dept"]
    kickoffs.supersede(ctx.uow, found.id, dept)
    fetch.insert(
        ctx.uow,
        kickoff_confirmation,
        project=found.id,
        dept=dept,
        person=ctx.actor.id,
        goal_ok=bool(values["goal_ok"]),
        scope_ok=bool(values["scope_ok"]),
        duties=values["duties"].strip(),
        objection=text(values.get("objection")),
        signature=values.get("confirmed_by"),
        at=ctx.now,
    )
    return {}
