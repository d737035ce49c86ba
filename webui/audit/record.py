"""The record of one instance as a reader sees it: events in words, with people, elements and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine import definitions, directory, history, instances, policy
from engine.definitions import Definition
from engine.directory import Actor
from engine.history import Event
from engine.instances import Instance
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
class Record:
    """Everything the replay of one instance needs; `called` names the processes its version calls."""

    instance: Instance
    definition: Definition
    program: Program
    events: tuple[Event, ...]
    people: Mapping[int, str]
    called: Mapping[str, str]

    @cached_property
    def entries(self) -> list[Entry]:
        """The events in words, in order."""
        return [self._entry(event) for event in self.events]

    @cached_property
    def diagrams(self) -> list[tuple[str, str]]:
        """Id and name of the processes that ran, the instance's own first."""
        ran = {read_move(move).process for event in self.events for move in moves_of(event)}
        called = [process for process in self.program.processes if process in ran]
        own = self.definition.process_id
        return [(own, self.definition.name), *((p, self.called.get(p, p)) for p in called if p != own)]

    @cached_property
    def _places(self) -> dict[int, str]:
        """The process each token was in, empty for the instance's own; a token never changes it."""
        moves = (read_move(row) for event in self.events for row in moves_of(event))
        return {move.token: move.process for move in moves if move.kind == "enter"}

    def element(self, id: str, process: str = "") -> Element | None:
        """Return an element of a process, the instance's own unless named; None when there is none."""
        return self.program.processes.get(process or self.definition.process_id, {}).get(id)

    def name_of(self, element: str, process: str = "") -> T:
        """Return the name of an element, or its id when it has none."""
        found = self.element(element, process)
        return T((found.name if found is not None else "") or element)

    def process_of(self, event: Event) -> str:
        """Return the process on whose diagram an event is best shown."""
        moves = [read_move(move) for move in moves_of(event)]
        entered = [move for move in moves if move.kind == "enter"]
        body = event.body or {}
        process = (entered or moves)[-1].process if moves else self._places.get(body.get("token", 0), "")
        return process or self.definition.process_id

    def _entry(self, event: Event) -> Entry:
        element = self.element(event.element or "", self.process_of(event))
        step = T(element.name or element.id) if element is not None else None
        return Entry(
            event,
            sentence(event.kind, step, event.body, self.name_of, self._receiver(event)),
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
    definition = definitions.get_definition(engine, uow, found.definition)
    events = tuple(history.iterate(uow, instance_id))
    who = {event.actor for event in events}
    who |= {other for event in events for other in (event.on_behalf_of, concerned(event)) if other}
    return Record(
        found,
        definition,
        definitions.program(engine, uow, definition),
        events,
        directory.names(uow, who),
        {p: definitions.get_definition(engine, uow, n).name for p, n in definition.called.items()},
    )


def diagram_xml(engine: Engine, uow: UnitOfWork, definition: Definition, process_id: str) -> bytes | None:
    """Return the diagram of a process of a version as it was pinned, or None."""
    if process_id == definition.process_id:
        return definition.xml
    pinned = definition.called.get(process_id)
    return definitions.get_definition(engine, uow, pinned).xml if pinned is not None else None


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
