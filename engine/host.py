"""What the token layer asks of a step: FEEL values, timers, services and script lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache, partial
from inspect import Signature, signature
from typing import TYPE_CHECKING, Any, Literal

from engine import clock, condition_starts, correlation, decisions, feel, stores, timers
from engine.errors import BpmnError, ElementFailed, WuxingError
from engine.feel.assign import parse_script
from engine.spiff.port import PENDING, CorrelationKey, Element
from engine.text import T

if TYPE_CHECKING:
    from engine.step import Step

Json = Any
THROW = "throw error"
"""The name under which a script task calls `throw_error`."""


class StepHost:
    """Answers the token layer within one step and remembers what the gates asked and heard."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._decisions: list[dict[str, Json]] = []
        self._asked: list[dict[str, Json]] = []

    def drain_decisions(self) -> list[dict[str, Json]]:
        """Return the decisions since the last call, with the facts they read (D17)."""
        drained, self._decisions = self._decisions, []
        return drained

    def evaluate(self, expression: str, names: Mapping[str, Json], *, element: Element) -> Json:
        """Return the value of a FEEL expression as JSON; raises `ElementFailed`."""
        return _storable(self._value(expression, names, element), element)

    def condition(self, expression: str, names: Mapping[str, Json], *, element: Element, flow: str) -> bool:
        """Return whether a condition holds; neither true nor false is a failure (D17)."""
        self._asked = []
        value = self._value(expression, names, element)
        known = {n: names[n] for n in sorted(feel.names_in(feel.parse(expression, names))) if n in names}
        own = element.process_id in ("", self._step.instance.process_id)
        self._decisions.append(
            {
                "element": element.id,
                **({} if own else {"process": element.process_id}),
                "flow": flow,
                "condition": expression,
                "inputs": known,
                "queries": self._asked,
                "answer": feel.to_json(value),
            }
        )
        if not isinstance(value, bool):
            text = T("条件“{text}”既不为真也不为假", text=expression)
            raise ElementFailed("undecided", text, element=element.id, flow=flow, inputs=known)
        return value

    def timer(self, kind: str, text: str, names: Mapping[str, Json], *, element: Element) -> dict[str, Json]:
        """Return when a timer is due that begins now, from ISO-8601 text or a FEEL value."""
        return self.timer_since(self._step.now, kind, text, names, element=element)

    def timer_since(
        self, began: datetime, kind: str, text: str, names: Mapping[str, Json], *, element: Element
    ) -> dict[str, Json]:
        """Return when a timer is due that began at a moment; raises `ElementFailed`."""
        value: Any = text.strip()
        if not timers.is_iso(kind, value):
            value = self._value(text, names, element)
        calendar = self._step.engine.calendar if element.attributes.get("calendar") == "working" else None
        try:
            return timers.timer_due(kind, value, began, calendar).as_json()
        except WuxingError as error:
            raise ElementFailed("timer", error.text, element=element.id) from error

    def reads(self, text: str, *, script: bool = False) -> frozenset[str]:
        """Return the names a text takes from outside; a line of a script may read what lines above set."""
        try:
            if not script:
                return feel.names_in(text)
            found: set[str] = set()
            known: set[str] = set()
            for assignment in parse_script(text):
                found |= feel.names_in(assignment.expression) - known
                known.add(assignment.name)
        except WuxingError:
            # What does not parse is evaluated before it is asked about, and fails there.
            return frozenset()
        return frozenset(found)

    def next_cycle(self, detail: dict[str, Json]) -> dict[str, Json] | None:
        """Return the next firing of a cycle after now, or None."""
        following = timers.next_cycle(
            timers.TimerDetail.from_json(detail), clock.now(), self._step.engine.calendar
        )
        return following.as_json() if following is not None else None

    def stored(self, store: str) -> Json:
        """Return what a data store holds at this moment of the transaction."""
        return stores.value(self._step.uow, store)

    def store(self, store: str, value: Json, *, element: Element, token: int) -> None:
        """Write to a data store on the step's transaction, and tell the history."""
        step = self._step
        before = stores.value(step.uow, store)
        stores.write(step.uow, store, value, step.now)
        condition_starts.note(step.uow, store, before, value)
        step.record("store.written", {"token": token, "store": store, "value": value}, element=element)

    def service(
        self, element: Element, names: Mapping[str, Json], *, token: int, scope: int
    ) -> Mapping[str, Json] | Literal[PENDING]:  # type: ignore[valid-type]
        """Run a local service on the step's own transaction (D16); external ones become jobs."""
        name = element.attributes.get("service", "")
        if element.attributes.get("execution") == "external":
            return PENDING
        if not name:
            # A service task without operation or service has nothing to invoke; the gate warned of it.
            return {}
        call = self._step.engine.handlers.services.get(name)
        if call is None:
            raise ElementFailed("service", T("没有名为“{name}”的服务", name=name), element=element.id)
        try:
            with self._step.part():
                context = self._step.context(element=element, token=token)
                context.variables = names
                return call(context) or {}
        except (BpmnError, ElementFailed):
            raise
        except WuxingError as error:
            raise ElementFailed("service", error.text, element=element.id, **_plain(error.ids)) from error

    def decide(self, element: Element, names: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return a decision's value under the name the task gives it; the step keeps how it came about.

        A task without a decision decides nothing. Raises `ElementFailed` for a null with a reason.
        """
        decision = element.attributes.get("decision", "")
        if not decision:
            return {}
        step = self._step
        found = decisions.executable(step.engine, step.uow, step.definition.decisions[decision])
        try:
            value, told = decisions.decide(found, decision, names)
        except ElementFailed as error:
            raise ElementFailed(error.reason, error.text, **{**error.ids, "element": element.id}) from error
        own = element.process_id in ("", step.instance.process_id)
        place = {} if own else {"process": element.process_id}
        self._decisions.append({"element": element.id, **place, **told})
        return {element.attributes.get("result") or found.result_of(decision): _storable(value, element)}

    def retrieve(self, key: CorrelationKey, payload: Mapping[str, Json]) -> dict[str, Json] | None:
        """Return the properties of a correlation key that a payload carries, or None."""
        return correlation.retrieve(key, payload)

    def assign(self, text: str, names: Mapping[str, Json], *, element: Element) -> Mapping[str, Json]:
        """Return the values of a script task's lines; later lines see earlier ones.

        A line may call `throw error("code")`, which raises `BpmnError`; then nothing is assigned.
        """
        results: dict[str, Json] = {}
        try:
            assignments = parse_script(text)
        except WuxingError as error:
            raise ElementFailed("script", error.text, element=element.id) from error
        for assignment in assignments:
            known = {**names, **results}
            value = self._value(assignment.expression, known, element, **{THROW: throw_error})
            if assignment.name:
                results[assignment.name] = _storable(value, element)
        return results

    # ------------------------------------------------------------ inside

    def _value(
        self, expression: Any, names: Mapping[str, Json], element: Element, **more: Callable[..., Any]
    ) -> Any:
        try:
            found = feel.evaluate(expression, names, {**self._functions(element, names), **more})
        except (ElementFailed, BpmnError):
            raise
        except WuxingError as error:
            raise ElementFailed("expression", error.text, element=element.id) from error
        if found.value is None and found.problems:
            problem = found.problems[0].text
            raise ElementFailed("expression", problem, element=element.id, expression=str(expression))
        return found.value

    def _functions(self, element: Element, names: Mapping[str, Json]) -> dict[str, Callable[..., Any]]:
        handlers = self._step.engine.handlers
        context = _Lazy(lambda: self._context(element, names))
        functions: dict[str, Callable[..., Any]] = {
            name: partial(_call, context, name, call) for name, call in handlers.functions.items()
        }
        for name, call in handlers.queries.items():
            functions[name] = partial(self._ask, context, name, call)
        return functions

    def _context(self, element: Element, names: Mapping[str, Json]) -> Any:
        context = self._step.context(element=element)
        context.variables = names
        return context

    def _ask(self, context: _Lazy, name: str, call: Callable[..., Any], *args: Any) -> Any:
        answer = _call(context, name, call, *args)
        asked = {"query": name, "args": feel.to_json(list(args)), "answer": feel.to_json(answer)}
        self._asked.append(asked)
        return answer


def _storable(value: Any, element: Element) -> Json:
    """Return a value as JSON; a function is none: its name stood for a variable that has no value."""
    if _has_function(value):
        text = T("结果是函数而不是值：同名的变量没有值")
        raise ElementFailed("expression", text, element=element.id)
    return feel.to_json(value)


def _has_function(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_has_function, value))
    if isinstance(value, dict):
        return any(map(_has_function, value.values()))
    return isinstance(value, feel.Function)


def throw_error(code: Any, text: Any = "") -> None:
    """Raise the BPMN error of a script task; raises `ElementFailed` for a code that is no text."""
    if not isinstance(code, str) or not code:
        raise ElementFailed("error_code", T("throw error 的错误代码应是文字"))
    raise BpmnError(code, str(text or code))


class _Lazy:
    """A context made only when a function of the content is really called."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = None

    def get(self) -> Any:
        if self._made is None:
            self._made = self._make()
        return self._made


@lru_cache(maxsize=512)
def _signature(call: Callable[..., Any]) -> Signature:
    return signature(call)


def _call(context: _Lazy, name: str, call: Callable[..., Any], *args: Any) -> Any:
    """Call a function of the content; arguments that do not fit are the diagram's fault, not ours."""
    try:
        _signature(call).bind(None, *args)
    except TypeError as error:
        text = T("函数“{name}”的参数个数不对：给了 {n} 个", name=name, n=len(args))
        raise ElementFailed("expression", text, function=name) from error
    return call(context.get(), *args)


def _plain(ids: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in ids.items() if isinstance(v, str | int | float | bool | type(None))}
