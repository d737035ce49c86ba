"""What each tab of a project's page is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine import clock, conversation, directory, history, instances, work
from engine.definitions import get_definition, program
from engine.spiff.program import Program
from engine.store.database import UnitOfWork
from processes.collaboration import projects
from processes.collaboration.projects import Project
from processes.collaboration.views import members, papers, plans
from processes.collaboration.views.plans import TaskLine
from webui import timeline
from webui.context import engine
from webui.timeline import Entry

_SHOWN_WAITING = 25
_SHOWN_EVENTS = 60
_UNTOLD = ("moved", "work.opened", "timer.fired", "message.received", "correlation.set")
"""Events of the machinery: the replay shows them, a project's history would drown in them."""
_NEEDS_ATTENTION = frozenset({"受阻", "返工"})


def overview(uow: UnitOfWork, found: Project) -> dict[str, Any]:
    """Return who has what in hand, what needs attention, and what the project is."""
    items = work.open_items(uow, subject=found.subject)
    names = directory.names(uow, {item.assignee for item in items if item.assignee})
    lines = plans.table(uow, found, engine().calendar, clock.now())
    return {
        "goals": projects.goals(uow, found.id),
        "deliverables": projects.deliverables(uow, found.id),
        "waiting": [(item, names.get(item.assignee or -1, "")) for item in items[:_SHOWN_WAITING]],
        "more_waiting": max(0, len(items) - _SHOWN_WAITING),
        "attention": [line for line in lines if _needs_attention(line)],
        "late": sum(1 for line in lines if line.late and line.state != "已完成"),
        "blocked": sum(1 for line in lines if line.state == "受阻"),
        "depts": projects.departments(uow, found.id),
    }


def _needs_attention(line: TaskLine) -> bool:
    return (bool(line.late) and line.state != "已完成") or line.state in _NEEDS_ATTENTION


def plan(uow: UnitOfWork, found: Project) -> dict[str, Any]:
    """Return Table 2 and its frozen versions."""
    rows = plans.table(uow, found, engine().calendar, clock.now())
    order = list(dict.fromkeys(line.stage for line in rows))
    return {
        "rows": sorted(rows, key=lambda line: order.index(line.stage)),
        "versions": plans.versions(uow, found.id),
    }


def people(uow: UnitOfWork, found: Project) -> dict[str, Any]:
    """Return the departments with their people."""
    return {"teams": members.teams(uow, found)}


def documents(uow: UnitOfWork, found: Project) -> dict[str, Any]:
    """Return the documents, acceptance rounds, signatures and measures."""
    return {
        "documents": papers.documents(uow, found),
        "rounds": papers.rounds(uow, found),
        "signatures": papers.signatures(uow, found),
        "measures": papers.measures(uow, found),
    }


def discussion(uow: UnitOfWork, found: Project) -> dict[str, Any]:
    """Return the project's conversation."""
    said = conversation.comments(uow, found.subject)
    return {"comments": said, "authors": conversation.authors(uow, said)}


def past(uow: UnitOfWork, found: Project) -> dict[str, Any]:
    """Return the newest events of all instances of the project in words, and the instances."""
    runs = instances.of_subject(uow, found.subject)
    gathered = [(run.id, event) for run in runs for event in history.events(uow, run.id)]
    gathered = [(run, event) for run, event in gathered if event.kind not in _UNTOLD]
    gathered.sort(key=lambda pair: (pair[1].at, pair[0], pair[1].seq), reverse=True)
    shown = gathered[:_SHOWN_EVENTS]
    names = directory.names(uow, timeline.people_of(event for _, event in shown))
    programs = {run: _program(uow, run) for run in {run for run, _ in shown}}
    entries = [(run, entry) for run, event in shown if (entry := _entry(event, programs[run], names))]
    return {"entries": entries, "runs": runs, "milestones": papers.milestones(uow, found)}


def _entry(event: history.Event, running: Program, names: dict[int, str]) -> Entry | None:
    what = timeline.sentence(event, running, names)
    if what is None:
        return None
    who = names.get(event.actor, "")
    note, kind, verdict = timeline.said(event), timeline.kind_of(event), timeline.verdict_of(event)
    return Entry(event.seq, event.at, who, what, note, kind, verdict)


def _program(uow: UnitOfWork, instance_id: int) -> Program:
    found = instances.get(uow, instance_id)
    return program(engine(), uow, get_definition(engine(), uow, found.definition))


PARTS: dict[str, Callable[[UnitOfWork, Project], dict[str, Any]]] = {
    "overview": overview,
    "plan": plan,
    "people": people,
    "documents": documents,
    "conversation": discussion,
    "history": past,
}
