"""Resolving objections to the kickoff; a change of goal or scope goes back to approval (R9)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.text import T
from processes.collaboration import kickoffs, projects, rounds


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Show who objects and why."""
    found = projects.of(ctx)
    given = kickoffs.confirmations(ctx.uow, found.id)
    objecting = [given[dept] for dept in kickoffs.objections(ctx.uow, found.id)]
    return {"objections": [{key: row[key] for key in ("dept", "person", "objection")} for row in objecting]}


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """Nothing beyond what the form itself asks."""
    return {}


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write the resolution; only the departments that objected confirm again."""
    found = projects.of(ctx)
    changed = bool(values.get("scope_changed"))
    kickoffs.change(ctx.uow, found.id, resolution=values["resolution"].strip(), scope_changed=changed)
    rounds.count(ctx, "objection", found.subject)
    return {"confirming_depts": kickoffs.objections(ctx.uow, found.id)}
