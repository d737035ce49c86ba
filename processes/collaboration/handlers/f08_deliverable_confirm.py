"""F08, one confirmer's verdict on a key result; nobody confirms their own (R32)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from engine.errors import Refused
from engine.text import T
from processes.collaboration import fetch, tasks
from processes.collaboration.acceptances import verdict
from processes.collaboration.tables import confirmation
from processes.collaboration.values import text

CONFIRM, RETURN = "确认", "退回"


def _task(ctx: StepContext) -> fetch.Row:
    return tasks.get(ctx.uow, ctx.variables["task"])


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Show the result with its standard, its files and what the owner wrote last."""
    row = _task(ctx)
    asked = tasks.confirmations(ctx.uow, row["id"])
    update = tasks.last_update(ctx.uow, row["id"])
    standards = tasks.standards(ctx.uow, row["project"]).get(row["id"], [])
    kept = ("id", "criterion", "operator", "target", "unit")
    return {
        "result": row["name"],
        "milestone": row["milestone"],
        "dept": row["dept"],
        "owner": row["owner"],
        "round": asked[0]["round"] if asked else 1,
        "confirmers": [one["confirmer"] for one in asked],
        "files": update["evidence"] if update is not None else [],
        "note": update["note"] if update is not None else None,
        "checklist": [{key: one[key] for key in kept} for one in standards],
    }


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """A result that misses its standard cannot be confirmed, and a return needs its reason."""
    if values["decision"] == RETURN:
        return {} if text(values.get("comment")) else {"comment": T("退回时请写明原因")}
    for row in values.get("checklist") or []:
        measured = verdict(row["operator"], row["target"], row.get("actual"))
        if measured is False or row.get("pass") is False:
            return {"decision": T("“{criterion}”没有达到标准，请退回", criterion=row["criterion"])}
    return {}


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write the verdict of this confirmer."""
    row = _task(ctx)
    if ctx.actor.id == row["owner"]:
        raise Refused(T("这是您自己的成果，不能由您确认"))
    asked = tasks.confirmations(ctx.uow, row["id"])
    own = next(one for one in asked if one["confirmer"] == ctx.variables["confirmer"])
    facts = {
        "decision": values["decision"],
        "comment": text(values.get("comment")),
        "checklist": values.get("checklist") or [],
        "signature": values.get("sign"),
        "decided_by": ctx.actor.id,
        "decided_at": ctx.now,
    }
    ctx.uow.execute(sa.update(confirmation).where(confirmation.c.id == own["id"]).values(**facts))
    return {}
