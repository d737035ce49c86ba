"""What publishing needs to know of a checked diagram: what it calls, and on which events it starts."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.model import GLOBAL_TASKS, Node, child, children, everything, reference, true, words
from engine.bpmn.reading import Document, ProcessHead
from engine.bpmn.stores import called
from engine.errors import InvalidInput
from engine.text import T


@dataclass(frozen=True, slots=True)
class EventStart:
    """A start event that begins an instance when a message or signal of this name arrives.

    For a condition `name` is its text, and `stores` says which data stores its names mean.
    """

    kind: str
    name: str
    element: str
    stores: dict[str, str] = field(default_factory=dict)


def called_processes(document: Document) -> list[str]:
    """Return the ids of the processes that the diagram's call activities name, without doubles.

    A global task of the file itself is none: it is part of this very version.
    """
    named = {
        reference(node.xml.get("calledElement"))
        for node in document.model.running_nodes
        if node.kind == "callActivity"
    }
    own = {xml.get("id") for xml in children(document.model.root, *GLOBAL_TASKS)}
    own |= {head.id for head in document.processes()}
    return sorted(name for name in named if name and name not in own)


def event_starts(document: Document, process_id: str) -> list[EventStart]:
    """Return what starts a process by a message, signal or condition, receive tasks and gateways too."""
    return [
        start
        for node in document.model.running_nodes
        if node.scope.parent is None and node.scope.id == process_id and _begins(node)
        for start in _starts_of(document, node)
    ]


def _begins(node: Node) -> bool:
    """Return whether an event at this node begins an instance (BPMN 2.0.2 §13.2)."""
    if node.kind == "startEvent":
        return True
    if node.kind == "receiveTask" and true(node.xml, "instantiate"):
        return not node.incoming
    sources = [flow.source for flow in node.incoming if flow.source is not None]
    return any(each.kind == "eventBasedGateway" and true(each.xml, "instantiate") for each in sources)


def _starts_of(document: Document, node: Node) -> list[EventStart]:
    if node.kind == "receiveTask":
        return [_awaited(document, node, node.xml, "message")]
    by_name = [
        _awaited(document, node, definition.xml, definition.kind)
        for definition in node.definitions
        if definition.kind in ("message", "signal")
    ]
    conditions = [
        everything(child(definition.xml, "condition"))
        for definition in node.definitions
        if definition.kind == "conditional"
    ]
    meant = called(document.model.root) if conditions else {}
    return by_name + [EventStart("conditional", text, node.id, meant) for text in conditions]


def _awaited(document: Document, node: Node, xml: etree._Element, kind: str) -> EventStart:
    referred = reference(xml.get(f"{kind}Ref"))
    declared = document.element(referred)
    name = (declared.get("name") if declared is not None else None) or referred
    return EventStart(kind, name, node.id)


def process_documentation(document: Document, process_id: str) -> str:
    """Return the documentation of a process, empty when it has none."""
    for scope in document.model.running:
        if scope.id == process_id:
            return words(child(scope.xml, "documentation"))
    return ""


def executable_processes(document: Document) -> list[ProcessHead]:
    """Return the processes of a file that become definitions, the main one first; raises `InvalidInput`."""
    main = main_process(document)
    running = {scope.id for scope in document.model.running}
    return [main, *(head for head in document.processes() if head.id in running and head.id != main.id)]


def main_process(document: Document) -> ProcessHead:
    """Return the process a file is about: its executable one; raises `InvalidInput` without any."""
    heads = document.processes()
    if not heads:
        raise InvalidInput(T("文件里没有流程"))
    executable = [head for head in heads if head.executable] or heads
    return executable[0]
