"""The side bar: what an actor may open, with how much waits there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, request, url_for

from engine import inbox
from engine.text import T
from webui.context import engine
from webui.identity import actor_or_none
from webui.permissions import may_open

if TYPE_CHECKING:
    from engine.directory import Actor
    from engine.store.database import UnitOfWork

Counter = Callable[["UnitOfWork", "Actor"], int]

CAP = 999
"""A count is never exact beyond this: counting on costs more than the page."""


@dataclass(frozen=True)
class Entry:
    """One line of the side bar."""

    endpoint: str
    label: T
    icon: str
    owns: str = ""
    """Beginnings of paths on which this entry is the current one."""


@dataclass(frozen=True)
class Section:
    """Entries under one heading."""

    label: T | None
    entries: tuple[Entry, ...]


SECTIONS = (
    Section(
        None,
        (
            Entry("inbox.show", T("待办"), "inbox", "/tasks"),
            Entry("start.show", T("发起"), "plus", "/start"),
            Entry("projects.listing", T("项目"), "folder", "/projects"),
        ),
    ),
    Section(
        T("设计"),
        (
            Entry("processes.listing", T("流程库"), "flow", "/processes"),
            Entry("decisions.listing", T("决策库"), "filter", "/decisions"),
        ),
    ),
    Section(T("审计"), (Entry("audit.listing", T("流程回放"), "replay", "/audit"),)),
    Section(
        T("管理"),
        (
            Entry("admin.people", T("人员与部门"), "people", "/admin/people /admin/departments"),
            Entry("admin.due_jobs", T("到期作业"), "clock", "/admin/jobs"),
            Entry("admin.open_incidents", T("故障"), "alert", "/admin/incidents"),
        ),
    ),
)


@dataclass(frozen=True)
class Line:
    """An entry as the template shows it."""

    entry: Entry
    address: str
    count: str
    current: bool


def count_with(app: Flask, endpoint: str, counter: Counter) -> None:
    """Let a feature say how much waits behind its entry (at most `CAP` + 1 need be counted)."""
    app.extensions["nav_counts"][endpoint] = counter


def count_tasks(uow: UnitOfWork, actor: Actor) -> int:
    """Return how much the actor has to do or could take."""
    return sum(inbox.counts(uow, actor).values())


def lines() -> list[tuple[T | None, list[Line]]]:
    """Return the side bar of this request's actor, section by section, without empty sections."""
    actor = actor_or_none()
    counts = _counts(actor)
    shown = [(section.label, _lines_of(section, actor, counts)) for section in SECTIONS]
    return [(label, entries) for label, entries in shown if entries]


def _lines_of(section: Section, actor: Actor | None, counts: dict[str, str]) -> list[Line]:
    app = current_app
    return [
        Line(entry, url_for(entry.endpoint), counts.get(entry.endpoint, ""), _is_current(entry))
        for entry in section.entries
        if may_open(entry.endpoint, app, actor)
    ]


def _is_current(entry: Entry) -> bool:
    return request.endpoint == entry.endpoint or request.path.startswith(tuple(entry.owns.split()))


def _counts(actor: Actor | None) -> dict[str, str]:
    counters: dict[str, Counter] = current_app.extensions["nav_counts"]
    if actor is None or not counters:
        return {}
    with engine().database.read() as uow:
        found = {endpoint: counter(uow, actor) for endpoint, counter in counters.items()}
    return {endpoint: f"{CAP}+" if n > CAP else str(n) for endpoint, n in found.items() if n}


def init_navigation(app: Flask) -> None:
    """Give templates the side bar."""
    app.extensions["nav_counts"] = {}
    globals_: dict[str, Any] = {"nav_lines": lines, "actor": actor_or_none}
    app.jinja_env.globals.update(globals_)
