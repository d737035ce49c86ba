"""Whether a token that stands at a node of the old version can stand at one of the new version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.migration.mapping import ElementMap
from engine.spiff.parser.model import Association, DataDef, LoopDef
from engine.spiff.port import TokenRow
from engine.spiff.private import STARTED, WAITING
from engine.spiff.specs.activities import Service, SubProcess, Work
from engine.spiff.specs.complex_gateway import Complex
from engine.spiff.specs.events import Catching
from engine.spiff.specs.gateways import Gather, Joining
from engine.spiff.specs.loops import Loop
from engine.spiff.specs.node import Node
from engine.spiff.token import LEAVING

SERVICE = ("service", "execution")


def unlike(old: Node, new: Node, row: TokenRow, map: ElementMap) -> Iterator[str]:
    """Yield the codes of the reasons why the token of a row cannot go from one node to the other."""
    if isinstance(old, Loop) or isinstance(new, Loop):
        if type(old) is not type(new) or _loop(old) != _loop(new):
            yield "loop"
            return
    elif type(old) is not type(new):
        yield "kind"
        return
    if old.element.kind != new.element.kind or old.definition.tag != new.definition.tag:
        yield "kind"
        return
    if LEAVING not in row.internal:
        yield from _data(old, new)
    yield from _at_work(old, new, row, map)


def _loop(node: Node) -> LoopDef | None:
    """Return the characteristics of a loop without the ids of the data its associations name."""
    if not isinstance(node, Loop):
        return None
    loop = node.loop
    return replace(loop, feeds=tuple(map(_named, loop.feeds)), drains=tuple(map(_named, loop.drains)))


def _named(association: Association) -> Association:
    return replace(
        association,
        sources=tuple(replace(source, id="") for source in association.sources),
        target=replace(association.target, id=""),
    )


def _data(old: Node, new: Node) -> Iterator[str]:
    """An activity that runs has its inputs already and keeps places for what it declares (§10.4)."""
    if _declared(old.io) != _declared(new.io):
        yield "data"


def _declared(io: DataDef | None) -> tuple[object, ...] | None:
    return None if io is None else (io.names, io.inputs, io.outputs)


def _at_work(old: Node, new: Node, row: TokenRow, map: ElementMap) -> Iterator[str]:
    before, after = old.element.attributes, new.element.attributes
    if isinstance(old, SubProcess) and isinstance(new, SubProcess):
        if row.state == STARTED and map.scope(old.key) != new.key:
            yield "called"
    elif isinstance(old, Work):
        if row.state == WAITING and before.get("form") != after.get("form"):
            yield "form"
    elif isinstance(old, Service):
        if row.state == WAITING and any(before.get(name) != after.get(name) for name in SERVICE):
            yield "service"
    elif isinstance(old, Catching):
        if row.state == WAITING and _awaited(old) != _awaited(new):
            yield "event"
    elif isinstance(old, Joining) and row.state == WAITING:
        yield from _joining(old, new)


def _awaited(node: Node) -> tuple[object, ...]:
    """What the slots of a waiting event are for; a message may get another name, not become a timer.

    A parallel multiple event keeps what it still has to wait for, so there everything must be the same.
    """
    if node.definition.parallel_multiple:
        attributes = node.element.attributes
        return (*node.triggers, attributes.get("correlation"), attributes.get("calendar"))
    return tuple(trigger.kind for trigger in node.triggers)


def _joining(old: Node, new: Node) -> Iterator[str]:
    if isinstance(old, Gather) and old.definition.quantity != new.definition.quantity:
        yield "quantity"
    if isinstance(old, Complex) and old.definition.activation != new.definition.activation:
        yield "join"
