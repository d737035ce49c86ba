"""What happens around the approval diagram: seating a level, reminding, escalating, withdrawing."""

from __future__ import annotations

from typing import Any

from engine import directory
from engine.context import StepContext
from engine.text import T
from processes.collaboration import approvals, projects
from processes.collaboration.telling import link_to, tell


def prepare_approval(ctx: StepContext) -> dict[str, Any]:
    """Work out who approves, and which departments have to nominate somebody afterwards."""
    found = projects.of(ctx)
    rows = projects.department_rows(ctx.uow, found.id)
    nominating = [row["dept"] for row in rows if row["first_responsible"] is None]
    return {**approvals.request(ctx.uow, ctx, found), "nominating_depts": nominating}


def open_level(ctx: StepContext) -> dict[str, Any]:
    """Seat the approvers of the level that begins and let them see the project."""
    level = ctx.variables["level"]
    found = projects.of(ctx)
    for person in level["approvers"]:
        ctx.grant(found.subject, f"user:{person}")
    return {"seats": approvals.open_level(ctx.uow, ctx.variables["approval"], level)}


def remind_approvers(ctx: StepContext) -> dict[str, Any]:
    """Remind those who have not decided."""
    found = projects.of(ctx)
    waiting = approvals.pending(ctx.uow, ctx.variables["approval"])
    tell(ctx, waiting, T("请审批“{project}”，申请人在等您的意见", project=found.title))
    return {}


def escalate_approval(ctx: StepContext) -> dict[str, Any]:
    """Tell the superiors of those who have let twice the limit pass."""
    found = projects.of(ctx)
    waiting = approvals.pending(ctx.uow, ctx.variables["approval"])
    names = directory.names(ctx.uow, waiting)
    above = [directory.superior_of(ctx.uow, person) for person in waiting]
    who = "、".join(names[person] for person in waiting)
    message = T("“{project}”的审批超期未决，等待{who}", project=found.title, who=who)
    ctx.notify([one for one in (*above, found.lead) if one], message, link=link_to(found))
    ctx.record("approval.overdue", {"approval": ctx.variables["approval"], "waiting": waiting})
    return {}


def record_withdrawal(ctx: StepContext) -> dict[str, Any]:
    """End an approval that its applicant has withdrawn."""
    approvals.conclude(ctx, ctx.variables["approval"], "withdrawn")
    return {}


SERVICES = {
    "prepare_approval": prepare_approval,
    "open_level": open_level,
    "remind_approvers": remind_approvers,
    "escalate_approval": escalate_approval,
    "record_withdrawal": record_withdrawal,
}
