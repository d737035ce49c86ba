"""Literals, lists, contexts, ranges and functions as values (DMN 1.5 §10.3.2.3, 10.3.2.6-8)."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.feel import nodes
from engine.feel.closures import Closure, External
from engine.feel.comparing import compare
from engine.feel.inference import infer
from engine.feel.lexical import parse_temporal
from engine.feel.measuring import cost
from engine.feel.programs.registry import build, compiles
from engine.feel.resolving import resolved
from engine.feel.run import Frame, Program
from engine.feel.types import FeelType
from engine.feel.values import ORDERED, Range, describe, kind_of
from engine.text import T


def _constant(value: Any) -> Program:
    return lambda frame: value


@compiles(nodes.NumberLiteral)
def number(node: nodes.NumberLiteral) -> Program:
    """A number is itself."""
    return _constant(node.value)


@compiles(nodes.StringLiteral)
def string(node: nodes.StringLiteral) -> Program:
    """A string is itself."""
    return _constant(node.value)


@compiles(nodes.BooleanLiteral)
def boolean(node: nodes.BooleanLiteral) -> Program:
    """A boolean is itself."""
    return _constant(node.value)


@compiles(nodes.NullLiteral)
def null(node: nodes.NullLiteral) -> Program:
    """Null is itself."""
    return _constant(None)


@compiles(nodes.AtLiteral)
def temporal(node: nodes.AtLiteral) -> Program:
    """A temporal literal is read once; text that means nothing gives null each time."""
    value = parse_temporal(node.text)
    if value is not None:
        return _constant(value)
    text = T("“{text}”不是日期、时间或时长", text=node.text[:60])
    return lambda frame: frame.run.note("value", text, node.position)


@compiles(nodes.ListLiteral)
def list_of(node: nodes.ListLiteral) -> Program:
    """A list holds the values of its expressions."""
    programs = [build(item) for item in node.items]
    return lambda frame: [program(frame) for program in programs]


@compiles(nodes.ContextLiteral)
def context(node: nodes.ContextLiteral) -> Program:
    """An entry is evaluated in the scope of the entries before it (§10.3.2.6)."""
    entries = [(key, build(value)) for key, value in node.entries]

    def make(frame: Frame) -> dict[str, Any]:
        made: dict[str, Any] = {}
        scope = Frame(made, frame, frame.run)
        for key, program in entries:
            made[key] = program(scope)
        return made

    return make


@compiles(nodes.RangeLiteral)
def interval(node: nodes.RangeLiteral) -> Program:
    """A range has two ends of one ordered kind, the first not after the second (§10.3.2.7)."""
    low, high = build(node.start), build(node.end)

    def make(frame: Frame) -> Range | None:
        start, end = low(frame), high(frame)
        if not _can_span(start, end):
            text = T("{start}与{end}不能构成区间", start=describe(start), end=describe(end))
            frame.run.note("value", text, node.position)
            return None
        start_included = node.start_included and start is not None
        return Range(start, end, start_included, node.end_included and end is not None)

    return make


def _can_span(start: Any, end: Any) -> bool:
    if start is None or end is None:
        return kind_of(start) in ORDERED or kind_of(end) in ORDERED
    order = compare(start, end)
    return order is not None and order <= 0


@compiles(nodes.FunctionLiteral)
def function(node: nodes.FunctionLiteral) -> Program:
    """A function remembers the scope it was written in; external ones are never run."""
    names = tuple(name for name, _ in node.parameters)
    if node.external:
        return lambda frame: External("external", names)
    types = tuple(None if kind is None else resolved(kind) for _, kind in node.parameters)
    known = {name: kind for name, kind in zip(names, types, strict=True) if kind is not None}
    body, steps = build(node.body), cost(node.body)

    @cache
    def answers() -> FeelType | None:
        return infer(node.body, known).kind

    return lambda frame: Closure(names, types, body, steps, frame, answers)
