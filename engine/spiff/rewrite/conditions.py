"""Conditional and default flows out of activities are an inclusive gateway behind them (§10.4.5)."""

from __future__ import annotations

from dataclasses import replace

from engine.spiff.parser.model import ACTIVITIES, FlowDef, NodeDef, ScopeDef


def split_conditional_flows(scope: ScopeDef) -> ScopeDef:
    """Let an activity have one way out, to a gateway that chooses.

    Before: `a → b`, `a → c if x`, `a → d by default`. After: `a → gateway`, and the three flows
    leave the gateway under their own ids.
    """
    choosing = {
        node.id: node
        for node in scope.nodes.values()
        if node.tag in ACTIVITIES
        and any(flow.default or flow.condition for flow in scope.outgoing.get(node.id, ()))
    }
    if not choosing:
        return scope
    gateways = {_name(id): _gateway(node) for id, node in choosing.items()}
    flows = [
        replace(flow, source=_name(flow.source)) if flow.source in choosing else flow for flow in scope.flows
    ]
    flows += [FlowDef(f"{id}[out]", id, _name(id), shown=False) for id in choosing]
    return replace(scope, nodes={**scope.nodes, **gateways}, flows=tuple(flows))


def _name(activity: str) -> str:
    return f"{activity}[choice]"


def _gateway(node: NodeDef) -> NodeDef:
    return NodeDef(_name(node.id), "inclusiveGateway", node.element, shown=False)
