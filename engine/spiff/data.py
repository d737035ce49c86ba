"""What activities and events take in before they begin and give out when they end (BPMN 2.0.2 §10.4.2).

Inputs, outputs and properties are local to the run of an activity: they stand in the row of its
token and are gone with it. Everything else an association names lies outside: a variable, or a data
store, which no instance owns and which the host keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from engine.errors import ElementFailed
from engine.spiff.parser.model import Association, DataDef, Item
from engine.spiff.port import Json
from engine.spiff.variables import beyond, visible, write, write_local
from engine.text import T

if TYPE_CHECKING:
    from engine.spiff.token import Token


def take_in(token: Token, data: DataDef) -> None:
    """Fill the inputs; raises `ElementFailed` when no input set has all it needs.

    The standard lets an activity wait until its inputs are there (§13.3.2). Nothing would ever tell
    anybody, so it is an incident, which can be retried when they are.
    """
    for association in data.into:
        move(token, association)
    _require(token, data.input_sets, "input_missing", T("必需的输入数据还没有值：{names}"))


def give_out(token: Token, data: DataDef) -> None:
    """Copy the outputs to where they go; raises `ElementFailed` when no output set is complete."""
    _require(token, data.output_sets, "output_missing", T("必需的输出数据没有值：{names}"))
    for association in data.out:
        move(token, association)


def move(token: Token, association: Association) -> None:
    """Execute one data association: copy, transform or assign; without its sources nothing happens."""
    sources = {item: read(token, item) for item in association.sources}
    if any(value is None for value in sources.values()):
        return
    names = {**visible(token), **_called(sources)}
    if association.assignments:
        for expression, path in association.assignments:
            value = _within(read(token, association.target), path, evaluate(token, expression, names))
            seen = _read(token, expression, sources) | ({association.target.name} if path else set())
            put(token, association.target, value, seen)
    elif association.transformation is not None:
        seen = _read(token, association.transformation, sources)
        put(token, association.target, evaluate(token, association.transformation, names), seen)
    else:
        put(token, association.target, next(iter(sources.values())), _outside(sources))


def evaluate(token: Token, expression: str, names: Mapping[str, Json]) -> Json:
    """Return the value of an expression at a token."""
    return token.workflow.state.host.evaluate(expression, names, element=token.task_spec.element)


def read(token: Token, item: Item) -> Json:
    """Return the value of an item as seen from a token; None when it has none."""
    if item.stored:
        return token.workflow.state.host.stored(item.name)
    return token.data.get(item.name) if item.local else beyond(token).get(item.name)


def _read(token: Token, expression: str, sources: Mapping[Item, Json]) -> frozenset[str]:
    return _outside(sources) | token.workflow.state.host.reads(expression)


def _outside(sources: Iterable[Item]) -> frozenset[str]:
    return frozenset(item.name for item in sources if not item.local and not item.stored)


def put(token: Token, item: Item, value: Json, seen: frozenset[str]) -> None:
    """Set an item: what is local at the token, everything else outside; `seen` are names it was made of."""
    if item.stored:
        token.workflow.state.host.store(item.name, value, element=token.task_spec.element, token=token.id)
    elif item.local:
        write_local(token, item.name, value)
    else:
        write(token, {item.name: value}, past=True, read=seen)


def received(data: DataDef, payload: Mapping[str, Json]) -> dict[str, Json]:
    """Return the outputs of an event from what came with it: by name, or all of it for a single output."""
    found = {name: payload[name] for name in data.outputs if name in payload}
    if not found and len(data.outputs) == 1 and payload:
        return {data.outputs[0]: dict(payload)}
    return found


def missing(sets: Iterable[frozenset[str]], names: Mapping[str, Any]) -> list[str]:
    """Return what the first set still needs when none is complete; nothing when one is, or there is none."""
    lacking = [sorted(name for name in each if names.get(name) is None) for each in sets]
    return lacking[0] if lacking and all(lacking) else []


def _require(token: Token, sets: Iterable[frozenset[str]], reason: str, text: T) -> None:
    lacking = missing(sets, token.data)
    if lacking:
        names = "、".join(lacking)
        raise ElementFailed(reason, T(text.message, names=names), element=token.task_spec.element.id)


def _called(sources: Mapping[Item, Json]) -> dict[str, Json]:
    """Return the sources under their names and, as some diagrams call them, under their ids."""
    return {key: value for item, value in sources.items() for key in (item.id, item.name)}


def _within(whole: Json, path: tuple[str, ...], value: Json) -> Json:
    """Return a value with a part of it replaced; the way there is made where it is missing."""
    if not path:
        return value
    entries = dict(whole) if isinstance(whole, dict) else {}
    entries[path[0]] = _within(entries.get(path[0]), path[1:], value)
    return entries
