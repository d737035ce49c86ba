"""Every reference leads to an element that exists and is of the kind the standard asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine.bpmn.findings import Known
from engine.bpmn.kinds import kind_name
from engine.bpmn.model import ACTIVITIES, NODES, Model, children, local, reference, words
from engine.bpmn.namespaces import BPMN
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_DATA = frozenset(
    {
        "dataObject",
        "dataObjectReference",
        "dataStore",
        "dataStoreReference",
        "dataInput",
        "dataOutput",
        "property",
        "inputDataItem",
        "outputDataItem",
    }
)
_EVENT_DEFINITIONS = frozenset(
    f"{kind}EventDefinition"
    for kind in (
        "cancel",
        "compensate",
        "conditional",
        "error",
        "escalation",
        "link",
        "message",
        "signal",
        "terminate",
        "timer",
    )
)
_ANY: frozenset[str] = frozenset()
_CHOREOGRAPHIES = frozenset({"choreography", "globalChoreographyTask"})
_COLLABORATIONS = frozenset({"collaboration", "globalConversation", *_CHOREOGRAPHIES})
_CONVERSATIONS = frozenset({"conversation", "subConversation", "callConversation"})
_ALL = "*"


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute or child element that names another element: where, and what it may name."""

    owner: str
    key: str
    targets: frozenset[str]
    source: str


def _row(owner: str, key: str, source: str, *targets: str) -> Reference:
    return Reference(owner, key, frozenset(targets), source)


REFERENCES: tuple[Reference, ...] = (
    Reference("boundaryEvent", "attachedToRef", ACTIVITIES, "BPMN 2.0.2 §10.5.4"),
    _row("messageEventDefinition", "messageRef", "BPMN 2.0.2 §10.5.5", "message"),
    _row("messageEventDefinition", "operationRef", "BPMN 2.0.2 §10.5.5", "operation"),
    _row("signalEventDefinition", "signalRef", "BPMN 2.0.2 §10.5.5", "signal"),
    _row("errorEventDefinition", "errorRef", "BPMN 2.0.2 §10.5.5", "error"),
    _row("escalationEventDefinition", "escalationRef", "BPMN 2.0.2 §10.5.5", "escalation"),
    Reference("compensateEventDefinition", "activityRef", ACTIVITIES, "BPMN 2.0.2 §10.5.5"),
    _row("linkEventDefinition", "source", "BPMN 2.0.2 §10.5.5", "linkEventDefinition"),
    _row("linkEventDefinition", "target", "BPMN 2.0.2 §10.5.5", "linkEventDefinition"),
    Reference(_ALL, "eventDefinitionRef", _EVENT_DEFINITIONS, "BPMN 2.0.2 §10.5.5"),
    _row("sendTask", "messageRef", "BPMN 2.0.2 §10.3.3", "message"),
    _row("receiveTask", "messageRef", "BPMN 2.0.2 §10.3.3", "message"),
    _row("sendTask", "operationRef", "BPMN 2.0.2 §10.3.3", "operation"),
    _row("receiveTask", "operationRef", "BPMN 2.0.2 §10.3.3", "operation"),
    _row("serviceTask", "operationRef", "BPMN 2.0.2 §10.3.3", "operation"),
    _row("operation", "inMessageRef", "BPMN 2.0.2 §8.5", "message"),
    _row("operation", "outMessageRef", "BPMN 2.0.2 §8.5", "message"),
    _row("operation", "errorRef", "BPMN 2.0.2 §8.5", "error"),
    _row("messageFlow", "messageRef", "BPMN 2.0.2 §9.4", "message"),
    Reference("messageFlow", "sourceRef", NODES | {"participant"}, "BPMN 2.0.2 §9.4"),
    Reference("messageFlow", "targetRef", NODES | {"participant"}, "BPMN 2.0.2 §9.4"),
    _row("participant", "processRef", "BPMN 2.0.2 §9.3", "process"),
    _row("participant", "interfaceRef", "BPMN 2.0.2 §9.3", "interface"),
    _row("participant", "endPointRef", "BPMN 2.0.2 §9.3", "endPoint"),
    Reference("process", "definitionalCollaborationRef", _COLLABORATIONS, "BPMN 2.0.2 §10.1"),
    _row("process", "supports", "BPMN 2.0.2 §10.1", "process"),
    _row(_ALL, "supportedInterfaceRef", "BPMN 2.0.2 §8.5", "interface"),
    _row("ioBinding", "operationRef", "BPMN 2.0.2 §10.4.1", "operation"),
    _row("ioBinding", "inputDataRef", "BPMN 2.0.2 §10.4.1", "dataInput", "inputSet"),
    _row("ioBinding", "outputDataRef", "BPMN 2.0.2 §10.4.1", "dataOutput", "outputSet"),
    Reference(_ALL, "choreographyRef", _CHOREOGRAPHIES, "BPMN 2.0.2 §9.2"),
    _row(_ALL, "participantRef", "BPMN 2.0.2 §9.3", "participant"),
    _row(_ALL, "innerParticipantRef", "BPMN 2.0.2 §9.3", "participant"),
    _row(_ALL, "outerParticipantRef", "BPMN 2.0.2 §9.3", "participant"),
    _row(_ALL, "initiatingParticipantRef", "BPMN 2.0.2 §11.5", "participant"),
    _row(_ALL, "messageFlowRef", "BPMN 2.0.2 §9.4", "messageFlow"),
    _row(_ALL, "innerMessageFlowRef", "BPMN 2.0.2 §9.4", "messageFlow"),
    _row(_ALL, "outerMessageFlowRef", "BPMN 2.0.2 §9.4", "messageFlow"),
    Reference("conversationAssociation", "innerConversationNodeRef", _CONVERSATIONS, "BPMN 2.0.2 §9.5"),
    Reference("conversationAssociation", "outerConversationNodeRef", _CONVERSATIONS, "BPMN 2.0.2 §9.5"),
    Reference("conversationLink", "sourceRef", _ANY, "BPMN 2.0.2 §9.5"),
    Reference("conversationLink", "targetRef", _ANY, "BPMN 2.0.2 §9.5"),
    Reference("callConversation", "calledCollaborationRef", _COLLABORATIONS, "BPMN 2.0.2 §9.5"),
    Reference("callChoreography", "calledChoreographyRef", _CHOREOGRAPHIES, "BPMN 2.0.2 §11.5"),
    _row("resourceParameter", "type", "BPMN 2.0.2 §8.4.12", "itemDefinition"),
    _row(_ALL, "evaluatesToTypeRef", "BPMN 2.0.2 §8.4.6", "itemDefinition"),
    Reference("lane", "flowNodeRef", NODES, "BPMN 2.0.2 §10.8"),
    Reference("lane", "partitionElementRef", _ANY, "BPMN 2.0.2 §10.8"),
    _row("dataObjectReference", "dataObjectRef", "BPMN 2.0.2 §10.4.1", "dataObject"),
    _row("dataStoreReference", "dataStoreRef", "BPMN 2.0.2 §10.4.1", "dataStore"),
    Reference("dataInputAssociation", "sourceRef", _DATA, "BPMN 2.0.2 §10.4.2"),
    Reference("dataInputAssociation", "targetRef", _DATA, "BPMN 2.0.2 §10.4.2"),
    Reference("dataOutputAssociation", "sourceRef", _DATA, "BPMN 2.0.2 §10.4.2"),
    Reference("dataOutputAssociation", "targetRef", _DATA, "BPMN 2.0.2 §10.4.2"),
    _row("inputSet", "dataInputRefs", "BPMN 2.0.2 §10.4.1", "dataInput"),
    _row("inputSet", "optionalInputRefs", "BPMN 2.0.2 §10.4.1", "dataInput"),
    _row("inputSet", "whileExecutingInputRefs", "BPMN 2.0.2 §10.4.1", "dataInput"),
    _row("outputSet", "whileExecutingOutputRefs", "BPMN 2.0.2 §10.4.1", "dataOutput"),
    _row("inputSet", "outputSetRefs", "BPMN 2.0.2 §10.4.1", "outputSet"),
    _row("outputSet", "dataOutputRefs", "BPMN 2.0.2 §10.4.1", "dataOutput"),
    _row("outputSet", "optionalOutputRefs", "BPMN 2.0.2 §10.4.1", "dataOutput"),
    _row("outputSet", "inputSetRefs", "BPMN 2.0.2 §10.4.1", "inputSet"),
    _row("message", "itemRef", "BPMN 2.0.2 §8.4.11", "itemDefinition"),
    _row("signal", "structureRef", "BPMN 2.0.2 §10.5.5", "itemDefinition"),
    _row("error", "structureRef", "BPMN 2.0.2 §8.4.3", "itemDefinition"),
    _row("escalation", "structureRef", "BPMN 2.0.2 §8.4.4", "itemDefinition"),
    _row(_ALL, "itemSubjectRef", "BPMN 2.0.2 §8.4.10", "itemDefinition"),
    _row(_ALL, "categoryValueRef", "BPMN 2.0.2 §8.4.1", "categoryValue"),
    Reference("association", "sourceRef", _ANY, "BPMN 2.0.2 §8.4.1"),
    Reference("association", "targetRef", _ANY, "BPMN 2.0.2 §8.4.1"),
    _row(_ALL, "resourceRef", "BPMN 2.0.2 §10.3.1", "resource"),
    _row("resourceParameterBinding", "parameterRef", "BPMN 2.0.2 §10.3.1", "resourceParameter"),
    _row("correlationKey", "correlationPropertyRef", "BPMN 2.0.2 §8.4.2", "correlationProperty"),
    _row("correlationPropertyBinding", "correlationPropertyRef", "BPMN 2.0.2 §8.4.2", "correlationProperty"),
    _row("correlationPropertyRetrievalExpression", "messageRef", "BPMN 2.0.2 §8.4.2", "message"),
    _row("correlationSubscription", "correlationKeyRef", "BPMN 2.0.2 §8.4.2", "correlationKey"),
    Reference(_ALL, "oneBehaviorEventRef", _EVENT_DEFINITIONS, "BPMN 2.0.2 §10.3.8"),
    Reference(_ALL, "noneBehaviorEventRef", _EVENT_DEFINITIONS, "BPMN 2.0.2 §10.3.8"),
)
# Their types may come from other files (XML Schema and the like), named by another namespace.
_TYPES = frozenset({"itemSubjectRef", "structureRef", "itemRef", "type", "evaluatesToTypeRef"})
_BY_OWNER: dict[str, list[Reference]] = {}
for _each in REFERENCES:
    _BY_OWNER.setdefault(_each.owner, []).append(_each)


@rule(
    "reference.duplicate-id",
    "BPMN 2.0.2 §8.3.1",
    T("编号“{id}”用在 {n} 个元素上"),
    T("每个元素的编号必须唯一：给重复的元素换一个编号，并同时改掉对它的引用"),
)
def duplicate_id(model: Model, known: Known) -> Hits:
    """Ids are unique in the file."""
    for identifier, elements in model.ids.items():
        for element in elements[1:]:
            yield hit(element, id=identifier, n=len(elements))


@rule(
    "reference.id-space",
    "BPMN 2.0.2 §8.3.1",
    T("编号“{id}”含有空格"),
    T("去掉编号里的空格"),
)
def id_space(model: Model, known: Known) -> Hits:
    """An id is written the same way wherever it stands."""
    for identifier, elements in model.ids.items():
        if identifier.split() != [identifier]:
            yield hit(elements[0], id=identifier)


@rule(
    "reference.dangling",
    "BPMN 2.0.2 §8.3",
    T("“{name}”的 {key} 指向不存在的元素“{ref}”"),
    T("改成图里有的元素的编号，或删除这个引用"),
)
def dangling(model: Model, known: Known) -> Hits:
    """What is referred to exists."""
    imported = _imported(model)
    for xml, row, text in _references(model):
        here = model.ids.get(reference(text)) or _elsewhere(xml, row.key, text)
        if not here and _namespace(xml, text) not in imported:
            yield hit(xml, key=row.key, ref=text, cited=row.source)


@rule(
    "support.import",
    "BPMN 2.0.2 §8.2.2",
    T("“{name}”的 {key} 指向另一个文件里的“{ref}”"),
    T("引擎一次只读一个文件：把它写进这个文件"),
    to_execute=True,
)
def elsewhere(model: Model, known: Known) -> Hits:
    """What stands in an imported file is not read."""
    imported = _imported(model)
    for xml, row, text in _references(model) if imported else ():
        if row.key not in _TYPES and _namespace(xml, text) in imported:
            yield hit(xml, key=row.key, ref=text)


@rule(
    "event.definition-shared",
    "BPMN 2.0.2 §10.5.1",
    T("“{name}”引用了另一个事件自己的定义“{ref}”"),
    T("能被引用的只有直接写在 definitions 里的事件定义：在这里也写一个，或把它移到那里"),
)
def definition_shared(model: Model, known: Known) -> Hits:
    """A definition inside an event belongs to that event alone."""
    for xml in model.tags("eventDefinitionRef"):
        shared = model.tagged(reference(words(xml)), *_EVENT_DEFINITIONS)
        if shared is not None and shared.getparent() is not model.root:
            yield hit(xml, ref=words(xml))


@rule(
    "reference.type",
    "BPMN 2.0.2 §8.3",
    T("“{name}”的 {key} 指向“{ref}”，它是 {tag}，不是这里允许的种类"),
    T("改为指向下列种类的元素：{targets}"),
)
def wrong_type(model: Model, known: Known) -> Hits:
    """What is referred to is of the kind the standard asks for."""
    for xml, row, text in _references(model):
        found = model.ids.get(reference(text), [])
        if found and row.targets and not any(local(target) in row.targets for target in found):
            yield hit(
                xml,
                key=row.key,
                ref=text,
                tag=local(found[0]),
                targets=", ".join(sorted(row.targets)),
                cited=row.source,
            )


@rule(
    "reference.missing-id",
    "BPMN 2.0.2 §8.3.1",
    T("这里的{tag}没有编号"),
    T("给它一个唯一的编号 id：办理记录和回放要靠它"),
)
def missing_id(model: Model, known: Known) -> Hits:
    """What runs is named, or history could not say where a token was."""
    for node in model.nodes:
        if not node.id:
            yield hit(node.xml, tag=kind_name(node.kind))
    for process in model.processes:
        if not process.id:
            yield hit(process.xml, tag=kind_name("process"))


@rule(
    "reference.flow-without-id",
    "BPMN 2.0.2 §8.3.1",
    T("从“{source}”到“{target}”的顺序流没有编号"),
    T("给它一个编号 id，回放时才能在图上认出它"),
    severity="warning",
)
def flow_without_id(model: Model, known: Known) -> Hits:
    """A sequence flow that nothing refers to needs no id, but no drawing can show that it was taken."""
    for flow in model.flows:
        if not flow.id:
            source, target = (reference(flow.xml.get(key)) for key in ("sourceRef", "targetRef"))
            yield hit(flow.xml, source=source, target=target)


def _references(model: Model) -> Iterator[tuple[etree._Element, Reference, str]]:
    """Yield each reference that says something, with its row and its text."""
    for xml in model.elements:
        for row in (*_BY_OWNER.get(local(xml), ()), *_BY_OWNER[_ALL]):
            texts = [xml.get(row.key, ""), *(words(part) for part in xml.findall(f"{{{BPMN}}}{row.key}"))]
            for text in texts:
                if text.strip():
                    yield xml, row, text.strip()


def _imported(model: Model) -> set[str]:
    """Return the namespaces that the file imports from other files."""
    own = model.root.get("targetNamespace")
    found = {each.get("namespace", "").strip() for each in children(model.root, "import")}
    return found - {own, BPMN, ""}


def _namespace(xml: etree._Element, text: str) -> str | None:
    """Return the namespace that the prefix of a reference stands for."""
    prefix, colon, _ = text.rpartition(":")
    return xml.nsmap.get(prefix) if colon else None


def _elsewhere(xml: etree._Element, key: str, text: str) -> bool:
    """Return whether a type's QName leads into another namespace, which this file need not hold."""
    prefix, colon, _ = text.rpartition(":")
    if key not in _TYPES or not colon:
        return False
    namespace = xml.nsmap.get(prefix)
    own = xml.getroottree().getroot().get("targetNamespace")
    return namespace is not None and namespace not in {own, BPMN}
