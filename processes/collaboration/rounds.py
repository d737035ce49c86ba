"""Loops have a limit: every return is counted, and past the limit management is told."""

from __future__ import annotations

import sqlalchemy as sa

from engine.context import StepContext
from engine.text import T
from processes.collaboration import people, projects
from processes.collaboration.tables import rework_round

LIMIT = 20
"""Rounds of one loop before management and the PMO are told (specification §4, trap 1)."""


def count(ctx: StepContext, loop: str, subject: str) -> int:
    """Count one more round of a loop, tell management past the limit, and return the number."""
    number = rounds(ctx, loop, subject) + 1
    where = (rework_round.c.subject == subject, rework_round.c.loop == loop)
    if number == 1:
        ctx.uow.execute(sa.insert(rework_round).values(subject=subject, loop=loop, count=1))
    else:
        ctx.uow.execute(sa.update(rework_round).where(*where).values(count=number))
    if number == LIMIT:
        _escalate(ctx, number)
        ctx.uow.execute(sa.update(rework_round).where(*where).values(escalated_at=ctx.now))
    return number


def rounds(ctx: StepContext, loop: str, subject: str) -> int:
    """Return how often a loop has been gone through."""
    query = sa.select(rework_round.c.count).where(
        rework_round.c.subject == subject, rework_round.c.loop == loop
    )
    return int(ctx.uow.execute(query).scalar() or 0)


def _escalate(ctx: StepContext, number: int) -> None:
    found = projects.of(ctx)
    element = ctx.element.name if ctx.element is not None else ""
    told = [*people.managers(ctx.uow), *people.coordinators(ctx.uow), found.lead]
    message = T("“{project}”已退回{n}次（{step}），请协调解决", project=found.title, n=number, step=element)
    ctx.notify(told, message, link=f"/projects/{found.key}")
    ctx.record("loop.escalated", {"rounds": number, "step": element})


def once(ctx: StepContext, subject: str, kind: str, period: str) -> bool:
    """Say whether this reminder is due for the first time in its period, and note it.

    A timer that fires in a burst after downtime thereby reminds once (specification §4, trap 2).
    """
    cursor = ctx.uow.sql(
        "insert into reminder (subject, kind, period, at) values (?,?,?,?) on conflict do nothing",
        (subject, kind, period, ctx.uow.time(ctx.now)),
    )
    return bool(cursor.rowcount)
