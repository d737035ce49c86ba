"""Rules about the types a model defines (DMN 1.5 §7.3.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from engine.dmn import model
from engine.dmn.linking import place_of
from engine.dmn.model import Element, ItemDefinition, TypeRef
from engine.dmn.namespaces import FEEL
from engine.dmn.places import Place
from engine.dmn.rules.registry import Hit, Hits, Subject, rule
from engine.dmn.type_table import native
from engine.feel.errors import FeelSyntaxError
from engine.feel.parser import parse_unary_tests
from engine.text import T


def item_place(item: ItemDefinition, part: Element | None = None) -> Place:
    """Return the place of a type, or of a part of it."""
    at = part or item
    return Place(item.id or item.name, item.name, at.id, at.line, T("本身"), item.tag)


def _items(subject: Subject) -> Iterator[tuple[ItemDefinition, ItemDefinition]]:
    """Yield every type and every component of one, with the type it belongs to."""
    for item in subject.document.definitions.types:
        waiting = [item]
        while waiting:
            part = waiting.pop()
            yield item, part
            waiting.extend(part.components)


def _references(value: Any) -> Iterator[tuple[TypeRef, Element]]:
    """Yield the types named below an element, each with the element that names it."""
    for spot in fields(value):
        found = getattr(value, spot.name)
        if isinstance(found, TypeRef):
            yield found, value
        for part in found if isinstance(found, tuple) else (found,):
            for each in part if isinstance(part, tuple) else (part,):
                if isinstance(each, Element):
                    yield from _references(each)


@rule(
    "type.unknown",
    "DMN 1.5 §7.3.2",
    T("“{name}”用到的类型“{type}”不存在"),
    T("改用 FEEL 的类型（number、string、boolean、date……），或定义这个类型"),
)
def _unknown(subject: Subject) -> Hits:
    types = subject.model.spaces[0].types
    for element in subject.document.definitions.elements:
        for ref, part in _references(element):
            if types.find(ref) is None:
                place = place_of(element)
                where = Place(place.element, place.name, part.id, part.line, place.what, place.tag)
                yield Hit(where, {"type": ref.name})
    for item, part in _items(subject):
        refs = [part.type, *(_of_function(part.function) if part.function else ())]
        for ref in refs:
            if types.find(ref) is None:
                yield Hit(item_place(item, part), {"type": "" if ref is None else ref.name})


def _of_function(signature: model.FunctionItem) -> list[TypeRef | None]:
    return [signature.result, *(parameter.type for parameter in signature.parameters)]


@rule(
    "type.name-twice",
    "DMN 1.5 §7.3.2",
    T("类型“{name}”定义了 {count} 次"),
    T("让每个类型有自己的名称"),
)
def _name_twice(subject: Subject) -> Hits:
    counts = Counter(item.name for item in subject.document.definitions.types)
    for item in subject.document.definitions.types:
        if counts[item.name] > 1:
            yield Hit(item_place(item), {"count": counts[item.name]})


@rule(
    "type.name-of-feel",
    "DMN 1.5 §10.3.1.3",
    T("类型“{name}”与 FEEL 自己的类型同名，永远不会用到"),
    T("给它另一个名称"),
)
def _name_of_feel(subject: Subject) -> Hits:
    for item in subject.document.definitions.types:
        if native(item.name) is not None:
            yield Hit(item_place(item))


@rule(
    "type.shape",
    "DMN 1.5 §7.3.2",
    T("类型“{name}”的“{part}”要么引用一个类型，要么有组成部分，要么是函数，不能同时有几种"),
    T("只留下其中一种写法"),
)
def _shape(subject: Subject) -> Hits:
    for item, part in _items(subject):
        ways = (part.type is not None, bool(part.components), part.function is not None)
        if sum(ways) > 1:
            yield Hit(item_place(item, part), {"part": part.name})


@rule(
    "type.circle",
    "DMN 1.5 §7.3.2",
    T("类型“{name}”只是它自己的另一个名称"),
    T("让它引用一个真正的类型"),
)
def _circle(subject: Subject) -> Hits:
    own = {item.name: item for item in subject.document.definitions.types}
    for item in own.values():
        seen = {item.name}
        ref = _alias(item)
        while ref is not None and ref in own and ref not in seen:
            seen.add(ref)
            ref = _alias(own[ref])
        if ref == item.name:
            yield Hit(item_place(item))


def _alias(item: ItemDefinition) -> str | None:
    """Return the type a type is another name of; a list of its own kind may well be empty."""
    return None if item.type is None or item.is_collection else item.type.name


@rule(
    "type.language",
    "DMN 1.5 §7.3.2",
    T("类型“{name}”是用“{language}”写的，不是 FEEL"),
    T("用 FEEL 的类型定义它，并删除 typeLanguage"),
)
def _language(subject: Subject) -> Hits:
    for item, part in _items(subject):
        if part.language and part.language not in FEEL:
            yield Hit(item_place(item, part), {"language": part.language})


@rule(
    "type.values",
    "DMN 1.5 §7.3.2",
    T("类型“{name}”允许的值写得不对：{problem}"),
    T('写成单元测试，例如 "甲", "乙" 或 [0..100]'),
)
def _values(subject: Subject) -> Hits:
    members = subject.model.spaces[0].types.members
    for item, part in _items(subject):
        for tests in filter(None, (part.allowed, part.constraint)):
            try:
                parse_unary_tests(tests.text, members=members)
            except FeelSyntaxError as error:
                spot = (error.line, error.column)
                yield Hit(item_place(item, tests), {"problem": error.text}, spot=spot)
