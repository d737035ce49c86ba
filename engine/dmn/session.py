"""One model within one evaluation: what is given, and what has been decided so far (DMN 1.5 §10.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.dmn import model
from engine.dmn.linking import Found, Model, name_of, place_of, variable_type
from engine.dmn.model import GraphElement
from engine.dmn.run import Evaluating
from engine.dmn.types import parameters_of
from engine.feel.run import Frame, Run
from engine.feel.types import ANY, FeelType, FunctionOf, bare, coerced
from engine.feel.values import Function, Undefined, lift
from engine.text import T

_ABSENT = object()
_PENDING = object()
#: What a value or the session of an imported model costs, in steps.
_SESSION = 20


class Session:
    """Values and functions of one model, each made once and when it is first needed.

    `given` are values by name: of inputs, and of decisions that are then not decided. What an imported
    model is given stands under the name of its import, and else among what the importing model is given.
    """

    def __init__(
        self, of: Model, given: Mapping[str, Any], run: Evaluating, outer: Session | None = None
    ) -> None:
        self.model = of
        self._given = given
        self.run = run
        self._outer = outer
        self._values: dict[int, Any] = {}
        self._imported: dict[tuple[str, str], Session] = {}

    def value(self, element: GraphElement) -> Any:
        """Return the value of an input or a decision, or the function that knowledge or a service is."""
        key = id(element)
        value = self._values.get(key, _ABSENT)
        if value is _PENDING:
            text = T("“{name}”需要它自己的结果", name=element.name)
            self.run.note_at(place_of(element), "cycle", text)
            return None
        if value is _ABSENT:
            self.run.spend(_SESSION)
            self._values[key] = _PENDING
            value = self._values[key] = self._made(element)
        return value

    def _made(self, element: GraphElement) -> Any:
        if isinstance(element, model.InputData):
            return self._input(element)
        if isinstance(element, model.Decision):
            return self._decision(element)
        if isinstance(element, model.KnowledgeModel):
            return self._knowledge(element)
        if isinstance(element, model.DecisionService):
            return Service(self, element)
        return None

    def _input(self, element: model.InputData) -> Any:
        name = name_of(element)
        value = self._given_value(name)
        if value is _ABSENT:
            self.run.note_at(place_of(element), "missing_input", T("没有给出“{name}”的值", name=name))
            return None
        return self.fitted(value, element)

    def _given_value(self, name: str) -> Any:
        """Return what is given under a name, here, to the same model under another import, or further out."""
        if name in self._given:
            return self._given[name]
        outer = self._outer
        while outer is not None:
            alike = outer.given_to(self.model, name)
            if alike is not _ABSENT or name in outer._given:
                return outer._given[name] if alike is _ABSENT else alike
            outer = outer._outer
        return _ABSENT

    def given_to(self, of: Model, name: str) -> Any:
        """Return what an imported model is given under a name, whichever import it is given through."""
        imports = (pair for space in self.model.spaces for pair in space.imports.items())
        for through, other in imports:
            given = self._given.get(through)
            if other.namespace == of.namespace and isinstance(given, Mapping) and name in given:
                return given[name]
        return _ABSENT

    def _decision(self, element: model.Decision) -> Any:
        name = name_of(element)
        if name in self._given:
            return self.fitted(self._given[name], element)
        self._decide_below(element)
        return self.model.program(element)(Frame(self._scope(element), None, self.run))

    def _decide_below(self, element: model.Decision) -> None:
        """Decide what `element` requires, the deepest first, so that long chains need no deep stack."""
        path: list[GraphElement] = [element]
        seen = {id(element)}
        while path:
            waiting = next((each for each in self._undecided(path[-1]) if id(each) not in seen), None)
            if waiting is not None:
                seen.add(id(waiting))
                path.append(waiting)
            elif len(path) > 1:
                self.value(path.pop())
            else:
                return

    def _undecided(self, element: GraphElement) -> Iterator[GraphElement]:
        """Yield the decisions of this model that an element requires and that have no value yet."""
        for found in self.model.required(element):
            other = found.element
            own = not found.through and isinstance(other, model.Decision)
            if own and id(other) not in self._values and name_of(other) not in self._given:
                yield other

    def fitted(self, value: Any, element: GraphElement) -> Any:
        """Return a value as the type of an element's variable; null with a reason when it is not one."""
        kind = self.kind_of(element)
        if kind is ANY:
            return lift(value)
        try:
            return coerced(value, kind, self.run)
        except Undefined as reason:
            self.run.note_at(place_of(element), reason.code, reason.text)
            return None

    def kind_of(self, element: GraphElement) -> FeelType:
        """Return the type of an element of this model."""
        return self.model.space_of(element).types.kind_of(variable_type(element))

    def _knowledge(self, element: model.KnowledgeModel) -> Any:
        """Make a function; it knows itself, so its scope is filled when it is there already."""
        scope: dict[str, Any] = {}
        function = self.model.program(element)(Frame(scope, None, self.run))
        self._values[id(element)] = function
        scope.update(self._scope(element))
        scope[name_of(element)] = function
        return function

    def _scope(self, element: GraphElement) -> dict[str, Any]:
        """Return the values and functions an element requires, those of imports under the import's name."""
        scope: dict[str, Any] = {}
        for found in self.model.required(element):
            self._bind(scope, found, element)
        return scope

    def _bind(self, scope: dict[str, Any], found: Found, owner: GraphElement) -> None:
        name = name_of(found.element)
        value = self.value_through(found, owner)
        if found.through:
            scope.setdefault(found.through, {})[name] = value
        else:
            scope[name] = value

    def value_through(self, found: Found, owner: GraphElement) -> Any:
        """Return the value of what a reference of `owner` leads to, in this model or an imported one."""
        return self.session_for(found, owner).value(found.element)

    def session_for(self, found: Found, owner: GraphElement) -> Session:
        """Return the session of the model in which what a reference of `owner` leads to stands."""
        if not found.through:
            return self
        other = self.model.model_of(found, owner)
        key = (found.through, other.namespace)
        if key not in self._imported:
            self.run.spend(_SESSION)
            given = self._given_value(found.through)
            self._imported[key] = Session(other, given if isinstance(given, Mapping) else {}, self.run, self)
        return self._imported[key]

    def anew(self, given: Mapping[str, Any]) -> Session:
        """Return a session of the same model that knows only what is given to it."""
        return Session(self.model, given, self.run)


class Service(Function):
    """A decision service as a function: of its input data, then of its input decisions (§10.4)."""

    __slots__ = ("_inputs", "_kinds", "_outputs", "_service", "_session")

    def __init__(self, session: Session, service: model.DecisionService) -> None:
        self._session = session
        self._service = service
        self._inputs = session.model.all_found((*service.input_data, *service.input_decisions), service)
        self._outputs = session.model.all_found(service.outputs, service)
        super().__init__(service.name, tuple(found.name for found in self._inputs))
        kind = bare(session.kind_of(service))
        self._kinds = parameters_of(kind, len(self._inputs))

    def call(self, run: Run, arguments: list[Any]) -> Any:
        """Decide the outputs anew from the arguments; raise Undefined when they do not fit the parameters."""
        expected, given = len(self.parameters), len(arguments)
        if expected != given:
            text = T("函数需要 {expected} 个参数，给了 {given} 个", expected=expected, given=given)
            raise Undefined(text, "arguments")
        run.enter()
        try:
            triples = zip(self._inputs, self._kinds, arguments, strict=True)
            return self._decided([self._converted(*triple) for triple in triples])
        finally:
            run.leave()

    def _converted(self, parameter: Found, kind: FeelType, argument: Any) -> Any:
        """Return an argument as its parameter takes it; raise Undefined when it is of another type."""
        owner = self._session.session_for(parameter, self._service)
        return coerced(coerced(argument, owner.kind_of(parameter.element), owner.run), kind, owner.run)

    def decided(self, given: Mapping[str, Any]) -> Any:
        """Return what the service answers to what is given: by name, and by import for imported models."""
        arguments = []
        for found, kind in zip(self._inputs, self._kinds, strict=True):
            try:
                arguments.append(self._converted(found, kind, _given(found, given)))
            except Undefined as reason:
                self._session.run.note_at(place_of(found.element), reason.code, reason.text)
                arguments.append(None)
        return self._decided(arguments)

    def _decided(self, arguments: list[Any]) -> Any:
        given: dict[str, Any] = {}
        for found, argument in zip(self._inputs, arguments, strict=True):
            scope = given.setdefault(found.through, {}) if found.through else given
            scope[name_of(found.element)] = argument
        session = self._session.anew(given)
        values = {found.name: session.value_through(found, self._service) for found in self._outputs}
        value = next(iter(values.values())) if len(self._outputs) == 1 else values
        return self._fitted(value)

    def _fitted(self, value: Any) -> Any:
        """Make the result fit the service's type; that of a function says what it answers."""
        plain = bare(self._session.kind_of(self._service))
        if not isinstance(plain, FunctionOf):
            return self._session.fitted(value, self._service)
        return coerced(value, plain.result, self._session.run)


def _given(found: Found, given: Mapping[str, Any]) -> Any:
    """Return the value of a parameter by its name, or by that of the import and its own."""
    inner = given.get(found.through) if found.through else given
    if isinstance(inner, Mapping) and name_of(found.element) in inner:
        return inner[name_of(found.element)]
    return given.get(found.name)
