"""Rules about elements and what they require (DMN 1.5 §6.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.dmn import model
from engine.dmn.linking import place_of
from engine.dmn.model import GraphElement
from engine.dmn.places import Place
from engine.dmn.rules.registry import Hit, Hits, Subject, rule
from engine.text import T


@rule(
    "graph.name-missing",
    "DMN 1.5 §6.3.1",
    T("{tag}“{id}”没有名称"),
    T("给它一个名称：别的决策用名称引用它"),
)
def _name_missing(subject: Subject) -> Hits:
    for element in subject.document.definitions.elements:
        if not element.name:
            yield Hit(place_of(element), {"tag": element.tag, "id": element.id})


@rule(
    "graph.name-twice",
    "DMN 1.5 §6.3.2",
    T("名称“{name}”出现了 {count} 次"),
    T("让模型里的每个元素有自己的名称"),
)
def _name_twice(subject: Subject) -> Hits:
    elements = [each for each in subject.document.definitions.elements if each.name]
    counts = Counter(each.name for each in elements)
    for element in elements:
        if counts[element.name] > 1:
            yield Hit(place_of(element), {"count": counts[element.name]})


@rule(
    "graph.reference-unknown",
    "DMN 1.5 §6.3.11",
    T("“{name}”引用的“{href}”不存在"),
    T("删除这条引用，或把缺少的文件一起给出"),
)
def _reference_unknown(subject: Subject) -> Hits:
    for element, href, line in _references(subject):
        if subject.model.find(href) is None:
            yield Hit(_at(element, line), {"href": href})


def _references(subject: Subject) -> Iterator[tuple[GraphElement, str, int]]:
    for element in subject.document.definitions.elements:
        for requirement in element.requirements:
            yield element, requirement.href, requirement.line
        if isinstance(element, model.DecisionService):
            for href in (
                *element.outputs,
                *element.encapsulated,
                *element.input_decisions,
                *element.input_data,
            ):
                yield element, href, element.line


def _at(element: GraphElement, line: int) -> Place:
    return Place(element.id, element.name, element.id, line, place_of(element).what, element.tag)


@rule(
    "graph.cycle",
    "DMN 1.5 §6.3.7",
    T("“{name}”经过“{through}”又需要它自己"),
    T("断开其中一条引用：决策不能需要自己的结果"),
)
def _cycle(subject: Subject) -> Hits:
    for element in subject.document.definitions.elements:
        if isinstance(element, model.Decision):
            path = _way_back(subject, element)
            if path:
                yield Hit(place_of(element), {"through": " → ".join(each.name for each in path)})


def _way_back(subject: Subject, start: model.Decision) -> list[GraphElement]:
    """Return the decisions on a way from `start` back to it; nothing when there is no such way."""
    came_from: dict[int, GraphElement] = {}
    waiting: list[GraphElement] = [start]
    while waiting:
        current = waiting.pop()
        for found in subject.model.required(current):
            if found.through:
                continue
            if found.element is start:
                return _traced(came_from, start, current)
            if id(found.element) not in came_from:
                came_from[id(found.element)] = current
                waiting.append(found.element)
    return []


def _traced(
    came_from: dict[int, GraphElement], start: GraphElement, last: GraphElement
) -> list[GraphElement]:
    path = [last]
    while path[-1] is not start and id(path[-1]) in came_from:
        path.append(came_from[id(path[-1])])
    return path[::-1][1:] or [start]


_FITTING: dict[str, tuple[type[GraphElement], ...]] = {
    "decision": (model.Decision,),
    "input": (model.InputData,),
    "knowledge": (model.KnowledgeModel, model.DecisionService),
    "authority": (model.KnowledgeSource, model.Decision, model.InputData),
}


@rule(
    "graph.reference-kind",
    "DMN 1.5 §6.3.11",
    T("“{name}”不能这样引用“{required}”：它是 {tag}"),
    T("决策和输入用信息需求，业务知识模型和决策服务用知识需求，知识源用授权需求"),
)
def _reference_kind(subject: Subject) -> Hits:
    for element in subject.document.definitions.elements:
        for requirement in element.requirements:
            found = subject.model.find(requirement.href)
            if found is not None and not isinstance(found.element, _FITTING[requirement.kind]):
                params = {"required": found.name, "tag": found.element.tag}
                yield Hit(_at(element, requirement.line), params)


@rule(
    "graph.variable-name",
    "DMN 1.5 §6.3.7",
    T("“{name}”的变量叫“{variable}”，两者应当同名"),
    T("把变量改成同样的名称：别的决策用变量的名称引用它"),
    severity="warning",
)
def _variable_name(subject: Subject) -> Hits:
    for element in subject.document.definitions.elements:
        if element.variable is not None and element.variable.name != element.name:
            yield Hit(_at(element, element.variable.line), {"variable": element.variable.name})


@rule(
    "graph.logic-missing",
    "DMN 1.5 §6.3.7",
    T("“{name}”没有决策逻辑，结果总是空值"),
    T("写上决策表或表达式；由别处给出结果的，改成输入数据"),
    severity="warning",
)
def _logic_missing(subject: Subject) -> Hits:
    for element in subject.document.definitions.elements:
        empty = isinstance(element, model.Decision) and element.expression is None
        if empty or (isinstance(element, model.KnowledgeModel) and element.logic is None):
            yield Hit(place_of(element))
