"""The catalogue of processes people can start themselves."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import definitions, due, running, work
from engine.definitions import Definition
from engine.errors import NotFound
from engine.spiff.port import Element
from engine.store.database import UnitOfWork
from engine.text import T
from webui.context import engine
from webui.identity import current_actor
from webui.permissions import permission
from webui.toasts import toast

blueprint = Blueprint("start", __name__, template_folder="templates")


def startable(uow: UnitOfWork) -> list[Definition]:
    """Return the newest versions of the processes people start; called and linked ones are left out.

    So are those that only a message, a signal or a timer starts.
    """
    helpers = engine().handlers.internal
    newest = [definitions.latest(uow, summary.process_id) for summary in definitions.list_processes(uow)]
    called = {name for found in newest if found is not None for name in found.called}
    offered = [f for f in newest if f is not None and f.process_id not in called | helpers]
    return [f for f in offered if not definitions.program(engine(), uow, f).needs_event]


def _choices(uow: UnitOfWork, found: Definition) -> list[Element]:
    """Return the start events to choose from, none when there is only one way to begin."""
    starts = definitions.program(engine(), uow, found).plain_starts()
    return starts if len(starts) > 1 else []


@blueprint.get("/start")
@permission("signed_in")
def show() -> str:
    """Show what can be started."""
    with engine().database.read() as uow:
        offers = [(found, definitions.description(found), _choices(uow, found)) for found in startable(uow)]
    return render_template("start/start.html", offers=offers, command=uuid.uuid4().hex)


@blueprint.post("/start/<process_id>")
@permission("signed_in")
def begin(process_id: str) -> Response:
    """Start a process and go to its first step when it is the starter's own."""
    actor = current_actor()
    with engine().database.read() as uow:
        chosen = next((found for found in startable(uow) if found.process_id == process_id), None)
        if chosen is None:
            raise NotFound(T("没有名为“{name}”的流程", name=process_id), process=process_id)
        offered = {start.id for start in _choices(uow, chosen)}
    command = request.form.get("_command") or uuid.uuid4().hex
    event = request.form.get("start_event")
    moved = running.start(
        engine(),
        actor,
        process_id,
        command_id=f"{command}-{process_id}"[:64],
        start_event=event if event in offered else None,
    )
    due.drain(engine())
    toast(T("已发起"))
    with engine().database.read() as uow:
        own = [item for item in work.items_of(uow, moved.opened) if item.assignee == actor.id]
    if own:
        return redirect(url_for("tasks.show", item_id=own[0].id), 303)
    return redirect(url_for("inbox.show", tab="waiting"), 303)
