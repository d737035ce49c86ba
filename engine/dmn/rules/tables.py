"""Rules about the form of decision tables (DMN 1.5 §8.2, §8.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_args

from engine.dmn import model
from engine.dmn.linking import place_of
from engine.dmn.places import Place
from engine.dmn.rules.registry import Hit, Hits, Subject, rule
from engine.text import T

_POLICIES = frozenset(get_args(model.HitPolicy))
_AGGREGATIONS = frozenset(get_args(model.Aggregation))


def tables(subject: Subject) -> Iterator[tuple[model.DecisionTable, Place]]:
    """Yield every table of the model with its place."""
    for element in subject.document.definitions.elements:
        for table in _tables_in(element):
            place = place_of(element)
            yield table, Place(place.element, place.name, table.id, table.line, place.what, place.tag)


def _tables_in(value: Any) -> Iterator[model.DecisionTable]:
    if isinstance(value, model.DecisionTable):
        yield value
    if isinstance(value, tuple):
        for part in value:
            yield from _tables_in(part)
    elif isinstance(value, model.Element):
        for spot in fields(value):
            yield from _tables_in(getattr(value, spot.name))


@rule(
    "table.entries",
    "DMN 1.5 §8.3.2",
    T("“{name}”的规则 {number} 有 {found} 项，表有 {expected} 列（输入＋输出）"),
    T("补上缺少的项（不限定就写 -），删除多余的项"),
)
def _entries(subject: Subject) -> Hits:
    for table, place in tables(subject):
        shape = (len(table.inputs), len(table.outputs))
        for number, each in enumerate(table.rules, 1):
            found = (len(each.inputs), len(each.outputs))
            if found != shape:
                where = Place(place.element, place.name, each.id, each.line, place.what, place.tag)
                yield Hit(where, {"number": number, "found": _sum(found), "expected": _sum(shape)})


def _sum(shape: tuple[int, int]) -> str:
    return f"{shape[0]}+{shape[1]}"


@rule(
    "table.output-missing",
    "DMN 1.5 §8.3.1",
    T("“{name}”的决策表没有输出"),
    T("至少要有一个输出列"),
)
def _output_missing(subject: Subject) -> Hits:
    return (Hit(place) for table, place in tables(subject) if not table.outputs)


@rule(
    "table.hit-policy",
    "DMN 1.5 §8.2.8",
    T("“{name}”的命中策略“{policy}”不存在"),
    T("可用的有 UNIQUE、ANY、PRIORITY、FIRST、RULE ORDER、OUTPUT ORDER、COLLECT"),
)
def _hit_policy(subject: Subject) -> Hits:
    for table, place in tables(subject):
        if table.hit_policy not in _POLICIES:
            yield Hit(place, {"policy": table.hit_policy})


@rule(
    "table.aggregation",
    "DMN 1.5 §8.2.8",
    T("“{name}”的汇总方式“{aggregation}”不能这样用"),
    T("只有命中策略 COLLECT 可以汇总，方式是 SUM、MIN、MAX、COUNT，并且只有一个输出"),
)
def _aggregation(subject: Subject) -> Hits:
    for table, place in tables(subject):
        wrong = table.hit_policy != "COLLECT" or len(table.outputs) > 1
        if table.aggregation and (wrong or table.aggregation not in _AGGREGATIONS):
            yield Hit(place, {"aggregation": table.aggregation})
