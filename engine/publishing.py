"""Publishing: what the gate accepts becomes the next version, with everything it refers to pinned."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from engine import clock, correlation, decisions, timer_starts
from engine.bpmn import gate
from engine.bpmn.findings import Finding, Known
from engine.bpmn.knowledge import Knowledge, knowledge_of
from engine.bpmn.publication import called_processes, event_starts, executable_processes
from engine.bpmn.reading import Document, ProcessHead, read
from engine.definitions import Definition, drop_draft, get, latest
from engine.directory import ROLES, Actor
from engine.errors import NotFound
from engine.runtime import Engine
from engine.spiff.program import Program, load_program
from engine.store.database import UnitOfWork
from engine.store.tables import definition, department, form_version
from engine.store.types import dump_json
from engine.text import T

Json = Any

EVERY_WARNING = gate.EVERY_WARNING


def known(engine: Engine, uow: UnitOfWork, extra: Sequence[str] = (), decided: Sequence[str] = ()) -> Known:
    """Return what a diagram may refer to in this organisation, with processes and decisions beside it."""
    handlers = engine.handlers
    processes = {row[0] for row in uow.execute(sa.select(definition.c.process_id).distinct())}
    departments = {row[0] for row in uow.execute(sa.select(department.c.id))}
    return Known(
        forms=frozenset(handlers.form_library),
        services=frozenset(handlers.services),
        processes=frozenset(processes | set(extra)),
        functions=frozenset({*handlers.functions, *handlers.queries}),
        roles=ROLES,
        departments=departments or None,
        decisions=frozenset({*decisions.known(uow), *decided}),
        form_values={
            form_id: found for form_id in handlers.form_library if (found := handlers.form_values(form_id))
        },
        decision_values=decisions.results(engine, uow),
    )


def check(
    engine: Engine,
    uow: UnitOfWork,
    xml: bytes,
    extra: Sequence[str] = (),
    decided: Sequence[str] = (),
    *,
    publishing: bool = True,
) -> tuple[Document, list[Finding]]:
    """Read a diagram and return it with all findings; raises `UnsafeDocument`.

    Without `publishing` a process that does not say whether it is executable may be a drawing.
    """
    document = read(xml)
    return document, gate.check(document, known=known(engine, uow, extra, decided), publishing=publishing)


def examine(engine: Engine, uow: UnitOfWork, xml: bytes) -> tuple[Document, list[Finding], Knowledge]:
    """Read and check a diagram, and return what is known of its variables too; raises `UnsafeDocument`."""
    document, here = read(xml), known(engine, uow)
    findings = gate.check(document, known=here, publishing=True)
    return document, findings, knowledge_of(document.model, here)


def publish(
    engine: Engine,
    uow: UnitOfWork,
    actor: Actor,
    xml: bytes,
    *,
    note: str = "",
    confirmed: Collection[str] = (),
) -> Definition:
    """Publish a diagram as the next version of its process, and of every other executable one in it.

    Each pool of a collaboration is a definition of its own over the same file; the first one's is
    returned. `confirmed` are the keys of the warnings that the publisher has read and takes.
    Publishing what is already the newest version returns that version. Raises `PublishRefused` with
    all findings when one of them is an error, or a warning that is not confirmed.
    """
    document, findings = check(engine, uow, xml)
    gate.raise_unless_confirmed(findings, confirmed)
    heads = executable_processes(document)
    published = [_publish_process(engine, uow, actor, document, head, note, findings) for head in heads]
    drop_draft(uow, heads[0].id)
    return published[0]


def _publish_process(
    engine: Engine,
    uow: UnitOfWork,
    actor: Actor,
    document: Document,
    head: ProcessHead,
    note: str,
    findings: Sequence[Finding],
) -> Definition:
    xml, process_id = document.utf8, head.id
    found = load_program(xml, process_id, _called_xml(uow, document))
    pinned = _pin_called(uow, document)
    forms = _pin_forms(engine, uow, found)
    decided = decisions.pin(uow, _named(found, "decision"))
    content = hashlib.sha256(xml + dump_json([pinned, forms, decided]).encode()).hexdigest()
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
        "decisions": decided,
        "starts": [asdict(start) for start in event_starts(document, process_id)],
        "state": "published",
        "note": note,
        "warnings": [{**finding.as_json(), "confirmed_by": actor.id} for finding in findings],
        "published_by": actor.id,
        "published_at": clock.now(),
    }
    definition_id = uow.execute(
        sa.insert(definition).values(**values).returning(definition.c.id)
    ).scalar_one()
    published = get(uow, definition_id)
    timer_starts.arm(engine, uow, published, found)
    correlation.register(uow, found)
    return published


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
    wanted = _named(found, "form") & set(engine.handlers.form_library)
    return {
        form_id: _form_version(uow, form_id, engine.handlers.form_library[form_id])
        for form_id in sorted(wanted)
    }


def _named(found: Program, attribute: str) -> set[str]:
    """Return what an attribute of the elements names, those of called processes included."""
    elements = (element for each in found.processes.values() for element in each.values())
    return {element.attributes[attribute] for element in elements if attribute in element.attributes}


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
