"""What the editor asks for while one draws: the file, what it may name, findings, saving, publishing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, jsonify, request, url_for

from engine import clock, decisions, definitions, publishing
from engine.bpmn.findings import Finding
from engine.bpmn.knowledge import Knowledge, Variable
from engine.bpmn.outline import Entry
from engine.bpmn.reading import Document
from engine.errors import InvalidInput, NotFound, PublishRefused, WuxingError
from engine.feel.builtins import BUILTINS
from engine.feel.inference import kind_name
from engine.text import T
from webui.context import engine
from webui.dates import local
from webui.diagrams import outline_of
from webui.diagrams.drawn import with_drawing
from webui.errors import status_of
from webui.i18n import render_text, translate
from webui.identity import current_actor
from webui.permissions import permission
from webui.studio import blueprint
from webui.studio.views import BPMN_TYPE
from webui.toasts import toast

LONGEST_NOTE = 2_000
MOST_COMPLETED = 150
"""A diagram with more elements is checked, but names are not offered while one types."""

Json = dict[str, Any]


def answers_json(view: Callable[..., Json]) -> Callable[..., tuple[Response, int]]:
    """Send what a view returns as JSON, and an error as its sentence with the findings it carries."""

    @wraps(view)
    def wrapped(**place: Any) -> tuple[Response, int]:
        try:
            return jsonify(view(**place)), 200
        except WuxingError as error:
            body: Json = {"code": error.code, "text": render_text(error.text)}
            if isinstance(error, PublishRefused):
                body["findings"] = _plain(error.findings)
            return jsonify(body), status_of(error)

    return wrapped


@blueprint.get("/studio/<process_id>/file")
@permission("designer")
def source(process_id: str) -> Response:
    """Send the diagram to edit: the draft, or the version the address asks for, or the newest."""
    version = request.args.get("version", type=int)
    with engine().database.read() as uow:
        if version is not None:
            xml: bytes | None = definitions.find_version(uow, process_id, version).xml
        else:
            draft = definitions.get_draft(uow, process_id)
            newest = definitions.latest(uow, process_id)
            xml = draft.xml if draft is not None else newest.xml if newest is not None else None
    if xml is None:
        raise NotFound(T("没有这个流程"), process=process_id)
    return Response(with_drawing(xml, process_id), content_type=BPMN_TYPE)


@blueprint.get("/studio/<process_id>/catalogue")
@permission("designer")
@answers_json
def catalogue(process_id: str) -> Json:
    """Return the forms, services, decisions and processes that a diagram may name."""
    handlers = engine().handlers
    with engine().database.read() as uow:
        processes = definitions.list_processes(uow)
        offered = decisions.known(uow)
    return {
        "forms": [
            _choice(form_id, _form_title(body)) for form_id, body in sorted(handlers.form_library.items())
        ],
        "services": [_choice(name, "") for name in sorted(handlers.services)],
        "decisions": [_choice(id, name) for id, name in sorted(offered.items())],
        "processes": [
            _choice(each.process_id, translate(each.name))
            for each in processes
            if each.process_id != process_id
        ],
        "functions": sorted({*handlers.functions, *handlers.queries, *BUILTINS}),
    }


def _choice(value: str, label: str) -> Json:
    return {"value": value, "label": f"{label} ({value})" if label and label != value else value}


def _form_title(body: Json) -> str:
    title = body.get("title") or body.get("name") or ""
    return translate(str(title))


@blueprint.post("/studio/<process_id>/check")
@permission("designer")
@answers_json
def check(process_id: str) -> Json:
    """Return every finding of the gate and the outline of what was sent."""
    xml = _sent()
    with engine().database.read() as uow:
        document, findings, knowledge = publishing.examine(engine(), uow, xml)
    return {
        "findings": _plain(findings),
        "outline": [_item(entry) for entry in outline_of(xml, process_id)],
        "variables": _variables(document, knowledge),
    }


def _variables(document: Document, knowledge: Knowledge) -> dict[str, list[Json]]:
    """Return the variables an expression may name, by the id of its element or flow."""
    nodes = [node for node in document.model.running_nodes if node.id]
    if len(nodes) > MOST_COMPLETED:
        return {}
    found = {node.id: _offers(knowledge.variables(node)) for node in nodes}
    for node in nodes:
        left = _offers(knowledge.variables(node, left=True))
        found.update((flow.id, left) for flow in node.outgoing if flow.id)
    return found


def _offers(variables: list[Variable]) -> list[Json]:
    return [
        {"name": each.name, "hint": "" if each.kind is None else render_text(kind_name(each.kind))}
        for each in variables
    ]


@blueprint.post("/studio/<process_id>/draft")
@permission("designer")
@answers_json
def save(process_id: str) -> Json:
    """Save what was sent as the draft; refused when somebody else saved since it was opened."""
    revision = request.form.get("revision", 0, type=int)
    with engine().database.write() as uow:
        draft = definitions.save_draft(uow, current_actor(), process_id, _sent(), revision)
    return {"revision": draft.revision, "at": local(clock.now()).strftime("%H:%M")}


@blueprint.post("/studio/<process_id>/publish")
@permission("designer")
@answers_json
def publish(process_id: str) -> Json:
    """Publish what was sent as the next version and say where to read about it."""
    xml, note = _sent(), request.form.get("note", "").strip()[:LONGEST_NOTE]
    with engine().database.write() as uow:
        found = publishing.publish(
            engine(), uow, current_actor(), xml, note=note, confirmed=confirmed_warnings()
        )
        if found.process_id != process_id:
            raise InvalidInput(
                T("流程编号是“{found}”，应为“{wanted}”", found=found.process_id, wanted=process_id)
            )
    toast(T("已发布为第 {version} 版", version=found.version))
    return {"version": found.version, "location": url_for("processes.show", process_id=process_id)}


def confirmed_warnings() -> frozenset[str]:
    """Return the keys of the warnings that the publisher has confirmed: one field each, or lines of one."""
    return frozenset(key for field in request.form.getlist("confirmed") for key in field.splitlines() if key)


def _item(entry: Entry) -> Json:
    return {
        "id": entry.id,
        "name": translate(entry.name),
        "kind": render_text(entry.kind_name),
        "note": translate(entry.lane) if entry.lane else "",
        "depth": entry.level - 1,
    }


def _sent() -> bytes:
    sent = request.files.get("xml")
    if sent is None:
        raise InvalidInput(T("没有收到流程图"))
    return sent.stream.read()


def _plain(findings: Any) -> list[Json]:
    found: list[Finding] = list(findings)
    return [{**finding.as_json(translate), "name": translate(finding.name)} for finding in found]
