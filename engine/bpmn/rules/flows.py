"""Sequence flows: what they may connect, and where conditions and defaults belong."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.findings import Known
from engine.bpmn.kinds import kind_name
from engine.bpmn.model import ACTIVITIES, EVENTS, Flow, Model, Node, children, reference, true, words
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})


@rule(
    "flow.dangling",
    "BPMN 2.0.2 §8.4.13",
    T("顺序流“{name}”的 {key} 没有指向任何流程元素（{ref}）"),
    T("把这条线两端都连到图中的元素，或删除它"),
)
def dangling(model: Model, known: Known) -> Hits:
    """A sequence flow connects two flow nodes."""
    for flow in model.flows:
        for key, end in (("sourceRef", flow.source), ("targetRef", flow.target)):
            if end is None:
                yield hit(flow.xml, key=key, ref=flow.xml.get(key, "") or T("空"))


@rule(
    "flow.crosses-pool",
    "BPMN 2.0.2 §7.6.1",
    T("顺序流“{name}”跨越了两个流程"),
    T("不同流程之间用消息流，不用顺序流"),
)
def crosses_pool(model: Model, known: Known) -> Hits:
    """A sequence flow stays within one process."""
    for flow in model.flows:
        if flow.source and flow.target and flow.source.scope.process is not flow.target.scope.process:
            yield hit(flow.xml)


@rule(
    "flow.crosses-scope",
    "BPMN 2.0.2 §7.6.1",
    T("顺序流“{name}”越过了子流程的边界"),
    T("连到子流程本身，或用它的开始、结束和边界事件；线和两端要在同一层"),
)
def crosses_scope(model: Model, known: Known) -> Hits:
    """A sequence flow, its source and its target lie in the same scope."""
    for flow in model.flows:
        if not flow.source or not flow.target or flow.source.scope.process is not flow.target.scope.process:
            continue
        if not flow.source.scope is flow.target.scope is flow.scope:
            yield hit(flow.xml)


@rule(
    "flow.into-start",
    "BPMN 2.0.2 §10.5.2",
    T("顺序流“{name}”指向开始事件“{target}”"),
    T("开始事件没有输入：改连到它后面的元素"),
)
def into_start(model: Model, known: Known) -> Hits:
    """A start event has no incoming flow."""
    for flow in model.flows:
        if flow.target and flow.target.kind == "startEvent":
            yield hit(flow.xml, target=flow.target.label)


@rule(
    "flow.out-of-end",
    "BPMN 2.0.2 §10.5.3",
    T("顺序流“{name}”从结束事件“{source}”出发"),
    T("结束事件没有输出：改用中间事件，或删除这条线"),
)
def out_of_end(model: Model, known: Known) -> Hits:
    """An end event has no outgoing flow."""
    for flow in model.flows:
        if flow.source and flow.source.kind == "endEvent":
            yield hit(flow.xml, source=flow.source.label)


@rule(
    "flow.into-boundary",
    "BPMN 2.0.2 §10.5.4",
    T("顺序流“{name}”指向边界事件“{target}”"),
    T("边界事件由它所在的活动激活，没有输入：改连到活动本身"),
)
def into_boundary(model: Model, known: Known) -> Hits:
    """A boundary event has no incoming flow."""
    for flow in model.flows:
        if flow.target and flow.target.kind == "boundaryEvent":
            yield hit(flow.xml, target=flow.target.label)


@rule(
    "flow.event-sub-process",
    "BPMN 2.0.2 §10.3.5",
    T("顺序流“{name}”连着事件子流程"),
    T("事件子流程由事件激活，不得有输入或输出的顺序流"),
)
def event_sub_process(model: Model, known: Known) -> Hits:
    """An event sub-process has neither incoming nor outgoing flows."""
    for flow in model.flows:
        if any(end and end.inner and end.inner.by_event for end in (flow.source, flow.target)):
            yield hit(flow.xml)


@rule(
    "flow.default-foreign",
    "BPMN 2.0.2 §8.4.13",
    T("“{name}”的默认顺序流“{ref}”不是从它出发的"),
    T("默认顺序流必须是这个元素自己的一条输出"),
)
def default_foreign(model: Model, known: Known) -> Hits:
    """A default flow leaves the node that names it."""
    for node in model.nodes:
        named = reference(node.xml.get("default"))
        if named and named not in {flow.id for flow in node.outgoing}:
            yield hit(node.xml, ref=named)


@rule(
    "flow.default-conditional",
    "BPMN 2.0.2 §8.4.13",
    T("默认顺序流“{name}”带有条件"),
    T("默认顺序流在其他条件都不成立时才走，不写条件：删除条件，或换一条默认顺序流"),
)
def default_conditional(model: Model, known: Known) -> Hits:
    """A default flow has no condition."""
    for flow in model.flows:
        if flow.is_default and flow.condition is not None:
            yield hit(flow.xml)


@rule(
    "flow.condition-illegal",
    "BPMN 2.0.2 §8.4.13",
    T("顺序流“{name}”带有条件，但它从“{source}”（{tag}）出发"),
    T("条件只能写在排他网关、包容网关或活动的输出上：删除条件，或在前面加一个网关"),
)
def condition_illegal(model: Model, known: Known) -> Hits:
    """Conditions stand behind choosing gateways and activities only."""
    for flow in model.flows:
        if flow.condition is not None and flow.source and not _may_choose(flow.source):
            yield hit(flow.xml, source=flow.source.label, tag=kind_name(flow.source.kind))


@rule(
    "flow.condition-missing",
    "BPMN 2.0.2 §10.6.2",
    T("网关“{source}”的输出“{name}”既没有条件，也不是默认顺序流"),
    T("写一个条件，或把它设为默认顺序流"),
    to_execute=True,
)
def condition_missing(model: Model, known: Known) -> Hits:
    """Each flow of a splitting gateway has a condition, or is the default."""
    for flow in (flow for node in model.running_nodes for flow in node.outgoing):
        source = flow.source
        splits = source is not None and source.kind in _CHOOSING and len(source.outgoing) > 1
        if source is not None and splits and flow.condition is None and not flow.is_default:
            yield hit(flow.xml, source=source.label)


@rule(
    "flow.condition-alone",
    "BPMN 2.0.2 §8.4.13",
    T("活动只有一条输出“{name}”，它却带有条件"),
    T("再加一条输出（例如默认顺序流），或删除条件：否则条件不成立时没有路可走"),
)
def condition_alone(model: Model, known: Known) -> Hits:
    """An activity with a conditional flow has at least one other outgoing flow."""
    for flow in model.flows:
        source = flow.source
        if source and source.kind in ACTIVITIES and len(source.outgoing) == 1 and flow.condition is not None:
            yield hit(flow.xml)


@rule(
    "flow.not-immediate",
    "BPMN 2.0.2 §8.4.13",
    T("顺序流“{name}”的 isImmediate 是 false"),
    T("可执行流程里的顺序流都是立即的：删除 isImmediate"),
)
def not_immediate(model: Model, known: Known) -> Hits:
    """In an executable process no sequence flow is other than immediate."""
    running = set(map(id, model.running))
    for flow in model.flows:
        if id(flow.scope.process) in running and not true(flow.xml, "isImmediate", default=True):
            yield hit(flow.xml)


@rule(
    "flow.missing-default",
    "BPMN 2.0.2 §10.6.2",
    T("“{name}”没有默认顺序流"),
    T("所有条件都不成立时，流程会停下等待处理：建议设一条默认顺序流"),
    severity="warning",
)
def missing_default(model: Model, known: Known) -> Hits:
    """Somebody should have thought of the case in which no condition holds."""
    for node in model.running_nodes:
        if _all_conditional(node):
            yield hit(node.xml)


@rule(
    "reference.flow-list",
    "BPMN 2.0.2 §8.4.13",
    T("“{name}”的 {key} 列出“{ref}”，但没有这样一条与它相连的顺序流"),
    T("删除这一行 {key}，或让顺序流“{ref}”真正连到这个元素"),
)
def flow_list(model: Model, known: Known) -> Hits:
    """`incoming` and `outgoing` repeat what the sequence flows say and never contradict them."""
    for node in model.nodes:
        for key, flows in (("incoming", node.incoming), ("outgoing", node.outgoing)):
            ids = {flow.id for flow in flows}
            for listed in children(node.xml, key):
                if reference(words(listed)) not in ids:
                    yield hit(listed, key=key, ref=words(listed))


@rule(
    "reference.flow-unlisted",
    "BPMN 2.0.2 §8.4.13",
    T("“{node}”的 {key} 里少了顺序流“{name}”"),
    T("流程里其他顺序流都列在两端的元素里：把这一条补上，或改正它连到哪里"),
)
def flow_unlisted(model: Model, known: Known) -> Hits:
    """Where all other flows of a process are listed at both ends, one that is not contradicts them.

    A process that lists none, or some, does not use the lists: the flows alone say what is connected.
    """
    for process in model.processes:
        flows = [flow for scope in process.walk() for flow in scope.flows if flow.id]
        missing = [each for flow in flows for each in _unlisted(flow)]
        if len(missing) == 1 and len(flows) > 1:
            flow, node, key = missing[0]
            yield hit(flow.xml, node=node.label, key=key)


def _may_choose(node: Node) -> bool:
    return node.kind in ACTIVITIES or node.kind in _CHOOSING or node.kind == "complexGateway"


def _all_conditional(node: Node) -> bool:
    flows: list[Flow] = node.outgoing
    if node.kind in EVENTS or len(flows) < 2 or not _may_choose(node):
        return False
    return all(flow.condition is not None and not flow.is_default for flow in flows)


def _unlisted(flow: Flow) -> Iterator[tuple[Flow, Node, str]]:
    """Yield the ends of a flow whose elements do not list it."""
    for node, key in ((flow.source, "outgoing"), (flow.target, "incoming")):
        if node is not None and flow.id not in {reference(words(each)) for each in children(node.xml, key)}:
            yield flow, node, key
