"""Variables live in scopes and in the frames of loop instances, never in tokens that travel.

A name is read from the inmost frame that has it, else from the process's variables; a write goes
to the frame that has the name or whose loop declares it as its output item, else to the variables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.spiff.port import Json
from engine.spiff.scope import Scope
from engine.spiff.token import Token


def frames(token: Token) -> Iterator[Token]:
    """Yield the loop instances a token belongs to, the inmost first, up to the process it is in."""
    at: Token | None = token
    while at is not None:
        if at.task_spec.remembers or (at.parent is not None and at.parent.task_spec.repeats):
            yield at
        scope = at.workflow
        at = scope.holder if scope.variables is None else None


def own(token: Token) -> dict[str, Json]:
    """Return the names of the loop instances a token belongs to, inner ones winning."""
    names: dict[str, Json] = {}
    for frame in reversed(list(frames(token))):
        names.update(frame.data)
    return names


def visible(token: Token) -> dict[str, Json]:
    """Return all names a token sees, in a dict of its own."""
    return {**(token.workflow.home.variables or {}), **own(token)}


def write(token: Token, values: Mapping[str, Json]) -> None:
    """Set variables as seen from a token; names that already have the value do not count as changed."""
    owners = list(frames(token))
    for name, value in values.items():
        frame = next((frame for frame in owners if _owns(frame, name)), None)
        if frame is None:
            write_scope(token.workflow.home, name, value)
        elif name not in frame.data or not same(frame.data[name], value):
            frame.data[name] = value
            frame.workflow.state.journal.touch(frame)
            frame.workflow.state.agenda.changed = True


def write_scope(scope: Scope, name: str, value: Json) -> None:
    """Set a variable of a process."""
    names = scope.variables
    if names is None:
        raise LookupError(f"scope {scope.id} keeps no variables")
    if name in names and same(names[name], value):
        return
    names[name] = value
    scope.state.journal.variable(scope.id, name, value)
    scope.state.agenda.changed = True
    if scope.id and name not in scope.written:
        scope.written.add(name)
        scope.state.journal.touch_scope(scope)


def same(one: Json, other: Json) -> bool:
    """Return whether two JSON values are written alike; 1, 1.0 and true are three values."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def _owns(frame: Token, name: str) -> bool:
    return name in frame.data or frame.parent.task_spec.output_item == name
