"""Where tokens can go within one scope: a plain graph of nodes, and walks over it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.bpmn.model import GATEWAYS, Flow, Node, Scope
from engine.bpmn.namespaces import own


class Graph:
    """The nodes of a scope with an edge per sequence flow, boundary event and pair of links."""

    def __init__(self, scope: Scope) -> None:
        self.nodes = scope.nodes
        self.after: dict[Node, list[Node]] = {node: [] for node in scope.nodes}
        self.before: dict[Node, list[Node]] = {node: [] for node in scope.nodes}
        targets = _link_targets(scope)
        for node in scope.nodes:
            for flow in node.outgoing:
                self._edge(node, flow.target)
            for boundary in node.boundaries:
                self._edge(node, boundary)
            for name in _link_names(node) if node.kind == "intermediateThrowEvent" else ():
                self._edge(node, targets.get(name))

    def _edge(self, source: Node, target: Node | None) -> None:
        if target is not None and target in self.after:
            self.after[source].append(target)
            self.before[target].append(source)

    def reach(self, starts: Iterable[Node], through: Callable[[Node], bool] = lambda node: True) -> set[Node]:
        """Return the nodes a token can get to from `starts`, passing on only where `through` lets it."""
        found: set[Node] = set()
        waiting = list(starts)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting.extend(self.after[node] if through(node) else ())
        return found

    def entries(self) -> list[Node]:
        """Return the nodes where tokens begin: starts, or what has no incoming flow when there are none."""
        starts = [node for node in self.nodes if node.kind == "startEvent"]
        return starts or [node for node in self.nodes if not self.before[node]]

    def looping(self, keep: Callable[[Node], bool]) -> list[Node]:
        """Return the kept nodes that lie on, or between, cycles of kept nodes, in diagram order."""
        left = {node for node in self.nodes if keep(node)}
        for edges, back in ((self.after, self.before), (self.before, self.after)):
            open_edges = {node: sum(other in left for other in edges[node]) for node in left}
            ended = [node for node in left if not open_edges[node]]
            while ended:
                node = ended.pop()
                left.discard(node)
                for other in back[node]:
                    if other in left:
                        open_edges[other] -= 1
                        ended.extend([other] if not open_edges[other] else [])
        return [node for node in self.nodes if node in left]


def is_split(node: Node) -> bool:
    """Return whether a token leaves this node as several."""
    if node.kind in {"parallelGateway", "inclusiveGateway"}:
        return len(node.outgoing) > 1
    return node.kind not in GATEWAYS and len(_plain(node.outgoing)) > 1


def is_join(node: Node) -> bool:
    """Return whether several tokens leave this node as one."""
    return node.kind in {"parallelGateway", "inclusiveGateway", "complexGateway"} and len(node.incoming) > 1


def waits(node: Node) -> bool:
    """Return whether a token stays at this node, or in it, until something happens outside."""
    if node.inner is None:
        return _waits_itself(node)
    return any(_waits_itself(inner) for scope in node.inner.walk() for inner in scope.nodes)


def _waits_itself(node: Node) -> bool:
    if node.kind in {"userTask", "manualTask", "receiveTask", "callActivity", "eventBasedGateway"}:
        return True
    if node.kind == "intermediateCatchEvent":
        return not node.defines("link")
    return node.kind == "serviceTask" and own(node.xml, "execution") == "external"


def _plain(flows: list[Flow]) -> list[Flow]:
    return [flow for flow in flows if flow.condition is None and not flow.is_default]


def _link_targets(scope: Scope) -> dict[str, Node]:
    targets: dict[str, Node] = {}
    for node in scope.nodes:
        for name in _link_names(node) if node.kind == "intermediateCatchEvent" else ():
            targets.setdefault(name, node)
    return targets


def _link_names(node: Node) -> list[str]:
    names = [
        definition.xml.get("name", "").strip() for definition in node.definitions if definition.kind == "link"
    ]
    return [name for name in names if name]
