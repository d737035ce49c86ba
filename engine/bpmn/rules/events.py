"""Events: which definition may stand where, and what each definition needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.bpmn.findings import Known
from engine.bpmn.iso8601 import is_unbounded
from engine.bpmn.model import (
    ACTIVITIES,
    THROWING,
    Definition,
    Model,
    Node,
    child,
    children,
    reference,
    true,
    words,
)
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

TIMERS = ("timeDate", "timeDuration", "timeCycle")
_BOUNDARY = frozenset({"message", "timer", "escalation", "conditional", "signal"})
# BPMN 2.0.2 §10.5.1: triggers and results by position; "" is an event without a definition.
ALLOWED: dict[str, frozenset[str]] = {
    "process start": frozenset({"", "message", "timer", "conditional", "signal"}),
    "embedded start": frozenset({""}),
    "event start": frozenset(
        {"message", "timer", "error", "escalation", "compensate", "conditional", "signal"}
    ),
    "event start, not interrupting": frozenset({"message", "timer", "escalation", "conditional", "signal"}),
    "catch": frozenset({"message", "timer", "conditional", "link", "signal"}),
    "throw": frozenset({"", "message", "escalation", "compensate", "link", "signal"}),
    "boundary": _BOUNDARY | {"error", "cancel", "compensate"},
    "boundary, not interrupting": _BOUNDARY,
    "end": frozenset({"", "message", "error", "escalation", "cancel", "compensate", "signal", "terminate"}),
}
_POSITIONS: dict[str, T] = {
    "process start": T("流程的开始事件"),
    "embedded start": T("嵌入子流程的开始事件"),
    "event start": T("事件子流程的开始事件"),
    "event start, not interrupting": T("非中断的事件子流程的开始事件"),
    "catch": T("中间捕获事件"),
    "throw": T("中间抛出事件"),
    "boundary": T("边界事件"),
    "boundary, not interrupting": T("非中断的边界事件"),
    "end": T("结束事件"),
}


def position(node: Node) -> str:
    """Return where an event stands, in the words of `ALLOWED`."""
    if node.kind == "startEvent":
        if node.scope.parent is None:
            return "process start"
        if not node.scope.by_event:
            return "embedded start"
        return "event start" if true(node.xml, "isInterrupting", True) else "event start, not interrupting"
    if node.kind == "boundaryEvent":
        return "boundary" if true(node.xml, "cancelActivity", True) else "boundary, not interrupting"
    return {"intermediateCatchEvent": "catch", "endEvent": "end"}.get(node.kind, "throw")


@rule(
    "event.definition-illegal",
    "BPMN 2.0.2 §10.5.1",
    T("{position}“{name}”不能带有 {kind} 定义"),
    T("换一种事件，或删除这个定义；这里可以是：{allowed}"),
)
def definition_illegal(model: Model, known: Known) -> Hits:
    """Each kind of definition stands only where the standard has it."""
    for node in model.nodes:
        allowed = ALLOWED[position(node)] if node.kind.endswith("Event") else frozenset()
        for definition in node.definitions:
            if definition.kind not in allowed and not _said_elsewhere(node, definition.kind):
                choice = ", ".join(sorted(kind for kind in allowed if kind)) or T("不带定义")
                yield hit(
                    definition.at, position=_POSITIONS[position(node)], kind=definition.kind, allowed=choice
                )


@rule(
    "event.error-not-interrupting",
    "BPMN 2.0.2 §10.5.4",
    T("错误边界事件“{name}”设为非中断"),
    T('错误总是中断活动：删除 cancelActivity="false"，或改用上报事件'),
)
def error_not_interrupting(model: Model, known: Known) -> Hits:
    """An error always interrupts; so does a cancellation."""
    for node in model.nodes:
        if (
            node.kind == "boundaryEvent"
            and node.defines("error")
            and not true(node.xml, "cancelActivity", True)
        ):
            yield hit(node.xml)


@rule(
    "event.definition-missing",
    "BPMN 2.0.2 §10.5.4",
    T("{position}“{name}”没有说明等待什么"),
    T("加上事件定义：定时、消息、信号、条件等"),
)
def definition_missing(model: Model, known: Known) -> Hits:
    """What catches, catches something; an event sub-process is started by something."""
    for node in model.nodes:
        if not node.kind.endswith("Event") or "" in ALLOWED[position(node)]:
            continue
        if not node.definitions and not children(node.xml, "eventDefinitionRef"):
            yield hit(node.xml, position=_POSITIONS[position(node)])


@rule(
    "event.boundary-host",
    "BPMN 2.0.2 §10.5.4",
    T("边界事件“{name}”没有附着在同一层的活动上"),
    T("attachedToRef 要指向同一个流程或子流程里的任务、子流程或调用活动"),
)
def boundary_host(model: Model, known: Known) -> Hits:
    """A boundary event is attached to an activity of its own scope."""
    for node in model.nodes:
        if node.kind != "boundaryEvent":
            continue
        host = node.host
        unattached = host is None and not node.xml.get("attachedToRef", "").strip()
        misplaced = host is not None and host.kind in ACTIVITIES and host.scope is not node.scope
        if unattached or misplaced or (host is not None and host.inner is not None and host.inner.by_event):
            yield hit(node.xml)


@rule(
    "event.boundary-same-error",
    "BPMN 2.0.2 §10.5.6",
    T("“{host}”上有两个边界事件接同一个错误或上报“{code}”"),
    T("保留一个：否则无法决定由谁处理"),
)
def boundary_same_error(model: Model, known: Known) -> Hits:
    """One error of one activity has one handler."""
    for host in model.nodes:
        seen: set[tuple[str, str]] = set()
        for node in host.boundaries:
            for definition in node.definitions:
                if definition.kind not in {"error", "escalation"}:
                    continue
                key = (definition.kind, _code(model, definition.xml, definition.kind))
                if key in seen:
                    yield hit(node.xml, host=host.label, code=key[1] or T("任意"))
                seen.add(key)


@rule(
    "event.cancel-outside-transaction",
    "BPMN 2.0.2 §10.5.5",
    T("取消事件“{name}”不在事务子流程中"),
    T("取消只用于事务子流程：改用错误事件"),
)
def cancel_outside_transaction(model: Model, known: Known) -> Hits:
    """Cancel ends lie in a transaction, cancel boundaries on one."""
    for node in model.nodes:
        if not node.defines("cancel"):
            continue
        inside = node.kind == "endEvent" and node.scope.kind == "transaction"
        attached = node.kind == "boundaryEvent" and node.host is not None and node.host.kind == "transaction"
        if not inside and not attached:
            yield hit(node.xml)


@rule(
    "event.unconnected",
    "BPMN 2.0.2 §10.5.2–10.5.4",
    T("{position}“{name}”缺少{missing}"),
    T("用顺序流把它连进流程，或删除它"),
)
def unconnected(model: Model, known: Known) -> Hits:
    """Starts and boundary events lead somewhere, ends are led to, events on the way are both."""
    for node in model.nodes:
        attached = node.kind == "boundaryEvent" and node.defines("compensate")
        if not node.kind.endswith("Event") or attached or node.scope.kind == "adHocSubProcess":
            continue
        links = node.defines("link")
        last = links or node.defines("compensate")
        leaves = node.kind == "endEvent" or (last and node.kind == "intermediateThrowEvent")
        begins = node.kind in {"startEvent", "boundaryEvent"} or (links and not leaves)
        if not begins and not node.incoming:
            yield hit(node.xml, position=_POSITIONS[position(node)], missing=T("输入的顺序流"))
        elif not leaves and not node.outgoing:
            yield hit(node.xml, position=_POSITIONS[position(node)], missing=T("输出的顺序流"))


@rule(
    "event.timer-missing",
    "BPMN 2.0.2 §10.5.5",
    T("定时事件“{name}”没有写时间"),
    T("写一个时刻（timeDate）、时长（timeDuration）或周期（timeCycle）"),
    to_execute=True,
)
def timer_missing(model: Model, known: Known) -> Hits:
    """A timer says when."""
    for node in model.running_nodes:
        for definition in node.definitions:
            expressions = children(definition.xml, *TIMERS)
            if definition.kind == "timer" and not any(words(each) for each in expressions):
                yield hit(definition.at)


@rule(
    "event.timer-several",
    "BPMN 2.0.2 §10.5.5",
    T("定时事件“{name}”写了几种时间"),
    T("时刻、时长、周期三者只留一个"),
)
def timer_several(model: Model, known: Known) -> Hits:
    """A timer says when in one way."""
    for node in model.nodes:
        for definition in node.definitions:
            if definition.kind == "timer" and len(children(definition.xml, *TIMERS)) > 1:
                yield hit(definition.at)


@rule(
    "event.timer-unbounded",
    "BPMN 2.0.2 §13.5.2",
    T("中间事件“{name}”的周期没有次数上限"),
    T("流程走到这里会被无限次触发：写明次数（R3/…），或改用时长"),
)
def timer_unbounded(model: Model, known: Known) -> Hits:
    """A cycle on the way through would send a token on for ever."""
    for node in model.running_nodes:
        for definition in node.definitions:
            cycle = child(definition.xml, "timeCycle")
            if node.kind == "intermediateCatchEvent" and cycle is not None and is_unbounded(words(cycle)):
                yield hit(definition.at)


@rule(
    "event.reference-missing",
    "BPMN 2.0.2 §10.5.5",
    T("“{name}”没有指明是哪个{what}"),
    T("在 {attribute} 中选择一个{what}"),
    to_execute=True,
)
def reference_missing(model: Model, known: Known) -> Hits:
    """Messages and signals of an executable process are named; so is what is thrown."""
    for node in model.running_nodes:
        for definition in node.definitions:
            attribute = f"{definition.kind}Ref"
            always = definition.kind in {"message", "signal"}
            thrown = definition.kind in {"error", "escalation"} and node.kind in THROWING
            if (always or thrown) and not definition.xml.get(attribute, "").strip():
                yield hit(definition.at, attribute=attribute, what=_NAMES[definition.kind])


_NAMES = {
    "message": T("流程消息"),
    "signal": T("信号"),
    "error": T("错误"),
    "escalation": T("上报"),
}


@rule(
    "event.code-missing",
    "BPMN 2.0.2 §10.5.5",
    T("“{name}”引用的{what}“{ref}”没有代码"),
    T("给它写上 {attribute}：处理者靠代码识别它"),
    to_execute=True,
)
def code_missing(model: Model, known: Known) -> Hits:
    """What is thrown by code has one."""
    for node, definition in _without_code(model):
        if node.kind in THROWING:
            yield hit(definition.at, **_code_of(definition))


@rule(
    "event.code-open",
    "BPMN 2.0.2 §10.5.5",
    T("“{name}”引用的{what}“{ref}”没有代码，什么{what}都会接住"),
    T("只接一种时，给它写上 {attribute}"),
    severity="warning",
)
def code_open(model: Model, known: Known) -> Hits:
    """What is caught without a code is caught whatever its code."""
    for node, definition in _without_code(model):
        if node.kind not in THROWING:
            yield hit(definition.at, **_code_of(definition))


def _without_code(model: Model) -> Iterator[tuple[Node, Definition]]:
    """Yield events whose error or escalation is named but has no code."""
    for node in model.running_nodes:
        for definition in node.definitions:
            kind = definition.kind
            if kind not in {"error", "escalation"}:
                continue
            named = model.tagged(reference(definition.xml.get(f"{kind}Ref")), kind)
            if named is not None and not _code(model, definition.xml, kind):
                yield node, definition


def _code_of(definition: Definition) -> dict[str, Any]:
    kind = definition.kind
    ref = reference(definition.xml.get(f"{kind}Ref"))
    return {"ref": ref, "attribute": f"{kind}Code", "what": _NAMES[kind]}


@rule(
    "event.condition-missing",
    "BPMN 2.0.2 §10.5.5",
    T("条件事件“{name}”没有条件"),
    T("写一个 FEEL 条件"),
    to_execute=True,
)
def condition_missing(model: Model, known: Known) -> Hits:
    """A conditional event has a condition."""
    for node in model.running_nodes:
        for definition in node.definitions:
            if definition.kind == "conditional" and not words(child(definition.xml, "condition")):
                yield hit(definition.at)


def _said_elsewhere(node: Node, kind: str) -> bool:
    """The rules about errors and cancellations say more than that a definition is out of place."""
    return node.kind == "boundaryEvent" and kind == "error"


def _code(model: Model, definition: etree._Element, kind: str) -> str:
    ref = reference(definition.get(f"{kind}Ref"))
    named = model.tagged(ref, kind)
    return named.get(f"{kind}Code", "").strip() if named is not None else ""
