"""Names, paths and filters (DMN 1.5 §10.3.2.5, 10.3.2.11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import nodes
from engine.feel.functions import function_named
from engine.feel.measuring import cost, uses
from engine.feel.numbers import NUMBERS, whole
from engine.feel.programs.registry import build, compiles
from engine.feel.properties import property_of
from engine.feel.run import Frame, Program
from engine.feel.values import SETTLED, describe, lift, lifted
from engine.text import T

ABSENT = object()


@compiles(nodes.Name)
def name(node: nodes.Name) -> Program:
    """A name is looked up in its scope, then outwards; functions come last."""
    key = node.name

    def load(frame: Frame) -> Any:
        value = frame.names.get(key, ABSENT)
        if value is ABSENT:
            value = found_outside(frame, key)
        if type(value) in SETTLED:
            return value
        if value is not ABSENT:
            return lift(value)
        function = function_named(frame.run, key)
        if function is None:
            frame.run.note("unknown_name", T("没有名为“{name}”的变量", name=key), node.position)
        return function

    return load


def found_outside(frame: Frame, key: str) -> Any:
    """Return what a name has in the scopes around a frame, ABSENT when it has nothing there."""
    scope, climbed = frame.parent, 0
    while scope is not None:
        value = scope.names.get(key, ABSENT)
        if value is not ABSENT:
            break
        scope = scope.parent
        climbed += 1
    else:
        value = ABSENT
    if climbed > 3:
        frame.run.spend(climbed >> 2)
    return value


@compiles(nodes.Input)
def unary_input(node: nodes.Input) -> Program:
    """The value a unary test is about lives under the name `?`."""
    return name(nodes.Name("?", position=node.position))


@compiles(nodes.Path)
def path(node: nodes.Path) -> Program:
    """A path takes an entry of a context, a property of a value, or that of each element of a list."""
    source, key = build(node.source), node.name

    def load(frame: Frame) -> Any:
        value = source(frame)
        if type(value) is dict:
            entry = value.get(key, ABSENT)
            if entry is not ABSENT:
                return entry if type(entry) in SETTLED else lift(entry)
        return _step(value, node, frame)

    return load


def _step(value: Any, node: nodes.Path, frame: Frame) -> Any:
    """Take one step of a path from any value; record where it leads nowhere."""
    key = node.name
    if type(value) is list:
        frame.run.items(len(value))
        return _step_of_each(value, node, frame)
    frame.run.spend(5)
    found = value.get(key, ABSENT) if type(value) is dict else property_of(value, key)
    if found is not ABSENT and found is not NotImplemented:
        return lift(found)
    text = T("{kind}没有“{name}”这一项", kind=describe(value), name=key)
    frame.run.note("no_entry", text, node.position)
    return None


def _step_of_each(elements: list[Any], node: nodes.Path, frame: Frame) -> list[Any]:
    key, found = node.name, []
    for element in elements:
        entry = element.get(key, ABSENT) if type(element) is dict else ABSENT
        found.append(entry if type(entry) in SETTLED else _step(lift(element), node, frame))
    return found


@compiles(nodes.Descendants)
def descendants(node: nodes.Descendants) -> Program:
    """All entries of a name within a value, outer ones first, in the order of entries; no nulls."""
    source, key = build(node.source), node.name

    def collect(frame: Frame) -> list[Any]:
        found: list[Any] = []
        pending: list[tuple[str | None, Any]] = [(None, source(frame))]
        while pending:
            name, value = pending.pop()
            if name == key and value is not None:
                found.append(value)
            inner = _parts(value)
            frame.run.spend(3 + len(inner))
            pending += reversed(inner)
        return found

    return collect


def _parts(value: Any) -> list[tuple[str | None, Any]]:
    """Return what a context or a list is made of, with the names of entries."""
    if type(value) is dict:
        return [(name, lift(entry)) for name, entry in value.items()]
    return [(None, element) for element in lifted(value)] if type(value) is list else []


_CONDITIONS = (
    nodes.Comparison,
    nodes.Conjunction,
    nodes.Disjunction,
    nodes.Between,
    nodes.In,
    nodes.InstanceOf,
    nodes.Quantified,
    nodes.BooleanLiteral,
)


@compiles(nodes.Filter)
def filtered(node: nodes.Filter) -> Program:
    """`list[number]` takes one element, `list[condition]` those for which it is true (rule 50).

    What a name within the brackets means is known only when the list is; so unless the text shows
    a condition, it is first tried as an index in the scope around the list.
    """
    source, condition, steps = build(node.source), build(node.condition), cost(node.condition)
    maybe_index = not isinstance(node.condition, _CONDITIONS)
    passing = _passing(condition, node.condition)

    def select(frame: Frame) -> Any:
        value = source(frame)
        if value is None:
            frame.run.note("null_operand", T("空值不能筛选"), node.position)
            return None
        elements = value if type(value) is list else [value]
        if maybe_index:
            index = _as_index(condition, frame)
            if index is not None:
                return _element(elements, index, frame, node.position)
        total = steps * len(elements)
        frame.run.spend(total)
        return frame.run.roomy(total, lambda: passing(elements, frame))

    return select


def _passing(condition: Program, node: nodes.Node) -> Callable[[list[Any], Frame], list[Any] | None]:
    """Return what selects the elements for which a condition is true; null when it is no condition."""
    scope_of = item_scope if uses(node, "item") else _entry_scope

    def passing(elements: list[Any], frame: Frame) -> list[Any] | None:
        found = []
        for item in lifted(elements):
            passes = condition(scope_of(item, frame))
            if passes is True:
                found.append(item)
            elif passes is not False and passes is not None:
                text = T("筛选条件应为真或假，而不是{kind}", kind=describe(passes))
                frame.run.note("type", text, node.position)
                return None
        return found

    return passing


def _as_index(condition: Program, frame: Frame) -> Any:
    run = frame.run
    run.quiet += 1
    value = condition(frame)
    run.quiet -= 1
    return value if type(value) in NUMBERS else None


def _element(elements: list[Any], index: Any, frame: Frame, position: int) -> Any:
    place = whole(index)
    if place is not None and 1 <= abs(place) <= len(elements):
        return lift(elements[place - 1 if place > 0 else place])
    frame.run.note("no_entry", T("列表没有第 {index} 项", index=index), position)
    return None


def item_scope(element: Any, frame: Frame) -> Frame:
    """Return the scope in which a filter looks at `element`: its entries, then `item`."""
    scope = Frame({"item": element}, frame, frame.run)
    return Frame(element, scope, frame.run) if type(element) is dict else scope


def _entry_scope(element: Any, frame: Frame) -> Frame:
    """Return the same scope for a condition that never says `item`."""
    return Frame(element, frame, frame.run) if type(element) is dict else frame
