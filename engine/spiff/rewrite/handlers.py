"""Compensation boundary events say which activity undoes which; no token ever waits there (§10.7)."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import Refused
from engine.spiff.parser.model import NodeDef, ScopeDef
from engine.text import T


def name_handlers(scope: ScopeDef) -> ScopeDef:
    """Note the handler at the activity it undoes, in place of the boundary event.

    Before: `a`, `boundary(compensate) of a`, association to `undo`. After: `a` undone by `undo`.
    """
    boundaries = [node for node in scope.nodes.values() if _compensates(node)]
    if not boundaries:
        return scope
    nodes = {id: node for id, node in scope.nodes.items() if node not in boundaries}
    for boundary in boundaries:
        host = nodes.get(boundary.attached_to or "")
        if host is None or host.handler is not None:
            raise Refused(T("补偿边界事件要附着在活动上，每个活动一个"), element=boundary.id)
        nodes[host.id] = replace(host, handler=_handler(scope, boundary))
    return replace(scope, nodes=nodes)


def _compensates(node: NodeDef) -> bool:
    return node.tag == "boundaryEvent" and any(trigger.kind == "compensate" for trigger in node.triggers)


def _handler(scope: ScopeDef, boundary: NodeDef) -> str:
    handler = scope.nodes.get(boundary.handler or "")
    flows = [flow for flow in scope.flows if handler is not None and handler.id in (flow.source, flow.target)]
    guarded = [
        node for node in scope.nodes.values() if handler is not None and node.attached_to == handler.id
    ]
    if handler is None or not handler.for_compensation or flows or guarded or len(boundary.triggers) > 1:
        raise Refused(
            T("补偿边界事件要用关联线连到一个补偿活动，它没有顺序流和边界事件"), element=boundary.id
        )
    return handler.id
