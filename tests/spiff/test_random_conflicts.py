"""Conflicts in random block-structured diagrams, against an oracle that keeps whole sets of writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest

from tests.spiff.diagrams import both, end, path, process, start, sub, user
from tests.spiff.lived import Lived, lived


@dataclass
class Block:
    """A task, or blocks in a row, beside each other, or in a sub-process."""

    kind: str
    parts: list[Block] = field(default_factory=list)
    id: str = ""

    def tasks(self) -> list[str]:
        return [self.id] if self.kind == "task" else [id for part in self.parts for id in part.tasks()]


class Drawing:
    """Makes blocks and draws them; `before` are the pairs of tasks of which the first must end first."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0
        self.before: set[tuple[str, str]] = set()

    def number(self) -> int:
        self.count += 1
        return self.count

    def block(self, depth: int) -> Block:
        kind = self.random.choice(["task", "row", "fork", "fork", "inside"]) if depth else "task"
        if kind == "task":
            return Block("task", id=f"t{self.number()}")
        parts = [self.block(depth - 1) for _ in range(1 if kind == "inside" else self.random.randint(2, 3))]
        if kind == "row":
            for index, part in enumerate(parts):
                later = [id for other in parts[index + 1 :] for id in other.tasks()]
                self.before |= {(one, other) for one in part.tasks() for other in later}
        return Block(kind, parts)

    def draw(self, block: Block) -> tuple[str, str, str]:
        """Return the XML of a block, and the nodes at which it begins and ends."""
        if block.kind == "task":
            return user(block.id), block.id, block.id
        drawn = [self.draw(part) for part in block.parts]
        inner, n = "".join(xml for xml, _, _ in drawn), self.number()
        if block.kind == "row":
            links = [(drawn[i][2], drawn[i + 1][1]) for i in range(len(drawn) - 1)]
            flows = "".join(path(f"{one} {other}") for one, other in links)
            return inner + flows, drawn[0][1], drawn[-1][2]
        if block.kind == "inside":
            first = drawn[0][1]
            return sub(f"s{n}", start(f"b{n}"), inner, path(f"b{n} {first}")), f"s{n}", f"s{n}"
        flows = "".join(path(f"f{n} {first}", f"{last} j{n}") for _, first, last in drawn)
        return both(f"f{n}") + both(f"j{n}") + inner + flows, f"f{n}", f"j{n}"


class Oracle:
    """Who has seen which writes, as sets; `standing` are the first and the last writer of a value."""

    def __init__(self, before: set[tuple[str, str]]) -> None:
        self.before = before
        self.seen: dict[str, set[int]] = {}
        self.standing: dict[str, list[int]] = {}
        self.values: dict[str, int] = {}
        self.writes = 0

    def write(self, task: str, name: str, value: int) -> bool:
        """Return whether the write conflicts; one that does is made again, knowing of everything."""
        seen = set().union(*(self.seen.get(one, set()) for one, other in self.before if other == task))
        unseen = [number for number in self.standing.get(name, []) if number not in seen]
        changed = self.values.get(name) != value
        conflict = changed and bool(unseen)
        if conflict:
            seen = set(range(self.writes + 1))
        if changed or unseen:
            self.writes += 1
            seen.add(self.writes)
            self.standing[name] = [*(self.standing.get(name, [])[:1] if not changed else []), self.writes]
        self.values[name] = value
        self.seen[task] = seen
        return conflict


def play(live: Lived, oracle: Oracle, random: Random) -> None:
    while live.stored.waits:
        task = random.choice(sorted(wait.element for wait in live.stored.waits.values()))
        name, value = random.choice("xyz"), random.randint(1, 3)
        known = len(live.stored.failures)
        live.complete(task, **{name: value})
        failed = len(live.stored.failures) > known
        assert failed == oracle.write(task, name, value), (task, name, value)
        if failed:
            live.retry(task)
        assert live.variables[name] == value


@pytest.mark.bpmn("variables")
@pytest.mark.parametrize("seed", range(120))
def test_conflicts_are_those_of_branches_that_have_not_seen_each_other(seed: int) -> None:
    random = Random(seed)
    drawing = Drawing(random)
    whole = Block("row", [drawing.block(3), drawing.block(3)])
    tasks = [part.tasks() for part in whole.parts]
    drawing.before |= {(one, other) for one in tasks[0] for other in tasks[1]}
    xml, first, last = drawing.draw(whole)
    live = lived(process(start(), end(), xml, path(f"s {first}", f"{last} e")))
    play(live, Oracle(drawing.before), random)
    assert live.outcome == "completed"
