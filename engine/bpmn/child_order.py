"""The order in which the standard's schema lists the children of an element."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.model import children, local
from engine.bpmn.namespaces import BPMN

# Words in capitals stand for whole groups of elements; a process has its data and roles elsewhere.
_PROCESS = (
    "documentation",
    "extensionElements",
    "supportedInterfaceRef",
    "ioSpecification",
    "ioBinding",
    "auditing",
    "monitoring",
    "property",
    "laneSet",
    "FLOW",
    "ARTIFACT",
    "ROLE",
    "correlationSubscription",
    "supports",
)
_OTHERS = (
    "documentation",
    "extensionElements",
    "import",
    "extension",
    "ROOT",
    "BPMNDiagram",
    "relationship",
    "auditing",
    "monitoring",
    "categoryValueRef",
    "partitionElement",
    "flowNodeRef",
    "childLaneSet",
    "incoming",
    "outgoing",
    "ioSpecification",
    "property",
    "dataInput",
    "dataOutput",
    "dataInputAssociation",
    "dataOutputAssociation",
    "inputSet",
    "outputSet",
    "ROLE",
    "EVENT",
    "eventDefinitionRef",
    "LOOP",
    "laneSet",
    "FLOW",
    "participant",
    "messageFlow",
    "ARTIFACT",
    "completionCondition",
    "script",
    "rendering",
)
_CHOREOGRAPHY = (
    "documentation",
    "extensionElements",
    "participant",
    "messageFlow",
    "ARTIFACT",
    "FLOW",
)
_COLLABORATION = (
    "documentation",
    "extensionElements",
    "participant",
    "messageFlow",
    "ARTIFACT",
    "CONVERSATION",
    "conversationAssociation",
    "participantAssociation",
    "messageFlowAssociation",
    "correlationKey",
    "choreographyRef",
    "conversationLink",
)
_CONVERSATION = (
    "documentation",
    "extensionElements",
    "participantRef",
    "messageFlowRef",
    "correlationKey",
    "CONVERSATION",
    "participantAssociation",
)
_GROUPS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("EVENT", re.compile(r".+EventDefinition")),
    ("LOOP", re.compile(r".+LoopCharacteristics")),
    ("ARTIFACT", re.compile(r"textAnnotation|association|group")),
    ("CONVERSATION", re.compile(r"conversation|subConversation|callConversation")),
    ("ROLE", re.compile(r"resourceRole|performer|humanPerformer|potentialOwner")),
    (
        "FLOW",
        re.compile(
            r".+(Task|Event|Gateway|Activity|SubProcess)|task|transaction|subProcess|sequenceFlow"
            r"|data(Object|Store)Reference|dataObject"
        ),
    ),
)
_ORDERS = {
    "process": _PROCESS,
    "choreography": _CHOREOGRAPHY,
    "globalChoreographyTask": _CHOREOGRAPHY,
    "collaboration": _COLLABORATION,
    "globalConversation": _COLLABORATION,
    "conversation": _CONVERSATION,
    "subConversation": _CONVERSATION,
    "callConversation": _CONVERSATION,
}
_BEFORE_ROOTS = frozenset({"documentation", "extensionElements", "import", "extension"})
_AFTER_ROOTS = frozenset({"BPMNDiagram", "relationship"})


def disordered(root: etree._Element) -> Iterator[etree._Element]:
    """Yield elements whose children are not in the order of the schema."""
    for element in root.iter(f"{{{BPMN}}}*"):
        ranks = [rank for rank in (_rank(element, part) for part in children(element)) if rank is not None]
        if ranks != sorted(ranks):
            yield element


def sort(element: etree._Element) -> None:
    """Bring the children into the order of the schema, if all of them have a place in it."""
    parts = list(element)
    ranks = [rank for rank in (_rank(element, part) for part in parts) if rank is not None]
    if len(ranks) == len(parts) and ranks != sorted(ranks):
        element[:] = [part for _, _, part in sorted(zip(ranks, range(len(parts)), parts, strict=True))]


def _rank(parent: etree._Element, element: etree._Element) -> int | None:
    tag = local(element)
    order = _ORDERS.get(local(parent), _OTHERS)
    if local(parent) == "definitions" and tag not in _BEFORE_ROOTS | _AFTER_ROOTS:
        return order.index("ROOT")
    if tag in order:
        return order.index(tag)
    for group, pattern in _GROUPS:
        if group in order and pattern.fullmatch(tag):
            return order.index(group)
    return None
