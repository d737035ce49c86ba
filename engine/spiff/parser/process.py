"""A process of a diagram as values: its nodes, flows, lanes and sub-processes."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.conversations import DATA_PATHS, path_of
from engine.errors import NotFound, Refused
from engine.spiff.parser.data import Items
from engine.spiff.parser.events import Definitions, triggers
from engine.spiff.parser.globals import as_process
from engine.spiff.parser.loops import loop_of
from engine.spiff.parser.model import EVENTS, AdHocDef, FlowDef, NodeDef, ScopeDef, Subscription
from engine.spiff.parser.roles import roles
from engine.spiff.parser.xml import Xml, child_text, children, local, tag, text, wuxing
from engine.spiff.port import Element, SequenceFlow
from engine.text import T

FLOW_NODES = ("Task", "task", "Event", "Gateway", "ubProcess", "Activity", "transaction", "Choreography")

INTERRUPTING = {"startEvent": "isInterrupting"}
SUB_PROCESSES = ("subProcess", "transaction", "adHocSubProcess")


class ProcessReader:
    """Reads one process of a document; `elements` and `flows` are what the step gets to see."""

    def __init__(self, root: Xml, process_id: str) -> None:
        node = _callable(root, process_id)
        if node is None:
            raise NotFound(T("没有流程“{process}”", process=process_id), process=process_id)
        self.node = node
        self.process_id = process_id
        self.definitions = Definitions(root)
        self.items = Items(root)
        self.lanes = dict(_lanes(node))
        self.handlers = list(_handlers(root))
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, SequenceFlow] = {}

    def read(self) -> ScopeDef:
        """Return the process with everything in it; raises `Refused` for what is not supported yet."""
        return self._scope(self.node, self.process_id, None)

    def _scope(self, scope: Xml, key: str, enclosing: str | None) -> ScopeDef:
        nodes = {}
        for node in scope:
            if tag(node).endswith(FLOW_NODES):
                definition = self._node(node, enclosing)
                nodes[definition.id] = definition
        defaults = {local(default) for node in scope if (default := node.get("default"))}
        flows = tuple(self._flow(flow, defaults) for flow in children(scope, "sequenceFlow"))
        _check_ends(flows, nodes)
        return ScopeDef(
            key,
            enclosing or self.process_id,
            self.process_id,
            nodes,
            flows,
            _ad_hoc(scope, nodes),
            names=frozenset() if enclosing is None else self.items.objects(scope),
            io=self.items.data(scope) if enclosing is None else None,
            subscriptions=tuple(_subscriptions(scope)),
        )

    def _flow(self, flow: Xml, defaults: set[str]) -> FlowDef:
        condition = child_text(flow, "conditionExpression")
        source, target = local(flow.get("sourceRef") or ""), local(flow.get("targetRef") or "")
        id = flow.get("id") or self._unnamed(source, target)
        default = id in defaults
        self.flows[id] = SequenceFlow(
            id, source, target, self.process_id, flow.get("name", ""), default, condition
        )
        return FlowDef(id, source, target, condition, default)

    def _unnamed(self, source: str, target: str) -> str:
        """Return an id for a flow that the diagram gives none, which the standard allows (§8.3.1)."""
        names = (f"{source}→{target}{'′' * n}" for n in range(len(self.flows) + 1))
        return next(name for name in names if name not in self.flows)

    def _node(self, node: Xml, enclosing: str | None) -> NodeDef:
        element = self._element(node, enclosing)
        kind = element.kind
        is_event = kind in EVENTS or kind in ("sendTask", "receiveTask")
        loop, io = loop_of(node, self.definitions, self.items)
        return NodeDef(
            element.id,
            kind,
            element,
            triggers=triggers(node, self.definitions) if is_event else (),
            attached_to=local(node.get("attachedToRef") or "") if kind == "boundaryEvent" else None,
            interrupting=flag(node, INTERRUPTING.get(kind, "cancelActivity"), otherwise=True),
            parallel_multiple=flag(node, "parallelMultiple"),
            instantiate=flag(node, "instantiate"),
            every_event=node.get("eventGatewayType", "Exclusive").strip() == "Parallel",
            by_event=flag(node, "triggeredByEvent"),
            for_compensation=flag(node, "isForCompensation"),
            start_quantity=_quantity(node, "startQuantity"),
            completion_quantity=_quantity(node, "completionQuantity"),
            handler=self._handler(element.id) if kind == "boundaryEvent" else None,
            loop=loop,
            io=io,
            body=self._body(node) if kind in SUB_PROCESSES else None,
            called=local(node.get("calledElement") or "") or None,
            activation=child_text(node, "activationCondition"),
            script=child_text(node, "script") or "",
        )

    def _element(self, node: Xml, enclosing: str | None) -> Element:
        id = node.get("id") or ""
        if not id or id in self.elements:
            raise Refused(T("编号“{id}”缺失或出现了两次", id=id), element=id)
        lane = self.lanes.get(id) or self.lanes.get(enclosing or "")
        element = Element(
            id,
            tag(node),
            node.get("name", ""),
            self.process_id,
            lane,
            enclosing,
            wuxing(node),
            child_text(node, "documentation") or "",
            roles(node, self.definitions),
        )
        self.elements[id] = element
        if enclosing is not None and lane is not None:
            self.lanes.setdefault(id, lane)
        return element

    def _handler(self, boundary: str) -> str | None:
        """Return the one compensating activity that an association ties to a boundary event."""
        found = [handler for event, handler in self.handlers if event == boundary]
        return found[0] if len(found) == 1 else None

    def _body(self, node: Xml) -> ScopeDef:
        id = node.get("id") or ""
        return self._scope(node, f"{self.process_id}/{id}", id)


def _callable(root: Xml, id: str) -> Xml | None:
    """Return the process with an id, or the global task with that id as a process."""
    found = next((node for node in root.iter() if tag(node) == "process" and node.get("id") == id), None)
    return as_process(root, id) if found is None else found


def flag(node: Xml, name: str, *, otherwise: bool = False) -> bool:
    """Return a boolean attribute as XML Schema writes it."""
    value = node.get(name)
    return otherwise if value is None else value.strip() in ("true", "1")


def _lanes(process: Xml) -> Iterator[tuple[str, str]]:
    """Yield the name of the inmost lane of each node: nested lanes come after the ones around them."""
    for lane in process.iter():
        if tag(lane) == "lane":
            for reference in children(lane, "flowNodeRef"):
                yield text(reference), lane.get("name") or lane.get("id") or ""


def _handlers(root: Xml) -> Iterator[tuple[str, str]]:
    """Yield the source of each association to a compensating activity, and the activity."""
    handlers = {node.get("id") for node in root.iter() if flag(node, "isForCompensation")}
    for association in root.iter():
        if tag(association) == "association" and local(association.get("targetRef") or "") in handlers:
            yield local(association.get("sourceRef") or ""), local(association.get("targetRef") or "")


def _ad_hoc(scope: Xml, nodes: dict[str, NodeDef]) -> AdHocDef | None:
    if tag(scope) != "adHocSubProcess":
        return None
    for node in nodes.values():
        if node.tag in ("startEvent", "endEvent"):
            raise Refused(T("即席子流程里不能有开始或结束事件"), element=node.id)
    ordering = scope.get("ordering", "Parallel").strip()
    if ordering not in ("Parallel", "Sequential"):
        raise Refused(T("即席子流程的 ordering 只能是 Parallel 或 Sequential"), element=scope.get("id"))
    cancels = flag(scope, "cancelRemainingInstances", otherwise=True)
    return AdHocDef(ordering == "Sequential", child_text(scope, "completionCondition"), cancels)


def _subscriptions(process: Xml) -> Iterator[Subscription]:
    """Yield what a process says of correlation keys; sub-processes say nothing of them."""
    for each in children(process, "correlationSubscription"):
        bindings = tuple(
            (local(binding.get("correlationPropertyRef") or ""), path_of(binding, *DATA_PATHS))
            for binding in children(each, "correlationPropertyBinding")
        )
        yield Subscription(local(each.get("correlationKeyRef") or ""), bindings)


def _quantity(node: Xml, name: str) -> int:
    text = node.get(name, "1").strip()
    if not text.isdecimal() or int(text) < 1:
        raise Refused(T("开始数量和完成数量要是正整数"), element=node.get("id"))
    return int(text)


def _check_ends(flows: tuple[FlowDef, ...], nodes: dict[str, NodeDef]) -> None:
    for flow in flows:
        for end in (flow.source, flow.target):
            if end not in nodes:
                raise Refused(T("连线“{flow}”的一端“{end}”不存在", flow=flow.id, end=end), element=flow.id)
