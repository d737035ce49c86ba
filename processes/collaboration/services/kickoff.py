"""The kickoff: invitation, reminders to confirm, and the first publication of Table 2 (R8–R13)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.context import StepContext
from engine.text import T
from processes.collaboration import baselines, kickoffs, people, projects
from processes.collaboration.tables import kickoff
from processes.collaboration.telling import tell
from processes.collaboration.values import local


def invite_attendees(ctx: StepContext) -> dict[str, Any]:
    """Invite to the kickoff meeting; from here on every involved department has to confirm (R9)."""
    found = projects.of(ctx)
    meeting = kickoffs.meeting(ctx.uow, found.id)
    when = local(meeting["time"])[:16].replace("T", " ")
    message = T("“{project}”启动会：{time}，{place}", project=found.title, time=when, place=meeting["place"])
    tell(ctx, meeting["attendees"], message)
    ctx.uow.execute(sa.update(kickoff).where(kickoff.c.project == found.id).values(invited_at=ctx.now))
    depts = projects.departments(ctx.uow, found.id)
    return {"confirming_depts": depts, "appointing_depts": depts}


def remind_confirmation(ctx: StepContext) -> dict[str, Any]:
    """Remind the first-responsibles who have not confirmed the kickoff."""
    found = projects.of(ctx)
    waiting = kickoffs.unconfirmed(ctx.uow, found.id)
    asked = [people.first_responsible_of(ctx.uow, found.id, dept) for dept in waiting]
    tell(ctx, asked, T("请确认“{project}”的目标、范围与职责", project=found.title))
    return {}


def escalate_confirmation(ctx: StepContext) -> dict[str, Any]:
    """Tell the initiating department which departments let twice the limit pass."""
    found = projects.of(ctx)
    waiting = "、".join(kickoffs.unconfirmed(ctx.uow, found.id))
    message = T("“{project}”还有部门没有确认启动：{depts}", project=found.title, depts=waiting)
    tell(ctx, [found.lead], message)
    return {}


def publish_table2(ctx: StepContext) -> dict[str, Any]:
    """Freeze the first-level rows as version 0 and send Table 2 to every participant (R12, R13)."""
    found = projects.of(ctx)
    baselines.freeze(ctx, found, 0)
    projects.change(ctx.uow, found.id, published_at=ctx.now)
    message = T("“{project}”的任务分工表已发布，请查看", project=found.title)
    tell(ctx, projects.team(ctx.uow, found.id), message)
    return {}


SERVICES = {
    "invite_attendees": invite_attendees,
    "remind_confirmation": remind_confirmation,
    "escalate_confirmation": escalate_confirmation,
    "publish_table2": publish_table2,
}
