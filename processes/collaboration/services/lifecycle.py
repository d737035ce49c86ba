"""The beginning and the early ends of a project."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from engine.errors import Refused
from engine.text import T
from processes.collaboration import fetch, people, projects, rounds
from processes.collaboration.tables import project
from processes.collaboration.telling import link_to, tell


def open_project(ctx: StepContext) -> dict[str, Any]:
    """Create the draft of a project; who starts it files it and leads it until F01 says otherwise."""
    if ctx.actor.id == 0:
        raise Refused(T("项目只能由人发起"))
    values = {"applicant": ctx.actor.id, "lead": ctx.actor.id}
    project_id = fetch.insert(ctx.uow, project, instance=ctx.instance.id, created_at=ctx.now, **values)
    key = f"PRJ-{project_id:04d}"
    projects.change(ctx.uow, project_id, key=key)
    ctx.set_subject(projects.subject_of(project_id), key)
    ctx.describe(projects.subject_of(project_id), key, key)
    ctx.grant(projects.subject_of(project_id), f"user:{ctx.actor.id}")
    return {"project": project_id}


def register_return(ctx: StepContext) -> dict[str, Any]:
    """Count one more round of the loop in which the element lies."""
    assert ctx.element is not None
    rounds.count(ctx, ctx.element.id, projects.of(ctx).subject)
    return {}


def record_rejection(ctx: StepContext) -> dict[str, Any]:
    """Close a project that management has refused; Table 1 stays readable."""
    found = projects.of(ctx)
    projects.change(ctx.uow, found.id, rejected_at=ctx.now)
    message = T("“{project}”未获批准，项目已结束", project=found.title)
    tell(ctx, [found.applicant, found.lead], message)
    return {}


def stop_project(ctx: StepContext) -> dict[str, Any]:
    """End a cancelled project with everything linked to it, and tell everybody concerned."""
    found = projects.of(ctx)
    projects.change(ctx.uow, found.id, cancelled_at=ctx.now)
    ctx.cancel_linked(reason=str(T("项目已终止")))
    told = [*projects.team(ctx.uow, found.id), *people.managers(ctx.uow), found.applicant]
    message = T("“{project}”已终止：{reason}", project=found.title, reason=found.cancel_reason or "")
    ctx.notify(told, message, link=link_to(found))
    return {}


def ended_without_closing(ctx: StepContext, outcome: str) -> None:
    """Mark a project whose process an operator has cancelled; a gate that said no leaves its status."""
    if outcome != "cancelled":
        return
    query = (
        sa.update(project)
        .where(project.c.instance == ctx.instance.id, project.c.closed_at.is_(None))
        .values(cancelled_at=ctx.now)
    )
    ctx.uow.execute(query)


SERVICES = {
    "open_project": open_project,
    "register_return": register_return,
    "record_rejection": record_rejection,
    "stop_project": stop_project,
}
