"""Files that become documents of a project, named by rule and numbered by version (R31, R46, §6)."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine import attachments
from engine.calendars import Calendar
from engine.context import StepContext
from processes.collaboration import archives, fetch, naming, projects
from processes.collaboration.naming import Naming
from processes.collaboration.projects import Project

EVIDENCE = "成果"


def rules_of(ctx: StepContext, found: Project) -> Naming:
    """Return what names of the project's files are judged against."""
    calendar: Calendar = ctx.calendar
    start: date = calendar.local_day(found.start)
    depts = tuple(projects.departments(ctx.uow, found.id))
    return Naming(found.title, start, calendar.local_day(ctx.now), depts)


def keep_evidence(ctx: StepContext, task: fetch.Row, files: list[dict[str, Any]]) -> None:
    """Enter the evidence of a task as documents of its department; their names stay as they are."""
    for file in files:
        stored = attachments.get(ctx.uow, int(file["attachment"]))
        archives.add_document(
            ctx.uow,
            project=task["project"],
            dept=task["dept"],
            task=task["id"],
            kind=EVIDENCE,
            name=stored.name,
            attachment=stored.id,
            sha256=stored.sha256,
            author=ctx.actor.id,
            at=ctx.now,
        )


def keep_material(ctx: StepContext, found: Project, dept: str, file: dict[str, Any], kind: str) -> None:
    """Enter a file for the archive under its name by rule R46, whatever it was called."""
    stored = attachments.get(ctx.uow, int(file["attachment"]))
    archives.add_document(
        ctx.uow,
        project=found.id,
        dept=dept,
        task=None,
        kind=kind,
        name=naming.corrected(stored.name, rules_of(ctx, found), kind, department=dept),
        attachment=stored.id,
        sha256=stored.sha256,
        author=ctx.actor.id,
        at=ctx.now,
    )
