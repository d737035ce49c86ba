"""The initiating department checks the material and accepts it, or returns it to some departments (R46)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from engine.text import T
from processes.collaboration import archives, projects
from processes.collaboration.handlers.f17_archive import expected
from processes.collaboration.tables import archive_submission
from processes.collaboration.values import text

ACCEPT, RETURN = "接收", "退回"


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Show what came, and which expected material did not."""
    found = projects.of(ctx)
    return {"submissions": _submissions(ctx), "missing": _missing(ctx, found.id)}


def _submissions(ctx: StepContext) -> list[dict[str, Any]]:
    found, rows = projects.of(ctx), []
    for dept, given in archives.submissions(ctx.uow, found.id).items():
        documents = [d for d in archives.documents(ctx.uow, found.id, dept) if d["task"] is None]
        for one in documents:
            file = {"attachment": one["attachment"], "name": one["name"]}
            rows.append({"dept": dept, "material_type": one["kind"], "file": file, "name": one["name"]})
        if not documents:
            rows.append({"dept": dept, "none_reason": given["none_reason"]})
    return rows


def _missing(ctx: StepContext, project_id: int) -> list[dict[str, Any]]:
    lacking = []
    for dept in projects.departments(ctx.uow, project_id):
        kinds = {one["kind"] for one in archives.documents(ctx.uow, project_id, dept)}
        wanted = {one["material_type"] for one in expected(ctx, dept)}
        lacking += [{"dept": dept, "material_type": kind} for kind in sorted(wanted - kinds)]
    return lacking


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """A return names departments and a reason."""
    if values["decision"] != RETURN:
        return {}
    if not values.get("return_depts"):
        return {"return_depts": T("请选择要补交资料的部门")}
    return {} if text(values.get("comment")) else {"comment": T("退回时请写明原因")}


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Accept the submissions, except those that go back."""
    found = projects.of(ctx)
    returned = list(values.get("return_depts") or []) if values["decision"] == RETURN else []
    for dept, row in archives.submissions(ctx.uow, found.id).items():
        if dept in returned:
            facts: dict[str, Any] = {"return_reason": text(values.get("comment")), "accepted_at": None}
        else:
            facts = {"accepted_by": ctx.actor.id, "accepted_at": ctx.now, "return_reason": None}
        change = sa.update(archive_submission).where(archive_submission.c.id == row["id"])
        ctx.uow.execute(change.values(**facts))
    return {"archive_depts": returned}
