"""From which nodes a gateway's incoming flows can be reached."""

from __future__ import annotations

from collections.abc import Mapping

from engine.spiff.parser.model import ScopeDef


def sources(scope: ScopeDef, gateway: str) -> Mapping[str, frozenset[str]]:
    """Return for each incoming flow of a gateway the nodes whose tokens can come along it.

    Paths through the gateway itself do not count (BPMN 2.0.2 §13.4.3). From an activity a token
    reaches its boundary events only before it is there; afterwards the listeners speak for them.
    """
    return {flow.id: _behind(scope, flow.source, gateway) for flow in scope.incoming.get(gateway, ())}


def _behind(scope: ScopeDef, node: str, gateway: str) -> frozenset[str]:
    seen: set[str] = set()
    todo = [node]
    while todo:
        at = todo.pop()
        if at == gateway or at in seen:
            continue
        seen.add(at)
        todo.extend(flow.source for flow in scope.incoming.get(at, ()))
        attached = scope.nodes[at].attached_to
        if attached is not None:
            todo.extend(flow.source for flow in scope.incoming.get(attached, ()))
    return frozenset(seen)
