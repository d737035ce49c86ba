"""Confirming the retrospective report: by somebody who did not write it (R51)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from engine.errors import Refused
from engine.text import T
from processes.collaboration import archives, fetch, figures, projects
from processes.collaboration.handlers.f18_retrospective import goals_and_results, report_values
from processes.collaboration.tables import retrospective
from processes.collaboration.values import text

RETURN = "退回"


def _report(ctx: StepContext) -> fetch.Row:
    newest = archives.latest_retrospective(ctx.uow, projects.of(ctx).id)
    if newest is None:
        raise Refused(T("还没有复盘报告"))
    return newest


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Show the report."""
    shown = {"goal_vs_actual": goals_and_results(ctx), "metrics": figures.retrospective_rows(ctx)}
    return {"report": {"values": report_values(_report(ctx)) | shown}}


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """A return needs its reason."""
    if values["decision"] == RETURN and not text(values.get("comment")):
        return {"comment": T("退回时请写明原因")}
    return {}


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write the decision on the newest report."""
    row = _report(ctx)
    if ctx.actor.id == row["written_by"]:
        raise Refused(T("复盘报告由您撰写，不能由您自己确认"))
    facts = {
        "decision": values["decision"],
        "comment": text(values.get("comment")),
        "decided_by": ctx.actor.id,
        "decided_at": ctx.now,
    }
    ctx.uow.execute(sa.update(retrospective).where(retrospective.c.id == row["id"]).values(**facts))
    return {}
