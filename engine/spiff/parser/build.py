"""From rewritten values to specs: one builder for each tag that runs, an error for every other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.errors import Refused
from engine.spiff.parser.model import NodeDef, ScopeDef
from engine.spiff.specs.activities import Call, Plain, Rule, Script, Service, SubProcess, Work
from engine.spiff.specs.ad_hoc import AdHoc
from engine.spiff.specs.attach import Attach
from engine.spiff.specs.complex_gateway import Complex
from engine.spiff.specs.events import (
    Boundary,
    Catching,
    End,
    IntermediateCatch,
    IntermediateThrow,
    Receive,
    Send,
    Start,
)
from engine.spiff.specs.gateways import (
    EventGateway,
    Exclusive,
    Gather,
    Inclusive,
    Multiply,
    Parallel,
)
from engine.spiff.specs.listeners import Listener
from engine.spiff.specs.loops import Loop, ParallelInstances, SequentialInstances, StandardLoop
from engine.spiff.specs.node import Flow, Node
from engine.spiff.specs.scope_spec import ScopeSpec
from engine.spiff.specs.undoing import Recalled, Reopened
from engine.text import T

Builder = Callable[[ScopeSpec, NodeDef, str], Node]

LOOPS: Mapping[str, type[Loop]] = {
    "standard": StandardLoop,
    "parallel": ParallelInstances,
    "sequential": SequentialInstances,
}


def _sub_process(spec: ScopeSpec, node: NodeDef, name: str) -> Node:
    if node.body is None:
        raise Refused(T("子流程没有内容"), element=node.id)
    return SubProcess(spec, node, name, node.body.key)


def _ad_hoc(spec: ScopeSpec, node: NodeDef, name: str) -> Node:
    if node.body is None:
        raise Refused(T("子流程没有内容"), element=node.id)
    for inner in node.body.nodes.values():
        if inner.tag == "gather" and not node.body.incoming.get(inner.id):
            raise Refused(T("即席子流程里可以直接开始的活动，开始数量只能是 1"), element=inner.element.id)
    return AdHoc(spec, node, name, node.body.key)


def _call(spec: ScopeSpec, node: NodeDef, name: str) -> Node:
    if not node.called:
        raise Refused(T("调用活动没有写明要调用的流程"), element=node.id)
    return Call(spec, node, name, node.called)


def _event_gateway(spec: ScopeSpec, node: NodeDef, name: str) -> Node:
    """One that starts the instance has been rewritten, unless something leads to it."""
    if node.instantiate or node.every_event:
        raise Refused(T("启动流程的事件网关不能有输入，等待所有事件的网关要启动流程"), element=node.id)
    return EventGateway(spec, node, name)


def _complex(spec: ScopeSpec, node: NodeDef, name: str) -> Node:
    joins = len(spec.definition.incoming.get(node.id, ())) > 1
    if joins and (node.activation is None or "waitingForStart" in node.activation):
        raise Refused(T("复杂网关汇合时要有激活条件，条件里不能用 waitingForStart"), element=node.id)
    return Complex(spec, node, name)


def _send(spec: ScopeSpec, node: NodeDef, name: str) -> Node:
    """A send task without a message is done by the service it names, if it names one."""
    if not node.triggers and "service" in node.element.attributes:
        return Service(spec, node, name)
    return Send(spec, node, name)


BUILDERS: Mapping[str, Builder] = {
    "startEvent": Start,
    "endEvent": End,
    "intermediateCatchEvent": IntermediateCatch,
    "intermediateThrowEvent": IntermediateThrow,
    "boundaryEvent": Boundary,
    "task": Plain,
    "userTask": Work,
    "manualTask": Work,
    "scriptTask": Script,
    "businessRuleTask": Rule,
    "serviceTask": Service,
    "sendTask": _send,
    "receiveTask": Receive,
    "subProcess": _sub_process,
    "transaction": _sub_process,
    "adHocSubProcess": _ad_hoc,
    "callActivity": _call,
    "exclusiveGateway": Exclusive,
    "inclusiveGateway": Inclusive,
    "parallelGateway": Parallel,
    "eventBasedGateway": _event_gateway,
    "complexGateway": _complex,
    "gather": Gather,
    "multiply": Multiply,
}


def build(definition: ScopeDef) -> dict[str, ScopeSpec]:
    """Return the specs of a process and of all sub-processes in it, by key.

    All nodes are made before any flow is connected, so length costs no recursion.
    """
    spec = ScopeSpec(definition)
    specs = {definition.key: spec}
    entrances = spec.entrances
    for node in definition.nodes.values():
        entrances[node.id] = _make(spec, node)
        if node.body is not None:
            Reopened(spec, node, node.body.key)
            specs.update(build(node.body))
        elif node.called:
            Recalled(spec, node, node.called)
    check_cancel(definition)
    _attach(spec, definition, entrances)
    _listen(spec, definition, entrances)
    for flow in definition.flows:
        source, target = spec.task_specs[flow.source], entrances[flow.target]
        if isinstance(source, EventGateway) and not isinstance(target, Catching):
            raise Refused(T("事件网关后面只能是捕获事件或接收任务"), element=flow.source)
        source.connect_flow(Flow(flow.id, target, flow.condition, flow.default, flow.shown))
    check(spec)
    return specs


def _make(spec: ScopeSpec, node: NodeDef) -> Node:
    """Make the spec of a node, with the loop around it if it has one."""
    builder = BUILDERS.get(node.tag)
    if builder is None:
        raise Refused(T("尚不支持的元素：{kind}", kind=node.tag), element=node.id, kind=node.tag)
    if node.loop is None:
        return builder(spec, node, node.id)
    each = builder(spec, node, f"{node.id}[each]")
    return LOOPS[node.loop.kind](spec, node, node.loop, each)


def _attach(spec: ScopeSpec, definition: ScopeDef, entrances: dict[str, Node]) -> None:
    """Put a holder in front of every activity with boundary events; flows go to the holder."""
    holders: dict[str, Attach] = {}
    for node in definition.nodes.values():
        if node.attached_to is None:
            continue
        host = definition.nodes.get(node.attached_to)
        boundary = spec.task_specs[node.id]
        if host is None or not isinstance(boundary, Boundary):
            raise Refused(T("边界事件没有附着在活动上"), element=node.id)
        if host.id not in holders:
            holders[host.id] = Attach(spec, host, entrances[host.id])
        holders[host.id].boundaries.append(boundary)
    entrances.update(holders)


def _listen(spec: ScopeSpec, definition: ScopeDef, entrances: dict[str, Node]) -> None:
    """Put a listener into the scope for every event sub-process; its start event says for what."""
    for node in definition.nodes.values():
        if not node.by_event or node.body is None:
            continue
        starts = [inner for inner in node.body.nodes.values() if inner.tag == "startEvent" and inner.shown]
        if len(starts) != 1 or not starts[0].triggers:
            raise Refused(T("事件子流程要有且只有一个带触发的开始事件"), element=node.id)
        if node.undoes:
            _undo(spec, node, entrances[node.id])
        else:
            spec.listeners.append(Listener(spec, starts[0], entrances[node.id]))


def _undo(spec: ScopeSpec, node: NodeDef, entrance: Node) -> None:
    if spec.undoing is not None:
        raise Refused(T("补偿事件子流程只能有一个"), element=node.id)
    spec.undoing = entrance


def check_cancel(definition: ScopeDef) -> None:
    """Refuse cancel events out of place: the end stands in a transaction, the boundary event at one."""
    caught = {node.attached_to for node in definition.nodes.values() if _cancels(node, "boundaryEvent")}
    for node in definition.nodes.values():
        ends = (
            []
            if node.body is None
            else [end for end in node.body.nodes.values() if _cancels(end, "endEvent")]
        )
        if node.tag != "transaction" and (ends or node.id in caught):
            raise Refused(T("取消事件只能直接在事务里，或在事务的边界上"), element=node.id)
    if "/" not in definition.key and any(_cancels(node, "endEvent") for node in definition.nodes.values()):
        raise Refused(T("取消事件只能直接在事务里，或在事务的边界上"), element=definition.element)


def _cancels(node: NodeDef, tag: str) -> bool:
    return node.tag == tag and any(trigger.kind == "cancel" for trigger in node.triggers)


def check(spec: ScopeSpec) -> None:
    """Assert that every spec is one of our nodes: a stock class would bring its own semantics back."""
    foreign = [node for node in spec.task_specs.values() if not isinstance(node, Node)]
    if foreign:
        raise TypeError(f"foreign task specs in {spec.name}: {foreign}")
