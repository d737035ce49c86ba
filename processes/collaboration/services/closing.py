"""After the end: archive, retrospective and closing (R45–R52)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import sqlalchemy as sa

from engine.calendars import Calendar
from engine.context import StepContext
from engine.errors import ElementFailed
from engine.text import T
from processes.collaboration import archives, fetch, people, projects, rounds
from processes.collaboration.projects import Project
from processes.collaboration.tables import document, measure
from processes.collaboration.telling import tell
from processes.collaboration.values import OFFICE, day

RETROSPECTIVE_DAYS = 5
REMINDER_DAY = 3
_LATEST = time(17)


def retrospective_times(found: Project, calendar: Calendar) -> dict[str, datetime]:
    """Return when the retrospective is reminded of and due: working days 3 and 5 after the end (R47)."""
    assert found.ended_at is not None
    ended = calendar.local_day(found.ended_at)
    last = calendar.add_working_days(ended, RETROSPECTIVE_DAYS)
    return {
        "reminder": calendar.opening(calendar.add_working_days(ended, REMINDER_DAY)),
        "due": datetime.combine(last, _LATEST, OFFICE),
    }


def request_missing(ctx: StepContext) -> dict[str, Any]:
    """Ask the departments whose material was returned to complete it."""
    found = projects.of(ctx)
    returned = [
        (dept, row["return_reason"])
        for dept, row in archives.submissions(ctx.uow, found.id).items()
        if row["return_reason"]
    ]
    for dept, reason in returned:
        asked = people.first_responsible_of(ctx.uow, found.id, dept)
        tell(ctx, [asked], T("请补交“{project}”的资料：{reason}", project=found.title, reason=reason))
    rounds.count(ctx, "archive", found.subject)
    return {}


def archive_package(ctx: StepContext) -> dict[str, Any]:
    """Archive the material: nothing of it changes any more, its checksums stand in the history."""
    found = projects.of(ctx)
    query = sa.update(document).where(document.c.project == found.id).values(archived=True)
    ctx.uow.execute(query)
    files = [
        {"name": row["name"], "version": row["version"], "sha256": row["sha256"]}
        for row in archives.documents(ctx.uow, found.id)
    ]
    projects.change(ctx.uow, found.id, archived_at=ctx.now)
    ctx.record("archive.packaged", {"files": files})
    return {}


def schedule_retrospective(ctx: StepContext) -> dict[str, Any]:
    """Tell heads and key executors by when the retrospective is held (R47)."""
    found = projects.of(ctx)
    due = retrospective_times(found, ctx.calendar)["due"]
    message = T("请在{day}前召开“{project}”复盘会", day=f"{due:%Y-%m-%d}", project=found.title)
    tell(ctx, projects.team(ctx.uow, found.id), message)
    return {}


def remind_retrospective(ctx: StepContext) -> dict[str, Any]:
    """Remind the lead on the third working day."""
    found = projects.of(ctx)
    tell(ctx, [found.lead], T("“{project}”的复盘会还没有记录", project=found.title))
    return {}


def escalate_retrospective(ctx: StepContext) -> dict[str, Any]:
    """Tell management that the limit of R47 has passed, and keep the breach in the history."""
    found = projects.of(ctx)
    tell(ctx, people.managers(ctx.uow), T("“{project}”未按期复盘", project=found.title))
    ctx.record("rule.broken", {"rule": "R47", "project": found.id})
    return {}


def distribute_report(ctx: StepContext) -> dict[str, Any]:
    """Turn the measures into tracked ones and send the report to participants and management (R52)."""
    found = projects.of(ctx)
    report = archives.latest_retrospective(ctx.uow, found.id)
    for row in report["measures"] if report is not None else ():
        values = {"measure": row["measure"], "owner": int(row["owner"]), "due": day(row["due"])}
        fetch.insert(ctx.uow, measure, project=found.id, **values)
        tell(ctx, [values["owner"]], T("您负责的改进措施：{measure}", measure=row["measure"]))
    told = [*projects.team(ctx.uow, found.id), *people.managers(ctx.uow)]
    tell(ctx, told, T("“{project}”的复盘报告已确认，请查看", project=found.title))
    return {}


def close_project(ctx: StepContext) -> dict[str, Any]:
    """Close the project; refused while its archive or its retrospective is open."""
    found = projects.of(ctx)
    if not archives.complete(ctx.uow, found.id):
        raise ElementFailed("gate", T("资料尚未归档齐全，项目不能关闭"), project=found.id)
    if not archives.retrospective_confirmed(ctx.uow, found.id):
        raise ElementFailed("gate", T("复盘报告尚未确认，项目不能关闭"), project=found.id)
    projects.change(ctx.uow, found.id, closed_at=ctx.now)
    ctx.broadcast("project_closed", {"project": found.id})
    tell(ctx, projects.team(ctx.uow, found.id), T("“{project}”已关闭", project=found.title))
    return {}


SERVICES = {
    "request_missing": request_missing,
    "archive_package": archive_package,
    "schedule_retrospective": schedule_retrospective,
    "remind_retrospective": remind_retrospective,
    "escalate_retrospective": escalate_retrospective,
    "distribute_report": distribute_report,
    "close_project": close_project,
}
