"""Activities: what each kind needs to be executed, loops and multiple instances."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.expressions import ROLES
from engine.bpmn.findings import Known
from engine.bpmn.model import (
    ACTIVITIES,
    GLOBAL_TASKS,
    Model,
    Node,
    child,
    children,
    everything,
    local,
    reference,
    words,
)
from engine.bpmn.namespaces import PRODUCTS, WUXING
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_GROUP = re.compile(r'"(role|dept):([^"\\]+)"')
_NUMBER = re.compile(r"-?\d*\.?\d+|\"[^\"]*\"|true|false|null")
_LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
_NO_IMPLEMENTATION = frozenset({"", "##webservice", "##unspecified"})
_DRAWING = frozenset({"", "Bizagi", "Signavio"})
_QUEUEING = frozenset({"async", "asyncAfter", "asyncBefore", "exclusive", "jobPriority"})
_THROWABLE = tuple(f"{kind}EventDefinition" for kind in ("signal", "message", "error", "escalation"))


def own(node: Node, attribute: str) -> str:
    """Return one of our extension attributes, without surrounding space."""
    return ours(node.xml, attribute)


def ours(xml: etree._Element, attribute: str) -> str:
    """Return one of our extension attributes of an element, without surrounding space."""
    return xml.get(f"{{{WUXING}}}{attribute}", "").strip()


def peoples(model: Model, *tags: str) -> Iterator[etree._Element]:
    """Yield the tasks and global tasks of these kinds, all of which people do."""
    for tag in tags:
        yield from model.by_tag.get(tag, ())
        yield from model.by_tag.get(f"global{tag[0].upper()}{tag[1:]}", ())


@rule(
    "activity.form-missing",
    "Wuxing D19",
    T("用户任务“{name}”没有表单"),
    T("在 wuxing:form 中选一张表单；不选时办理人只能看说明并点“完成”"),
    severity="warning",
)
def form_missing(model: Model, known: Known) -> Hits:
    """A person usually has something to fill in."""
    for xml in peoples(model, "userTask"):
        if not ours(xml, "form"):
            yield hit(xml)


@rule(
    "activity.performer-missing",
    "Wuxing D19",
    T("“{name}”没有说明由谁办理"),
    T("在 wuxing:assignee 写一个人，或在 wuxing:candidates 写一组人"),
    severity="warning",
)
def performer_missing(model: Model, known: Known) -> Hits:
    """Somebody has to find the work in an inbox."""
    for xml in peoples(model, "userTask", "manualTask"):
        if not ours(xml, "assignee") and not ours(xml, "candidates") and not children(xml, *ROLES):
            yield hit(xml)


@rule(
    "activity.role-empty",
    "BPMN 2.0.2 §10.3.1",
    T("“{name}”的资源角色没有说明是谁"),
    T("写 resourceAssignmentExpression（FEEL，或 user(…)、group(…)）或 resourceRef，或删除这个角色"),
)
def role_empty(model: Model, known: Known) -> Hits:
    """A resource role says who it is."""
    for role in _roles(model):
        assignment = child(role, "resourceAssignmentExpression")
        if not words(child(role, "resourceRef")) and not everything(assignment):
            yield hit(role)


@rule(
    "activity.role-query",
    "BPMN 2.0.2 §10.3.1",
    T("“{name}”的资源“{resource}”带有参数，但没有同名的函数来查人"),
    T("把资源的名称改成已登记的函数，或删除参数"),
)
def role_query(model: Model, known: Known) -> Hits:
    """A resource with parameters is a query for people, which is a function of ours."""
    registered = {*(known.functions or ()), *(known.queries or ())}
    for role in _roles(model):
        resource = model.tagged(reference(words(child(role, "resourceRef"))), "resource")
        if resource is None or not children(role, "resourceParameterBinding") or known.functions is None:
            continue
        name = resource.get("name") or resource.get("id") or ""
        if name not in registered:
            yield hit(role, resource=name)


@rule(
    "activity.form-unknown",
    "Wuxing D19",
    T("“{name}”的表单“{form}”不存在"),
    T("改成已有表单的编号，或先建立这张表单"),
)
def form_unknown(model: Model, known: Known) -> Hits:
    """A form that is named exists."""
    for xml in (*(node.xml for node in model.running_nodes), *model.by_tag.get("globalUserTask", ())):
        form = ours(xml, "form")
        if form and known.forms is not None and form not in known.forms:
            yield hit(xml, form=form)


@rule(
    "activity.group-unknown",
    "Wuxing D19",
    T("“{name}”交给“{group}”，没有这个部门或角色"),
    T("改成已有的部门（dept:…）或角色（role:…）"),
)
def group_unknown(model: Model, known: Known) -> Hits:
    """A group that is named exists; what an expression computes is not known here."""
    exists = {"role": known.roles, "dept": known.departments}
    for node in model.running_nodes:
        for attribute in ("assignee", "candidates"):
            for kind, name in _GROUP.findall(own(node, attribute)):
                groups = exists[kind]
                if groups is not None and name not in groups:
                    yield hit(node.xml, group=f"{kind}:{name}")


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
        if node.kind == "serviceTask" and not own(node, "service") and not _done_elsewhere(node):
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
        what = _done_elsewhere(node) if node.kind == "serviceTask" and not own(node, "service") else ""
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
        service = own(node, "service")
        local_one = own(node, "execution") != "external"
        if service and local_one and known.services is not None and service not in known.services:
            yield hit(node.xml, service=service)


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
        by_service = node.kind == "sendTask" and own(node, "service")
        named = node.xml.get("messageRef", "").strip()
        if node.kind in {"sendTask", "receiveTask"} and not named and not by_service:
            yield hit(node.xml)


@rule(
    "activity.call-missing",
    "BPMN 2.0.2 §10.3.6",
    T("调用活动“{name}”没有说明调用哪个流程"),
    T("在 calledElement 中写上被调用流程的编号"),
    to_execute=True,
)
def call_missing(model: Model, known: Known) -> Hits:
    """A call activity names what it calls."""
    for node in model.running_nodes:
        if node.kind == "callActivity" and not node.xml.get("calledElement", "").strip():
            yield hit(node.xml)


@rule(
    "activity.call-unknown",
    "BPMN 2.0.2 §10.3.6",
    T("“{name}”调用的流程“{called}”不存在"),
    T("先发布被调用的流程，或改正 calledElement"),
)
def call_unknown(model: Model, known: Known) -> Hits:
    """What is called is a published process or one of this file."""
    here = {process.id for process in model.processes}
    for node, called in _calls(model):
        if model.tagged(called, *GLOBAL_TASKS) is not None or called in here:
            continue
        # Where no process is known, an id of this file that is none can still be told to be wrong.
        missing = called in model.ids if known.processes is None else called not in known.processes
        if missing:
            yield hit(node.xml, called=called)


@rule(
    "activity.call-itself",
    "BPMN 2.0.2 §10.3.6",
    T("“{name}”调用它自己所在的流程"),
    T("请确认前面有一个条件会结束这种调用，否则流程会因层数过多而停下"),
    severity="warning",
)
def call_itself(model: Model, known: Known) -> Hits:
    """A process that calls itself must stop some time."""
    for node, called in _calls(model):
        if called == node.scope.process.id:
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


@rule(
    "activity.quantity-invalid",
    "BPMN 2.0.2 §10.3",
    T("“{name}”的 {attribute} 小于 1"),
    T("开始数量和完成数量至少是 1"),
)
def quantity_invalid(model: Model, known: Known) -> Hits:
    """Quantities are 1 or more."""
    for node in model.nodes:
        for attribute in ("startQuantity", "completionQuantity"):
            number = _integer(node.xml.get(attribute))
            if node.kind in ACTIVITIES and number is not None and number < 1:
                yield hit(node.xml, attribute=attribute)


@rule(
    "activity.loop-several",
    "BPMN 2.0.2 §10.3.8",
    T("“{name}”同时有几种循环"),
    T("循环和多实例只留一种"),
)
def loop_several(model: Model, known: Known) -> Hits:
    """An activity has one kind of loop."""
    for node in model.nodes:
        if len(children(node.xml, *_LOOPS)) > 1:
            yield hit(node.xml)


@rule(
    "activity.loop-endless",
    "BPMN 2.0.2 §10.3.8",
    T("循环任务“{name}”既没有条件，也没有次数上限"),
    T("写一个循环条件（loopCondition）或最多次数（loopMaximum）"),
    to_execute=True,
)
def loop_endless(model: Model, known: Known) -> Hits:
    """A standard loop can end."""
    for node, loop in _loops(model, "standardLoopCharacteristics"):
        if not words(child(loop, "loopCondition")) and loop.get("loopMaximum") is None:
            yield hit(node.xml)


@rule(
    "activity.loop-maximum",
    "BPMN 2.0.2 §10.3.8",
    T("循环任务“{name}”的次数上限“{maximum}”不是正整数"),
    T("loopMaximum 写 1 以上的整数，或删除它"),
)
def loop_maximum(model: Model, known: Known) -> Hits:
    """The maximum of a loop is a positive number."""
    for node, loop in _loops(model, "standardLoopCharacteristics"):
        maximum = _integer(loop.get("loopMaximum"))
        if maximum is not None and maximum < 1:
            yield hit(node.xml, maximum=loop.get("loopMaximum", ""))


@rule(
    "activity.instances-undefined",
    "BPMN 2.0.2 §10.3.8",
    T("多实例“{name}”没有说明有多少个实例"),
    T("写明集合（loopDataInputRef）或数量（loopCardinality）"),
    to_execute=True,
)
def instances_undefined(model: Model, known: Known) -> Hits:
    """Multiple instances come from a collection or a number."""
    for node, loop in _loops(model, "multiInstanceLoopCharacteristics"):
        if not words(child(loop, "loopDataInputRef")) and not words(child(loop, "loopCardinality")):
            yield hit(node.xml)


@rule(
    "activity.instances-twice",
    "BPMN 2.0.2 §10.3.8",
    T("多实例“{name}”既有集合，又有数量"),
    T("loopDataInputRef 和 loopCardinality 只留一个"),
)
def instances_twice(model: Model, known: Known) -> Hits:
    """A collection and a number could contradict each other."""
    for node, loop in _loops(model, "multiInstanceLoopCharacteristics"):
        if words(child(loop, "loopDataInputRef")) and words(child(loop, "loopCardinality")):
            yield hit(node.xml)


@rule(
    "activity.cardinality",
    "BPMN 2.0.2 §10.3.8",
    T("多实例“{name}”的数量“{number}”不是自然数"),
    T("loopCardinality 写 0 以上的整数，或得出整数的 FEEL"),
)
def cardinality(model: Model, known: Known) -> Hits:
    """A number of instances that is written down is a natural number."""
    for node, loop in _loops(model, "multiInstanceLoopCharacteristics"):
        number = words(child(loop, "loopCardinality")).lstrip("= ")
        if _NUMBER.fullmatch(number) and not number.isdecimal():
            yield hit(node.xml, number=number)


@rule(
    "activity.item-without-collection",
    "BPMN 2.0.2 §10.3.8",
    T("多实例“{name}”的 {tag} 没有对应的集合"),
    T("输入项要有 loopDataInputRef，输出项要有 loopDataOutputRef；都要有名称"),
)
def item_without_collection(model: Model, known: Known) -> Hits:
    """An item belongs to a collection, and a collection of results takes named items."""
    pairs = (("inputDataItem", "loopDataInputRef"), ("outputDataItem", "loopDataOutputRef"))
    for node, loop in _loops(model, "multiInstanceLoopCharacteristics"):
        for item_tag, collection_tag in pairs:
            item, collection = child(loop, item_tag), words(child(loop, collection_tag))
            nameless = item is not None and not (item.get("name") or item.get("id") or "").strip()
            output_alone = item is None and bool(collection) and item_tag == "outputDataItem"
            if nameless or output_alone or (item is not None and not collection):
                yield hit(node.xml, tag=item_tag)


@rule(
    "activity.collection-name",
    "BPMN 2.0.2 §10.3.8",
    T("多实例“{name}”的 {tag}“{text}”不是变量名"),
    T("写一个变量名：字母或汉字开头，只含字母、汉字、数字和下划线"),
)
def collection_name(model: Model, known: Known) -> Hits:
    """Collections and items are variables."""
    for node, loop in _loops(model, "multiInstanceLoopCharacteristics"):
        named = [(each, words(each)) for each in children(loop, "loopDataInputRef", "loopDataOutputRef")]
        named += [
            (each, each.get("name", "").strip()) for each in children(loop, "inputDataItem", "outputDataItem")
        ]
        for each, text in named:
            item = local(each).startswith("loopData") and reference(text) in model.ids
            if text and not text.isidentifier() and not item:
                yield hit(node.xml, tag=local(each), text=text)


@rule(
    "activity.behavior-event",
    "BPMN 2.0.2 §10.3.8",
    T("多实例“{name}”没有指明实例结束时抛出的信号、消息、错误或上报"),
    T("写 noneBehaviorEventRef、oneBehaviorEventRef 或 complexBehaviorDefinition 的事件，或删除 behavior"),
)
def behavior_event(model: Model, known: Known) -> Hits:
    """Instances that throw say what."""
    for node, loop in _loops(model, "multiInstanceLoopCharacteristics"):
        behavior = loop.get("behavior", "All").strip()
        if behavior in {"None", "One"}:
            thrown = [model.tagged(reference(loop.get(f"{behavior.lower()}BehaviorEventRef")), *_THROWABLE)]
        else:
            events = [child(each, "event") for each in children(loop, "complexBehaviorDefinition")]
            thrown = [None if event is None else _first_throwable(event) for event in events]
        if behavior != "All" and None in thrown:
            yield hit(node.xml)


def _first_throwable(event: etree._Element) -> etree._Element | None:
    return next(iter(children(event, *_THROWABLE)), None)


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


def _roles(model: Model) -> Iterator[etree._Element]:
    for tag in ROLES:
        yield from model.by_tag.get(tag, ())


def _calls(model: Model) -> Iterator[tuple[Node, str]]:
    for node in model.running_nodes:
        called = reference(node.xml.get("calledElement"))
        if node.kind == "callActivity" and called:
            yield node, called


def _loops(model: Model, tag: str) -> Iterator[tuple[Node, etree._Element]]:
    for node in model.running_nodes:
        for loop in children(node.xml, *_LOOPS):
            if local(loop) == tag:
                yield node, loop


def _integer(text: str | None) -> int | None:
    """Return a number that is written as one; anything else is the schema's to refuse."""
    short = (text or "").strip()[:20]
    return int(short) if short.lstrip("+-").isascii() and short.lstrip("+-").isdigit() else None
