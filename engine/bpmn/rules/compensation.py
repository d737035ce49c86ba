"""Compensation and transactions: what undoes which activity, and who asks for it (BPMN 2.0.2 §10.7)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from engine.bpmn.findings import Known
from engine.bpmn.model import Model, Node, Scope, reference, true
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_SOURCE = "BPMN 2.0.2 §10.7"


@rule(
    "compensation.handler-missing",
    _SOURCE,
    T("补偿边界事件“{name}”没有用关联线连到一个补偿活动"),
    T('从边界事件画一条关联线到补偿活动（isForCompensation="true"），只画一条'),
)
def handler_missing(model: Model, known: Known) -> Hits:
    """A compensation boundary event is tied to exactly one activity for compensation."""
    for node in _boundaries(model):
        if len(_handlers(model, node)) != 1:
            yield hit(node.xml)


@rule(
    "compensation.handler-elsewhere",
    _SOURCE,
    T("补偿活动“{handler}”与边界事件“{name}”不在同一层"),
    T("把补偿活动放在被补偿的活动旁边"),
)
def handler_elsewhere(model: Model, known: Known) -> Hits:
    """The handler lies in the scope of the activity it undoes."""
    for node in _boundaries(model):
        for handler in _handlers(model, node):
            if handler.scope is not node.scope:
                yield hit(node.xml, handler=handler.label)


@rule(
    "compensation.boundary-flow",
    _SOURCE,
    T("补偿边界事件“{name}”有输出的顺序流"),
    T("删除顺序流，改用关联线连到补偿活动"),
)
def boundary_flow(model: Model, known: Known) -> Hits:
    """No sequence flow leaves a compensation boundary event."""
    for node in _boundaries(model):
        if node.outgoing:
            yield hit(node.xml)


@rule(
    "compensation.handler-flow",
    _SOURCE,
    T("补偿活动“{name}”连着顺序流"),
    T("补偿活动在正常流程之外：删除它的顺序流"),
)
def handler_flow(model: Model, known: Known) -> Hits:
    """An activity for compensation lies outside the normal flow."""
    for node in model.nodes:
        if true(node.xml, "isForCompensation") and (node.incoming or node.outgoing):
            yield hit(node.xml)


@rule(
    "compensation.handler-unused",
    _SOURCE,
    T("没有补偿边界事件用到补偿活动“{name}”"),
    T("从要补偿的活动的补偿边界事件画一条关联线过来，或删除它"),
    severity="warning",
)
def handler_unused(model: Model, known: Known) -> Hits:
    """An activity for compensation undoes something."""
    used = {handler.id for event in _boundaries(model) for handler in _handlers(model, event)}
    for node in model.running_nodes:
        undoes = node.inner is not None and node.inner.undoes
        if true(node.xml, "isForCompensation") and node.id not in used and not undoes:
            yield hit(node.xml)


@rule(
    "compensation.handler-boundary",
    _SOURCE,
    T("补偿活动“{name}”带有边界事件"),
    T("删除边界事件；需要时把补偿活动画成子流程，在里面处理"),
)
def handler_boundary(model: Model, known: Known) -> Hits:
    """An activity for compensation has no way out but its end."""
    for node in model.nodes:
        if true(node.xml, "isForCompensation") and node.boundaries:
            yield hit(node.xml)


@rule(
    "compensation.handler-twice",
    _SOURCE,
    T("“{name}”有几个补偿边界事件"),
    T("每个活动只有一个补偿活动：删除多余的"),
)
def handler_twice(model: Model, known: Known) -> Hits:
    """An activity is undone in one way."""
    for node in model.nodes:
        if sum(boundary.defines("compensate") for boundary in node.boundaries) > 1:
            yield hit(node.xml)


@rule(
    "compensation.several-handlers",
    "BPMN 2.0.2 §10.3.5",
    T("“{name}”里有几个补偿事件子流程"),
    T("只留一个"),
)
def several_handlers(model: Model, known: Known) -> Hits:
    """A sub-process has at most one compensation event sub-process."""
    for scope in model.scopes:
        if sum(inner.undoes for inner in scope.scopes) > 1:
            yield hit(scope.xml)


@rule(
    "compensation.activity-elsewhere",
    _SOURCE,
    T("“{name}”要补偿的“{activity}”不在它够得到的层里"),
    T("补偿抛出事件只能指向同一层的活动；在事件子流程里也可以指向外面一层的活动"),
)
def activity_elsewhere(model: Model, known: Known) -> Hits:
    """A compensation is thrown for an activity of the same scope, or of the scope around a handler."""
    for node in model.running_nodes:
        for definition in node.definitions:
            target = model.node(reference(definition.xml.get("activityRef")))
            if definition.kind == "compensate" and target is not None and target.scope not in _seen(node):
                yield hit(node.xml, activity=target.label)


@rule(
    "transaction.cancel-uncaught",
    "BPMN 2.0.2 §10.3.5",
    T("事务“{name}”里有取消结束事件，事务上却没有取消边界事件"),
    T("取消之后流程不再往下走；要继续，在事务上加一个取消边界事件"),
    severity="warning",
)
def cancel_uncaught(model: Model, known: Known) -> Hits:
    """A transaction that can be cancelled says what happens then, or its path ends there."""
    for scope in model.scopes:
        cancels = any(node.kind == "endEvent" and node.defines("cancel") for node in scope.nodes)
        host = scope.node
        if not cancels or host is None or scope.kind != "transaction":
            continue
        if not any(boundary.defines("cancel") for boundary in host.boundaries):
            yield hit(scope.xml)


def _boundaries(model: Model) -> Iterator[Node]:
    return (node for node in model.nodes if node.kind == "boundaryEvent" and node.defines("compensate"))


def _handlers(model: Model, event: Node) -> list[Node]:
    found = (model.node(reference(each.get("targetRef"))) for each in _associations(model, event))
    return [node for node in found if node is not None and true(node.xml, "isForCompensation")]


def _associations(model: Model, event: Node) -> list[etree._Element]:
    return _by_source(model).get(event.id, [])


@lru_cache(maxsize=2)
def _by_source(model: Model) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for xml in model.tags("association"):
        found.setdefault(reference(xml.get("sourceRef")), []).append(xml)
    return found


def _seen(node: Node) -> list[Scope]:
    scopes = [node.scope]
    while scopes[-1].by_event and scopes[-1].parent is not None:
        scopes.append(scopes[-1].parent)
    return scopes
