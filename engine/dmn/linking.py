"""A model with the models it imports, ready to be evaluated (DMN 1.5 §6.3.2-3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    """What a reference leads to: the name of the import it goes through, empty when none, and the element."""

    through: str
    element: GraphElement

    @property
    def name(self) -> str:
        """The name of the element for those who require it, with that of the import before it."""
        name = name_of(self.element)
        return f"{self.through}.{name}" if self.through else name


class Space:
    """One file within a model: what it defines, and the models it imports under a name."""

    def __init__(self, definitions: Definitions, imports: Mapping[str, Model], types: TypeTable) -> None:
        self.definitions = definitions
        self.imports = imports
        self.types = types
        self.namespace = key_of(definitions.namespace)
        self.by_id = {element.id: element for element in reversed(definitions.elements) if element.id}


class Model:
    """A file with its imports: elements by reference and by name, and logic as programs.

    An import without a name brings the elements of its file in as if they stood here. Where two have
    one name, what stands here comes before what is imported, and what is imported first before the
    rest; references lead to the one that comes first, whatever they say (DMN 1.5 §6.3.2).
    """

    def __init__(self, spaces: Sequence[Space]) -> None:
        first: dict[str, Space] = {}
        for space in spaces:
            first.setdefault(space.namespace, space)
        self.spaces = tuple(first.values())
        self.definitions = spaces[0].definitions
        self.namespace = spaces[0].namespace
        self._spaces: dict[int, Space] = {}
        self._named: dict[str, GraphElement] = {}
        for space in self.spaces:
            for element in space.definitions.elements:
                self._spaces.setdefault(id(element), space)
                self._named.setdefault(name_of(element), element)
        self._required: dict[int, list[Found]] = {}
        self._programs: dict[int, Program] = {}
        self._trees: dict[int, Node] = {}

    def space_of(self, element: GraphElement) -> Space:
        """Return the file an element of this model stands in."""
        return self._spaces[id(element)]

    @property
    def elements(self) -> list[GraphElement]:
        """The elements of all files of the model."""
        return [element for space in self.spaces for element in space.definitions.elements]

    def find(self, href: str, space: Space | None = None) -> Found | None:
        """Return what `#id` or `namespace#id` leads to in one of the model's files, else None."""
        namespace, _, identifier = href.rpartition("#")
        here = space or self.spaces[0]
        own = self.reached(key_of(namespace), identifier, here)
        if own is not None:
            return Found("", self._named.get(name_of(own), own))
        for name, other in here.imports.items():
            element = other.reached(key_of(namespace), identifier, other.spaces[0]) if namespace else None
            if element is not None:
                return Found(name, element)
        return None

    def reached(self, namespace: str, identifier: str, here: Space) -> GraphElement | None:
        """Return the element with an id; a reference without namespace is about `here` first."""
        spaces = (here, *self.spaces)
        fitting = (each for each in spaces if namespace in ("", each.namespace))
        return next((each.by_id[identifier] for each in fitting if identifier in each.by_id), None)

    def named(self, name: str) -> GraphElement | None:
        """Return the decision, service or knowledge model with this name or id."""
        kinds = (model.Decision, model.DecisionService, model.KnowledgeModel)
        fitting = [element for element in self.elements if isinstance(element, kinds)]
        found = (element for element in fitting if element.name == name)
        return next(found, None) or next((element for element in fitting if element.id == name), None)

    def has(self, name: str) -> bool:
        """Say whether an element of the model is used under this name."""
        return name in self._named

    def required(self, element: GraphElement) -> list[Found]:
        """Return the elements whose values or functions an element may use."""
        found = self._required.get(id(element))
        if found is None:
            hrefs = (each.href for each in element.requirements if each.kind != "authority")
            found = self._required[id(element)] = self.all_found(hrefs, element)
        return found

    def all_found(self, hrefs: Iterable[str], element: GraphElement) -> list[Found]:
        """Return what references of an element lead to, without those that lead nowhere."""
        space = self.space_of(element)
        return [found for href in hrefs if (found := self.find(href, space)) is not None]

    def model_of(self, found: Found, element: GraphElement) -> Model:
        """Return the model in which what a reference of `element` leads to is evaluated."""
        return self.space_of(element).imports[found.through] if found.through else self

    def names_for(self, element: GraphElement) -> Names:
        """Return the names in the scope of an element's logic."""
        names = {found.through or name_of(found.element) for found in self.required(element)}
        if isinstance(element, model.KnowledgeModel):
            names.add(name_of(element))
        return visible(names)

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
        space = self.space_of(element)
        translator = Translator(space.types, element, space.definitions.language)
        names = self.names_for(element)
        what = T("表达式")
        if isinstance(element, model.Decision):
            node = translator.expression(element.expression, names, what)
            return translator.typed(node, variable_type(element), translator.place(element, what))
        if isinstance(element, model.KnowledgeModel):
            logic = element.logic or model.FunctionDefinition(parameters=(), body=None)
            return translator.function(logic, names, what, variable_type(element))
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
    known = {key_of(definitions.namespace): definitions for definitions in (*others, main)}
    return _Linking(known).linked(key_of(main.namespace))


def key_of(namespace: str) -> str:
    """Return a namespace as it is compared: a slash at its end says nothing."""
    return namespace.rstrip("/")


class _Linking:
    """Models made once each, although many may import them."""

    def __init__(self, known: Mapping[str, Definitions]) -> None:
        self._known = known
        self._made: dict[str, Model | None] = {}

    def linked(self, key: str) -> Model:
        self._made[key] = None
        named: dict[str, Model] = {}
        merged: list[Model] = []
        for each in self._known[key].imports:
            imported = self._imported(key_of(each.namespace))
            if imported is not None and each.name:
                named.setdefault(each.name, imported)
            elif imported is not None:
                merged.append(imported)
        types = TypeTable(
            self._known[key],
            {name: other.spaces[0].types for name, other in named.items()},
            [other.spaces[0].types for other in merged],
        )
        spaces = [space for other in merged for space in other.spaces]
        made = self._made[key] = Model([Space(self._known[key], named, types), *spaces])
        return made

    def _imported(self, key: str) -> Model | None:
        if key not in self._known:
            return None
        return self._made[key] if key in self._made else self.linked(key)
