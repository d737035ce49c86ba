"""What publishing needs to know of a checked diagram: what it calls, and on which events it starts."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from engine.bpmn.model import GLOBAL_TASKS, Node, child, children, reference, true, words
from engine.bpmn.reading import Document, ProcessHead
from engine.errors import InvalidInput
from engine.text import T


@dataclass(frozen=True, slots=True)
class EventStart:
    """A start event that begins an instance when a message or signal of this name arrives."""

    kind: str
    name: str
    element: str


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
    """Return the message and signal starts of a process, also by receive tasks and event gateways."""
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
    return [
        _awaited(document, node, definition.xml, definition.kind)
        for definition in node.definitions
        if definition.kind in ("message", "signal")
    ]


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
