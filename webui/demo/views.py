"""Choosing a persona and moving time; both only in a demo and only from this machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, session
from werkzeug.wrappers import Response

from engine import clock, directory, inbox
from engine.directory import Person
from engine.text import T
from webui.addresses import local_path
from webui.context import engine
from webui.dates import moment_text, zone
from webui.demo import time as demo_time
from webui.identity import PERSONA, actor_or_none, personas_allowed
from webui.permissions import permission
from webui.toasts import toast

blueprint = Blueprint("demo", __name__, template_folder="templates")


@dataclass(frozen=True)
class DemoState:
    """What the banner shows."""

    person: int
    name: str
    now: datetime
    groups: list[tuple[str, list[Person]]]


def demo_state() -> DemoState:
    """Return who acts, what time it is and whom one may become."""
    actor = actor_or_none()
    return DemoState(actor.id if actor else 0, actor.name if actor else "", clock.now(), persona_groups())


def persona_groups() -> list[tuple[str, list[Person]]]:
    """Return the sample people by department, in the order of the organisation."""
    with engine().database.read() as uow:
        people = directory.people(uow)
        departments = [entry.id for entry in directory.departments(uow)]
    groups = [(dept, [p for p in people if p.dept == dept]) for dept in departments]
    outside = [p for p in people if p.dept not in departments]
    return [(dept, members) for dept, members in (*groups, ("平台", outside)) if members]


@blueprint.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(demo_state=demo_state, personas_allowed=personas_allowed)


@blueprint.before_app_request
def _follow_time() -> None:
    if personas_allowed():
        demo_time.follow(engine().database)


@blueprint.get("/demo/persona")
@permission("demo")
def personas() -> str:
    """Offer the sample people."""
    groups = persona_groups()
    return render_template(
        "demo/personas.html",
        groups=groups,
        waiting=_waiting([person for _, members in groups for person in members]),
        next=local_path(request.args.get("next")),
    )


def _waiting(people: list[Person]) -> dict[int, int]:
    """Return how much waits for each person, so that one can choose somebody who has something to do."""
    with engine().database.read() as uow:
        return {
            person.id: sum(inbox.counts(uow, directory.actor(uow, person.id)).values()) for person in people
        }


@blueprint.post("/demo/persona")
@permission("demo")
def persona() -> Response:
    """Act as a sample person from now on."""
    with engine().database.read() as uow:
        chosen = directory.actor(uow, request.form.get("person", type=int, default=0))
    session[PERSONA] = chosen.id
    toast(T("现在以{name}的身份操作", name=chosen.name))
    return redirect(local_path(request.form.get("next")), 303)


@blueprint.post("/demo/clock")
@permission("demo")
def move_clock() -> Response:
    """Move the demo's time forward and do what has become due."""
    from engine.due import run_due

    step = request.form.get("step", "")
    present = demo_time.move(engine().database, step, engine().calendar, zone())
    opened = run_due(engine())
    toast(T("演示时间：{when}。新出现 {n} 项任务。", when=moment_text(present), n=len(opened)))
    return redirect(local_path(request.form.get("next")), 303)
