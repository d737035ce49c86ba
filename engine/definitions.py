"""Definitions: diagrams as drafts and as immutable published versions that instances are pinned to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import clock
from engine.bpmn.publication import main_process, process_documentation
from engine.bpmn.reading import read
from engine.directory import Actor
from engine.errors import Conflict, InvalidInput, NotFound
from engine.runtime import Engine
from engine.spiff.program import Program, load_program
from engine.store.database import UnitOfWork
from engine.store.tables import definition, definition_draft, form_version, instance
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
    decisions: dict[str, int]
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
        # Another unit of work of the same batch may have published it: its number is free again then.
        uow.on_failure(lambda: engine.definitions.pop(definition_id, None))
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


def deciding_by(uow: UnitOfWork, wanted: Collection[str]) -> list[tuple[str, str]]:
    """Return id and name of the processes whose newest version uses one of the decisions."""
    newest = (latest(uow, each.process_id) for each in list_processes(uow))
    return [
        (found.process_id, found.name)
        for found in newest
        if found is not None and set(found.decisions) & set(wanted)
    ]


def starting_on(uow: UnitOfWork, kind: str, name: str) -> list[tuple[str, str]]:
    """Return (process, start event) of the newest versions that start on a message or signal."""
    return sorted(
        (process_id, entry["element"]) for process_id, entry in starts(uow, kind) if entry["name"] == name
    )


def starts(uow: UnitOfWork, kind: str) -> list[tuple[str, dict[str, Json]]]:
    """Return the start events of one kind of the newest versions, with their processes."""
    found = []
    for (process_id,) in uow.execute(sa.select(definition.c.process_id).distinct()).all():
        newest = latest(uow, process_id)
        entries = newest.starts if newest is not None else ()
        found += [(process_id, dict(entry)) for entry in entries if entry["kind"] == kind]
    return sorted(found, key=lambda each: each[0])


def any_starts(uow: UnitOfWork, kind: str) -> bool:
    """Return whether any version has ever had a start event of one kind."""
    query = sa.select(definition.c.id).where(sa.cast(definition.c.starts, sa.Text).contains(f'"{kind}"'))
    return uow.execute(query.limit(1)).first() is not None


def program(engine: Engine, uow: UnitOfWork, found: Definition) -> Program:
    """Return the executable form of a version with everything it calls; parsed on first use."""
    ready = engine.programs.get(found.id)
    if ready is None:
        called = {name: get_definition(engine, uow, pinned).xml for name, pinned in found.called.items()}
        ready = engine.programs[found.id] = load_program(found.xml, found.process_id, called)
        uow.on_failure(lambda: engine.programs.pop(found.id, None))
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
    head = main_process(read(xml))
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


def description(found: Definition) -> str:
    """Return what a diagram says of itself in its process's documentation."""
    document = read(found.xml)
    return process_documentation(document, found.process_id)
