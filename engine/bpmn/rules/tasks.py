"""Tasks that the engine does itself: a service, a message or a script."""

from __future__ import annotations

from engine.bpmn.findings import Known
from engine.bpmn.model import Model, Node, child, children, words
from engine.bpmn.namespaces import PRODUCTS, own
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_NO_IMPLEMENTATION = frozenset({"", "##webservice", "##unspecified"})
_DRAWING = frozenset({"", "Bizagi", "Signavio"})
RULE_TASK = "businessRuleTask"
_QUEUEING = frozenset({"async", "asyncAfter", "asyncBefore", "exclusive", "jobPriority"})


@rule(
    "activity.service-missing",
    "Wuxing D16",
    T("服务任务“{name}”没有说明调用哪个服务"),
    T("它会直接通过；要调用服务，在 wuxing:service 中选择一个"),
    severity="warning",
)
def service_missing(model: Model, known: Known) -> Hits:
    """A service task without an operation or service has nothing to invoke."""
    for node in model.running_nodes:
        if node.kind == "serviceTask" and not own(node.xml, "service") and not _done_elsewhere(node):
            yield hit(node.xml)


@rule(
    "activity.service-elsewhere",
    "Wuxing D16",
    T("服务任务“{name}”由引擎之外的“{what}”完成"),
    T("在 wuxing:service 中选择一个服务；其他产品的类名、连接器和网络服务不会被调用"),
    to_execute=True,
)
def service_elsewhere(model: Model, known: Known) -> Hits:
    """What says how it is done, in a way that is not ours, must not be passed over."""
    for node in model.running_nodes:
        what = _done_elsewhere(node) if node.kind == "serviceTask" and not own(node.xml, "service") else ""
        if what:
            yield hit(node.xml, what=what)


@rule(
    "activity.service-unknown",
    "Wuxing D16",
    T("“{name}”调用的服务“{service}”不存在"),
    T("改成已登记的服务名"),
)
def service_unknown(model: Model, known: Known) -> Hits:
    """A local service that is named is registered."""
    for node in model.running_nodes:
        service = own(node.xml, "service")
        local_one = own(node.xml, "execution") != "external"
        if service and local_one and known.services is not None and service not in known.services:
            yield hit(node.xml, service=service)


@rule(
    "activity.decision-missing",
    "BPMN 2.0.2 §10.3.3",
    T("规则任务“{name}”没有说明用哪个决策"),
    T("它会直接通过；要做决策，在 wuxing:decision 中选择一个"),
    severity="warning",
)
def decision_missing(model: Model, known: Known) -> Hits:
    """A business rule task without a decision decides nothing."""
    for node in model.running_nodes:
        if node.kind == RULE_TASK and not own(node.xml, "decision") and not _done_elsewhere(node):
            yield hit(node.xml)


@rule(
    "activity.decision-elsewhere",
    "Wuxing D16",
    T("规则任务“{name}”由引擎之外的“{what}”完成"),
    T("在 wuxing:decision 中选择一个决策；其他产品的规则引擎不会被调用"),
    to_execute=True,
)
def decision_elsewhere(model: Model, known: Known) -> Hits:
    """What says which rules apply, in a way that is not ours, must not be passed over."""
    for node in model.running_nodes:
        what = _done_elsewhere(node) if node.kind == RULE_TASK and not own(node.xml, "decision") else ""
        if what:
            yield hit(node.xml, what=what)


@rule(
    "activity.decision-unknown",
    "BPMN 2.0.2 §10.3.3",
    T("“{name}”用到的决策“{decision}”不存在"),
    T("改成已发布的决策的编号，或先发布那个决策模型"),
)
def decision_unknown(model: Model, known: Known) -> Hits:
    """A decision that is named is published."""
    for xml in model.tags(RULE_TASK, "globalBusinessRuleTask"):
        decision = own(xml, "decision")
        if decision and known.decisions is not None and decision not in known.decisions:
            yield hit(xml, decision=decision)


@rule(
    "activity.message-missing",
    "BPMN 2.0.2 §10.3.3",
    T("“{name}”没有指明收发哪个消息"),
    T("在 messageRef 中选择一个消息；否则发送任务直接通过，接收任务等待以自己的编号为名的消息"),
    severity="warning",
)
def message_missing(model: Model, known: Known) -> Hits:
    """Send and receive tasks usually name their message; a service may do the sending."""
    for node in model.running_nodes:
        by_service = node.kind == "sendTask" and own(node.xml, "service")
        named = node.xml.get("messageRef", "").strip()
        if node.kind in {"sendTask", "receiveTask"} and not named and not by_service:
            yield hit(node.xml)


@rule(
    "activity.script-empty",
    "BPMN 2.0.2 §10.3.3",
    T("脚本任务“{name}”没有脚本"),
    T("它会直接通过；写上“变量 = 表达式”，或改成普通任务"),
    severity="warning",
)
def script_empty(model: Model, known: Known) -> Hits:
    """A script task without a script is a task without a kind."""
    for node in model.running_nodes:
        if node.kind == "scriptTask" and not words(child(node.xml, "script")):
            yield hit(node.xml)


def _done_elsewhere(node: Node) -> str:
    """Return what outside of the engine a service task says it is done by, the empty string for nothing."""
    attributes = [str(name) for name in node.xml.attrib]
    parts = [str(each.tag) for extended in children(node.xml, "extensionElements") for each in extended]
    foreign = [name for name in (*attributes, *parts) if name.startswith("{") and not _harmless(name)]
    implementation = node.xml.get("implementation", "##WebService").strip()
    stated = [] if implementation.lower() in _NO_IMPLEMENTATION else [implementation]
    found = [node.xml.get("operationRef", "").strip(), *stated, *foreign]
    return next((name.rpartition("}")[2] for name in found if name), "")


def _harmless(name: str) -> bool:
    """Return whether an extension does not say what a task does: ours, a note, or how it is queued."""
    product = next((title for sign, title in PRODUCTS if name.startswith(f"{{{sign}")), "")
    return product in _DRAWING or name.rpartition("}")[2] in _QUEUEING
