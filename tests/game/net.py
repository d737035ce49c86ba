"""Nets: the diagrams of the token game, nodes and flows by id, sub-processes as nets within nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

START, TASK, WORK, SUB, XOR, AND, OR = "start", "task", "work", "sub", "xor", "and", "or"
ACTIVITIES = (TASK, WORK, SUB)


@dataclass
class Node:
    """A node; `choices` are the flows taken at the first visit, the second …, the last one for ever.

    `conditional` are the flows of an activity that have a condition, `need` and `send` its quantities,
    `times` the number of its instances.
    """

    id: str
    kind: str
    need: int = 1
    send: int = 1
    times: int | None = None
    parallel: bool = True
    inside: Net | None = None
    choices: list[tuple[str, ...]] = field(default_factory=list)
    conditional: tuple[str, ...] = ()
    default: str = ""

    def taken(self, visit: int, out: list[str]) -> list[str]:
        """Return the flows that get a token at a visit, counted from 0."""
        if not self.choices:
            return out
        chosen = self.choices[min(visit, len(self.choices) - 1)]
        if self.kind in ACTIVITIES:
            plain = [flow for flow in out if flow not in self.conditional and flow != self.default]
            return [*plain, *chosen]
        return list(chosen)


@dataclass
class Net:
    """Nodes and flows of one scope."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, tuple[str, str]] = field(default_factory=dict)
    out: dict[str, list[str]] = field(default_factory=dict)
    into: dict[str, list[str]] = field(default_factory=dict)

    def add(self, node: Node) -> Node:
        """Put a node into the net."""
        self.nodes[node.id] = node
        self.out[node.id], self.into[node.id] = [], []
        return node

    def connect(self, flow: str, source: str, target: str) -> str:
        """Put a flow into the net."""
        self.flows[flow] = (source, target)
        self.out[source].append(flow)
        self.into[target].append(flow)
        return flow

    def everywhere(self) -> Iterator[Node]:
        """Yield the nodes, also those of nets within."""
        for node in self.nodes.values():
            yield node
            if node.inside is not None:
                yield from node.inside.everywhere()
