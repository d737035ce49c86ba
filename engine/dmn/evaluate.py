"""Deciding: a model, the name of what is asked for, and what is given (DMN 1.5 §10.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from engine.dmn import model
from engine.dmn.linking import Model
from engine.dmn.run import LIMITS, NOWHERE, Evaluating, Problem, TableRun
from engine.dmn.session import Service, Session
from engine.errors import NotFound
from engine.feel.json import to_json
from engine.feel.limits import LimitExceeded, Limits
from engine.feel.values import Function, Undefined
from engine.feel.weighing import weigh
from engine.text import T


class Decided(NamedTuple):
    """A value, the reasons why it or a part of it is null, and what every table did that took part."""

    value: Any
    problems: list[Problem]
    tables: list[TableRun]

    def as_json(self) -> dict[str, Any]:
        """Return the whole as plain values, sentences in Chinese."""
        return {
            "value": to_json(self.value),
            "tables": [table.as_json() for table in self.tables],
            "problems": [problem.as_json() for problem in self.problems],
        }


def evaluate(
    of: Model,
    name: str,
    context: Mapping[str, Any],
    functions: Mapping[str, Callable[..., Any]] | None = None,
    limits: Limits = LIMITS,
) -> Decided:
    """Return what the decision, service or knowledge model called `name` answers.

    `context` has the inputs by name, those of imported models under the import's name; a decision that
    has a value there is not decided. Raises NotFound when the model has nothing of that name or id;
    whatever else is wrong gives null and a problem.
    """
    element = of.named(name)
    if element is None:
        raise NotFound(T("模型里没有名为“{name}”的决策", name=name), decision=name)
    run = Evaluating(functions, limits)
    try:
        value = _answer(Session(of, context, run), element, context, run)
        if isinstance(value, list | dict):
            weigh(value, run)
    except LimitExceeded as exceeded:
        return _stopped(run, exceeded.text)
    except RecursionError:
        return _stopped(run, T("模型嵌套过深"))
    return Decided(value, run.found, run.tables)


def _answer(
    session: Session, element: model.GraphElement, context: Mapping[str, Any], run: Evaluating
) -> Any:
    value = session.value(element)
    if isinstance(element, model.Decision) or not isinstance(value, Function):
        return value
    try:
        if isinstance(value, Service):
            return value.decided(context)
        return value.call_named(run, {name: context.get(name) for name in value.parameters})
    except Undefined as reason:
        run.note(reason.code, reason.text, 0)
        return None


def _stopped(run: Evaluating, text: T) -> Decided:
    return Decided(None, [Problem("limit", text, NOWHERE), *run.found], run.tables)
