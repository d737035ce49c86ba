"""The record of one instance as a reader sees it: events in words, with people, elements and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from engine import definitions, directory, history, instances, policy
from engine.definitions import Definition
from engine.directory import Actor
from engine.history import Event
from engine.instances import Instance
from engine.migration.past import Since, versions_run
from engine.replay import read_move
from engine.runtime import Engine
from engine.spiff.port import Element
from engine.spiff.program import Program
from engine.store.database import UnitOfWork
from engine.text import T
from webui.audit.wording import SIGNS, sentence

Json = Any


def moves_of(event: Event) -> list[list[Json]]:
    """Return the moves of tokens of an event, as the history keeps them."""
    found: list[list[Json]] = (event.body or {}).get("moves", [])
    return found


def places_of(event: Event) -> list[list[Json]]:
    """Return where tokens stand after a migration; nothing for other events."""
    if event.kind != "instance.migrated" or event.body is None:
        return []
    found: list[list[Json]] = event.body["after"]["tokens"]
    return found


def concerned(event: Event) -> int | None:
    """Return the person an item was given to, or None."""
    body = event.body or {}
    found: int | None = body.get("assignee") if event.kind == "work.opened" else body.get("to")
    return found


@dataclass(frozen=True)
class Entry:
    """One event in words; `rule` are the numbers of the rules its element carries out."""

    event: Event
    what: T
    who: str
    behalf: str
    element: Element | None
    sign: str

    @property
    def seq(self) -> int:
        """The number of the event."""
        return self.event.seq

    @property
    def rule(self) -> str:
        """The rules of the method the element carries out, for example `R6 R7`."""
        own = str((self.event.body or {}).get("rule") or "")
        return own or (self.element.attributes.get("rule", "") if self.element is not None else "")

    @property
    def moves(self) -> list[list[Json]]:
        """The moves of tokens, as the history keeps them."""
        return moves_of(self.event)


@dataclass(frozen=True)
class Related:
    """Another instance that this one started, or that started this one."""

    instance: Instance
    kind: str
    name: str
    is_parent: bool


@dataclass(frozen=True)
class Stretch:
    """The events from `first` on, in which an instance ran one version; `pinned` are its called processes."""

    first: int
    definition: Definition
    program: Program
    pinned: Mapping[str, Definition]

    def version_of(self, process: str) -> Definition | None:
        """Return the version of a process that ran, or None when it was none of this instance's."""
        return self.definition if process == self.definition.process_id else self.pinned.get(process)


@dataclass(frozen=True)
class Sheet:
    """A diagram of the replay: a process in one version; `since` are the stretches in which it ran.

    `key` is the process alone where the instance runs this version still, or ran it last.
    """

    key: str
    process: str
    name: str
    version: int
    since: tuple[int, ...]


@dataclass(frozen=True)
class Record:
    """Everything the replay of one instance needs; `stretches` are the versions it ran, in order."""

    instance: Instance
    stretches: tuple[Stretch, ...]
    events: tuple[Event, ...]
    people: Mapping[int, str]

    @property
    def definition(self) -> Definition:
        """The version the instance runs, or ran last."""
        return self.stretches[-1].definition

    def at(self, seq: int) -> Stretch:
        """Return what ran right after an event."""
        return next((each for each in reversed(self.stretches) if each.first <= seq), self.stretches[0])

    @cached_property
    def entries(self) -> list[Entry]:
        """The events in words, in order."""
        return [self._entry(event) for event in self.events]

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The diagrams of what ran, the instance's own process first; one per process and version."""
        found: dict[str, tuple[str, Definition, list[int]]] = {}
        for stretch in self.stretches:
            for process in self._ran(stretch):
                version = stretch.version_of(process)
                if version is not None:
                    found.setdefault(self._key(version), (process, version, []))[2].append(stretch.first)
        own = self.definition.process_id
        sheets = [
            Sheet(key, process, version.name, version.version, tuple(since))
            for key, (process, version, since) in found.items()
        ]
        return sorted(sheets, key=lambda sheet: sheet.process != own)

    def sheet_of(self, event: Event) -> Sheet:
        """Return the diagram on which an event is best shown."""
        version = self.at(event.seq).version_of(self.process_of(event)) or self.definition
        key = self._key(version)
        return next((sheet for sheet in self.sheets if sheet.key == key), self.sheets[0])

    def _key(self, version: Definition) -> str:
        """Return the key of a version's diagram: older ones, by migration, are told apart by their id."""
        last = self.stretches[-1].version_of(version.process_id)
        newest = last is None or last.id == version.id
        return version.process_id if newest else f"{version.process_id}@{version.id}"

    def _ran(self, stretch: Stretch) -> list[str]:
        """Return the processes with tokens in a stretch, in the order of its program."""
        own = stretch.definition.process_id
        ran = {own}
        for event in self.events:
            if self.at(event.seq) is stretch:
                ran |= {read_move(move).process or own for move in moves_of(event)}
                ran |= {place[4] for place in places_of(event) if len(place) > 4}
        return [process for process in stretch.program.processes if process in ran]

    @cached_property
    def _places(self) -> dict[int, str]:
        """The process each token was in, empty for the instance's own; a token never changes it."""
        moves = (read_move(row) for event in self.events for row in moves_of(event))
        return {move.token: move.process for move in moves if move.kind == "enter"}

    def element(self, id: str, process: str, seq: int) -> Element | None:
        """Return an element as it was at an event; an empty process is the instance's own."""
        processes = self.at(seq).program.processes
        return processes.get(process or self.definition.process_id, {}).get(id)

    def name_of(self, element: str, process: str, seq: int) -> T:
        """Return the name of an element at an event, or its id when it has none."""
        found = self.element(element, process, seq)
        return T((found.name if found is not None else "") or element)

    def process_of(self, event: Event) -> str:
        """Return the process on whose diagram an event is best shown."""
        moves = [read_move(move) for move in moves_of(event)]
        entered = [move for move in moves if move.kind == "enter"]
        body = event.body or {}
        process = (entered or moves)[-1].process if moves else self._places.get(body.get("token", 0), "")
        return process or self.definition.process_id

    def _entry(self, event: Event) -> Entry:
        element = self.element(event.element or "", self.process_of(event), event.seq)
        step = T(element.name or element.id) if element is not None else None
        return Entry(
            event,
            sentence(
                event.kind, step, event.body, partial(self.name_of, seq=event.seq), self._receiver(event)
            ),
            self.people.get(event.actor, ""),
            self.people.get(event.on_behalf_of, "") if event.on_behalf_of else "",
            element,
            SIGNS.get(event.kind, ""),
        )

    def _receiver(self, event: Event) -> str:
        receiver = concerned(event)
        return self.people.get(receiver, "") if receiver is not None else ""


def load_record(engine: Engine, uow: UnitOfWork, actor: Actor, instance_id: int) -> Record:
    """Return the record of an instance the actor may see; raises `NotFound` for all others."""
    found = policy.require_instance(uow, actor, instance_id)
    events = tuple(history.iterate(uow, instance_id))
    who = {event.actor for event in events}
    who |= {other for event in events for other in (event.on_behalf_of, concerned(event)) if other}
    return Record(
        found,
        tuple(_stretch(engine, uow, since) for since in versions_run(uow, found)),
        events,
        directory.names(uow, who),
    )


def _stretch(engine: Engine, uow: UnitOfWork, since: Since) -> Stretch:
    definition = definitions.get_definition(engine, uow, since.definition)
    pinned = {p: definitions.get_definition(engine, uow, n) for p, n in definition.called.items()}
    return Stretch(since.seq, definition, definitions.program(engine, uow, definition), pinned)


def diagram_xml(record: Record, process_id: str, seq: int) -> bytes | None:
    """Return the diagram of a process as it was pinned at an event, or None."""
    version = record.at(seq).version_of(process_id)
    return version.xml if version is not None else None


def related_instances(engine: Engine, uow: UnitOfWork, actor: Actor, found: Instance) -> tuple[Related, ...]:
    """Return the linked instances the actor may see, the one that started this first."""
    parent = instances.parent_of(uow, found.id)
    links = [(parent.parent, parent.kind, True)] if parent is not None else []
    links += [(link.child, link.kind, False) for link in instances.children(uow, found.id)]
    related = []
    for other_id, kind, is_parent in links:
        other = instances.get(uow, other_id)
        if policy.may_see_instance(uow, actor, other):
            name = definitions.get_definition(engine, uow, other.definition).name
            related.append(Related(other, kind, name, is_parent))
    return tuple(related)
