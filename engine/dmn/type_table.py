"""From item definitions to types that values are compared with (DMN 1.5 §7.3.2-3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from engine.dmn.members import member_names
from engine.dmn.model import Definitions, ItemDefinition, TypeRef, UnaryTests
from engine.feel import nodes
from engine.feel.errors import FeelSyntaxError
from engine.feel.names import odd_names
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.programs import build
from engine.feel.resolving import resolved, with_types
from engine.feel.run import Frame, Program, Run
from engine.feel.types import (
    ANY,
    SIMPLE,
    ContextOf,
    FeelType,
    FunctionOf,
    ListOf,
    Named,
    Restricted,
    bare,
)


class TypeTable:
    """The types one file knows: FEEL's, its own, and those of its imports.

    An import's come by its name and theirs; those of an import without a name (`merged`) as they are.
    """

    def __init__(
        self, definitions: Definitions, imports: Mapping[str, TypeTable], merged: Sequence[TypeTable] = ()
    ) -> None:
        self._imports = imports
        self._merged = merged
        self._namespace = definitions.namespace
        self._items = {item.name: item for item in definitions.types}
        self._named = {item.name: Named(item.name) for item in definitions.types}
        imported = (name for table in (*imports.values(), *merged) for name in table.members)
        self.members: tuple[str, ...] = odd_names({*member_names(definitions), *imported})
        """Names that parsers must be told of and that only entries of contexts have."""
        for item in _aliases_first(definitions.types):
            self._named[item.name].kind = self._kind(item)
        for each in self._named.values():
            each.kind = ANY if _in_circle(each) else _end_of(each)

    def find(self, ref: TypeRef | None) -> FeelType | None:
        """Return the type a reference names; None when nobody defines it."""
        if ref is None:
            return ANY
        if ref.namespace:
            imported = (*self._merged, *self._imports.values())
            tables = (table for table in imported if table._namespace == ref.namespace)
            return next((table.find(TypeRef(ref.name)) for table in tables), None)
        return native(ref.name) or self.defined(ref.name) or self._written(ref.name)

    def kind_of(self, ref: TypeRef | None) -> FeelType:
        """Return the type a reference names; what nobody defines puts no bounds on a value."""
        return self.find(ref) or ANY

    def defined(self, name: str) -> FeelType | None:
        """Return the type of that name, one of an import by `prefix.name`; None when nobody defines it."""
        if name in self._named:
            return self._named[name]
        for table in self._merged:
            found = table.defined(name)
            if found is not None:
                return found
        for prefix, table in self._imports.items():
            if name.startswith(prefix + "."):
                found = table.defined(name[len(prefix) + 1 :])
                if found is not None:
                    return found
        return None

    def allowed(self, ref: TypeRef | None) -> UnaryTests | None:
        """Return the allowed values of a type this file defines, None when it says nothing about them."""
        item = None if ref is None else self._items.get(ref.name)
        return None if item is None or item.is_collection else item.allowed

    def _written(self, text: str) -> FeelType | None:
        """Read a type that is written out, as in `list<number>` (DMN 1.5 rule 52)."""
        if "<" not in text:
            return None
        try:
            node = parse_expression(f"null instance of {text}")
        except FeelSyntaxError:
            return None
        if not isinstance(node, nodes.InstanceOf):
            return None
        return resolved(with_types(node.type, self.defined))

    # ── item definitions ────────────────────────────────────────────────────────────────────────

    def _kind(self, item: ItemDefinition) -> FeelType:
        """Build a type: what it is made of, then what its values must pass, then whether it is a list.

        Allowed values are about the elements of a collection, a type constraint about the whole (§7.3.2).
        They take the place of those of the type it refers to.
        """
        kind = self._made_of(item)
        if item.allowed is not None and not _in_circle(kind):
            kind = self._constrained(bare(kind), item.allowed)
        if item.is_collection:
            kind = ListOf(kind)
        return self._constrained(kind, item.constraint)

    def _made_of(self, item: ItemDefinition) -> FeelType:
        if item.components:
            return ContextOf(tuple((part.name, self._kind(part)) for part in item.components))
        if item.function is not None:
            parameters = tuple(self.kind_of(each.type) for each in item.function.parameters)
            return FunctionOf(parameters, self.kind_of(item.function.result))
        return self.kind_of(item.type)

    def _constrained(self, kind: FeelType, tests: UnaryTests | None) -> FeelType:
        program = None if tests is None else self._tests(tests)
        return kind if program is None else Restricted(kind, _allowing(program))

    def _tests(self, tests: UnaryTests) -> Program | None:
        """Return the tests as a program; text that is no FEEL is the gate's to find."""
        try:
            return build(parse_unary_tests(tests.text, members=self.members)) if tests.text.strip() else None
        except FeelSyntaxError:
            return None


def _allowing(tests: Program) -> Callable[[Any, Run], bool | None]:
    return lambda value, run: tests(Frame({"?": value}, None, run)) is True


def native(name: str) -> FeelType | None:
    """Return the type of FEEL of that name, else None; `list` alone is one of anything."""
    if name == "Any":
        return ANY
    return ListOf(ANY) if name == "list" else SIMPLE.get(name)


def _aliases_first(items: Sequence[ItemDefinition]) -> Iterator[ItemDefinition]:
    """Yield types so that one that refers to another comes after it, unless they do so in a circle."""
    waiting = {item.name: item for item in items}
    while waiting:
        path: list[ItemDefinition] = []
        name = next(iter(waiting))
        while name in waiting:
            path.append(waiting.pop(name))
            name = "" if path[-1].type is None else path[-1].type.name
        yield from reversed(path)


def _in_circle(start: FeelType) -> bool:
    """Say whether a type is nothing but another name of itself."""
    seen: set[int] = set()
    kind: FeelType = start
    while isinstance(kind, Named | Restricted):
        if id(kind) in seen:
            return True
        seen.add(id(kind))
        kind = kind.kind if isinstance(kind, Named) else kind.base
    return False


def _end_of(kind: FeelType) -> FeelType:
    """Return what a type stands for when one name stands for another."""
    while isinstance(kind, Named):
        kind = kind.kind
    return kind
