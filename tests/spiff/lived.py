"""Instances for tests: each lives twice, once in memory and once rebuilt from rows after every run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from engine.spiff.instance import LiveInstance
from engine.spiff.port import Changes, Move, ScopeRow, Thrown, TokenRow, Wait
from engine.spiff.private import LIVE
from engine.spiff.program import Program, load_program
from tests.spiff.hosts import ScriptedHost


class Stored:
    """What a step would have in its tables, kept only by applying changes."""

    def __init__(self) -> None:
        self.tokens: dict[int, TokenRow] = {}
        self.scopes: dict[int, ScopeRow] = {}
        self.variables: dict[tuple[int, str], Any] = {}
        self.waits: dict[tuple[int, int], Wait] = {}
        self.open: dict[int, tuple[str, int]] = {}
        self.moves: list[Move] = []
        self.thrown: list[Thrown] = []
        self.failures: list[Any] = []
        self.outcome: str | None = None
        self.outcome_detail: dict[str, Any] = {}
        self.rows_written = 0

    def apply(self, changes: Changes) -> None:
        for gone in changes.gone_tokens:
            del self.tokens[gone]
        self.tokens.update({row.id: row for row in changes.tokens})
        for scope, name in changes.gone_variables:
            self.variables.pop((scope, name), None)
        for gone in changes.gone_scopes:
            del self.scopes[gone]
        self.scopes.update({row.id: row for row in changes.scopes})
        self.variables.update({(scope, name): value for scope, name, value in changes.variables})
        self.rows_written += len(changes.tokens) + len(changes.gone_tokens)
        self._apply_waits(changes)
        for move in changes.moves:
            self._fold(move)
        self.moves += changes.moves
        self.thrown += changes.thrown
        self.failures += changes.failures
        self.outcome = changes.outcome or self.outcome
        self.outcome_detail = changes.outcome_detail or self.outcome_detail

    def _apply_waits(self, changes: Changes) -> None:
        ended = set(changes.unwaits)
        self.waits = {key: wait for key, wait in self.waits.items() if wait.token not in ended}
        self.waits.update({(wait.token, wait.slot): wait for wait in changes.waits})

    def _fold(self, move: Move) -> None:
        if move.kind == "enter":
            assert move.token not in self.open, f"{move} enters twice"
            self.open[move.token] = (move.element, move.scope)
        elif move.kind in ("leave", "cancel"):
            assert self.open.pop(move.token) == (move.element, move.scope), move
        elif move.kind == "fail":
            assert self.open[move.token] == (move.element, move.scope), move


class Half:
    """One of the lives."""

    def __init__(self, live: LiveInstance, *, rebuild: bool) -> None:
        self.live = live
        self.rebuild = rebuild
        self.stored = Stored()
        self.check()

    def run(self) -> None:
        """Run to the end of what can be done."""
        self.reload()
        while self.live.run(1 if self.rebuild else 100_000):
            self.reload()
        self.reload()

    def broadcast(self, name: str, payload: Mapping[str, Any]) -> bool:
        """Deliver a signal to all that wait for it now; return whether there is one."""
        found = [w for w in self.stored.waits.values() if w.kind == "signal" and w.detail["name"] == name]
        for wait in found:
            if (wait.token, wait.slot) in self.stored.waits:
                self.live.deliver(wait.token, payload, wait.slot)
                self.check()
        return bool(found)

    def compare(self, first: Half) -> None:
        """Everything that has happened in the first life has happened in this one."""
        one, other = first.stored, self.stored
        assert one.moves == other.moves
        assert one.waits == other.waits
        assert one.tokens == other.tokens
        assert one.scopes == other.scopes
        assert one.variables == other.variables
        assert one.thrown == other.thrown
        assert one.failures == other.failures
        assert (one.outcome, one.outcome_detail) == (other.outcome, other.outcome_detail)
        assert first.live.next_id == self.live.next_id

    def reload(self) -> None:
        self.check()
        if self.live.over or not self.rebuild:
            return
        variables = [(scope, name, value) for (scope, name), value in self.stored.variables.items()]
        stored, live = self.stored, self.live
        self.live = LiveInstance.load(
            live.program, live.host, stored.tokens.values(), stored.scopes.values(), variables, live.next_id
        )
        self.check()

    def check(self) -> None:
        """The moves folded, the live tokens and the rows say the same."""
        self.stored.apply(self.live.changes())
        assert self.stored.open == self.live.open_tokens()
        state = self.live._state
        assert set(self.stored.tokens) == {id for id in state.tokens if id > 0}
        assert set(self.stored.scopes) == set(state.scopes)
        for scope in state.scopes.values():
            live = [t for t in state.tokens.values() if t.workflow is scope and t.id > 0 and t._state & LIVE]
            assert scope.alive == len([token for token in live if not token.task_spec.watches])


BESIDE: list[Callable[[LiveInstance, bytes, Mapping[str, bytes]], Half]] = []
"""Makes further lives, for tests that put their own beside those of every other test."""


class Lived:
    """An instance of which commands name elements, not tokens; both lives must stay equal."""

    def __init__(
        self,
        program: Program,
        make_host: Callable[[], Any],
        start: Callable[[Any], LiveInstance],
        beside: Iterable[Callable[[LiveInstance], Half]] = (),
    ) -> None:
        self.halves = [Half(start(make_host()), rebuild=rebuild) for rebuild in (False, True)]
        self.halves += [make(start(make_host())) for make in beside]
        self.run()

    @property
    def stored(self) -> Stored:
        return self.halves[0].stored

    @property
    def live(self) -> LiveInstance:
        return self.halves[0].live

    @property
    def host(self) -> Any:
        return self.live.host

    def run(self) -> Lived:
        for half in self.halves:
            half.run()
        for half in self.halves[1:]:
            half.compare(self.halves[0])
        return self

    def do(self, command: Callable[[LiveInstance], Any]) -> Lived:
        for half in self.halves:
            command(half.live)
        return self.run()

    # What a test says.

    def complete(self, element: str, index: int | None = None, **values: Any) -> Lived:
        token = self.wait(element, "work", index).token
        return self.do(lambda live: live.complete(token, values))

    def fire(self, element: str, slot: int = 0) -> Lived:
        found = (
            w for w in self.stored.waits.values() if (w.element, w.kind, w.slot) == (element, "timer", slot)
        )
        wait = next(found)
        return self.do(lambda live: live.fire(wait.token, wait.slot, wait.detail))

    def deliver(self, element: str, **payload: Any) -> Lived:
        wait = next(w for w in self.stored.waits.values() if w.element == element and w.detail.get("name"))
        return self.do(lambda live: live.deliver(wait.token, payload, wait.slot))

    def broadcast(self, name: str, **payload: Any) -> Lived:
        """Let a signal come from outside."""
        for half in self.halves:
            half.broadcast(name, payload)
        return self.run()

    def retry(self, element: str) -> Lived:
        token = next(id for id, (at, _) in self.stored.open.items() if at == element)
        return self.do(lambda live: live.retry(token))

    def wait(self, element: str, kind: str, index: int | None = None) -> Wait:
        found = [
            wait
            for wait in self.stored.waits.values()
            if wait.element == element
            and wait.kind == kind
            and (index is None or wait.locals.get("loopCounter") == index)
        ]
        assert found, f"nothing waits as {kind} at {element}: {self.waiting}"
        return found[0]

    # What a test sees.

    @property
    def trace(self) -> str:
        """Elements entered, in order."""
        return " ".join(move.element for move in self.stored.moves if move.kind == "enter")

    @property
    def cancelled(self) -> str:
        return " ".join(move.element for move in self.stored.moves if move.kind == "cancel")

    @property
    def flows(self) -> str:
        return " ".join(move.element for move in self.stored.moves if move.kind == "flow")

    @property
    def at(self) -> str:
        """Where tokens are now."""
        return " ".join(sorted(element for element, _ in self.stored.open.values()))

    @property
    def waiting(self) -> str:
        return " ".join(sorted(f"{wait.kind}:{wait.element}" for wait in self.stored.waits.values()))

    @property
    def variables(self) -> dict[str, Any]:
        return {name: value for (scope, name), value in self.stored.variables.items() if scope == 0}

    @property
    def outcome(self) -> str | None:
        return self.stored.outcome


def lived(
    xml: bytes,
    *,
    called: Mapping[str, bytes] | None = None,
    services: Callable[[], Mapping[str, Callable[..., Any]]] | None = None,
    start_event: str | None = None,
    host: Callable[[], Any] | None = None,
    **variables: Any,
) -> Lived:
    """Start process `p` of a diagram and run it until everything waits."""
    program = load_program(xml, "p", called or {})
    make = host or (lambda: ScriptedHost(services() if services else {}))
    return Lived(
        program,
        make,
        lambda given: LiveInstance.start(program, given, variables, start_event=start_event),
        [partial(further, xml=xml, called=called or {}) for further in BESIDE],
    )
