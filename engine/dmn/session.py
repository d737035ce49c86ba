"""One model within one evaluation: what is given, and what has been decided so far (DMN 1.5 §10.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.dmn import model
from engine.dmn.linking import Found, Model, name_of, place_of, variable_type
from engine.dmn.model import GraphElement
from engine.dmn.run import Evaluating
from engine.feel.run import Frame, Run
from engine.feel.types import ANY, FunctionOf, bare, coerced
from engine.feel.values import Function, Undefined, lift
from engine.text import T

_ABSENT = object()
_PENDING = object()


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
        self._imported: dict[str, Session] = {}

    def value(self, element: GraphElement) -> Any:
        """Return the value of an input or a decision, or the function that knowledge or a service is."""
        key = id(element)
        value = self._values.get(key, _ABSENT)
        if value is _PENDING:
            text = T("“{name}”需要它自己的结果", name=element.name)
            self.run.note_at(place_of(element), "cycle", text)
            return None
        if value is _ABSENT:
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
        if name in self._given:
            return self._given[name]
        return _ABSENT if self._outer is None else self._outer._given_value(name)

    def _decision(self, element: model.Decision) -> Any:
        name = name_of(element)
        if name in self._given:
            return self.fitted(self._given[name], element)
        return self.model.program(element)(Frame(self._scope(element), None, self.run))

    def fitted(self, value: Any, element: GraphElement) -> Any:
        """Return a value as the type of an element's variable; null with a reason when it is not one."""
        kind = self.model.types.kind_of(variable_type(element))
        if kind is ANY:
            return lift(value)
        try:
            return coerced(value, kind, self.run)
        except Undefined as reason:
            self.run.note_at(place_of(element), reason.code, reason.text)
            return None

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
            self._bind(scope, found)
        return scope

    def _bind(self, scope: dict[str, Any], found: Found) -> None:
        name = name_of(found.element)
        if found.through is None:
            scope[name] = self.value(found.element)
            return
        value = self.imported(found.through).value(found.element)
        if found.through:
            scope.setdefault(found.through, {})[name] = value
        else:
            scope[name] = value

    def imported(self, name: str) -> Session:
        """Return the session of an imported model, with what is given under its name."""
        if name not in self._imported:
            given = self._given_value(name) if name else _ABSENT
            inner = given if isinstance(given, Mapping) else {}
            self._imported[name] = Session(self.model.imports[name], inner, self.run, self)
        return self._imported[name]

    def anew(self, given: Mapping[str, Any]) -> Session:
        """Return a session of the same model that knows only what is given to it."""
        return Session(self.model, given, self.run)


class Service(Function):
    """A decision service as a function: of its input data, then of its input decisions (§10.4)."""

    __slots__ = ("_inputs", "_outputs", "_service", "_session")

    def __init__(self, session: Session, service: model.DecisionService) -> None:
        find = session.model.find
        self._session = session
        self._service = service
        self._inputs = list(filter(None, map(find, (*service.input_data, *service.input_decisions))))
        self._outputs = list(filter(None, map(find, service.outputs)))
        super().__init__(service.name, tuple(name_of(found.element) for found in self._inputs))

    def call(self, run: Run, arguments: list[Any]) -> Any:
        """Decide the outputs anew from the arguments; raise Undefined when they do not fit the parameters."""
        expected, given = len(self.parameters), len(arguments)
        if expected != given:
            text = T("函数需要 {expected} 个参数，给了 {given} 个", expected=expected, given=given)
            raise Undefined(text, "arguments")
        run.enter()
        fitted = [self._converted(*pair) for pair in zip(self._inputs, arguments, strict=True)]
        result = self.decided(dict(zip(self.parameters, fitted, strict=True)))
        run.leave()
        return result

    def _converted(self, parameter: Found, argument: Any) -> Any:
        """Return an argument as its parameter takes it; raise Undefined when it is of another type."""
        owner = self._session.model
        if parameter.through is not None:
            owner = owner.imports[parameter.through]
        kind = owner.types.kind_of(variable_type(parameter.element))
        return coerced(argument, kind, self._session.run)

    def decided(self, given: Mapping[str, Any]) -> Any:
        """Return the value of the only output, or a context of all."""
        inputs = {name: given.get(name) for name in self.parameters}
        session = self._session.anew(_nested(inputs, self._inputs))
        values = {name_of(found.element): _value(session, found) for found in self._outputs}
        value = next(iter(values.values())) if len(self._outputs) == 1 else values
        return self._fitted(value)

    def _fitted(self, value: Any) -> Any:
        """Make the result fit the service's type; that of a function says what it answers."""
        kind = self._session.model.types.kind_of(variable_type(self._service))
        plain = bare(kind)
        if not isinstance(plain, FunctionOf):
            return self._session.fitted(value, self._service)
        return coerced(value, plain.result, self._session.run)


def _nested(inputs: Mapping[str, Any], found: list[Found]) -> dict[str, Any]:
    """Return inputs as a session is given them: those of imported models under the import's name."""
    given: dict[str, Any] = {}
    for each in found:
        name = name_of(each.element)
        scope = given.setdefault(each.through, {}) if each.through else given
        scope[name] = inputs[name]
    return given


def _value(session: Session, found: Found) -> Any:
    owner = session if found.through is None else session.imported(found.through)
    return owner.value(found.element)
