"""What publishing needs to know of a checked diagram: what it calls, and on which events it starts."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn.model import GLOBAL_TASKS, Node, child, children, reference, words
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
    return sorted(name for name in named if name and name not in own)


def event_starts(document: Document) -> list[EventStart]:
    """Return the message and signal starts of the executable processes."""
    return [
        start
        for node in document.model.running_nodes
        if node.kind == "startEvent" and node.scope.parent is None
        for start in _starts_of(document, node)
    ]


def _starts_of(document: Document, node: Node) -> list[EventStart]:
    found = []
    for definition in node.definitions:
        if definition.kind in ("message", "signal"):
            referred = reference(definition.xml.get(f"{definition.kind}Ref"))
            declared = document.element(referred)
            name = (declared.get("name") if declared is not None else None) or referred
            found.append(EventStart(definition.kind, name, node.id))
    return found


def process_documentation(document: Document, process_id: str) -> str:
    """Return the documentation of a process, empty when it has none."""
    for scope in document.model.running:
        if scope.id == process_id:
            return words(child(scope.xml, "documentation"))
    return ""


def main_process(document: Document) -> ProcessHead:
    """Return the process a file is about: its executable one; raises `InvalidInput` without any."""
    heads = document.processes()
    if not heads:
        raise InvalidInput(T("文件里没有流程"))
    executable = [head for head in heads if head.executable] or heads
    return executable[0]
