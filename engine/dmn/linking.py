"""A model with the models it imports, ready to be evaluated (DMN 1.5 §6.3.2-3)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from engine.dmn import model
from engine.dmn.model import Definitions, GraphElement
from engine.dmn.places import Place
from engine.dmn.translating import Names, Translator, visible
from engine.dmn.type_table import TypeTable
from engine.feel.nodes import Node
from engine.feel.programs import build
from engine.feel.run import Program
from engine.text import T


class Found(NamedTuple):
    """What a reference leads to: the import it goes through, None for the model itself, and the element."""

    through: str | None
    element: GraphElement


class Model:
    """One file with its imports: types, elements by reference and by name, and logic as programs."""

    def __init__(self, definitions: Definitions, imports: dict[str, Model]) -> None:
        self.definitions = definitions
        self.imports = imports
        self.types: TypeTable = TypeTable(definitions, {name: other.types for name, other in imports.items()})
        self._by_id = {element.id: element for element in reversed(definitions.elements) if element.id}
        self._programs: dict[int, Program] = {}
        self._trees: dict[int, Node] = {}

    @cached_property
    def namespace(self) -> str:
        """The name of the model in references of other models."""
        return _key(self.definitions.namespace)

    def find(self, href: str) -> Found | None:
        """Return what `#id` or `namespace#id` leads to, else None."""
        namespace, _, identifier = href.rpartition("#")
        namespace = _key(namespace)
        if namespace in ("", self.namespace):
            own = self._by_id.get(identifier)
            if own is not None or namespace:
                return None if own is None else Found(None, own)
        for name, other in self.imports.items():
            element = other._by_id.get(identifier)
            if element is not None and namespace in ("", other.namespace):
                return Found(name, element)
        return None

    def named(self, name: str) -> GraphElement | None:
        """Return the decision, service or knowledge model with this name or id."""
        kinds = (model.Decision, model.DecisionService, model.KnowledgeModel)
        fitting = [element for element in self.definitions.elements if isinstance(element, kinds)]
        found = (element for element in fitting if element.name == name)
        return next(found, None) or next((element for element in fitting if element.id == name), None)

    def required(self, element: GraphElement) -> list[Found]:
        """Return the elements whose values or functions an element may use."""
        hrefs = (each.href for each in element.requirements if each.kind != "authority")
        return [found for found in map(self.find, hrefs) if found is not None]

    def names_for(self, element: GraphElement) -> Names:
        """Return the names in the scope of an element's logic."""
        names = {self._scope_name(found) for found in self.required(element)}
        if isinstance(element, model.KnowledgeModel):
            names.add(name_of(element))
        return visible(names)

    def _scope_name(self, found: Found) -> str:
        return found.through or name_of(found.element)

    # ── logic ───────────────────────────────────────────────────────────────────────────────────

    def tree(self, element: GraphElement) -> Node:
        """Return the logic of a decision or a knowledge model as a tree of FEEL."""
        key = id(element)
        if key not in self._trees:
            self._trees[key] = self._translated(element)
        return self._trees[key]

    def program(self, element: GraphElement) -> Program:
        """Return the logic of a decision or a knowledge model, compiled when it is first asked for."""
        key = id(element)
        if key not in self._programs:
            self._programs[key] = build(self.tree(element))
        return self._programs[key]

    def _translated(self, element: GraphElement) -> Node:
        translator = Translator(self.types, element, self.definitions.language)
        names = self.names_for(element)
        what = T("表达式")
        if isinstance(element, model.Decision):
            node = translator.expression(element.expression, names, what)
            return translator.typed(node, variable_type(element), translator.place(element, what))
        if isinstance(element, model.KnowledgeModel):
            logic = element.logic or model.FunctionDefinition(parameters=(), body=None)
            return translator.function(logic, names, what)
        raise TypeError(f"{type(element).__name__} has no logic")


def name_of(element: GraphElement) -> str:
    """Return the name under which others use an element: that of its variable, which should be its own."""
    return element.variable.name if element.variable and element.variable.name else element.name


def variable_type(element: GraphElement) -> model.TypeRef | None:
    """Return the type an element's value is to have, None when it says nothing."""
    return None if element.variable is None else element.variable.type


def place_of(element: GraphElement) -> Place:
    """Return the place of an element itself."""
    what = T("本身")
    return Place(element.id, element.name, element.id, element.line, what, element.tag)


def link(main: Definitions, others: Iterable[Definitions] = ()) -> Model:
    """Return `main` with those of `others` it imports, and what they import in turn.

    Models that import each other know each other only one way round: the import that closes the
    circle is left out, as is one nobody has; the gate names both.
    """
    known = {_key(definitions.namespace): definitions for definitions in (*others, main)}
    return _linked(main, known, (_key(main.namespace),))


def _key(namespace: str) -> str:
    """Return a namespace as it is compared: a slash at its end says nothing."""
    return namespace.rstrip("/")


def _linked(definitions: Definitions, known: dict[str, Definitions], path: tuple[str, ...]) -> Model:
    imports = {}
    for each in definitions.imports:
        key = _key(each.namespace)
        if key in known and key not in path:
            imports[each.name] = _linked(known[key], known, (*path, key))
    return Model(definitions, imports)
