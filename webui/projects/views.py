"""The pages of projects; every number comes from the read models of the content."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import clock, conversation
from engine.text import T
from processes.collaboration import commands
from processes.collaboration.views import headers
from webui.context import engine
from webui.identity import current_actor
from webui.permissions import permission
from webui.projects.parts import PARTS
from webui.toasts import toast

blueprint = Blueprint("projects", __name__, template_folder="templates")

TABS: dict[str, T] = {
    "overview": T("概况"),
    "plan": T("任务分工表"),
    "people": T("人员"),
    "documents": T("资料与验收"),
    "conversation": T("讨论"),
    "history": T("经过"),
}


@blueprint.get("/projects")
@permission("signed_in")
def listing() -> str:
    """Show the projects the actor may see, running ones or ended ones."""
    ended = request.args.get("state") == "ended"
    with engine().database.read() as uow:
        found = headers.page(
            uow,
            current_actor(),
            engine().calendar,
            clock.now(),
            ended=ended,
            before=request.args.get("before", type=int),
            limit=headers.PAGE + 1,
        )
    rows, more = found[: headers.PAGE], ""
    if len(found) > headers.PAGE:
        more = url_for("projects.listing", state=request.args.get("state"), before=rows[-1].id)
    return render_template("projects/listing.html", rows=rows, ended=ended, more=more)


@blueprint.get("/projects/<key>")
@permission("signed_in")
def show(key: str) -> str:
    """Show one tab of a project."""
    tab = request.args.get("tab", "overview")
    tab = tab if tab in TABS else "overview"
    actor = current_actor()
    with engine().database.read() as uow:
        found = headers.require(uow, actor, key)
        head = headers.header(uow, found, engine().calendar, clock.now())
        shown: dict[str, Any] = PARTS[tab](uow, found)
        may_withdraw = commands.may_withdraw(uow, actor, found)
    return render_template(
        f"projects/{tab}.html",
        project=found,
        head=head,
        phases=headers.phases(found),
        tabs=[(url_for("projects.show", key=key, tab=name), label) for name, label in TABS.items()],
        here=url_for("projects.show", key=key, tab=tab),
        may_cancel=commands.may_cancel(actor, found),
        may_withdraw=may_withdraw,
        command=uuid.uuid4().hex,
        **shown,
    )


@blueprint.post("/projects/<key>/comment")
@permission("signed_in")
def comment(key: str) -> Response:
    """Say something in the project's conversation (D12)."""
    link = url_for("projects.show", key=key, tab="conversation")
    with engine().database.write() as uow:
        found = headers.require(uow, current_actor(), key)
        conversation.say(uow, current_actor(), request.form.get("text", ""), subject=found.subject, link=link)
    return redirect(link, 303)


@blueprint.post("/projects/<key>/cancel")
@permission("signed_in")
def cancel(key: str) -> Response:
    """End a project before its time, with a reason (F21)."""
    number = _number(key)
    reason = request.form.get("reason", "")
    commands.cancel_project(engine(), current_actor(), number, reason, command_id=_command())
    toast(T("项目已终止"))
    return redirect(url_for("projects.show", key=key), 303)


@blueprint.post("/projects/<key>/withdraw")
@permission("signed_in")
def withdraw(key: str) -> Response:
    """Take a project back from its approval."""
    number = _number(key)
    commands.withdraw_approval(engine(), current_actor(), number, command_id=_command())
    toast(T("已撤回，可以修改后重新提交"))
    return redirect(url_for("projects.show", key=key), 303)


@blueprint.post("/projects/<key>/remind")
@permission("signed_in")
def remind(key: str) -> Response:
    """Remind those whose approval a project waits for."""
    commands.remind_approvers(engine(), current_actor(), _number(key))
    toast(T("已催办"))
    return redirect(url_for("projects.show", key=key), 303)


def _number(key: str) -> int:
    with engine().database.read() as uow:
        return headers.require(uow, current_actor(), key).id


def _command() -> str:
    return request.form.get("_command") or uuid.uuid4().hex
