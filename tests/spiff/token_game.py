"""An independent token game: flows carry counts of tokens, nodes move them; and random diagrams to play.

Nothing here knows the token layer. `play` says how often each task must run and whether the process
ends, `bpmn` writes the same diagram as XML.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from tests.spiff.diagrams import both, flow, process, some, start, sub, task, xor

START, TASK, SUB, XOR, AND, OR = "start", "task", "sub", "xor", "and", "or"


@dataclass
class Diagram:
    """Nodes by number, flows as (source, target); `chosen` are the flows whose conditions hold.

    `back` names for a node the flow that leads back and how often it is taken before going on.
    """

    kinds: list[str]
    flows: list[tuple[int, int]]
    chosen: dict[int, list[int]] = field(default_factory=dict)
    back: dict[int, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.out: dict[int, list[int]] = {n: [] for n in range(len(self.kinds))}
        self.into: dict[int, list[int]] = {n: [] for n in range(len(self.kinds))}
        for number, (source, target) in enumerate(self.flows):
            self.out[source].append(number)
            self.into[target].append(number)


def forward(seed: int, *, inclusive: bool) -> Diagram:
    """A diagram without loops: implicit merges, unstructured joins and parallel flows included."""
    chance = random.Random(seed)
    size = chance.randint(4, 11)
    mix = [TASK, TASK, XOR, AND, AND, SUB, *([OR] if inclusive else [])]
    kinds = [START, *(chance.choice(mix) for _ in range(size - 1))]
    flows: list[tuple[int, int]] = []
    for source in range(size - 1):
        narrow = kinds[source] == START or (kinds[source] in (TASK, SUB) and chance.random() < 0.7)
        for _ in range(1 if narrow else chance.randint(1, 3)):
            flows.append((source, chance.randint(source + 1, size - 1)))
    reached = {target for _, target in flows}
    for target in range(1, size):
        if target not in reached:
            flows.append((chance.randint(1, target - 1) if target > 1 else 0, target))
    diagram = Diagram(kinds, flows)
    for node, kind in enumerate(kinds):
        out = diagram.out[node]
        if kind == XOR and len(out) > 1:
            diagram.chosen[node] = [chance.choice(out)]
        elif kind == OR and len(out) > 1:
            diagram.chosen[node] = chance.sample(out, chance.randint(1, len(out)))
    return diagram


def looping(seed: int) -> Diagram:
    """A diagram whose exclusive gateways lead back a few times, also into the middle of joins."""
    chance = random.Random(seed)
    plain = forward(seed, inclusive=False)
    kept = [
        number
        for number, (source, _) in enumerate(plain.flows)
        if plain.kinds[source] != XOR or plain.chosen.get(source, [number]) == [number]
    ]
    flows = [plain.flows[number] for number in kept]
    back: dict[int, tuple[int, int]] = {}
    for node, kind in enumerate(plain.kinds):
        if kind == XOR and node > 1 and plain.out[node] and chance.random() < 0.8:
            back[node] = (len(flows), chance.randint(1, 2))
            flows.append((node, chance.randint(1, node - 1)))
    return Diagram(plain.kinds, flows, {}, back)


def play(diagram: Diagram, limit: int = 2000) -> tuple[Counter[str], bool] | None:
    """Return how often each task ran and whether no token is left; None when it goes on too long."""
    tokens: Counter[int] = Counter()
    ran: Counter[str] = Counter()
    taken: Counter[int] = Counter()
    _emit(diagram, 0, tokens, taken)
    for _ in range(limit):
        if not (_move(diagram, tokens, ran, taken) or _settle(diagram, tokens, taken)):
            return ran, not +tokens
    return None


def _emit(diagram: Diagram, node: int, tokens: Counter[int], taken: Counter[int]) -> None:
    if node in diagram.back:
        number, times = diagram.back[node]
        if taken[node] < times:
            taken[node] += 1
            tokens[number] += 1
            return
        tokens.update(number for number in diagram.out[node] if number != diagram.back[node][0])
        return
    tokens.update(diagram.chosen.get(node, diagram.out[node]))


def _move(diagram: Diagram, tokens: Counter[int], ran: Counter[str], taken: Counter[int]) -> bool:
    for number in [number for number, count in tokens.items() if count]:
        node = diagram.flows[number][1]
        kind, into = diagram.kinds[node], diagram.into[node]
        if kind in (AND, OR) and len(into) > 1:
            if kind == OR or not all(tokens[other] for other in into):
                continue
            tokens.subtract(into)
        else:
            tokens[number] -= 1
        if kind in (TASK, SUB):
            ran[inner(diagram, node)] += 1
        _emit(diagram, node, tokens, taken)
        return True
    return False


def _settle(diagram: Diagram, tokens: Counter[int], taken: Counter[int]) -> bool:
    for node, kind in enumerate(diagram.kinds):
        into = diagram.into[node]
        filled = {number for number in into if tokens[number]}
        if kind == OR and len(into) > 1 and filled and not _awaited(diagram, node, filled, tokens):
            tokens.subtract(filled)
            _emit(diagram, node, tokens, taken)
            return True
    return False


def _awaited(diagram: Diagram, node: int, filled: set[int], tokens: Counter[int]) -> bool:
    """BPMN 2.0.2 §13.4.3, read off flow by flow."""
    empty = set(diagram.into[node]) - filled
    for number, count in tokens.items():
        if count and diagram.flows[number][1] != node:
            reached = _reached(diagram, number, node)
            if reached & empty and not reached & filled:
                return True
    return False


def _reached(diagram: Diagram, number: int, gateway: int) -> set[int]:
    seen: set[int] = set()
    todo = [number]
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            target = diagram.flows[at][1]
            todo += diagram.out[target] if target != gateway else []
    return seen


def bpmn(diagram: Diagram) -> bytes:
    """Write a diagram as XML; conditions are `True`, `False` or `back(node)`."""
    parts = [_node(diagram, node) for node in range(len(diagram.kinds))]
    for number, (source, target) in enumerate(diagram.flows):
        parts.append(flow(f"n{source}", f"n{target}", _condition(diagram, number, source), f"f{number}"))
    return process(*parts)


def _node(diagram: Diagram, node: int) -> str:
    kind, id = diagram.kinds[node], f"n{node}"
    onward = [n for n in diagram.out[node] if node in diagram.back and n != diagram.back[node][0]]
    if kind == SUB:
        return sub(id, start(f"s{node}"), task(f"t{node}"), flow(f"s{node}", f"t{node}"))
    if kind == XOR:
        return xor(id, f"f{onward[0]}" if onward else "")
    return {START: start, TASK: task, AND: both, OR: some}[kind](id)


def counted(diagram: Diagram) -> set[str]:
    """The ids of all tasks that are counted."""
    kinds = enumerate(diagram.kinds)
    return {inner(diagram, node) for node, kind in kinds if kind in (TASK, SUB)}


def inner(diagram: Diagram, node: int) -> str:
    """The id of the task that is counted for a node."""
    return f"t{node}" if diagram.kinds[node] == SUB else f"n{node}"


def _condition(diagram: Diagram, number: int, source: int) -> str:
    if source in diagram.back:
        return f"back({source})" if number == diagram.back[source][0] else ""
    if source in diagram.chosen:
        return str(number in diagram.chosen[source])
    return ""
