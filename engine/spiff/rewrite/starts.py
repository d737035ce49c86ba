"""Where a scope begins when the diagram does not draw it (BPMN 2.0.2 §10.3, §13.3.1)."""

from __future__ import annotations

from dataclasses import replace

from engine.spiff.parser.model import FlowDef, NodeDef, ScopeDef


def start_by_receiving(scope: ScopeDef) -> ScopeDef:
    """Make an instantiating receive task without incoming flow a message start event.

    Before: `receive(instantiate) → a`. After: `start(message) → a`.
    """
    instantiating = [
        node
        for node in scope.nodes.values()
        if node.tag == "receiveTask" and node.instantiate and not scope.incoming.get(node.id)
    ]
    if not instantiating:
        return scope
    starts = {node.id: replace(node, tag="startEvent") for node in instantiating}
    return replace(scope, nodes={**scope.nodes, **starts})


def start_by_gateway(scope: ScopeDef) -> ScopeDef:
    """Make what an instantiating event-based gateway waits for start events (BPMN 2.0.2 §10.6.6).

    Before: `gateway(instantiate) → catch a → x`, `→ catch b → y`. After: `start a → x`, `start b → y`.
    Of a parallel gateway `a` and `b` stay what they are, and are noted as events that come together.
    """
    gateways = {
        node.id: node
        for node in scope.nodes.values()
        if node.tag == "eventBasedGateway" and node.instantiate and not scope.incoming.get(node.id)
    }
    if not gateways:
        return scope
    behind = {id: frozenset(flow.target for flow in scope.outgoing.get(id, ())) for id in gateways}
    together = tuple(behind[id] for id, gateway in gateways.items() if gateway.every_event)
    awaited = {id for ids in behind.values() if ids not in together for id in ids}
    nodes = {
        id: replace(node, tag="startEvent") if id in awaited else node
        for id, node in scope.nodes.items()
        if id not in gateways
    }
    flows = tuple(flow for flow in scope.flows if flow.source not in gateways)
    return replace(scope, nodes=nodes, flows=flows, together=together)


def add_missing_start(scope: ScopeDef) -> ScopeDef:
    """Put a start event in front of all nodes without incoming flow when none is drawn.

    Before: `a`, `b → c`. After: `start → a`, `start → b → c`.
    """
    if (
        scope.ad_hoc is not None
        or scope.together
        or any(node.tag == "startEvent" for node in scope.nodes.values())
    ):
        return scope
    first = [
        node.id for node in scope.nodes.values() if not scope.incoming.get(node.id) and not node.stands_alone
    ]
    if not first:
        return scope
    id = f"{scope.element}[start]"
    element = replace(scope.nodes[first[0]].element, id=scope.element)
    start = NodeDef(id, "startEvent", element, shown=False)
    flows = tuple(FlowDef(f"{id}{target}", id, target, shown=False) for target in first)
    return replace(scope, nodes={id: start, **scope.nodes}, flows=(*flows, *scope.flows))
