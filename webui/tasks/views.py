"""Doing one's step: show it, fill it in, hand it over, talk about it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import attachments, clock, commands, conversation, due, inbox, running, work
from engine.errors import Conflict, Forbidden, InvalidInput, Refused, StorageFull, WuxingError
from engine.store.database import UnitOfWork
from engine.text import T
from engine.work import WorkItem
from forms.filling import Received, receive
from forms.submission import Files, Upload
from forms.views import FormView
from webui.context import engine
from webui.dates import clock_text
from webui.identity import current_actor
from webui.permissions import permission
from webui.tasks.page import after, colleagues, open_item, submitted_view, surroundings
from webui.toasts import toast

blueprint = Blueprint("tasks", __name__, template_folder="templates")


@blueprint.get("/tasks/<int:item_id>")
@permission("signed_in")
def show(item_id: int) -> Response:
    """Show a step: to do, to read, or done and who has it now."""
    actor = current_actor()
    with engine().database.read() as uow:
        opened = open_item(uow, actor, item_id)
        if not opened.desk.may_work:
            return _show_ended(uow, item_id)
        return _page(uow, item_id, opened.view())


def _show_ended(uow: UnitOfWork, item_id: int) -> Response:
    actor = current_actor()
    opened = open_item(uow, actor, item_id)
    page = render_template(
        "tasks/ended.html",
        desk=opened.desk,
        item=opened.desk.item,
        around=surroundings(uow, opened.desk),
        view=submitted_view(uow, opened),
        following=after(uow, opened.desk),
        next_item=_next_item(uow, item_id),
    )
    return make_response(page)


def _next_item(uow: UnitOfWork, item_id: int) -> WorkItem | None:
    page = inbox.mine(uow, current_actor(), limit=2)
    return next((item for item in page.items if item.id != item_id), None)


def _page(
    uow: UnitOfWork,
    item_id: int,
    view: FormView | None,
    *,
    status: int = 200,
    problem: WuxingError | None = None,
) -> Response:
    actor = current_actor()
    opened = open_item(uow, actor, item_id)
    page = render_template(
        "tasks/task.html",
        desk=opened.desk,
        item=opened.desk.item,
        view=view,
        draft=opened.draft,
        around=surroundings(uow, opened.desk),
        colleagues=colleagues(uow, actor),
        problem=problem,
        command=uuid.uuid4().hex,
        instructions=opened.desk.element.attributes.get("instructions") or opened.desk.element.documentation,
    )
    return make_response(page, status)


@blueprint.post("/tasks/<int:item_id>")
@permission("signed_in")
def submit(item_id: int) -> Answer:
    """Take the form: complete the step, keep a draft, or show the form again with rows changed."""
    actor = current_actor()
    with engine().database.read() as uow:
        opened = open_item(uow, actor, item_id)
        again = commands.carried_out(uow, request.form.get("_command", ""), actor)
    if again:
        # The same page sent twice, because the answer got lost or the button was pressed twice.
        return redirect(url_for("tasks.show", item_id=item_id), 303)
    if opened.desk.item.state != "open" or not opened.desk.may_work:
        return _too_late(item_id)
    if opened.form is None:
        return _complete(item_id, {}, None)
    received = _receive(item_id)
    if received.action.kind == "submit":
        return (
            _complete(item_id, received.values, received) if received.ok else _again(item_id, received, 422)
        )
    if received.action.kind == "save":
        _save_draft(item_id, received.draft)
        toast(T("草稿已保存，流程没有前进"))
        return redirect(url_for("tasks.show", item_id=item_id), 303)
    return _again(item_id, received, 200)


def _receive(item_id: int) -> Received:
    actor = current_actor()
    kept: dict[int, Mapping[str, Any]] = {}
    with engine().database.read() as uow:
        opened = open_item(uow, actor, item_id)
        assert opened.form is not None

        def store(_path: str, upload: Upload) -> Mapping[str, Any]:
            value = _store(opened.desk.item, upload)
            kept[value["attachment"]] = value
            return value

        # What is stored now is not yet in the view that `uow` reads.
        known = opened.context.attachment
        return receive(
            opened.form,
            request.form,
            cast("Files", request.files),
            replace(opened.context, attachment=lambda number: kept.get(number) or known(number)),
            prefill=opened.given,
            draft=opened.draft.body if opened.draft is not None else None,
            store=store,
        )


def _store(item: WorkItem, upload: Upload) -> Mapping[str, Any]:
    with engine().database.write() as uow:
        kind = getattr(upload, "mimetype", "") or ""
        kept = attachments.add(
            uow, engine().blobs, current_actor(), item, upload.filename or "", kind, upload.stream
        )
    return {"attachment": kept.id, "name": kept.name, "size": kept.size, "sha256": kept.sha256}


def _again(item_id: int, received: Received, status: int, problem: WuxingError | None = None) -> Response:
    """Show the form again with all that was typed, which is kept as a draft as well."""
    try:
        _save_draft(item_id, received.draft)
    except StorageFull as full:
        # The page itself keeps what was typed; it says that nothing else does.
        status, problem = 507, full
    return _shown(item_id, received, status, problem)


def _shown(item_id: int, received: Received, status: int, problem: WuxingError | None = None) -> Response:
    with engine().database.read() as uow:
        view = received.view(open_item(uow, current_actor(), item_id).context)
        return _page(uow, item_id, view, status=status, problem=problem)


def _save_draft(item_id: int, body: dict[str, Any]) -> None:
    with engine().database.write() as uow:
        conversation.save_draft(uow, current_actor(), item_id, body)


def _complete(item_id: int, values: Mapping[str, Any], received: Received | None) -> Answer:
    command = request.form.get("_command") or uuid.uuid4().hex
    try:
        running.complete(engine(), current_actor(), item_id, values, command_id=command)
    except InvalidInput as error:
        if received is None:
            raise
        return _again(item_id, received.refused(error.fields), 422, None if error.fields else error)
    except Refused as error:
        if received is None:
            raise
        return _again(item_id, received, 409, error)
    except StorageFull as error:
        if received is None:
            raise
        return _shown(item_id, received, 507, error)
    except (Conflict, Forbidden) as error:
        return _too_late(item_id, error, received)
    due.drain(engine())
    toast(T("已提交"))
    return redirect(url_for("tasks.show", item_id=item_id), 303)


def _too_late(item_id: int, error: WuxingError | None = None, received: Received | None = None) -> Response:
    """Say who was faster, with everything that was typed so that nothing is lost."""
    actor = current_actor()
    typed = received if received is not None else _typed(item_id)
    with engine().database.read() as uow:
        opened = open_item(uow, actor, item_id)
        if error is None:
            error = _reason(uow, item_id)
        page = render_template(
            "tasks/too_late.html",
            item=opened.desk.item,
            problem=error,
            around=surroundings(uow, opened.desk),
            view=typed.view(opened.context, readonly=True) if typed is not None else None,
        )
    return make_response(page, 409)


def _typed(item_id: int) -> Received | None:
    with engine().database.read() as uow:
        opened = open_item(uow, current_actor(), item_id)
    return _receive(item_id) if opened.form is not None else None


def _reason(uow: UnitOfWork, item_id: int) -> WuxingError:
    try:
        work.get_open(uow, current_actor(), item_id)
    except WuxingError as error:
        return error
    return Conflict(T("这项待办刚被他人处理，请刷新"), item=item_id)


@blueprint.post("/tasks/<int:item_id>/draft")
@permission("signed_in")
def draft(item_id: int) -> Answer:
    """Keep what has been typed; called by the page a second after the last change."""
    received = _receive(item_id)
    with engine().database.write() as uow:
        kept = conversation.save_draft(uow, current_actor(), item_id, received.draft)
    return jsonify(revision=kept.revision, saved=clock_text(kept.saved_at))


@blueprint.post("/tasks/<int:item_id>/claim")
@permission("signed_in")
def claim(item_id: int) -> Answer:
    """Take an offered step."""
    with engine().database.write() as uow:
        work.claim(uow, current_actor(), item_id, clock.now())
    toast(T("已认领，现在由您办理"), undo=url_for("tasks.release", item_id=item_id))
    return redirect(url_for("tasks.show", item_id=item_id), 303)


@blueprint.post("/tasks/<int:item_id>/release")
@permission("signed_in")
def release(item_id: int) -> Answer:
    """Put a claimed step back for others."""
    with engine().database.write() as uow:
        work.release(uow, current_actor(), item_id, clock.now())
    toast(T("已退回，等待他人认领"), undo=url_for("tasks.claim", item_id=item_id))
    return redirect(url_for("inbox.show"), 303)


@blueprint.post("/tasks/<int:item_id>/reassign")
@permission("signed_in")
def reassign(item_id: int) -> Answer:
    """Hand a step to somebody else."""
    to = request.form.get("to", type=int)
    if to is None:
        raise InvalidInput(T("请选择接手的人"), {"to": T("请选择接手的人")})
    with engine().database.write() as uow:
        work.reassign(uow, current_actor(), item_id, to, clock.now(), request.form.get("reason", "").strip())
    toast(T("已转交"))
    return redirect(url_for("inbox.show"), 303)


@blueprint.post("/tasks/<int:item_id>/comment")
@permission("signed_in")
def comment(item_id: int) -> Answer:
    """Say something about a step."""
    link = url_for("tasks.show", item_id=item_id)
    with engine().database.write() as uow:
        conversation.say(uow, current_actor(), request.form.get("text", ""), item_id=item_id, link=link)
    return redirect(f"{link}#comments", 303)
