"""F16, the acceptance certificate: signed by everyone required, or refused with a reason (R44, Q8)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from engine.errors import Refused
from engine.text import T
from processes.collaboration import acceptances, fetch, projects, tasks
from processes.collaboration.tables import certificate_signature
from processes.collaboration.values import text

SIGN, REFUSE = "签署", "拒签"


def _certificate(ctx: StepContext) -> fetch.Row:
    newest = acceptances.latest_certificate(ctx.uow, projects.of(ctx).id)
    if newest is None:
        raise Refused(T("验收确认单还没有生成"))
    return newest


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Show what is signed: the basis, and the newest verdict on each criterion."""
    found, paper = projects.of(ctx), _certificate(ctx)
    names = {row["id"]: row["name"] for row in tasks.of_project(ctx.uow, found.id)}
    own = _own_row(ctx, paper)
    return {
        "cert_no": paper["number"],
        "project": f"{found.key} {found.title}",
        "basis": f"v{paper['baseline']}",
        "conclusion": acceptances.current(ctx.uow, found.id)["conclusion"],
        "items": [
            {
                "task": names.get(row["task"], found.title),
                "criterion": row["criterion"],
                "target": acceptances.target_text(row),
                "actual": row["actual"],
                "pass": bool(row["passed"]),
            }
            for row in acceptances.latest_results(ctx.uow, found.id)
        ],
        "remain": paper["remain"],
        "depts": own["depts"] if own is not None else [],
    }


def _own_row(ctx: StepContext, paper: fetch.Row) -> fetch.Row | None:
    rows = acceptances.signatures(ctx.uow, paper["id"])
    return next((row for row in rows if row["person"] == ctx.variables["signatory"]), None)


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """A refusal needs its reason, a signature its signer."""
    if values["decision"] == REFUSE and not text(values.get("refuse")):
        return {"refuse": T("拒签时请写明原因")}
    if values["decision"] == SIGN and not values.get("sign"):
        return {"sign": T("请签名")}
    return {}


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write the signature or the refusal."""
    paper = _certificate(ctx)
    facts = {
        "decision": values["decision"],
        "reason": text(values.get("refuse")),
        "signature": values.get("sign") or None,
        "signed_by": ctx.actor.id,
        "at": ctx.now,
    }
    table = certificate_signature
    own = (table.c.certificate == paper["id"], table.c.person == ctx.variables["signatory"])
    ctx.uow.execute(sa.update(table).where(*own).values(**facts))
    return {}
