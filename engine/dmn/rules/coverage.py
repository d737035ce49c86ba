"""Rules about what the rules of a table let through together (DMN 1.5 §8.2.8, §8.2.11)."""

from __future__ import annotations

from itertools import islice
from typing import Any

from engine.dmn.corners import described
from engine.dmn.nodes import Placed, Typed
from engine.dmn.regions import NoRegion, constant
from engine.dmn.rules.registry import Hit, Hits, Subject, rule
from engine.feel.comparing import equal
from engine.feel.nodes import Node
from engine.text import T

_OVERLAPS, _GAPS = 20, 5
_ONE_ANSWER = frozenset({"UNIQUE", "ANY", "PRIORITY", "FIRST"})


@rule(
    "table.overlap",
    "DMN 1.5 §8.2.8",
    T("“{name}”的规则 {first} 与规则 {second} 重叠：{where}"),
    T("命中策略“唯一”不许两条规则同时符合：改正条件，或改用 FIRST、PRIORITY、COLLECT"),
)
def _overlap(subject: Subject) -> Hits:
    for table, grid in subject.grids:
        if table.policy != "UNIQUE":
            continue
        for first, second, corner in islice(grid.overlaps(), _OVERLAPS):
            where = described(grid, table, corner)
            yield Hit(table.rules[second].place, {"first": first + 1, "second": second + 1, "where": where})


@rule(
    "table.any-differs",
    "DMN 1.5 §8.2.8",
    T("“{name}”的规则 {first} 与规则 {second} 重叠而结果不同：{where}"),
    T("命中策略 ANY 要求同时符合的规则结果相同：改正结果或条件"),
)
def _any_differs(subject: Subject) -> Hits:
    for table, grid in subject.grids:
        if table.policy != "ANY":
            continue
        differing = (
            (first, second, corner)
            for first, second, corner in grid.overlaps()
            if _differ(table.rules[first].results, table.rules[second].results)
        )
        for first, second, corner in islice(differing, _OVERLAPS):
            where = described(grid, table, corner)
            yield Hit(table.rules[second].place, {"first": first + 1, "second": second + 1, "where": where})


def _differ(one: tuple[Node, ...], other: tuple[Node, ...]) -> bool:
    """Say whether two rules are known to answer differently."""
    pairs = zip(map(_value, one), map(_value, other), strict=False)
    return any(_UNKNOWN not in (a, b) and equal(a, b) is not True for a, b in pairs)


_UNKNOWN: Any = object()


def _value(node: Node) -> Any:
    while isinstance(node, Placed | Typed):
        node = node.node
    try:
        return constant(node)
    except NoRegion:
        return _UNKNOWN


@rule(
    "table.gap",
    "DMN 1.5 §8.2.11",
    T("“{name}”的决策表没有覆盖：{where}"),
    T("补一条规则，或给输出写默认值；确实没有答案时结果是空值"),
    severity="warning",
)
def _gap(subject: Subject) -> Hits:
    for table, grid in subject.grids:
        if table.policy in _ONE_ANSWER and not any(output.default for output in table.outputs):
            for corner in grid.gaps(_GAPS):
                yield Hit(table.place, {"where": described(grid, table, corner)})


@rule(
    "table.rule-unreachable",
    "DMN 1.5 §8.2.8",
    T("“{name}”的规则 {number} 永远轮不到：前面的规则已经覆盖它"),
    T("删除这条规则，或把它移到前面"),
    severity="warning",
)
def _unreachable(subject: Subject) -> Hits:
    for table, grid in subject.grids:
        if table.policy == "FIRST":
            for number, each in enumerate(table.rules):
                if not grid.never_matches(number) and grid.is_covered(number):
                    yield Hit(each.place, {"number": number + 1})


@rule(
    "table.rule-never",
    "DMN 1.5 §8.3.2",
    T("“{name}”的规则 {number} 永远不会符合：没有一个允许的值能通过它的条件"),
    T("改正条件，或在输入允许的值里加上它"),
    severity="warning",
)
def _never(subject: Subject) -> Hits:
    for table, grid in subject.grids:
        for number, each in enumerate(table.rules):
            if grid.never_matches(number):
                yield Hit(each.place, {"number": number + 1})
