"""What comes next: the steps of people that can follow an element, read off the diagram."""

from __future__ import annotations

from collections.abc import Mapping

from engine.spiff.port import Element, SequenceFlow
from engine.spiff.program import Program

_STOPS = ("userTask", "manualTask", "callActivity", "subProcess")


def next_steps(program: Program, process_id: str, element_id: str, *, most: int = 6) -> list[Element]:
    """Return the people's steps, called processes and sub-processes one may come to next.

    Gateways, services and events on the way are passed; a step that can be reached on several ways
    is named once, nearer ones first. Behind the end of a sub-process its surroundings go on.
    """
    elements = program.processes[process_id]
    following = _by_source(program, process_id)
    found: list[Element] = []
    seen, todo = {element_id}, [flow.target for flow in following.get(element_id, ())]
    while todo and len(found) < most:
        node = todo.pop(0)
        if node in seen:
            continue
        seen.add(node)
        element = elements[node]
        if element.kind in _STOPS:
            found.append(element)
        else:
            behind = element.scope if element.kind == "endEvent" and element.scope else node
            todo.extend(flow.target for flow in following.get(behind, ()))
    return found


def _by_source(program: Program, process_id: str) -> Mapping[str, list[SequenceFlow]]:
    following: dict[str, list[SequenceFlow]] = {}
    for flow in program.flows.values():
        if flow.process_id == process_id:
            following.setdefault(flow.source, []).append(flow)
    return following
