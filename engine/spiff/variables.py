"""Variables live in scopes and at tokens that keep names of their own, never in tokens that travel.

From a token outwards there are places: instances of loops with their items, activities with inputs,
outputs and properties, sub-processes with data objects, and at last the process. A name is read
from the inmost place that has it or declares it; a write goes there too, or to the process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from engine.spiff import lineage
from engine.spiff.port import Json
from engine.spiff.scope import Scope
from engine.spiff.token import Token

NOTHING: frozenset[str] = frozenset()


class Watched(dict[str, Json]):
    """Names for a service, which note which of them it looks at: what it has read it has seen."""

    def __init__(self, names: Mapping[str, Json]) -> None:
        super().__init__(names)
        self._read: set[str] = set()

    @property
    def read(self) -> frozenset[str]:
        """The names that have been looked at."""
        return frozenset(self._read)

    def __getitem__(self, name: str) -> Json:
        self._read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Json = None) -> Json:
        """Return the value of a name, or the default."""
        self._read.add(name)
        return super().get(name, default)


class Place(NamedTuple):
    """Where names are kept: a token or a scope, its values, and the names it declares."""

    keeper: Token | Scope
    values: dict[str, Json]
    declared: frozenset[str] = NOTHING

    def declares(self, token: Token, name: str) -> bool:
        """Return whether this is the token's own place and the name one its activity declares."""
        return self.keeper is token and name in self.declared

    def owns(self, name: str) -> bool:
        """Return whether a write of this name stays here."""
        if name in self.values or name in self.declared:
            return True
        keeper = self.keeper
        return isinstance(keeper, Token) and keeper.parent.task_spec.output_item == name


def places(token: Token) -> Iterator[Place]:
    """Yield the places around a token below its process, the inmost first."""
    at: Token | None = token
    while at is not None:
        spec = at.task_spec
        if spec.io is not None:
            yield Place(at, at.data, spec.io.names)
        elif spec.remembers or (at.parent is not None and at.parent.task_spec.repeats):
            yield Place(at, at.data)
        scope = at.workflow
        if scope.spec.is_process:
            return
        if scope.variables is not None:
            yield Place(scope, scope.variables, scope.spec.names)
        at = scope.holder


def own(token: Token) -> dict[str, Json]:
    """Return the names kept at tokens around this one, inner ones winning: items, inputs, properties."""
    names: dict[str, Json] = {}
    for place in reversed(list(places(token))):
        if isinstance(place.keeper, Token):
            names.update(place.values)
    return names


def items(token: Token) -> dict[str, Json]:
    """Return the names of the loop instances a token belongs to, without data of activities."""
    found: dict[str, Json] = {}
    for place in reversed(list(places(token))):
        if isinstance(place.keeper, Token):
            found.update((n, value) for n, value in place.values.items() if n not in place.declared)
    return found


def visible(token: Token) -> dict[str, Json]:
    """Return all names a token sees, in a dict of its own."""
    return _overlaid(token, list(places(token)))


def beyond(token: Token) -> dict[str, Json]:
    """Return the names a token sees without what its own activity declares."""
    around = list(places(token))
    if around and around[0].keeper is token:
        values = {name: value for name, value in token.data.items() if name not in around[0].declared}
        around[0] = Place(token, values)
    return _overlaid(token, around)


def _overlaid(token: Token, around: list[Place]) -> dict[str, Json]:
    names = dict(token.workflow.home.variables or {})
    for place in reversed(around):
        for name in place.declared:
            names.pop(name, None)
        names.update(place.values)
    return names


def write(
    token: Token,
    values: Mapping[str, Json],
    *,
    past: bool = False,
    read: frozenset[str] = NOTHING,
) -> None:
    """Set variables as seen from a token; names that already have the value do not count as changed.

    With `past`, what the token's own activity declares is passed over. `read` are the names whose
    present values the new ones were made of; any other that a parallel branch has changed raises
    `ElementFailed`, and then nothing is set.
    """
    targets = list(_targets(token, values, past))
    for place, name, value in targets:
        if name not in read and not _stands(place, name, value):
            lineage.check(token, place.keeper, name)
    for place, name, value in targets:
        lineage.note(token, place.keeper, name, changed=not _stands(place, name, value))
        if isinstance(place.keeper, Scope):
            write_scope(place.keeper, name, value)
        else:
            write_local(place.keeper, name, value)


def _targets(token: Token, values: Mapping[str, Json], past: bool) -> Iterator[tuple[Place, str, Json]]:
    """Yield each value with the place its name is written to."""
    around, home = list(places(token)), token.workflow.home
    for name, value in values.items():
        owners = (each for each in around if each.owns(name) and not (past and each.declares(token, name)))
        yield next(owners, None) or Place(home, home.variables or {}), name, value


def _stands(place: Place, name: str, value: Json) -> bool:
    """Return whether a variable has this value already."""
    return name in place.values and same(place.values[name], value)


def write_local(keeper: Token, name: str, value: Json) -> None:
    """Set a name that a token keeps for itself and what it holds."""
    if name in keeper.data and same(keeper.data[name], value):
        return
    keeper.data[name] = value
    keeper.workflow.state.journal.touch(keeper)
    keeper.workflow.state.agenda.changed = True


def write_scope(scope: Scope, name: str, value: Json) -> None:
    """Set a variable of a process, or a data object of a sub-process."""
    names = scope.variables
    if names is None:
        raise LookupError(f"scope {scope.id} keeps no variables")
    if name in names and same(names[name], value):
        return
    names[name] = value
    scope.state.journal.variable(scope.id, name, value)
    scope.state.agenda.changed = True
    if scope.id and scope.spec.is_process and name not in scope.written:
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
