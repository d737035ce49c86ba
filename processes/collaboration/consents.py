"""Each department's consent to the plan (会签 of the joint planning)."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.database import UnitOfWork
from processes.collaboration import fetch, projects
from processes.collaboration.tables import plan_consent

AGREE, RETURN = "确认", "退回"


def given(uow: UnitOfWork, project_id: int) -> dict[str, fetch.Row]:
    """Return what each department said to the plan as it stands."""
    query = sa.select(plan_consent).where(
        plan_consent.c.project == project_id, plan_consent.c.superseded.is_(sa.false())
    )
    return {row["dept"]: row for row in fetch.every(uow, query.order_by(plan_consent.c.id))}


def missing(uow: UnitOfWork, project_id: int) -> list[str]:
    """Return the departments that have not agreed to the plan as it stands."""
    said = given(uow, project_id)
    return [
        dept
        for dept in projects.departments(uow, project_id)
        if dept not in said or said[dept]["decision"] != AGREE
    ]


def refusal_lines(uow: UnitOfWork, project_id: int) -> list[str]:
    """Return who did not agree and why, one line each."""
    said = given(uow, project_id).values()
    return [f"{row['dept']}：{row['comment'] or ''}" for row in said if row["decision"] == RETURN]


def supersede(uow: UnitOfWork, project_id: int) -> None:
    """Ask everyone again: what was consented to has changed."""
    query = sa.update(plan_consent).where(plan_consent.c.project == project_id)
    uow.execute(query.values(superseded=True))
