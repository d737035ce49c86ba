"""Processes, sub-processes, lanes and pools: what a file holds and what a scope needs."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.findings import Known
from engine.bpmn.kinds import kind_name
from engine.bpmn.model import (
    ACTIVITIES,
    SUB_PROCESSES,
    Model,
    Node,
    Scope,
    child,
    children,
    local,
    reference,
    true,
    words,
)
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T


@rule(
    "process.none",
    "BPMN 2.0.2 §10.1",
    T("文件里没有流程"),
    T("可以检查，不能发布：发布需要含有 process 元素的流程图"),
    severity="warning",
)
def no_process(model: Model, known: Known) -> Hits:
    """Choreographies, conversations and definitions alone are BPMN, but there is nothing to execute."""
    if not model.processes:
        yield hit(model.root)


@rule(
    "process.not-executable",
    "BPMN 2.0.2 §10.1",
    T("流程“{name}”标记为不可执行"),
    T('可以检查，不能发布：要执行它，在流程属性中勾选“可执行”（isExecutable="true"）'),
    severity="warning",
)
def not_executable(model: Model, known: Known) -> Hits:
    """A drawing is valid BPMN; what is published is meant to be executed."""
    if model.processes and not model.running:
        yield hit(model.processes[0].xml)


@rule(
    "process.executable-unsaid",
    "BPMN 2.0.2 §10.1",
    T("流程“{name}”没有说明是否可执行"),
    T('发布时当作可执行的来检查；要现在就这样检查，写上 isExecutable="true"'),
    severity="warning",
)
def executable_unsaid(model: Model, known: Known) -> Hits:
    """What only execution needs is refused where execution is meant: say whether it is."""
    for process in model.running:
        if process.xml.get("isExecutable") is None:
            yield hit(process.xml)


@rule(
    "process.public-executable",
    "BPMN 2.0.2 §10.1",
    T("公共流程“{name}”标记为可执行"),
    T('可执行的流程是私有的：把 processType 改成 Private，或写 isExecutable="false"'),
)
def public_executable(model: Model, known: Known) -> Hits:
    """A public process shows what others see of a process; it is not executed."""
    for process in model.processes:
        if process.xml.get("processType") == "Public" and true(process.xml, "isExecutable"):
            yield hit(process.xml)


@rule(
    "scope.several-starts",
    "BPMN 2.0.2 §10.3.5",
    T("子流程“{name}”有几个开始事件"),
    T("子流程只有一个开始事件：需要并行时在它后面放并行网关"),
)
def several_starts(model: Model, known: Known) -> Hits:
    """A sub-process has one start event."""
    for scope in _sub_processes(model):
        starts = [node for node in scope.nodes if node.kind == "startEvent"]
        for node in starts[1:]:
            yield hit(node.xml, name=scope.name or scope.id)


@rule(
    "scope.event-start-missing",
    "BPMN 2.0.2 §10.3.5",
    T("事件子流程“{name}”没有开始事件"),
    T("加一个带触发的开始事件"),
)
def event_start_missing(model: Model, known: Known) -> Hits:
    """An event sub-process has exactly one start event."""
    for scope in _sub_processes(model):
        if scope.by_event and not any(node.kind == "startEvent" for node in scope.nodes):
            yield hit(scope.xml)


@rule(
    "scope.ad-hoc-event",
    "BPMN 2.0.2 §10.3.5",
    T("即席子流程“{scope}”里有开始或结束事件“{name}”"),
    T("即席子流程不用开始和结束事件：删除它"),
)
def ad_hoc_event(model: Model, known: Known) -> Hits:
    """An ad-hoc sub-process has neither start nor end events."""
    for scope in _sub_processes(model):
        for node in scope.nodes:
            if scope.kind == "adHocSubProcess" and node.kind in {"startEvent", "endEvent"}:
                yield hit(node.xml, scope=scope.name or scope.id)


@rule(
    "scope.ad-hoc-empty",
    "BPMN 2.0.2 §10.3.5",
    T("即席子流程“{name}”里没有活动"),
    T("放进至少一个任务、子流程或调用活动"),
)
def ad_hoc_empty(model: Model, known: Known) -> Hits:
    """An ad-hoc sub-process contains at least one activity."""
    for scope in _sub_processes(model):
        if scope.kind == "adHocSubProcess" and not any(node.kind in ACTIVITIES for node in scope.nodes):
            yield hit(scope.xml)


@rule(
    "scope.event-kind",
    "BPMN 2.0.2 §10.3.5",
    T("“{name}”由事件触发，又是{kind}"),
    T("由事件触发的只能是普通子流程：删除 triggeredByEvent，或在里面另画一个"),
)
def event_kind(model: Model, known: Known) -> Hits:
    """An event sub-process is neither a transaction, nor ad-hoc, nor the handler of an activity.

    One that compensates the scope around it may say so (§10.7.1).
    """
    for scope in _sub_processes(model):
        undoes = true(scope.xml, "isForCompensation") and not scope.undoes
        if scope.by_event and (scope.kind != "subProcess" or undoes):
            yield hit(scope.xml, kind=T("补偿活动") if undoes else kind_name(scope.kind))


@rule(
    "scope.ad-hoc-quantity",
    "BPMN 2.0.2 §13.3.2",
    T("即席子流程里“{name}”的开始数量大于 1，却没有输入"),
    T("没有顺序流就没有令牌可以等：删除 startQuantity"),
)
def ad_hoc_quantity(model: Model, known: Known) -> Hits:
    """What begins without a flow begins with one token."""
    for scope in _sub_processes(model):
        for node in scope.nodes:
            several = node.xml.get("startQuantity", "1").strip() != "1"
            if scope.kind == "adHocSubProcess" and several and not node.incoming:
                yield hit(node.xml)


@rule(
    "scope.end-without-start",
    "BPMN 2.0.2 §10.5.3",
    T("“{scope}”有结束事件“{name}”，却没有开始事件"),
    T("补上开始事件"),
)
def end_without_start(model: Model, known: Known) -> Hits:
    """Where there is an end event there is a start event."""
    for scope in model.scopes:
        ends = [node for node in scope.nodes if node.kind == "endEvent"]
        begun = any(node.kind == "startEvent" or true(node.xml, "instantiate") for node in scope.nodes)
        if scope.kind != "adHocSubProcess" and not begun:
            yield from (hit(node.xml, scope=scope.name or scope.id) for node in ends)


@rule(
    "process.empty",
    "BPMN 2.0.2 §10.1",
    T("流程“{name}”里没有任何步骤"),
    T("画出开始事件、任务和结束事件；空的流程不能发布"),
    severity="warning",
)
def empty_process(model: Model, known: Known) -> Hits:
    """A process has something to execute."""
    for process in model.running:
        if not process.nodes:
            yield hit(process.xml)


@rule(
    "scope.no-entry",
    "BPMN 2.0.2 §10.5.2",
    T("“{name}”没有开始事件，也没有可以开始的元素"),
    T("画一个开始事件，连到第一个元素"),
)
def no_entry(model: Model, known: Known) -> Hits:
    """A scope without a start event begins at what has no incoming flow; there is such a node."""
    for process in model.running:
        for scope in process.walk():
            begins = [node for node in scope.nodes if node.kind == "startEvent" or _begins(node)]
            if scope.nodes and not begins and not scope.by_event:
                yield hit(scope.xml)


@rule(
    "scope.empty",
    "BPMN 2.0.2 §10.3.5",
    T("子流程“{name}”是空的"),
    T("它会直接通过；画出里面的步骤，或改成任务"),
    severity="warning",
)
def empty_sub_process(model: Model, known: Known) -> Hits:
    """A sub-process usually does something."""
    for scope in _sub_processes(model):
        if not scope.nodes and scope.kind != "adHocSubProcess":
            yield hit(scope.xml)


@rule(
    "lane.several",
    "BPMN 2.0.2 §10.8",
    T("“{node}”同时在泳道“{first}”和“{name}”里"),
    T("每个元素只放在一条泳道里：否则不知道由谁办理"),
)
def several_lanes(model: Model, known: Known) -> Hits:
    """A node lies in one lane of a lane set."""
    for xml in model.elements:
        if local(xml) not in {"laneSet", "childLaneSet"}:
            continue
        seen: dict[str, etree._Element] = {}
        for lane in children(xml, "lane"):
            for listed in {reference(words(each)) for each in children(lane, "flowNodeRef")}:
                first = seen.setdefault(listed, lane)
                if first is not lane:
                    yield hit(lane, node=listed, first=first.get("name") or first.get("id") or "")


@rule(
    "lane.foreign-node",
    "BPMN 2.0.2 §10.8",
    T("泳道“{name}”列出了另一个流程的元素“{node}”"),
    T("泳道只列出自己流程里的元素"),
)
def foreign_node(model: Model, known: Known) -> Hits:
    """A lane holds nodes of its own process."""
    for process in model.processes:
        for lane in process.xml.iter("{*}lane"):
            for listed in children(lane, "flowNodeRef"):
                node = model.node(reference(words(listed)))
                if node is not None and node.scope.process is not process:
                    yield hit(lane, node=node.label)


@rule(
    "pool.same-process",
    "BPMN 2.0.2 §9.3",
    T("池“{name}”与另一个池画的是同一个流程“{process}”"),
    T("每个流程只属于一个池"),
)
def same_process(model: Model, known: Known) -> Hits:
    """A process belongs to one pool."""
    seen: set[str] = set()
    for pool in model.participants:
        process = reference(pool.get("processRef"))
        if process and process in seen:
            yield hit(pool, process=process)
        seen.add(process)


@rule(
    "message-flow.same-pool",
    "BPMN 2.0.2 §9.4",
    T("消息流“{name}”的两端在同一个池里"),
    T("同一个池里用顺序流；消息流只连接不同的池"),
)
def same_pool(model: Model, known: Known) -> Hits:
    """A message flow connects two pools."""
    for flow in _message_flows(model):
        ends = [_pool_of(model, reference(flow.get(key))) for key in ("sourceRef", "targetRef")]
        if ends[0] is not None and ends[0] is ends[1]:
            yield hit(flow)


@rule(
    "message-flow.end",
    "BPMN 2.0.2 §7.6.2",
    T("消息流“{name}”的 {key} 是{tag}，不能收发消息"),
    T("连到池、任务、子流程或消息事件：起点要能发出，终点要能接收"),
)
def message_flow_end(model: Model, known: Known) -> Hits:
    """A message flow leaves what can send and reaches what can receive."""
    for flow in _message_flows(model):
        source = model.node(reference(flow.get("sourceRef")))
        target = model.node(reference(flow.get("targetRef")))
        if source is not None and not _may_send(source):
            yield hit(flow, key="sourceRef", tag=kind_name(source.kind))
        if target is not None and not _may_receive(target):
            yield hit(flow, key="targetRef", tag=kind_name(target.kind))


@rule(
    "message-flow.messages-differ",
    "BPMN 2.0.2 §9.4",
    T("消息流“{name}”的起点发出“{sent}”，终点等的是“{awaited}”"),
    T("让两端引用同名的消息，否则消息到不了"),
)
def messages_differ(model: Model, known: Known) -> Hits:
    """What is sent along a flow between two executable pools is what is waited for at its end."""
    for flow, sent, awaited in _connected(model):
        if sent and awaited and not sent & awaited:
            yield hit(flow, sent="、".join(sorted(sent)), awaited="、".join(sorted(awaited)))


@rule(
    "message-flow.only-drawn",
    "BPMN 2.0.2 §9.4",
    T("消息流“{name}”只是图示：{missing}没有写明消息"),
    T("要真正传递，两端都引用同一个消息"),
    severity="warning",
)
def only_drawn(model: Model, known: Known) -> Hits:
    """A flow between two executable pools whose ends say no message carries nothing."""
    for flow, sent, awaited in _connected(model):
        if not sent or not awaited:
            yield hit(flow, missing=T("终点") if sent else T("起点"))


def _connected(model: Model) -> Iterator[tuple[etree._Element, set[str], set[str]]]:
    """Yield the message flows between nodes of executable processes, with the messages of both ends."""
    for flow in _message_flows(model):
        source, target = (model.node(reference(flow.get(key))) for key in ("sourceRef", "targetRef"))
        if source in model.running_nodes and target in model.running_nodes:
            assert source is not None
            assert target is not None
            yield flow, _messages(model, source), _messages(model, target)


def _messages(model: Model, node: Node) -> set[str]:
    """Return the names of the messages a node sends or waits for, as the engine matches them."""
    referring = [node.xml, *(each.xml for each in node.definitions if each.kind == "message")]
    ids = [reference(xml.get("messageRef")) for xml in referring]
    found = [(id, model.tagged(id, "message")) for id in ids if id]
    return {(xml.get("name") if xml is not None else None) or id for id, xml in found}


def _begins(node: Node) -> bool:
    """Return whether the token of a scope without start events may begin here."""
    entered = node.kind == "boundaryEvent" or (node.defines("link") and node.kind == "intermediateCatchEvent")
    return not node.incoming and not entered and not (node.inner is not None and node.inner.by_event)


def _message_flows(model: Model) -> Iterator[etree._Element]:
    return (xml for owner in children(model.root, "collaboration") for xml in children(owner, "messageFlow"))


def _pool_of(model: Model, identifier: str) -> object | None:
    """Return what stands for a pool: its process, or a participant without one."""
    node = model.node(identifier)
    if node is not None:
        return node.scope.process
    pool = model.tagged(identifier, "participant")
    if pool is None:
        return None
    processes = [each for each in model.processes if each.id == reference(pool.get("processRef"))]
    return processes[0] if processes else pool


def _may_send(node: Node) -> bool:
    if node.kind in ACTIVITIES:
        return True
    return node.kind in {"endEvent", "intermediateThrowEvent"} and node.defines("message")


def _may_receive(node: Node) -> bool:
    if node.kind in ACTIVITIES:
        return True
    return node.kind in {"startEvent", "intermediateCatchEvent", "boundaryEvent"} and node.defines("message")


def _triggered(node: Node) -> bool:
    return bool(node.definitions) or child(node.xml, "eventDefinitionRef") is not None


def _sub_processes(model: Model) -> Iterator[Scope]:
    return (scope for scope in model.scopes if scope.kind in SUB_PROCESSES)
