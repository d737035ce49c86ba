"""What the rest of the engine calls: parse, evaluate, test, and ask which names an expression needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.feel.free import Needs, needs_of
from engine.feel.limits import DEFAULT, LimitExceeded, Limits
from engine.feel.measuring import cost
from engine.feel.names import odd_names
from engine.feel.nodes import Node, UnaryTests
from engine.feel.parser import parse_expression
from engine.feel.parser import parse_unary_tests as parse_tests
from engine.feel.programs import build
from engine.feel.remembering import remembered
from engine.feel.room import with_room
from engine.feel.run import Frame, Functions, Problem, Program, Run
from engine.feel.values import lift
from engine.feel.weighing import weigh
from engine.text import T


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """Parsed text: its tree, and the program the tree was compiled to."""

    text: str
    node: Node
    program: Program
    needs: Needs
    cost: int

    def __str__(self) -> str:
        return self.text


class Evaluation(NamedTuple):
    """A result, and the reasons why it or a part of it is null."""

    value: Any
    problems: list[Problem]


def parse(text: str, names: Iterable[str] = (), limits: Limits = DEFAULT) -> Expression:
    """Return the expression `text` writes, with or without the `=` that BPMN editors put first.

    `names` are those in scope; only names with operators or keywords in them need to be told.
    Raises FeelSyntaxError. The same text gives the same object again.
    """
    return _expression(text, odd_names(names), limits)


def parse_unary_tests(text: str, names: Iterable[str] = (), limits: Limits = DEFAULT) -> Expression:
    """Return the unary tests `text` writes, as in an input entry of a decision table."""
    return _tests(text, odd_names(names), limits)


@remembered
def _expression(text: str, odd: tuple[str, ...], limits: Limits) -> Expression:
    return _compiled(text, lambda: parse_expression(_without_marker(text), odd, limits))


@remembered
def _tests(text: str, odd: tuple[str, ...], limits: Limits) -> Expression:
    return _compiled(text, lambda: parse_tests(text, odd, limits))


def _without_marker(text: str) -> str:
    """Put a space where the `=` was, so that positions stay those of the text."""
    start = len(text) - len(text.lstrip())
    return " " * (start + 1) + text[start + 1 :] if text[start : start + 1] == "=" else text


def _compiled(text: str, read: Callable[[], Node]) -> Expression:
    """Read and compile a text, a long one with room for it."""

    def made() -> Expression:
        node = read()
        return Expression(text, node, build(node), needs_of(node), cost(node))

    return made() if len(text) < _LONG else with_room(made)


_LONG = 300
_LARGE = 1_000


def evaluate(
    expression: str | Expression,
    context: Mapping[str, Any],
    functions: Functions | None = None,
    limits: Limits = DEFAULT,
) -> Evaluation:
    """Return the value of an expression in `context`, whose values are JSON as stored.

    `functions` are the host's, called by position or by name. Raises FeelSyntaxError for text that
    does not parse, and whatever the host's functions raise.
    """
    if isinstance(expression, str):
        expression = parse(expression, context)
    run = Run(functions, limits)
    return _finished(expression, Frame(context, None, run), run)


def unary_tests(
    tests: str | Expression,
    value: Any,
    context: Mapping[str, Any],
    functions: Functions | None = None,
    limits: Limits = DEFAULT,
) -> Evaluation:
    """Return whether `value` passes the tests: true, false, or null with the reasons."""
    if isinstance(tests, str):
        tests = parse_unary_tests(tests, context)
    if not isinstance(tests.node, UnaryTests):
        raise TypeError("an expression was given where unary tests are needed")
    run = Run(functions, limits)
    scope = Frame({"?": lift(value)}, Frame(context, None, run), run)
    return _finished(tests, scope, run)


def _finished(expression: Expression, frame: Frame, run: Run) -> Evaluation:
    program = expression.program
    try:
        value = program(frame) if expression.cost < _LARGE else with_room(lambda: program(frame))
        if type(value) in _CONTAINERS:
            run.roomy(run.limits.steps - run.steps, lambda: weigh(value, run))
    except LimitExceeded as exceeded:
        return _stopped(run, exceeded.text)
    except RecursionError:
        return _stopped(run, T("表达式嵌套过深"))
    return Evaluation(value, run.problems)


_CONTAINERS = frozenset({list, dict})


def _stopped(run: Run, text: T) -> Evaluation:
    return Evaluation(None, [Problem("limit", text, 0), *run.problems])


def names_in(expression: str | Expression) -> frozenset[str]:
    """Return the names an expression may take from its context, also those within filters."""
    return _parsed(expression).needs.names


def required_names_in(expression: str | Expression) -> frozenset[str]:
    """Return the names the context must have; a name within a filter may be an element's own instead."""
    return _parsed(expression).needs.required


def functions_in(expression: str | Expression) -> frozenset[str]:
    """Return the names of called functions that are neither the standard's nor defined in the expression."""
    return _parsed(expression).needs.functions


def _parsed(expression: str | Expression) -> Expression:
    return parse(expression) if isinstance(expression, str) else expression
