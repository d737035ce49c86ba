"""The library of decision models: what is published, which processes use it, and what it answers."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine import decisions, definitions, directory, feel
from engine.bpmn import gate
from engine.decisions import DecisionModel
from engine.dmn.reading import BOUNDS
from engine.errors import Conflict, InvalidInput, PublishRefused, UnsafeDocument, WuxingError
from engine.text import T
from webui.context import engine
from webui.decisions import blueprint
from webui.decisions.shown import shown
from webui.identity import current_actor
from webui.packing import packed, unpacked
from webui.permissions import permission
from webui.toasts import toast

DMN_TYPE = "application/dmn+xml; charset=utf-8"
_NO_FILE = T("请选择一个 .dmn 文件")

Json = Any


@blueprint.get("/decisions")
@permission("designer", "auditor", "administrator")
def listing() -> str:
    """List every decision model with its newest version and what it decides."""
    with engine().database.read() as uow:
        found = decisions.newest(uow)
    return render_template("decisions/listing.html", models=found)


@blueprint.get("/decisions/<int:model_id>")
@permission("designer", "auditor", "administrator")
def show(model_id: int) -> str:
    """Show a version of a model: its decisions, who uses it, all versions."""
    return _page(model_id)


def _page(model_id: int, **more: Any) -> str:
    with engine().database.read() as uow:
        found = decisions.executable(engine(), uow, model_id)
        versions = decisions.versions(uow, found.published.namespace)
        people = directory.names(uow, [each.published_by for each in versions])
        users = definitions.deciding_by(uow, found.published.decisions)
    return render_template(
        "decisions/model.html",
        model=found.published,
        decisions=shown(found),
        versions=versions,
        people=people,
        users=users,
        **{"tried": None, "given": {}, "problem": None, **more},
    )


@blueprint.get("/decisions/<int:model_id>.dmn")
@permission("designer", "auditor", "administrator")
def download(model_id: int) -> Response:
    """Send the file of a version as it was published."""
    with engine().database.read() as uow:
        found = decisions.get(uow, model_id)
    response = Response(found.xml, content_type=DMN_TYPE)
    name = f"decision-{model_id}-v{found.version}.dmn"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.post("/decisions/<int:model_id>/try")
@permission("designer", "auditor", "administrator")
def attempt(model_id: int) -> str | tuple[str, int]:
    """Decide once with values written in FEEL; nothing is kept."""
    decision = request.form.get("decision", "")
    with engine().database.read() as uow:
        found = decisions.executable(engine(), uow, model_id)
        given = {name: request.form.get(f"in.{name}", "") for name in sorted(found.inputs_of(decision))}
    try:
        _, told = decisions.decide(found, decision, _values(given))
    except WuxingError as error:
        return _page(model_id, given=given, problem=error.text, tried={"decision": decision}), 422
    return _page(model_id, given=given, tried=told)


def _values(given: dict[str, str]) -> dict[str, Json]:
    """Return what the fields say as FEEL values; an empty one is not given."""
    values: dict[str, Json] = {}
    for name, text in given.items():
        if not text.strip():
            continue
        try:
            values[name] = feel.to_json(feel.evaluate(text, {}).value)
        except WuxingError as error:
            raise InvalidInput(T("“{name}”：{problem}", name=name, problem=error.text)) from error
    return values


@blueprint.get("/decisions/new")
@permission("designer")
def new() -> str:
    """Offer to publish a file."""
    return _offer()


@blueprint.post("/decisions/new")
@permission("designer")
def publish() -> AnyResponse | tuple[str, int]:
    """Publish a file; one with warnings is shown with them first, and taken when they are confirmed."""
    try:
        content = _sent()
        model = _published(content)
    except PublishRefused as refusal:
        again = "" if gate.obstacles(refusal.findings) else packed(content)
        return _offer(findings=refusal.findings, again=again, note=request.form.get("note", "")), 422
    except (InvalidInput, UnsafeDocument, Conflict) as error:
        return _offer(problem=error.text), 422
    toast(T("已发布为第 {version} 版", version=model.version))
    return redirect(url_for("decisions.show", model_id=model.id), 303)


def _published(content: bytes) -> DecisionModel:
    confirmed = request.form.getlist("confirmed") if request.form.get("read") else ()
    note = request.form.get("note", "").strip()
    with engine().database.write() as uow:
        return decisions.publish(engine(), uow, current_actor(), content, note=note, confirmed=confirmed)


def _sent() -> bytes:
    kept = request.form.get("packed")
    if kept is not None:
        return unpacked(kept, BOUNDS.bytes, _NO_FILE)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise InvalidInput(_NO_FILE)
    return sent.stream.read()


def _offer(**more: Any) -> str:
    given = {"problem": None, "findings": (), "again": "", "note": "", **more}
    return render_template("decisions/new.html", **given)
