"""Rules about the form of decision tables (DMN 1.5 §8.2, §8.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from engine.dmn import model
from engine.dmn.places import Place
from engine.dmn.rules.boxes import at, boxes
from engine.dmn.rules.registry import Hit, Hits, Subject, rule
from engine.text import T

_POLICIES = frozenset(get_args(model.HitPolicy))
_AGGREGATIONS = frozenset(get_args(model.Aggregation))


def tables(subject: Subject) -> Iterator[tuple[model.DecisionTable, Place]]:
    """Yield every table of the model with its place."""
    return ((table, at(element, table)) for table, element in boxes(subject, model.DecisionTable))


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


@rule(
    "table.output-name",
    "DMN 1.5 §8.3.2",
    T("“{name}”的决策表有几个输出，其中有的没有名称或重名"),
    T("给每个输出一个自己的名称：结果是按名称组成的上下文"),
)
def _output_name(subject: Subject) -> Hits:
    for table, place in tables(subject):
        names = [output.name for output in table.outputs]
        if len(names) > 1 and (not all(names) or len(set(names)) < len(names)):
            yield Hit(place)


@rule(
    "table.priority-missing",
    "DMN 1.5 §8.2.8",
    T("“{name}”的命中策略按优先级，输出却没有列出允许的值"),
    T("在输出里按优先级从高到低列出值，或改用别的命中策略"),
)
def _priority_missing(subject: Subject) -> Hits:
    types = subject.model.spaces[0].types
    for table, place in tables(subject):
        listed = [output.values or types.allowed(output.type) for output in table.outputs]
        if table.hit_policy in ("PRIORITY", "OUTPUT ORDER") and not any(listed):
            yield Hit(place)
