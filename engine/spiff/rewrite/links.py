"""Link events are a way to draw a long sequence flow (BPMN 2.0.2 §10.5.1)."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import Refused
from engine.spiff.parser.model import FlowDef, NodeDef, ScopeDef
from engine.text import T


def join_links(scope: ScopeDef) -> ScopeDef:
    """Make link events pass-through events, with a flow from each source to its target.

    Before: `throw(link a)`, `catch(link a)`. After: `throw → catch`, both without trigger.
    """
    links = {node.id: name for node in scope.nodes.values() if (name := _link(node)) is not None}
    if not links:
        return scope
    targets = {name: id for id, name in links.items() if scope.nodes[id].tag == "intermediateCatchEvent"}
    flows = [*scope.flows]
    for id, name in links.items():
        if id in targets.values():
            continue
        if name not in targets:
            raise Refused(T("链接事件“{name}”没有目标", name=name), element=id)
        flows.append(FlowDef(f"{id}[link]", id, targets[name], shown=False))
    nodes = {id: _pass(node) if id in links else node for id, node in scope.nodes.items()}
    return replace(scope, nodes=nodes, flows=tuple(flows))


def _link(node: NodeDef) -> str | None:
    return next((trigger.name for trigger in node.triggers if trigger.kind == "link"), None)


def _pass(node: NodeDef) -> NodeDef:
    return replace(node, tag="intermediateThrowEvent", triggers=())
