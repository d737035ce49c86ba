"""The token game: BPMN 2.0.2 §13 on counts of tokens per flow; it knows nothing of the engine.

Whatever order automatic nodes move in, counts come out the same; only inclusive joins that are enabled
together may differ by who goes first. So a game holds every position that the rules allow, and each
thing seen from outside (what waits, what was completed) leaves those that agree with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.game.net import ACTIVITIES, AND, OR, START, SUB, WORK, Net, Node


class TooLong(Exception):
    """The net goes on for longer than a test should."""


class Scope:
    """One instance of a net: tokens per flow, work by node and open instances, running sub-processes."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.tokens: Counter[str] = Counter()
        self.work: Counter[tuple[str, int]] = Counter()
        self.subs: list[tuple[str, Scope]] = []

    def copy(self) -> Scope:
        made = Scope(self.net)
        made.tokens, made.work = Counter(self.tokens), Counter(self.work)
        made.subs = [(node, scope.copy()) for node, scope in self.subs]
        return made

    def key(self) -> Any:
        subs = tuple(sorted((node, repr(scope.key())) for node, scope in self.subs))
        return tuple(sorted((+self.tokens).items())), tuple(sorted((+self.work).items())), subs

    @property
    def empty(self) -> bool:
        return not (+self.tokens or +self.work or self.subs)

    def all(self) -> Iterator[Scope]:
        yield self
        for _, scope in self.subs:
            yield from scope.all()


class Position:
    """Where all tokens are, how often each node was visited, and what has run."""

    def __init__(self, root: Scope) -> None:
        self.root = root
        self.visits: Counter[str] = Counter()
        self.ran: Counter[str] = Counter()

    def copy(self) -> Position:
        made = Position(self.root.copy())
        made.visits, made.ran = Counter(self.visits), Counter(self.ran)
        return made

    def key(self) -> Any:
        return self.root.key(), tuple(sorted(self.ran.items())), tuple(sorted(self.visits.items()))

    def waiting(self) -> Counter[str]:
        """What waits for a person, by node."""
        found: Counter[str] = Counter()
        for scope in self.root.all():
            for (id, left), count in (+scope.work).items():
                found[id] += count * (left if scope.net.nodes[id].parallel else 1)
        return found

    # ------------------------------------------------------------ moves

    def emit(self, scope: Scope, node: Node) -> None:
        for _ in range(node.send):
            visit = self.visits[node.id]
            self.visits[node.id] += 1
            scope.tokens.update(node.taken(visit, scope.net.out[node.id]))

    def begin(self, scope: Scope) -> None:
        for node in scope.net.nodes.values():
            if node.kind == START:
                self.emit(scope, node)

    def move(self) -> bool:
        """Make one move that needs no waiting; False when there is none."""
        return any(self._move_in(scope) for scope in self.root.all())

    def _move_in(self, scope: Scope) -> bool:
        for place, (id, inner) in enumerate(scope.subs):
            if inner.empty:
                del scope.subs[place]
                self.emit(scope, scope.net.nodes[id])
                return True
        for flow, count in scope.tokens.items():
            if count > 0 and self._enter(scope, scope.net.nodes[scope.net.flows[flow][1]], flow):
                return True
        return False

    def _enter(self, scope: Scope, node: Node, flow: str) -> bool:
        into = scope.net.into[node.id]
        if node.kind == OR and len(into) > 1:
            return False
        if node.kind == AND:
            if not all(scope.tokens[each] > 0 for each in into):
                return False
            scope.tokens.subtract(into)
            self.emit(scope, node)
            return True
        if node.kind in ACTIVITIES:
            return self._start(scope, node, into)
        scope.tokens[flow] -= 1
        self.emit(scope, node)
        return True

    def _start(self, scope: Scope, node: Node, into: list[str]) -> bool:
        """An activity starts with `need` tokens, whatever flows they have come by (§13.3.2)."""
        here = [flow for flow in into for _ in range(scope.tokens[flow])]
        if len(here) < node.need:
            return False
        scope.tokens.subtract(here[: node.need])
        if node.times is None:
            self.ran[node.id] += 1
        if node.kind == WORK and node.times != 0:
            scope.work[node.id, node.times or 1] += 1
        elif node.kind == SUB and node.inside is not None:
            inner = Scope(node.inside)
            scope.subs.append((node.id, inner))
            self.begin(inner)
        else:
            self.emit(scope, node)
        return True

    def done(self, scope: Scope, id: str, left: int) -> None:
        """Complete one of the instances of an activity; with the last one it goes on."""
        scope.work[id, left] -= 1
        if left > 1:
            scope.work[id, left - 1] += 1
        else:
            self.emit(scope, scope.net.nodes[id])

    # ------------------------------------------------------------ inclusive joins

    def enabled(self) -> list[tuple[int, str]]:
        """The inclusive joins that may fire, as number of the scope and id."""
        return [
            (number, node.id)
            for number, scope in enumerate(self.root.all())
            for node in scope.net.nodes.values()
            if node.kind == OR and len(scope.net.into[node.id]) > 1 and _fires(scope, node)
        ]

    def fire(self, number: int, id: str) -> None:
        scope = list(self.root.all())[number]
        scope.tokens.subtract([flow for flow in scope.net.into[id] if scope.tokens[flow] > 0])
        self.emit(scope, scope.net.nodes[id])


def _fires(scope: Scope, node: Node) -> bool:
    """§13.4.3: some flow is filled, and nothing elsewhere can still reach an empty one and no filled one."""
    into = scope.net.into[node.id]
    filled = {flow for flow in into if scope.tokens[flow] > 0}
    empty = set(into) - filled
    if not filled:
        return False
    places = [[flow] for flow in +scope.tokens if scope.net.flows[flow][1] != node.id]
    places += [scope.net.out[id] for id in [*(id for id, _ in +scope.work), *(id for id, _ in scope.subs)]]
    for place in places:
        reached = _reached(scope.net, place, node.id)
        if reached & empty and not reached & filled:
            return False
    return True


def _reached(net: Net, place: list[str], gateway: str) -> set[str]:
    seen: set[str] = set()
    todo = list(place)
    while todo:
        flow = todo.pop()
        if flow not in seen:
            seen.add(flow)
            target = net.flows[flow][1]
            todo += net.out[target] if target != gateway else []
    return seen


class Game:
    """All positions that agree with what has been seen."""

    def __init__(self, net: Net, limit: int = 600) -> None:
        self.limit = limit
        first = Position(Scope(net))
        first.begin(first.root)
        self.positions = self._rest([first])

    def _rest(self, todo: list[Position]) -> list[Position]:
        """Let everything move until it waits, in every order of inclusive joins."""
        found: dict[Any, Position] = {}
        seen: set[Any] = set()
        while todo:
            position = todo.pop()
            while position.move():
                self._count()
            key = position.key()
            if key in seen:
                continue
            seen.add(key)
            joins = position.enabled()
            if not joins:
                found[key] = position
            for number, id in joins:
                self._count()
                other = position.copy()
                other.fire(number, id)
                todo.append(other)
        return list(found.values())

    def _count(self) -> None:
        self.limit -= 1
        if self.limit < 0:
            raise TooLong

    def see(self, waiting: Counter[str]) -> None:
        """Leave the positions in which exactly this waits."""
        self.positions = [each for each in self.positions if each.waiting() == waiting]

    def complete(self, id: str) -> None:
        """Complete one work at a node; in whichever scope it is."""
        after = []
        for position in self.positions:
            for number, scope in enumerate(position.root.all()):
                for left in [left for at, left in +scope.work if at == id]:
                    self._count()
                    other = position.copy()
                    other.done(list(other.root.all())[number], id, left)
                    after.append(other)
        self.positions = self._rest(after)

    def ends(self) -> set[tuple[bool, tuple[tuple[str, int], ...]]]:
        """Whether the net can have ended, and what has run then."""
        return {(each.root.empty, tuple(sorted(each.ran.items()))) for each in self.positions}
