"""What the engine does not execute yet: one row per construct, opened when its tests exist.

A construct that is not executed as the standard says is refused by name, never ignored. To open
one, delete its row; the rules of the standard for it stand in `engine.bpmn.rules` already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from engine.bpmn.model import (
    CATCHING,
    EVENTS,
    Model,
    Node,
    child,
    children,
    local,
    reference,
    true,
    words,
)
from engine.bpmn.namespaces import own
from engine.text import T

_ALONE = ("link", "compensate", "cancel")
Finder = Callable[[Model], Iterator[etree._Element]]

CARRYING = ("message", "signal", "error", "escalation")
PEOPLES = ("userTask", "manualTask", "globalUserTask", "globalManualTask")
# bpmn-js draws an association to a task as one to this property, which nobody reads.
PLACEHOLDER = "__targetRef_placeholder"


@dataclass(frozen=True, slots=True)
class Construct:
    """A construct of BPMN that is refused: its name, where the standard has it, what to do instead."""

    key: str
    name: T
    source: str
    hint: T
    find: Finder


def tags(*names: str) -> Finder:
    """Find elements by their tag."""
    return lambda model: (xml for name in names for xml in model.by_tag.get(name, ()))


def _instantiating(model: Model) -> Iterator[etree._Element]:
    """Starts by several events other than messages, and those that a flow leads to or in a sub-process."""
    for node in model.running_nodes:
        if node.kind not in {"receiveTask", "eventBasedGateway"}:
            continue
        parallel = true(node.xml, "instantiate") and not _waits_for_messages(node)
        elsewhere = node.scope.parent is not None or bool(node.incoming)
        if parallel or (true(node.xml, "instantiate") and elsewhere):
            yield node.xml


def _waits_for_messages(node: Node) -> bool:
    """Return whether what must come together are messages: only they can be meant for one instance."""
    awaited = [flow.target for flow in node.outgoing if flow.target is not None]
    kinds = [{definition.kind for definition in target.definitions} for target in awaited]
    every_event = node.kind == "eventBasedGateway" and node.xml.get("eventGatewayType") == "Parallel"
    return not every_event or all(kind <= {"message"} for kind in kinds)


def _multiple(model: Model) -> Iterator[etree._Element]:
    """Several definitions of which one is no event of its own, or all of which cannot be waited for."""
    for node in model.running_nodes:
        together = true(node.xml, "parallelMultiple") and node.kind in CATCHING
        alone = len(node.definitions) > 1 and any(map(node.defines, _ALONE))
        if alone or (together and not _can_come_together(node)):
            yield node.xml


def _can_come_together(node: Node) -> bool:
    """Return whether all definitions can be waited for: those that come once, and start no process."""
    kinds = {definition.kind for definition in node.definitions}
    cycles = any(child(definition.xml, "timeCycle") is not None for definition in node.definitions)
    starts_process = node.kind == "startEvent" and node.scope.parent is None
    return kinds <= {"message", "signal", "timer", "conditional"} and not cycles and not starts_process


def _data_mapping(model: Model) -> Iterator[etree._Element]:
    """Data of events that carry none."""
    for node in model.running_nodes:
        if node.kind in EVENTS and not node.defines(*CARRYING):
            yield from children(node.xml, "dataInput", "dataOutput")


def drawn_only(association: etree._Element, model: Model) -> bool:
    """Return whether a data association copies nothing that anybody could read."""
    if child(association, "transformation") is not None or children(association, "assignment"):
        return False
    if local(association) == "dataOutputAssociation":
        return child(association, "sourceRef") is None
    target = model.tagged(reference(words(child(association, "targetRef"))), "property")
    return target is not None and target.get("name") == PLACEHOLDER


def _external_services(model: Model) -> Iterator[etree._Element]:
    return (node.xml for node in model.running_nodes if own(node.xml, "execution") == "external")


CONSTRUCTS: tuple[Construct, ...] = (
    Construct(
        "data-mapping",
        T("不带数据的事件上的数据映射"),
        "BPMN 2.0.2 §10.4.2",
        T("只有消息、信号、错误和上报事件带数据：删除这里的数据"),
        _data_mapping,
    ),
    Construct(
        "instantiating",
        T("由消息以外的几个事件合起来启动，或从流程中间启动"),
        "BPMN 2.0.2 §13.2",
        T("启动流程的接收任务或事件网关前面没有顺序流，不在子流程里；等待所有事件的网关只等消息"),
        _instantiating,
    ),
    Construct(
        "multiple-event",
        T("这样组合的多重事件"),
        "BPMN 2.0.2 §10.5.1",
        T("链接、补偿、取消各画一个事件；并行多重事件只放消息、信号、条件和不重复的时间，不用来启动流程"),
        _multiple,
    ),
    Construct(
        "implicit-throw",
        T("隐式抛出事件"),
        "BPMN 2.0.2 §10.5.1",
        T("改用中间抛出事件"),
        tags("implicitThrowEvent"),
    ),
    Construct(
        "external-service",
        T("由外部执行的服务任务"),
        "Wuxing D16",
        T("外部执行尚未开放：删除 wuxing:execution，在本步内调用服务"),
        _external_services,
    ),
)
