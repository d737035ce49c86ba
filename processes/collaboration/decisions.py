"""Carrying out what an approver decides: the queue of the seat changes accordingly (D23)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from processes.collaboration import approvals, projects
from processes.collaboration.approvals import RETURN, Signer
from processes.collaboration.tables import approval_signer

HANDED_OVER = "已转交"
SENT_BACK = "退回审批人"


@dataclass(frozen=True, slots=True)
class Act:
    """What one approver did: a decision, or bringing somebody else in."""

    decision: str | None
    comment: str | None
    signature: dict[str, Any] | None
    transfer_to: Any = None
    added: list[int] = field(default_factory=list)
    before: bool = False
    return_to: int | None = None


def carry_out(ctx: StepContext, signer: Signer, act: Act) -> None:
    """Write the act: hand over, ask others first, ask an earlier approver again, or decide."""
    for person in [*act.added, *([int(act.transfer_to)] if act.transfer_to is not None else [])]:
        ctx.grant(projects.of(ctx).subject, f"user:{person}")
    if act.transfer_to is not None:
        _close(ctx, signer, HANDED_OVER, act)
        _insert(ctx, signer, [int(act.transfer_to)], signer.position, "transfer")
    elif act.added and act.before:
        _insert(ctx, signer, act.added, signer.position, "before")
    elif act.decision == RETURN and act.return_to is not None:
        _close(ctx, signer, SENT_BACK, act)
        _insert(ctx, signer, [act.return_to, signer.person], signer.position + 1, "again")
    else:
        _decide(ctx, signer, str(act.decision), act)
        _insert(ctx, signer, act.added, signer.position + 1, "after")


def _decide(ctx: StepContext, signer: Signer, decision: str, act: Act, *, replaced: bool = False) -> None:
    values = {
        "decision": decision,
        "comment": act.comment,
        "signature": act.signature,
        "decided_at": ctx.now,
        "decided_by": ctx.actor.id,
        "on_behalf_of": ctx.actor.on_behalf_of,
        "replaced": replaced,
    }
    ctx.uow.execute(sa.update(approval_signer).where(approval_signer.c.id == signer.id).values(**values))


def _close(ctx: StepContext, signer: Signer, how: str, act: Act) -> None:
    """End a signer's turn without a decision that counts."""
    _decide(ctx, signer, how, act, replaced=True)


def _insert(ctx: StepContext, signer: Signer, persons: list[int], position: int, reason: str) -> None:
    """Put persons into the queue at a position; whoever stood there or later moves back."""
    own = approval_signer.c.seat == signer.seat
    later = approval_signer.c.position >= position
    room = approval_signer.c.position + len(persons)
    ctx.uow.execute(sa.update(approval_signer).where(own, later).values(position=room))
    for place, person in enumerate(persons):
        approvals.queue(ctx.uow, signer.seat, person, position + place, reason, ctx.actor.id)
