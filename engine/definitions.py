"""Definitions: diagrams as drafts and as immutable published versions that instances are pinned to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import clock
from engine.bpmn import gate
from engine.bpmn.findings import Finding, Known
from engine.bpmn.publication import called_processes, event_starts, process_documentation
from engine.bpmn.reading import Document, ProcessHead, read
from engine.directory import Actor
from engine.errors import Conflict, InvalidInput, NotFound, PublishRefused
from engine.runtime import Engine
from engine.spiff.program import Program, load_program
from engine.store.database import UnitOfWork
from engine.store.tables import definition, definition_draft, form_version, instance
from engine.store.types import dump_json
from engine.text import T

Json = Any


@dataclass(frozen=True, slots=True)
class Definition:
    """A published version of a diagram, with the versions of everything it calls and shows."""

    id: int
    process_id: str
    version: int
    hash: str
    name: str
    xml: bytes
    called: dict[str, int]
    forms: dict[str, int]
    starts: list[dict[str, Json]]
    state: str
    note: str
    warnings: list[dict[str, Json]]
    published_by: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A designer's diagram that has not been published; `revision` counts its saves."""

    process_id: str
    xml: bytes
    revision: int
    saved_by: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class ProcessSummary:
    """A process in the designers' list."""

    process_id: str
    name: str
    latest: int | None
    versions: int
    running: int
    has_draft: bool
    published_at: datetime | None


# ---------------------------------------------------------------- reading


def _definition(row: Mapping[str, Any]) -> Definition:
    return Definition(**{**row, "xml": bytes(row["xml"])})


def get(uow: UnitOfWork, definition_id: int) -> Definition:
    """Return a published version; raises `NotFound`."""
    row = uow.execute(sa.select(definition).where(definition.c.id == definition_id)).mappings().first()
    if row is None:
        raise NotFound(T("没有这个流程版本"), definition=definition_id)
    return _definition(dict(row))


def get_definition(engine: Engine, uow: UnitOfWork, definition_id: int) -> Definition:
    """Return a published version, kept in memory: versions never change."""
    found = engine.definitions.get(definition_id)
    if found is None:
        found = engine.definitions[definition_id] = get(uow, definition_id)
    return found


def find_version(uow: UnitOfWork, process_id: str, version: int) -> Definition:
    """Return a version of a process by its number; raises `NotFound`."""
    query = sa.select(definition).where(
        definition.c.process_id == process_id, definition.c.version == version
    )
    row = uow.execute(query).mappings().first()
    if row is None:
        raise NotFound(T("没有这个流程版本"), process=process_id, version=version)
    return _definition(dict(row))


def latest(uow: UnitOfWork, process_id: str) -> Definition | None:
    """Return the newest published version of a process, or None."""
    query = (
        sa.select(definition)
        .where(definition.c.process_id == process_id, definition.c.state == "published")
        .order_by(definition.c.version.desc())
        .limit(1)
    )
    row = uow.execute(query).mappings().first()
    return _definition(dict(row)) if row is not None else None


def versions(uow: UnitOfWork, process_id: str) -> list[Definition]:
    """Return all versions of a process, newest first."""
    query = (
        sa.select(definition)
        .where(definition.c.process_id == process_id)
        .order_by(definition.c.version.desc())
    )
    return [_definition(dict(row)) for row in uow.execute(query).mappings()]


def running_by_version(uow: UnitOfWork, process_id: str) -> dict[int, int]:
    """Return how many instances run on each version, by version number."""
    query = (
        sa.select(definition.c.version, sa.func.count())
        .join(instance, instance.c.definition == definition.c.id)
        .where(definition.c.process_id == process_id, instance.c.state.in_(("active", "suspended")))
        .group_by(definition.c.version)
    )
    return {row[0]: row[1] for row in uow.execute(query)}


def list_processes(uow: UnitOfWork) -> list[ProcessSummary]:
    """Return every process that has a version or a draft, by name."""
    newest = sa.select(definition).order_by(definition.c.process_id, definition.c.version)
    by_process: dict[str, list[Mapping[str, Any]]] = {}
    for row in uow.execute(newest).mappings():
        by_process.setdefault(row["process_id"], []).append(dict(row))
    drafts = {
        row[0]: bytes(row[1])
        for row in uow.execute(sa.select(definition_draft.c.process_id, definition_draft.c.xml))
    }
    found = [
        _summary(uow, process_id, by_process.get(process_id, []), drafts.get(process_id))
        for process_id in sorted({*by_process, *drafts})
    ]
    return sorted(found, key=lambda summary: summary.name)


def _summary(
    uow: UnitOfWork, process_id: str, rows: Sequence[Mapping[str, Any]], draft: bytes | None
) -> ProcessSummary:
    last = rows[-1] if rows else None
    name = last["name"] if last is not None else process_id
    return ProcessSummary(
        process_id,
        name,
        last["version"] if last is not None else None,
        len(rows),
        sum(running_by_version(uow, process_id).values()),
        draft is not None,
        last["published_at"] if last is not None else None,
    )


def callers(uow: UnitOfWork, process_id: str) -> list[str]:
    """Return the processes whose newest version calls this one."""
    return sorted(
        summary.process_id
        for summary in list_processes(uow)
        if (last := latest(uow, summary.process_id)) is not None and process_id in last.called
    )


def starting_on(uow: UnitOfWork, kind: str, name: str) -> list[tuple[str, str]]:
    """Return (process, start event) of the newest versions that start on a message or signal."""
    found = []
    for (process_id,) in uow.execute(sa.select(definition.c.process_id).distinct()).all():
        newest = latest(uow, process_id)
        for entry in newest.starts if newest is not None else ():
            if (entry["kind"], entry["name"]) == (kind, name):
                found.append((process_id, entry["element"]))
    return sorted(found)


def program(engine: Engine, uow: UnitOfWork, found: Definition) -> Program:
    """Return the executable form of a version with everything it calls; parsed on first use."""
    ready = engine.programs.get(found.id)
    if ready is None:
        called = {name: get_definition(engine, uow, pinned).xml for name, pinned in found.called.items()}
        ready = engine.programs[found.id] = load_program(found.xml, found.process_id, called)
    return ready


def form_body(uow: UnitOfWork, form_id: str, version: int) -> dict[str, Json]:
    """Return a published form by its version; raises `NotFound`."""
    query = sa.select(form_version.c.body).where(
        form_version.c.form_id == form_id, form_version.c.version == version
    )
    body: dict[str, Json] | None = uow.execute(query).scalar()
    if body is None:
        raise NotFound(T("没有这个表单版本"), form=form_id, version=version)
    return body


# ---------------------------------------------------------------- drafts


def get_draft(uow: UnitOfWork, process_id: str) -> Draft | None:
    """Return the draft of a process, or None."""
    query = sa.select(definition_draft).where(definition_draft.c.process_id == process_id)
    row = uow.execute(query).mappings().first()
    return Draft(**{**row, "xml": bytes(row["xml"])}) if row is not None else None


def save_draft(uow: UnitOfWork, actor: Actor, process_id: str, xml: bytes, revision: int = 0) -> Draft:
    """Save a draft that may still be wrong but can be read safely.

    `revision` is the one the designer started from; raises `Conflict` when another save came first.
    """
    head = _only_process(read(xml))
    if head.id != process_id:
        raise InvalidInput(T("流程编号是“{found}”，应为“{wanted}”", found=head.id, wanted=process_id))
    before = get_draft(uow, process_id)
    if (before.revision if before is not None else 0) != revision:
        raise Conflict(T("草稿已被他人保存，请先查看最新草稿"), process=process_id)
    values: dict[str, Any] = {
        "xml": xml,
        "revision": revision + 1,
        "saved_by": actor.id,
        "saved_at": clock.now(),
    }
    if before is None:
        uow.execute(sa.insert(definition_draft).values(process_id=process_id, **values))
    else:
        uow.execute(
            sa.update(definition_draft).where(definition_draft.c.process_id == process_id).values(**values)
        )
    return Draft(process_id=process_id, **values)


def drop_draft(uow: UnitOfWork, process_id: str) -> None:
    """Throw a draft away."""
    uow.execute(sa.delete(definition_draft).where(definition_draft.c.process_id == process_id))


# ---------------------------------------------------------------- publishing


def known(engine: Engine, uow: UnitOfWork, extra: Sequence[str] = ()) -> Known:
    """Return what a diagram may refer to in this organisation."""
    handlers = engine.handlers
    processes = {row[0] for row in uow.execute(sa.select(definition.c.process_id).distinct())}
    return Known(
        forms=frozenset(handlers.form_library),
        services=frozenset(handlers.services),
        processes=frozenset(processes | set(extra)),
        functions=frozenset({*handlers.functions, *handlers.queries}),
    )


def check(
    engine: Engine, uow: UnitOfWork, xml: bytes, extra: Sequence[str] = ()
) -> tuple[Document, list[Finding]]:
    """Read a diagram and return it with all findings; raises `UnsafeDocument`."""
    document = read(xml)
    return document, gate.check(document, known=known(engine, uow, extra))


def publish(
    engine: Engine,
    uow: UnitOfWork,
    actor: Actor,
    xml: bytes,
    *,
    note: str = "",
    confirmed: bool = True,
) -> Definition:
    """Publish a diagram as the next version of its process.

    Publishing what is already the newest version returns that version. Raises `PublishRefused` with
    all findings when one of them is an error, or when warnings have not been confirmed.
    """
    document, findings = check(engine, uow, xml)
    head = _only_process(document)
    process_id = head.id
    refused = [f for f in findings if f.severity == "error" or not confirmed]
    if refused:
        raise PublishRefused(T("图中有{n}处需要修改，未发布", n=len(refused)), findings)
    found = load_program(xml, process_id, _called_xml(uow, document))
    pinned = _pin_called(uow, document)
    forms = _pin_forms(engine, uow, found)
    content = hashlib.sha256(xml + dump_json([pinned, forms]).encode()).hexdigest()
    before = latest(uow, process_id)
    if before is not None and before.hash == content:
        return before
    values: dict[str, Any] = {
        "process_id": process_id,
        "version": (before.version if before is not None else 0) + 1,
        "hash": content,
        "name": head.name or process_id,
        "xml": xml,
        "called": pinned,
        "forms": forms,
        "starts": [asdict(start) for start in event_starts(document)],
        "state": "published",
        "note": note,
        "warnings": [f.as_json() for f in findings],
        "published_by": actor.id,
        "published_at": clock.now(),
    }
    definition_id = uow.execute(
        sa.insert(definition).values(**values).returning(definition.c.id)
    ).scalar_one()
    drop_draft(uow, process_id)
    return get(uow, definition_id)


def description(found: Definition) -> str:
    """Return what a diagram says of itself in its process's documentation."""
    document = read(found.xml)
    return next((process_documentation(document, scope.id) for scope in document.model.running), "")


def _only_process(document: Document) -> ProcessHead:
    heads = document.processes()
    if not heads:
        raise InvalidInput(T("文件里没有流程"))
    executable = [head for head in heads if head.executable] or heads
    return executable[0]


def _pin_called(uow: UnitOfWork, document: Document) -> dict[str, int]:
    """Return the newest versions of everything called, directly or through others."""
    pinned: dict[str, int] = {}
    todo = called_processes(document)
    while todo:
        process_id = todo.pop(0)
        if process_id in pinned:
            continue
        found = latest(uow, process_id)
        if found is None:
            raise NotFound(T("被调用的流程“{name}”尚未发布", name=process_id), process=process_id)
        pinned[process_id] = found.id
        todo.extend(sorted(found.called))
    return pinned


def _called_xml(uow: UnitOfWork, document: Document) -> dict[str, bytes]:
    return {name: get(uow, pinned).xml for name, pinned in _pin_called(uow, document).items()}


def _pin_forms(engine: Engine, uow: UnitOfWork, found: Program) -> dict[str, int]:
    """Return the current versions of all forms shown, those of called processes included."""
    wanted = {
        element.attributes["form"]
        for elements in found.processes.values()
        for element in elements.values()
        if element.attributes.get("form") in engine.handlers.form_library
    }
    return {
        form_id: _form_version(uow, form_id, engine.handlers.form_library[form_id])
        for form_id in sorted(wanted)
    }


def _form_version(uow: UnitOfWork, form_id: str, body: dict[str, Json]) -> int:
    content = hashlib.sha256(dump_json(body).encode()).hexdigest()
    query = sa.select(form_version.c.version).where(
        form_version.c.form_id == form_id, form_version.c.hash == content
    )
    version: int | None = uow.execute(query).scalar()
    if version is not None:
        return version
    newest = sa.select(sa.func.max(form_version.c.version)).where(form_version.c.form_id == form_id)
    following = (uow.execute(newest).scalar() or 0) + 1
    uow.execute(
        sa.insert(form_version).values(
            form_id=form_id, version=following, hash=content, body=body, published_at=clock.now()
        )
    )
    return int(following)
