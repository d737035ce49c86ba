"""Gateways: their direction, and what an event-based gateway may wait for."""

from __future__ import annotations

from engine.bpmn.findings import Known
from engine.bpmn.model import GATEWAYS, Flow, Model, Node, child, children, everything, true
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_AWAITED = frozenset({"message", "timer", "signal", "conditional"})
_EVENT_GATEWAY = "BPMN 2.0.2 §10.6.6"


@rule(
    "gateway.direction",
    "BPMN 2.0.2 §8.4.9",
    T("网关“{name}”声明为 {direction}，但有 {incoming} 条输入、{outgoing} 条输出"),
    T("改正 gatewayDirection，或改画顺序流：Converging 只汇合，Diverging 只分开，Mixed 两者都有"),
)
def direction(model: Model, known: Known) -> Hits:
    """A declared direction agrees with the flows."""
    for node in model.nodes:
        declared = node.xml.get("gatewayDirection", "Unspecified").strip()
        if node.kind in GATEWAYS and not _agrees(declared, len(node.incoming), len(node.outgoing)):
            yield hit(node.xml, direction=declared, incoming=len(node.incoming), outgoing=len(node.outgoing))


def _agrees(declared: str, incoming: int, outgoing: int) -> bool:
    if declared == "Converging":
        return outgoing <= 1
    if declared == "Diverging":
        return incoming <= 1
    return declared != "Mixed" or (incoming > 1 and outgoing > 1)


@rule(
    "gateway.complex-condition",
    "BPMN 2.0.2 §10.6.5",
    T("复杂网关“{name}”汇合几条路，却没有说明何时激活"),
    T("写激活条件 activationCondition，例如 activationCount >= 2；不能用 waitingForStart"),
    to_execute=True,
)
def complex_condition(model: Model, known: Known) -> Hits:
    """A complex gateway that joins says when; the phase it is in is not told."""
    for node in model.running_nodes:
        condition = everything(child(node.xml, "activationCondition"))
        joins = node.kind == "complexGateway" and len(node.incoming) > 1
        if joins and (not condition or "waitingForStart" in condition):
            yield hit(node.xml)


@rule(
    "gateway.event-outgoing",
    _EVENT_GATEWAY,
    T("事件网关“{name}”少于两条输出"),
    T("事件网关要在两个以上的事件之间选择：补上事件，或去掉网关"),
)
def event_outgoing(model: Model, known: Known) -> Hits:
    """An event-based gateway has two or more outgoing flows."""
    for node in _event_gateways(model):
        if len(node.outgoing) < 2:
            yield hit(node.xml)


@rule(
    "gateway.event-target",
    _EVENT_GATEWAY,
    T("事件网关“{gateway}”后面直接是“{target}”，它不是可等待的事件"),
    T("事件网关后面只能是定时、消息、信号、条件的中间捕获事件，或接收任务"),
)
def event_target(model: Model, known: Known) -> Hits:
    """Behind an event-based gateway stand catching events or receive tasks."""
    for node, flow in _awaited(model):
        target = flow.target
        if target is not None and not _can_be_awaited(target):
            yield hit(flow.xml, gateway=node.label, target=target.label)


@rule(
    "gateway.event-target-shared",
    _EVENT_GATEWAY,
    T("“{target}”在事件网关“{gateway}”之后，却还有别的输入"),
    T("事件网关后面的事件只能有这一条输入"),
)
def event_target_shared(model: Model, known: Known) -> Hits:
    """What an event-based gateway waits for has no other incoming flow."""
    for node, flow in _awaited(model):
        if flow.target is not None and _can_be_awaited(flow.target) and len(flow.target.incoming) > 1:
            yield hit(flow.target.xml, gateway=node.label, target=flow.target.label)


@rule(
    "gateway.event-parallel",
    _EVENT_GATEWAY,
    T("事件网关“{name}”等待所有事件，却不启动流程"),
    T("只有 instantiate=true 的事件网关可以是 Parallel；流程中间用并行网关和几个捕获事件"),
)
def event_parallel(model: Model, known: Known) -> Hits:
    """Only a gateway that begins the process may wait for all of its events."""
    for node in _event_gateways(model):
        if node.xml.get("eventGatewayType") == "Parallel" and not true(node.xml, "instantiate"):
            yield hit(node.xml)


@rule(
    "gateway.event-mixed",
    _EVENT_GATEWAY,
    T("事件网关“{name}”后面既有消息事件，又有接收任务"),
    T("两者只用一种"),
)
def event_mixed(model: Model, known: Known) -> Hits:
    """Message events and receive tasks are not mixed behind one gateway."""
    for node in _event_gateways(model):
        targets = [flow.target for flow in node.outgoing if flow.target is not None]
        receives = any(target.kind == "receiveTask" for target in targets)
        if receives and any(target.defines("message") for target in targets):
            yield hit(node.xml)


@rule(
    "gateway.event-boundary",
    _EVENT_GATEWAY,
    T("事件网关后的接收任务“{name}”带有边界事件"),
    T("删除边界事件，或把它画成网关的另一条输出"),
)
def event_boundary(model: Model, known: Known) -> Hits:
    """A receive task behind an event-based gateway has no boundary events."""
    for _, flow in _awaited(model):
        if flow.target is not None and flow.target.kind == "receiveTask" and flow.target.boundaries:
            yield hit(flow.target.xml)


@rule(
    "gateway.event-loop",
    _EVENT_GATEWAY,
    T("事件网关后的接收任务“{name}”是循环或多实例"),
    T("删除循环：网关后面只等待一次"),
)
def event_loop(model: Model, known: Known) -> Hits:
    """What an event-based gateway waits for happens once."""
    for _, flow in _awaited(model):
        loops = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
        if flow.target is not None and children(flow.target.xml, *loops):
            yield hit(flow.target.xml)


@rule(
    "gateway.pointless",
    "BPMN 2.0.2 §10.6.1",
    T("网关“{name}”既不分开也不汇合"),
    T("网关要有几条输入或几条输出：去掉它，或补上缺少的分支"),
    severity="warning",
)
def pointless(model: Model, known: Known) -> Hits:
    """A gateway merges or splits; one that does neither lets every token pass."""
    for node in model.nodes:
        one_way = len(node.incoming) < 2 and len(node.outgoing) < 2
        if node.kind in GATEWAYS and node.kind != "eventBasedGateway" and one_way:
            yield hit(node.xml)


def _event_gateways(model: Model) -> list[Node]:
    return [node for node in model.nodes if node.kind == "eventBasedGateway"]


def _awaited(model: Model) -> list[tuple[Node, Flow]]:
    return [(node, flow) for node in _event_gateways(model) for flow in node.outgoing]


def _can_be_awaited(node: Node) -> bool:
    if node.kind == "receiveTask":
        return True
    if node.kind != "intermediateCatchEvent":
        return False
    return all(definition.kind in _AWAITED for definition in node.definitions)
