"""Approvals: levels, seats and the queue of signers on each seat (form F02, D8, D23).

A seat is one approver's place in a level. Whoever is first in its queue signs next; handing over and
adding signers change the queue, never the diagram.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from engine.errors import NotFound
from engine.store.database import UnitOfWork
from engine.text import T
from processes.collaboration import fetch, people, projects, table1
from processes.collaboration.projects import Project
from processes.collaboration.tables import approval, approval_seat, approval_signer

AGREE, RETURN, REFUSE = "同意", "退回修改", "拒绝"
OUTCOMES = {AGREE: "agreed", RETURN: "returned", REFUSE: "refused"}
HOURS = 8
"""Working hours each level has; half of them pass before the first reminder."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody in the queue of a seat; `decision` is empty until they have signed."""

    id: int
    seat: int
    position: int
    person: int
    reason: str
    added_by: int | None
    decision: str | None
    comment: str | None
    replaced: bool


def request(uow: UnitOfWork, ctx: StepContext, found: Project) -> dict[str, Any]:
    """Open an approval of a project and return what the diagram needs: its id and its levels."""
    chain = people.approval_chain(uow, found)
    levels = [
        {"number": number, "approvers": [person], "mode": "all", "hours": HOURS}
        for number, person in enumerate(chain, start=1)
    ]
    approval_id = fetch.insert(
        uow,
        approval,
        project=found.id,
        kind="kickoff",
        applicant=found.applicant,
        levels=levels,
        filed=table1.values_of(uow, found),
        level=0,
        requested_at=ctx.now,
    )
    return {"approval": approval_id, "levels": levels}


def get(uow: UnitOfWork, approval_id: int) -> fetch.Row:
    """Return an approval; raises `NotFound`."""
    row = fetch.first(uow, sa.select(approval).where(approval.c.id == approval_id))
    if row is None:
        raise NotFound(T("没有这份审批"), approval=approval_id)
    return row


def open_level(uow: UnitOfWork, approval_id: int, level: dict[str, Any]) -> list[int]:
    """Seat the approvers of a level and return the seats."""
    values = {"level": int(level["number"])}
    uow.execute(sa.update(approval).where(approval.c.id == approval_id).values(**values))
    return [_seat(uow, approval_id, values["level"], person) for person in level["approvers"]]


def _seat(uow: UnitOfWork, approval_id: int, level: int, person: int) -> int:
    seat = fetch.insert(uow, approval_seat, approval=approval_id, level=level, holder=person)
    queue(uow, seat, person, 1, "named")
    return seat


def queue(
    uow: UnitOfWork, seat: int, person: int, position: int, reason: str, added_by: int | None = None
) -> None:
    """Put a person into the queue of a seat."""
    fetch.insert(
        uow,
        approval_signer,
        seat=seat,
        person=person,
        position=position,
        reason=reason,
        added_by=added_by,
    )


# ---------------------------------------------------------------- reading


def seat_row(uow: UnitOfWork, seat: int) -> fetch.Row:
    """Return a seat with its approval's id and level; raises `NotFound`."""
    row = fetch.first(uow, sa.select(approval_seat).where(approval_seat.c.id == seat))
    if row is None:
        raise NotFound(T("没有这个审批席位"), seat=seat)
    return row


def signers(uow: UnitOfWork, *, seat: int | None = None, approval_id: int | None = None) -> list[Signer]:
    """Return the signers of a seat, or of all seats of an approval, in the order in which they sign."""
    columns = [approval_signer.c[name] for name in Signer.__dataclass_fields__]
    query = sa.select(*columns).join(approval_seat, approval_seat.c.id == approval_signer.c.seat)
    if seat is not None:
        query = query.where(approval_seat.c.id == seat)
    if approval_id is not None:
        query = query.where(approval_seat.c.approval == approval_id)
    query = query.order_by(approval_seat.c.level, approval_seat.c.id, approval_signer.c.position)
    return [Signer(**row) for row in fetch.every(uow, query)]


def next_signer(uow: UnitOfWork, seat: int) -> Signer | None:
    """Return who signs next on a seat, or None when nobody is left."""
    return next((s for s in signers(uow, seat=seat) if s.decision is None and not s.replaced), None)


def seat_settled(uow: UnitOfWork, seat: int) -> bool:
    """Say whether nothing more is asked of a seat: a negative decision, or everyone has agreed."""
    live = [s for s in signers(uow, seat=seat) if not s.replaced]
    return any(s.decision in (RETURN, REFUSE) for s in live) or all(s.decision for s in live)


def seats(uow: UnitOfWork, approval_id: int, level: int) -> list[fetch.Row]:
    """Return the seats of a level."""
    query = sa.select(approval_seat).where(
        approval_seat.c.approval == approval_id, approval_seat.c.level == level
    )
    return fetch.every(uow, query.order_by(approval_seat.c.id))


def level_decision(uow: UnitOfWork, approval_id: int) -> str | None:
    """Return what the open level has decided, None while it has not.

    One refusal or return decides at once; else 会签 needs every seat and 或签 one.
    """
    row = get(uow, approval_id)
    decisions = [_seat_decision(uow, seat["id"]) for seat in seats(uow, approval_id, row["level"])]
    for negative in (REFUSE, RETURN):
        if negative in decisions:
            return negative
    mode = row["levels"][row["level"] - 1]["mode"] if row["level"] else "all"
    enough = any(decisions) if mode == "any" else bool(decisions) and all(decisions)
    return AGREE if enough else None


def _seat_decision(uow: UnitOfWork, seat: int) -> str | None:
    if not seat_settled(uow, seat):
        return None
    given = [s.decision for s in signers(uow, seat=seat) if not s.replaced]
    return next((decision for decision in given if decision != AGREE), AGREE)


def pending(uow: UnitOfWork, approval_id: int) -> list[int]:
    """Return whom an approval waits for."""
    row = get(uow, approval_id)
    following = [next_signer(uow, seat["id"]) for seat in seats(uow, approval_id, row["level"])]
    return [signer.person for signer in following if signer is not None]


def earlier_approvers(uow: UnitOfWork, seat: int) -> list[int]:
    """Return who has agreed to the same approval before; one may return to them (D23)."""
    approval_id = seat_row(uow, seat)["approval"]
    agreed = [s.person for s in signers(uow, approval_id=approval_id) if s.decision == AGREE]
    return list(dict.fromkeys(agreed))


def open_of_project(uow: UnitOfWork, project_id: int) -> fetch.Row | None:
    """Return the approval of a project that is not decided yet, or None."""
    query = (
        sa.select(approval)
        .where(approval.c.project == project_id, approval.c.outcome.is_(None))
        .order_by(approval.c.id.desc())
    )
    return fetch.first(uow, query)


# ---------------------------------------------------------------- deciding


def settle(ctx: StepContext, approval_id: int) -> None:
    """Write the outcome when the level that has just decided decides the whole approval."""
    row = get(ctx.uow, approval_id)
    decision = level_decision(ctx.uow, approval_id)
    if decision is None or (decision == AGREE and row["level"] < len(row["levels"])):
        return
    conclude(ctx, approval_id, OUTCOMES[decision])


def conclude(ctx: StepContext, approval_id: int, outcome: str) -> None:
    """Write the outcome of an approval with what it means for the project."""
    row = get(ctx.uow, approval_id)
    values = {"outcome": outcome, "decided_at": ctx.now}
    ctx.uow.execute(sa.update(approval).where(approval.c.id == approval_id).values(**values))
    if outcome == "agreed":
        projects.change(ctx.uow, row["project"], approved_at=ctx.now, returned_at=None)
    elif outcome in ("returned", "withdrawn"):
        projects.change(ctx.uow, row["project"], returned_at=ctx.now)
    ctx.record("approval.decided", {"approval": approval_id, "outcome": outcome})


def count(uow: UnitOfWork, project_id: int) -> int:
    """Return how often a project has been submitted for approval."""
    query = sa.select(sa.func.count()).select_from(approval).where(approval.c.project == project_id)
    return int(uow.execute(query).scalar_one())


def decided(uow: UnitOfWork, project_id: int) -> list[fetch.Row]:
    """Return every signature given in any approval of a project, the first one first."""
    query = (
        sa.select(approval_signer, approval_seat.c.level, approval_seat.c.approval)
        .join(approval_seat, approval_seat.c.id == approval_signer.c.seat)
        .join(approval, approval.c.id == approval_seat.c.approval)
        .where(approval.c.project == project_id, approval_signer.c.decided_at.is_not(None))
        .order_by(approval_signer.c.decided_at, approval_signer.c.id)
    )
    return fetch.every(uow, query)


def filed_before(uow: UnitOfWork, project_id: int, approval_id: int) -> dict[str, Any] | None:
    """Return Table 1 as it was submitted the last time before an approval, None the first time."""
    query = (
        sa.select(approval.c.filed)
        .where(approval.c.project == project_id, approval.c.id < approval_id)
        .order_by(approval.c.id.desc())
        .limit(1)
    )
    found: dict[str, Any] | None = uow.execute(query).scalar()
    return found
