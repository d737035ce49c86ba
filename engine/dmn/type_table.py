"""From item definitions to types that values are compared with (DMN 1.5 §7.3.2-3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.dmn.model import Definitions, ItemDefinition, TypeRef, UnaryTests
from engine.dmn.types import ANY, AnyList, Collection, Constrained, Kind, Named, Native, Signature, Structure
from engine.feel import nodes
from engine.feel.errors import FeelSyntaxError
from engine.feel.limits import Budget
from engine.feel.names import odd_names
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.programs import build
from engine.feel.run import Program
from engine.feel.types import belongs
from engine.feel.values import Undefined


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
        self.component_names: tuple[str, ...] = odd_names(
            {name for item in definitions.types for name in _names_below(item)}
            | {name for table in (*imports.values(), *merged) for name in table.component_names}
        )
        for item in definitions.types:
            self._named[item.name].kind = self._kind(item)
        for each in self._named.values():
            if _in_circle(each):
                each.kind = ANY

    def find(self, ref: TypeRef | None) -> Kind | None:
        """Return the type a reference names; None when nobody defines it."""
        if ref is None:
            return ANY
        if ref.namespace:
            imported = (*self._merged, *self._imports.values())
            tables = (table for table in imported if table._namespace == ref.namespace)
            return next((table.find(TypeRef(ref.name)) for table in tables), None)
        return native(ref.name) or self._defined(ref.name) or self._written(ref.name)

    def kind_of(self, ref: TypeRef | None) -> Kind:
        """Return the type a reference names; what nobody defines puts no bounds on a value."""
        return self.find(ref) or ANY

    def allowed(self, ref: TypeRef | None) -> UnaryTests | None:
        """Return the allowed values of a type this file defines, None when it says nothing about them."""
        item = None if ref is None else self._items.get(ref.name)
        return None if item is None or item.is_collection else item.allowed

    def _defined(self, name: str) -> Kind | None:
        if name in self._named:
            return self._named[name]
        for table in self._merged:
            found = table._defined(name)
            if found is not None:
                return found
        for prefix, table in self._imports.items():
            if name.startswith(prefix + "."):
                found = table._defined(name[len(prefix) + 1 :])
                if found is not None:
                    return found
        return None

    def _written(self, text: str) -> Kind | None:
        """Read a type that is written out, as in `list<number>` (DMN 1.5 rule 52)."""
        if "<" not in text:
            return None
        try:
            node = parse_expression(f"null instance of {text}")
        except FeelSyntaxError:
            return None
        if not isinstance(node, nodes.InstanceOf):
            return None
        return Native(text, self.resolved(node.type))

    def resolved(self, kind: nodes.Type) -> nodes.Type:
        """Return a type of FEEL with the names of this model's types replaced by what they stand for."""
        if isinstance(kind, nodes.NamedType):
            found = None if native(kind.name) else self._defined(kind.name)
            return kind if found is None else nodes.DefinedType(kind.name, found, position=kind.position)
        if isinstance(kind, nodes.ListType | nodes.RangeType):
            return type(kind)(self.resolved(kind.of), position=kind.position)
        if isinstance(kind, nodes.ContextType):
            entries = tuple((name, self.resolved(entry)) for name, entry in kind.entries)
            return nodes.ContextType(entries, position=kind.position)
        if isinstance(kind, nodes.FunctionType):
            parameters = tuple(map(self.resolved, kind.parameters))
            return nodes.FunctionType(parameters, self.resolved(kind.result), position=kind.position)
        return kind

    # ── item definitions ────────────────────────────────────────────────────────────────────────

    def _kind(self, item: ItemDefinition) -> Kind:
        """Build a type: what it is made of, then what its values must pass, then whether it is a list.

        Allowed values are about the elements of a collection, a type constraint about the whole (§7.3.2).
        """
        kind = self._constrained(item.name, self._made_of(item), item.allowed)
        if item.is_collection:
            kind = Collection(item.name, kind)
        return self._constrained(item.name, kind, item.constraint)

    def _made_of(self, item: ItemDefinition) -> Kind:
        if item.components:
            return Structure(item.name, {part.name: self._kind(part) for part in item.components})
        if item.function is not None:
            parameters = tuple(self.kind_of(each.type) for each in item.function.parameters)
            return Signature(item.name, parameters, self.kind_of(item.function.result))
        return self.kind_of(item.type)

    def _constrained(self, name: str, kind: Kind, tests: UnaryTests | None) -> Kind:
        program = None if tests is None else self._tests(tests)
        return kind if program is None else Constrained(name, kind, program)

    def _tests(self, tests: UnaryTests) -> Program | None:
        """Return the tests as a program; text that is no FEEL is the gate's to find."""
        try:
            return build(parse_unary_tests(tests.text, self.component_names)) if tests.text.strip() else None
        except FeelSyntaxError:
            return None


def native(name: str) -> Kind | None:
    """Return the type of FEEL of that name, else None."""
    if name == "Any":
        return ANY
    if name == "list":
        return AnyList(name)
    kind = nodes.NamedType(name)
    try:
        belongs(None, kind, Budget())
    except Undefined:
        return None
    return Native(name, kind)


def _in_circle(start: Named) -> bool:
    """Say whether a type is nothing but another name of itself."""
    seen: set[int] = set()
    kind: Kind = start
    while isinstance(kind, Named | Constrained):
        if id(kind) in seen:
            return True
        seen.add(id(kind))
        kind = kind.kind
    return False


def _names_below(item: ItemDefinition) -> Iterator[str]:
    for part in item.components:
        yield part.name
        yield from _names_below(part)
