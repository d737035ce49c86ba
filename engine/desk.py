"""An item on somebody's desk: what its form needs to be shown, read without moving anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import clock, instances, policy, work
from engine.context import StepContext
from engine.definitions import Definition, get_definition, program
from engine.directory import Actor
from engine.errors import NotFound
from engine.instances import Instance
from engine.runtime import Engine
from engine.spiff.port import ROOT_SCOPE, Element
from engine.spiff.program import Program
from engine.store.database import UnitOfWork
from engine.store.types import load_json
from engine.text import T
from engine.work import WorkItem

Json = Any


@dataclass(slots=True)
class Reading:
    """Stands in for a step where a handler only reads: same view, nothing can be moved."""

    engine: Engine
    uow: UnitOfWork
    actor: Actor
    instance: Instance
    now: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """A work item with all that surrounds it on its page."""

    item: WorkItem
    instance: Instance
    definition: Definition
    program: Program
    element: Element
    context: StepContext
    may_work: bool
    offered: tuple[str, ...]


def look(engine: Engine, uow: UnitOfWork, actor: Actor, item_id: int) -> Desk:
    """Return an item the actor may work on or see; raises `NotFound` for all others."""
    item = work.read(uow, item_id)
    instance = instances.get(uow, item.instance)
    may = work.may_work(uow, actor, item)
    if not may and not policy.may_see_instance(uow, actor, instance):
        raise NotFound(T("没有这项待办"), item=item_id)
    definition = get_definition(engine, uow, item.definition)
    running = program(engine, uow, definition)
    element = running.find(item.process_id, item.element)
    names = {**variables_at(uow, running, item.instance, item.token), **item.locals}
    reading: Any = Reading(engine, uow, actor, instance, clock.now())
    context = StepContext(reading, element=element, item=item, variables=names)
    offered = work.offered_to(uow, item.id)
    return Desk(item, instance, definition, running, element, context, may and item.state == "open", offered)


def variables_at(uow: UnitOfWork, running: Program, instance: int, token: int) -> Mapping[str, Json]:
    """Return the variables a token sees of its process and of the sub-processes around it, from the rows.

    Of an item that has ended the token is gone; then the variables of the instance are returned.
    """
    names: dict[str, Json] = {}
    text = "select name, value from variable where instance = ? and scope = ?"
    for scope, declared in reversed(_scopes_around(uow, running, instance, token)):
        names = {name: value for name, value in names.items() if name not in declared}
        names.update((row[0], load_json(row[1])) for row in uow.sql(text, (instance, scope)).fetchall())
    return names


def _scopes_around(
    uow: UnitOfWork, running: Program, instance: int, token: int
) -> list[tuple[int, frozenset[str]]]:
    """Climb from a token to its process; return the scopes with names of their own, the inmost first."""
    found: list[tuple[int, frozenset[str]]] = []
    while True:
        row = uow.sql(
            "select t.scope, s.spec from token t left join scope s on s.instance = t.instance"
            " and s.id = t.scope where t.instance = ? and t.id = ?",
            (instance, token),
        ).fetchone()
        if row is None or row[0] == ROOT_SCOPE or row[1] is None:
            return [*found, (ROOT_SCOPE, frozenset())]
        if running.keeps_variables(row[1]):
            return [*found, (int(row[0]), frozenset())]
        if running.data_objects(row[1]):
            found.append((int(row[0]), running.data_objects(row[1])))
        token = row[0]
