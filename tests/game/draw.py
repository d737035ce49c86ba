"""Random nets: unstructured joins, implicit merges, parallel flows, loops, several tokens on a path."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.game.net import ACTIVITIES, AND, OR, START, SUB, TASK, WORK, XOR, Net, Node


@dataclass(frozen=True)
class Recipe:
    """What may be in a net."""

    loops: bool = True
    inclusive: bool = True
    quantities: bool = True
    conditional: bool = True
    instances: bool = True
    depth: int = 2
    largest: int = 11


class Draw:
    """Draws one net from one seed."""

    def __init__(self, seed: int, recipe: Recipe) -> None:
        self.chance = random.Random(seed)
        self.recipe = recipe
        self.numbers: Iterator[int] = itertools.count()

    def net(self, depth: int = 0) -> Net:
        """Return a net; nodes lead forward, and exclusive and inclusive gateways also back."""
        largest = self.recipe.largest if depth == 0 else 5
        net, size = Net(), self.chance.randint(3 if depth else 4, largest)
        ids = [net.add(self._node(place, depth)).id for place in range(size)]
        for place in range(size - 1):
            for _ in range(self._width(net.nodes[ids[place]])):
                self._flow(net, ids[place], self.chance.choice(ids[place + 1 :]))
        for place in range(1, size):
            if not net.into[ids[place]]:
                self._flow(net, self.chance.choice(ids[:place][1:] or ids[:1]), ids[place])
        for place in range(2, size):
            self._choose(net, net.nodes[ids[place]], ids[1:place], loops=depth == 0 and self.recipe.loops)
        self._choose(net, net.nodes[ids[1]], [], loops=False)
        return net

    def _node(self, place: int, depth: int) -> Node:
        id = f"n{next(self.numbers)}"
        if place == 0:
            return Node(id, START)
        mix = [TASK, TASK, WORK, WORK, XOR, XOR, AND, AND]
        mix += [OR, OR] if self.recipe.inclusive else []
        mix += [SUB] if depth < self.recipe.depth else []
        node = Node(id, self.chance.choice(mix))
        if node.kind == SUB:
            node.inside = self.net(depth + 1)
        if node.kind in ACTIVITIES and self.recipe.quantities and self.chance.random() < 0.12:
            node.need, node.send = self.chance.randint(1, 2), self.chance.randint(1, 2)
        if node.kind == WORK and self.recipe.instances and self.chance.random() < 0.15:
            node.times, node.parallel = self.chance.choice([0, 2, 2, 3]), self.chance.random() < 0.5
        return node

    def _width(self, node: Node) -> int:
        narrow = node.kind == START or (node.kind in ACTIVITIES and self.chance.random() < 0.7)
        return 1 if narrow else self.chance.randint(1, 3)

    def _flow(self, net: Net, source: str, target: str) -> str:
        return net.connect(f"f{next(self.numbers)}", source, target)

    def _choose(self, net: Net, node: Node, before: list[str], *, loops: bool) -> None:
        """Decide where a node leads, visit by visit; a flow back is taken a few times only."""
        out = list(net.out[node.id])
        back = ""
        if loops and node.kind in (XOR, OR) and out and before and self.chance.random() < 0.6:
            back = self._flow(net, node.id, self.chance.choice(before))
        if node.kind in (XOR, OR) and len(out) + bool(back) > 1:
            early = [self._choice(node, [*out, back] if back else out, back) for _ in range(2)]
            node.choices = [*(early if loops else []), self._choice(node, out, "")]
            node.default = self.chance.choice([*out, ""]) if node.kind == XOR else ""
        elif node.kind in ACTIVITIES and len(out) > 1 and self.recipe.conditional:
            self._condition(node, out, steady=not loops or node.send > 1)

    def _choice(self, node: Node, out: list[str], back: str) -> tuple[str, ...]:
        if node.kind == XOR:
            return (back if back and self.chance.random() < 0.7 else self.chance.choice(out),)
        return tuple(self.chance.sample(out, self.chance.randint(1, len(out))))

    def _condition(self, node: Node, out: list[str], *, steady: bool) -> None:
        """Give some flows of an activity a condition, and another one perhaps the place of a default."""
        if self.chance.random() < 0.5:
            return
        mixed = self.chance.sample(out, len(out))
        conditional = mixed[: self.chance.randint(1, len(mixed) - 1)]
        rest = mixed[len(conditional) :]
        node.conditional = tuple(conditional)
        node.default = rest[0] if self.chance.random() < 0.5 else ""
        for _ in range(1 if steady else 3):
            least = 0 if node.default else 1
            some = self.chance.sample(conditional, self.chance.randint(least, len(conditional)))
            node.choices.append(tuple(some) or (node.default,))
