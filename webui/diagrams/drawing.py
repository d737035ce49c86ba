"""From a diagram's file, and from an instance's history, to SVG in the language of the page."""

from __future__ import annotations

from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from engine import definitions, history, policy, replay
from engine.bpmn.layout import layout
from engine.bpmn.outline import Entry, outline
from engine.bpmn.picture import Layout
from engine.bpmn.reading import Document, read
from engine.directory import Actor
from engine.migration.past import ran_at, versions_run
from engine.store.database import UnitOfWork
from webui.context import engine
from webui.diagrams.marks import NO_MARKS, Marks, marks_of
from webui.diagrams.svg import around, picture
from webui.i18n import translate


@lru_cache(maxsize=64)
def _laid_out(xml: bytes, process_id: str) -> tuple[Layout, str]:
    """Return where everything stands, and the name of the process; diagrams never change."""
    document = read(xml)
    return layout(document, process_id), _name(document, process_id)


@lru_cache(maxsize=64)
def _outlined(xml: bytes, process_id: str) -> tuple[Entry, ...]:
    return tuple(outline(read(xml), process_id))


def _name(document: Document, process_id: str) -> str:
    names = (head.name for head in document.processes() if head.id == process_id and head.name)
    return next(names, process_id)


def draw(
    xml: bytes, process_id: str, marks: Marks = NO_MARKS, *, alone: bool = False, near: str | None = None
) -> Markup:
    """Return a process as SVG with the marks of a moment; `alone` when it is a file of its own.

    `near` is the element whose surroundings are wanted instead of the whole.
    """
    found, name = _laid_out(xml, process_id)
    drawn = picture(found, name=name, marks=marks, translate=translate)
    if near is not None:
        drawn = around(drawn, found, near)
    return Markup(render_template("diagrams/picture.svg", drawn=drawn, alone=alone))  # noqa: S704 - escaped by the template


def draw_definition(xml: bytes, process_id: str) -> Markup:
    """Return a diagram as SVG without marks."""
    return draw(xml, process_id)


def process_name(xml: bytes, process_id: str) -> str:
    """Return the name of a process as its diagram says it, or its id."""
    return _laid_out(xml, process_id)[1]


def outline_of(xml: bytes, process_id: str) -> tuple[Entry, ...]:
    """Return the elements of a diagram in the order of its flow."""
    return _outlined(xml, process_id)


def instance_picture(
    uow: UnitOfWork,
    actor: Actor,
    instance_id: int,
    *,
    process_id: str | None = None,
    current: str | None = None,
    until: int | None = None,
    alone: bool = False,
    near: str | None = None,
) -> Markup:
    """Return the diagram an instance runs on, with its tokens now or after event `until`.

    `process_id` asks for a called process instead of the instance's own; `current` is the element
    the page is about. Raises `NotFound` for an instance the actor may not see.
    """
    found = policy.require_instance(uow, actor, instance_id)
    definition = definitions.get_definition(engine(), uow, ran_at(versions_run(uow, found), until))
    pinned = definition.called.get(process_id or "")
    shown = definitions.get_definition(engine(), uow, pinned) if pinned is not None else definition
    frame = replay.fold(history.iterate(uow, instance_id, until=until))
    called = "" if pinned is None else shown.process_id
    marks = marks_of(frame, called, current=current or near)
    return draw(shown.xml, shown.process_id, marks, alone=alone, near=near)
