"""F02, an approver's decision: agree, return, refuse, hand over or add signers (R7, D8, D23)."""

from __future__ import annotations

from typing import Any

from engine.context import StepContext
from engine.errors import Refused
from engine.text import T
from processes.collaboration import approvals, decisions, fetch, projects, table1
from processes.collaboration.approvals import AGREE, RETURN
from processes.collaboration.values import local_or_none, person_ids, text

APPLICANT = "applicant"


def prefill(ctx: StepContext) -> dict[str, Any]:
    """Show Table 1, the round and level, and what others have decided before."""
    found = projects.of(ctx)
    seat = approvals.seat_row(ctx.uow, ctx.variables["seat"])
    row = approvals.get(ctx.uow, seat["approval"])
    number = approvals.count(ctx.uow, found.id)
    earlier = [entry for entry in approvals.decided(ctx.uow, found.id) if entry["decided_at"]]
    return {
        "round": str(number) if number > 1 else None,
        "level": f"{seat['level']}/{len(row['levels'])}",
        "subject": table1.record_of(ctx.uow, found, approvals.filed_before(ctx.uow, found.id, row["id"])),
        "light": found.light,
        "earlier": [_shown(entry) for entry in earlier],
    }


def _shown(entry: fetch.Row) -> dict[str, Any]:
    return {
        "person": entry["decided_by"],
        "decision": entry["decision"],
        "comment": entry["comment"],
        "at": local_or_none(entry["decided_at"]),
    }


def check(ctx: StepContext, values: dict[str, Any]) -> dict[str, T]:
    """Check who is brought in, and that each way of deciding stands alone."""
    wrong: dict[str, T] = {}
    seat, decision = ctx.variables["seat"], values.get("decision")
    transfer, added = values.get("transfer_to"), person_ids(values.get("add_signer"))
    if transfer is not None:
        wrong |= {"transfer_to": why} if (why := _unfit(ctx, int(transfer))) else {}
    for person in added:
        wrong |= {"add_signer": why} if (why := _unfit(ctx, person)) else {}
    if added and values.get("add_signer_mode") == "后加签" and decision != AGREE:
        wrong["add_signer_mode"] = T("同意之后才能后加签")
    if added and values.get("add_signer_mode") == "前加签" and decision is not None:
        wrong["decision"] = T("前加签时先不作决定，加签人签署后再决定")
    wanted = values.get("return_to")
    if decision == RETURN and wanted not in (None, APPLICANT):
        known = {str(one) for one in approvals.earlier_approvers(ctx.uow, seat)}
        if str(wanted) not in known:
            wrong["return_to"] = T("只能退回给申请人，或本次审批中已同意的人")
    return wrong


def _unfit(ctx: StepContext, person: int) -> T | None:
    found = projects.of(ctx)
    if person in (found.applicant, found.lead):
        return T("申请人和项目负责人不能审批自己的项目")
    if person == ctx.actor.id:
        return T("不能选择自己")
    queued = {
        one.person
        for one in approvals.signers(ctx.uow, seat=ctx.variables["seat"])
        if one.decision is None and not one.replaced
    }
    return T("此人已在等待签署") if person in queued else None


def complete(ctx: StepContext, values: dict[str, Any]) -> dict[str, Any]:
    """Write the decision on the seat and, when it settles the approval, its outcome."""
    found = projects.of(ctx)
    if ctx.actor.id in (found.applicant, found.lead):
        raise Refused(T("这份申请由您提交，不能由您自己审批"))
    signer = approvals.next_signer(ctx.uow, ctx.variables["seat"])
    if signer is None:
        raise Refused(T("这个席位已经签署"))
    act = decisions.Act(
        decision=values.get("decision"),
        comment=text(values.get("comment")),
        signature=values.get("approver"),
        transfer_to=values.get("transfer_to"),
        added=person_ids(values.get("add_signer")),
        before=values.get("add_signer_mode") == "前加签",
        return_to=_returned_to(values),
    )
    decisions.carry_out(ctx, signer, act)
    if act.decision == AGREE and found.light:
        projects.change(ctx.uow, found.id, light_ok=bool(values.get("light_ok")))
        ctx.record("project.light", {"consent": bool(values.get("light_ok"))})
    _tell_copies(ctx, values)
    approvals.settle(ctx, ctx.variables["approval"])
    return {}


def _returned_to(values: dict[str, Any]) -> int | None:
    wanted = values.get("return_to")
    return None if wanted in (None, "", APPLICANT) else int(str(wanted))


def _tell_copies(ctx: StepContext, values: dict[str, Any]) -> None:
    found = projects.of(ctx)
    copies = person_ids(values.get("cc"))
    for person in copies:
        ctx.grant(found.subject, f"user:{person}")
    decision = T(values["decision"]) if values.get("decision") else T("待定")
    message = T("“{project}”的审批意见抄送给您：{decision}", project=found.title, decision=decision)
    ctx.notify(copies, message, link=f"/projects/{found.key}")
