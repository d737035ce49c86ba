"""Rules about the parts of boxed expressions (DMN 1.5 §7.3.6, §10.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, TypeVar

from engine.dmn import model
from engine.dmn.linking import place_of
from engine.dmn.model import Element, GraphElement
from engine.dmn.places import Place
from engine.dmn.rules.registry import Hit, Hits, Subject, rule
from engine.text import T

E = TypeVar("E", bound=Element)


def boxes(subject: Subject, kind: type[E]) -> Iterator[tuple[E, GraphElement]]:
    """Yield every part of one kind in the logic of the file, with the element it belongs to."""
    for element in subject.document.definitions.elements:
        for found in _within(element, kind):
            yield found, element


def _within(value: Any, kind: type[E]) -> Iterator[E]:
    if isinstance(value, kind):
        yield value
    if isinstance(value, tuple):
        for part in value:
            yield from _within(part, kind)
    elif isinstance(value, Element):
        for spot in fields(value):
            yield from _within(getattr(value, spot.name), kind)


def at(element: GraphElement, part: Element) -> Place:
    """Return the place of a part of an element."""
    place = place_of(element)
    return Place(place.element, place.name, part.id, part.line, place.what, place.tag)


def _twice(names: Iterator[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


@rule(
    "context.entry-twice",
    "DMN 1.5 §10.5.1",
    T("“{name}”的上下文里“{entry}”出现了两次"),
    T("让每个条目有自己的名称；没有名称的结果只能有一个"),
)
def _entry_twice(subject: Subject) -> Hits:
    for box, element in boxes(subject, model.Context):
        names = (entry.variable.name if entry.variable else "" for entry in box.entries)
        for entry in _twice(names):
            yield Hit(at(element, box), {"entry": entry})


@rule(
    "context.result-last",
    "DMN 1.5 §10.5.1",
    T("“{name}”的上下文里，结果后面还有条目"),
    T("把没有名称的结果放到最后"),
)
def _result_last(subject: Subject) -> Hits:
    for box, element in boxes(subject, model.Context):
        if any(entry.variable is None for entry in box.entries[:-1]):
            yield Hit(at(element, box))


@rule(
    "relation.row",
    "DMN 1.5 §10.5.3",
    T("“{name}”的关系第 {number} 行有 {found} 格，应有 {expected} 格"),
    T("让每一行的格数与列数相同"),
)
def _row(subject: Subject) -> Hits:
    for box, element in boxes(subject, model.Relation):
        for number, row in enumerate(box.rows, 1):
            if len(row) != len(box.columns):
                params = {"number": number, "found": len(row), "expected": len(box.columns)}
                yield Hit(at(element, box), params)


@rule(
    "relation.column-twice",
    "DMN 1.5 §10.5.3",
    T("“{name}”的关系里，列“{column}”出现了两次"),
    T("让每一列有自己的名称"),
)
def _column_twice(subject: Subject) -> Hits:
    for box, element in boxes(subject, model.Relation):
        for column in _twice(each.name for each in box.columns):
            yield Hit(at(element, box), {"column": column})


@rule(
    "function.parameter-twice",
    "DMN 1.5 §10.5.2",
    T("“{name}”的函数里，参数“{parameter}”出现了两次"),
    T("让每个参数有自己的名称"),
)
def _parameter_twice(subject: Subject) -> Hits:
    for box, element in boxes(subject, model.FunctionDefinition):
        for parameter in _twice(each.name for each in box.parameters):
            yield Hit(at(element, box), {"parameter": parameter})


@rule(
    "function.external",
    "DMN 1.5 §10.5.2",
    T("“{name}”的函数是 {kind}，这里不执行"),
    T("用 FEEL 改写这个函数，kind 写 FEEL"),
)
def _external(subject: Subject) -> Hits:
    for box, element in boxes(subject, model.FunctionDefinition):
        if box.kind != "FEEL":
            yield Hit(at(element, box), {"kind": box.kind})


@rule(
    "invocation.binding",
    "DMN 1.5 §7.3.6",
    T("“{name}”调用“{function}”时，{problem}"),
    T("让参数的名称与函数的参数一一对应"),
)
def _binding(subject: Subject) -> Hits:
    for box, element in boxes(subject, model.Invocation):
        called = _called(subject, element, box)
        if called is None:
            continue
        given = [binding.parameter.name for binding in box.bindings]
        for problem in _misfits(given, [parameter.name for parameter in called.parameters]):
            function = box.function.text.strip() if isinstance(box.function, model.LiteralExpression) else ""
            yield Hit(at(element, box), {"function": function, "problem": problem})


def _called(
    subject: Subject, element: GraphElement, box: model.Invocation
) -> model.FunctionDefinition | None:
    """Return the function of the knowledge model an invocation calls, None when it calls something else."""
    name = box.function.text.strip() if isinstance(box.function, model.LiteralExpression) else ""
    for found in subject.model.required(element):
        if found.name == name and isinstance(found.element, model.KnowledgeModel):
            return found.element.logic
    return None


def _misfits(given: list[str], expected: list[str]) -> Iterator[T]:
    for name in given:
        if name not in expected:
            yield T("多了参数“{parameter}”", parameter=name)
        elif given.count(name) > 1:
            yield T("参数“{parameter}”给了两次", parameter=name)
    for name in expected:
        if name not in given:
            yield T("缺少参数“{parameter}”", parameter=name)


@rule(
    "iterator.variable-missing",
    "DMN 1.5 §10.5.7",
    T("“{name}”的循环没有给每一项起名"),
    T("写上 iteratorVariable"),
)
def _variable_missing(subject: Subject) -> Hits:
    for box, element in boxes(subject, model.Iterator):
        if not box.variable:
            yield Hit(at(element, box))
