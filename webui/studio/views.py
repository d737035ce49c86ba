"""Pages of designers: the list of processes, one process with its versions, the editor."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine import definitions, directory, publishing
from engine.bpmn import gate
from engine.bpmn.findings import Finding
from engine.bpmn.publication import main_process
from engine.bpmn.reading import MAX_BYTES, read
from engine.definitions import Definition, Draft
from engine.errors import Conflict, InvalidInput, NotFound, UnsafeDocument, WuxingError
from engine.store.database import UnitOfWork
from engine.text import T
from webui.context import engine
from webui.diagrams import draw_definition, outline_of, process_name
from webui.i18n import locale
from webui.identity import current_actor
from webui.packing import unpacked
from webui.permissions import permission
from webui.studio import blueprint, foreign
from webui.studio.blank import blank_diagram
from webui.toasts import toast

_NO_FILE = T("请选择一个 .bpmn 文件")
BPMN_TYPE = "application/bpmn+xml; charset=utf-8"


@dataclass(frozen=True)
class VersionRow:
    """A published version as the page lists it."""

    definition: Definition
    publisher: str
    running: int


@blueprint.get("/processes")
@permission("designer", "auditor", "administrator")
def listing() -> str:
    """List every process with its newest version, what runs on it and whether a draft waits."""
    with engine().database.read() as uow:
        found = definitions.list_processes(uow)
        running = {each.process_id: definitions.running_by_version(uow, each.process_id) for each in found}
    return render_template("studio/listing.html", processes=found, running=running)


@blueprint.get("/processes/<process_id>")
@permission("designer", "auditor", "administrator")
def show(process_id: str) -> str:
    """Show one process: the diagram of a version, all versions, the draft, where it is used."""
    with engine().database.read() as uow:
        versions = _version_rows(uow, process_id)
        draft = definitions.get_draft(uow, process_id)
        callers = definitions.callers(uow, process_id)
        drafter = directory.names(uow, [draft.saved_by] if draft else [])
        findings = _findings(uow, draft)
        names = {each.process_id: each.name for each in definitions.list_processes(uow)}
    shown = _chosen(versions, draft, process_id)
    xml = shown.definition.xml if shown is not None else draft.xml if draft is not None else b""
    return render_template(
        "studio/process.html",
        process_id=process_id,
        main=_main_process(xml, process_id),
        name=process_name(xml, process_id),
        versions=versions,
        shown=shown,
        draft=draft,
        drafter=drafter,
        findings=findings,
        obstacles=gate.obstacles(findings),
        callers=callers,
        names=names,
        picture=draw_definition(xml, process_id),
        outline=outline_of(xml, process_id),
    )


def _main_process(xml: bytes, process_id: str) -> str:
    """Return the process under which a file is edited: of several pools in one file it is the first."""
    return main_process(read(xml)).id if xml else process_id


def _version_rows(uow: UnitOfWork, process_id: str) -> list[VersionRow]:
    found = definitions.versions(uow, process_id)
    running = definitions.running_by_version(uow, process_id)
    names = directory.names(uow, [each.published_by for each in found])
    return [
        VersionRow(each, names.get(each.published_by, ""), running.get(each.version, 0)) for each in found
    ]


def _findings(uow: UnitOfWork, draft: Draft | None) -> list[Finding]:
    return publishing.check(engine(), uow, draft.xml)[1] if draft is not None else []


def _chosen(versions: list[VersionRow], draft: Draft | None, process_id: str) -> VersionRow | None:
    """Return the version the address asks for, or the newest; None when there is only a draft."""
    wanted = request.args.get("version", type=int)
    if wanted is None and versions:
        return versions[0]
    found = next((row for row in versions if row.definition.version == wanted), None)
    if found is None and (draft is None or wanted is not None):
        raise NotFound(T("没有这个流程"), process=process_id)
    return found


@blueprint.get("/processes/<process_id>/versions/<int:version>.bpmn")
@permission("designer", "auditor", "administrator")
def download(process_id: str, version: int) -> Response:
    """Send the file of a version as it was published."""
    with engine().database.read() as uow:
        found = definitions.find_version(uow, process_id, version)
    return bpmn_file(found.xml, f"{process_id}-v{version}.bpmn")


@blueprint.get("/processes/<process_id>/draft.bpmn")
@permission("designer", "auditor", "administrator")
def download_draft(process_id: str) -> Response:
    """Send the file of the draft."""
    with engine().database.read() as uow:
        draft = definitions.get_draft(uow, process_id)
    if draft is None:
        raise NotFound(T("没有这个草稿"), process=process_id)
    return bpmn_file(draft.xml, f"{process_id}-draft.bpmn")


def bpmn_file(xml: bytes, name: str) -> Response:
    """Return a diagram as a file to keep."""
    response = Response(xml, content_type=BPMN_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.get("/studio/<process_id>")
@permission("designer")
def edit(process_id: str) -> str | AnyResponse:
    """Open the editor on the draft, or on the version the address asks for, or on the newest.

    A process drawn in the file of another one is edited there: a file has one draft.
    """
    version = request.args.get("version", type=int)
    with engine().database.read() as uow:
        draft = definitions.get_draft(uow, process_id)
        base = (
            definitions.find_version(uow, process_id, version)
            if version is not None
            else definitions.latest(uow, process_id)
        )
        running = definitions.running_by_version(uow, process_id)
    opens_draft = draft is not None and version is None
    if draft is None and base is None:
        raise NotFound(T("没有这个流程"), process=process_id)
    xml = draft.xml if opens_draft and draft is not None else base.xml if base is not None else b""
    main = _main_process(xml, process_id)
    if main != process_id:
        return redirect(url_for("processes.edit", process_id=main))
    return render_template(
        "studio/edit.html",
        process_id=process_id,
        name=process_name(xml, process_id),
        base=base,
        opens_draft=opens_draft,
        revision=draft.revision if draft is not None else 0,
        running=running,
        picture=draw_definition(xml, process_id),
        outline=outline_of(xml, process_id),
        language=locale(),
    )


@blueprint.get("/processes/new")
@permission("designer")
def new() -> str:
    """Offer the two ways to a new process: an empty diagram, or a file."""
    return render_template("studio/new.html", values={}, fields={}, problem=None)


@blueprint.post("/processes/new")
@permission("designer")
def create() -> AnyResponse | tuple[str, int]:
    """Save an empty diagram as the first draft of a new process and open it."""
    process_id, name = request.form.get("process", "").strip(), request.form.get("name", "")
    try:
        xml = blank_diagram(process_id, name)
        with engine().database.write() as uow:
            if definitions.latest(uow, process_id) is not None:
                raise InvalidInput(T("请修改标出的内容"), {"process": T("这个编号已有流程")})
            definitions.save_draft(uow, current_actor(), process_id, xml)
    except (InvalidInput, Conflict) as error:
        return _refused(error, {"process": process_id, "name": name})
    return redirect(url_for("processes.edit", process_id=process_id), 303)


@blueprint.post("/processes/upload")
@permission("designer")
def upload() -> AnyResponse | tuple[str, int] | str:
    """Save a BPMN file as a draft, checked the same way as one drawn here.

    A file of another product is first answered with its translation, to be taken or not.
    """
    chosen = request.form.get("as", "")
    try:
        content = _sent_file()
        imported = None if chosen == "original" else foreign.translated(content)
        if imported is not None and imported.notes and not chosen:
            return foreign.offer(content, imported, replace=bool(request.form.get("replace")))
        process_id, findings = _keep_upload(content if imported is None else imported.xml)
    except (InvalidInput, UnsafeDocument, Conflict) as error:
        return _refused(error, {})
    _tell_saved(findings)
    return redirect(url_for("processes.show", process_id=process_id), 303)


def _tell_saved(findings: list[Finding]) -> None:
    errors = sum(finding.severity == "error" for finding in findings)
    if errors:
        toast(T("已存为草稿，检查发现 {n} 处错误，修改后才能发布", n=errors), "warn")
    elif findings:
        toast(T("已存为草稿，检查有 {n} 处提醒", n=len(findings)), "warn")
    else:
        toast(T("已存为草稿，检查通过"))


def _sent_file() -> bytes:
    kept = request.form.get("packed")
    if kept is not None:
        return unpacked(kept, MAX_BYTES, _NO_FILE)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise InvalidInput(T("请选择文件"), {"file": _NO_FILE})
    return sent.stream.read()


def _keep_upload(xml: bytes) -> tuple[str, list[Finding]]:
    with engine().database.write() as uow:
        document, findings = publishing.check(engine(), uow, xml)
        heads = document.processes()
        if not heads:
            raise InvalidInput(T("文件里没有流程"), {"file": T("文件里没有流程")})
        process_id = next((head for head in heads if head.executable), heads[0]).id
        before = definitions.get_draft(uow, process_id)
        if before is not None and not request.form.get("replace"):
            raise Conflict(T("“{name}”已有草稿。要用这个文件替换它，请勾选“替换现有草稿”。", name=process_id))
        definitions.save_draft(uow, current_actor(), process_id, xml, before.revision if before else 0)
    return process_id, findings


def _refused(error: WuxingError, values: dict[str, str]) -> tuple[str, int]:
    fields = error.fields if isinstance(error, InvalidInput) else {}
    page = render_template("studio/new.html", values=values, fields=fields, problem=error.text)
    return page, 409 if isinstance(error, Conflict) else 422


@blueprint.post("/processes/<process_id>/draft/discard")
@permission("designer")
def discard(process_id: str) -> AnyResponse:
    """Throw the draft away; published versions stay."""
    with engine().database.write() as uow:
        definitions.drop_draft(uow, process_id)
        published = definitions.latest(uow, process_id)
    toast(T("草稿已丢弃"))
    if published is None:
        return redirect(url_for("processes.listing"), 303)
    return redirect(url_for("processes.show", process_id=process_id), 303)


@blueprint.post("/processes/<process_id>/draft/publish")
@permission("designer")
def publish_draft(process_id: str) -> AnyResponse:
    """Publish the draft as the next version; running instances stay on theirs."""
    with engine().database.write() as uow:
        draft = definitions.get_draft(uow, process_id)
        if draft is None:
            raise NotFound(T("没有这个草稿"), process=process_id)
        note = request.form.get("note", "").strip()
        published = publishing.publish(
            engine(),
            uow,
            current_actor(),
            draft.xml,
            note=note,
            confirmed=request.form.getlist("confirmed") if request.form.get("read") else (),
        )
    toast(T("已发布为第 {version} 版", version=published.version))
    return redirect(url_for("processes.show", process_id=process_id), 303)
