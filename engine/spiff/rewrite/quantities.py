"""Start and completion quantity are gateways in front of an activity and behind it (§13.3.2)."""

from __future__ import annotations

from dataclasses import replace

from engine.spiff.parser.model import FlowDef, NodeDef, ScopeDef


def gather_tokens(scope: ScopeDef) -> ScopeDef:
    """Let an activity that needs n tokens have one way in, from a gateway that takes n for one.

    Before: `x → a (needs 3)`. After: `x → gather 3 → a`.
    """
    needing = {node.id: node for node in scope.nodes.values() if node.start_quantity > 1}
    if not needing:
        return scope
    nodes = {
        id: replace(node, start_quantity=1) if id in needing else node for id, node in scope.nodes.items()
    }
    gates = {
        _front(id): _gate("gather", _front(id), node, node.start_quantity) for id, node in needing.items()
    }
    flows = [
        replace(flow, target=_front(flow.target)) if flow.target in needing else flow for flow in scope.flows
    ]
    flows += [FlowDef(f"{id}[in]", _front(id), id, shown=False) for id in needing]
    return replace(scope, nodes={**nodes, **gates}, flows=tuple(flows))


def multiply_tokens(scope: ScopeDef) -> ScopeDef:
    """Let an activity that gives n tokens have one way out, to a gateway that sends n along each flow.

    Before: `a (gives 3) → x`. After: `a → multiply 3 → x`.
    """
    giving = {node.id: node for node in scope.nodes.values() if node.completion_quantity > 1}
    if not giving:
        return scope
    nodes = {
        id: replace(node, completion_quantity=1) if id in giving else node for id, node in scope.nodes.items()
    }
    gates = {
        _behind(id): _gate("multiply", _behind(id), node, node.completion_quantity)
        for id, node in giving.items()
    }
    flows = [
        replace(flow, source=_behind(flow.source)) if flow.source in giving else flow for flow in scope.flows
    ]
    flows += [FlowDef(f"{id}[copies]", id, _behind(id), shown=False) for id in giving]
    return replace(scope, nodes={**nodes, **gates}, flows=tuple(flows))


def _front(activity: str) -> str:
    return f"{activity}[gather]"


def _behind(activity: str) -> str:
    return f"{activity}[multiply]"


def _gate(tag: str, id: str, node: NodeDef, quantity: int) -> NodeDef:
    return NodeDef(id, tag, node.element, quantity=quantity, shown=False)
