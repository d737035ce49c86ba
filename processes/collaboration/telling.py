"""Telling people about a project: always with a link to where they can act."""

from __future__ import annotations

from collections.abc import Iterable

from engine.context import StepContext
from engine.text import T
from processes.collaboration import projects
from processes.collaboration.projects import Project


def link_to(found: Project) -> str:
    """Return the address of a project's page."""
    return f"/projects/{found.key}"


def tell(ctx: StepContext, persons: Iterable[int | None], message: T) -> None:
    """Tell people something about the running project; nobody twice, nobody who is unknown."""
    ctx.notify([one for one in persons if one], message, link=link_to(projects.of(ctx)))
