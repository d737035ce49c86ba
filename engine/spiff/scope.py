"""An open scope: the instance itself, an embedded sub-process or a called process."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from engine.spiff import lineage
from engine.spiff.port import Json
from engine.spiff.private import CANCELLED, LIVE, READY, STARTED, WAITING, Workflow
from engine.spiff.token import FAILED, VIA, Token

if TYPE_CHECKING:
    from engine.spiff.specs.scope_spec import ScopeSpec
    from engine.spiff.state import InstanceState

OPEN = "open"
ENDED = "ended"


class Scope(Workflow):
    """A workflow of SpiffWorkflow whose tokens live in the dict of the whole instance.

    `id` is 0 for the instance, else that of the token that opened the scope; `variables` is None
    in a sub-process that declares no data objects; `arrivals` holds the tokens that wait at joins,
    by node and by flow; `writers` who wrote its variables last and `known` what tokens that ended
    here had seen (see `lineage`); `log` says what has been done here and could be undone; `reset`
    holds the flows a complex gateway has used since it fired; `offers` what an ad-hoc sub-process
    has still to offer; `keys` what messages have made the correlation keys of a process worth, and
    `bound` what its data have; `population` counts live tokens by node. Tokens that only watch for the
    start of an event sub-process count nowhere: they keep no scope open and no join waiting.
    """

    spec: ScopeSpec

    def __init__(
        self, state: InstanceState, spec: ScopeSpec, id: int, variables: dict[str, Json] | None
    ) -> None:
        super().__init__(spec, deserializing=True)
        self.state = state
        self.id = id
        self.variables = variables
        self.written: set[str] = set()
        self.writers: dict[str, list[list[Json]]] = {}
        self.known: list[int] | None = None
        self.reset: dict[str, list[str]] = {}
        self.offers: dict[str, Json] | None = None
        self.log: list[dict[str, Json]] = []
        self.keys: dict[str, dict[str, Json]] = {}
        self.bound: dict[str, dict[str, Json]] = {}
        self.status = OPEN
        self.tasks = state.tokens
        self.alive = 0
        self.population: Counter[str] = Counter()
        self.arrivals: dict[str, dict[str, dict[int, Token]]] = {}
        self.root = self.task_tree = Token(self, spec.start, state=STARTED, id=-1 - id)
        state.scopes[id] = self
        if spec.definition.subscriptions:
            state.subscribing[id] = self

    @property
    def holder(self) -> Token | None:
        """The token that opened this scope; None for the instance."""
        return self.state.tokens.get(self.id)

    @property
    def home(self) -> Scope:
        """The process this scope lies in, which keeps all variables that nobody else declares."""
        scope = self
        while not scope.spec.is_process:
            holder = scope.holder
            if holder is None:
                raise LookupError(f"scope {scope.id} is no process and has no holder")
            scope = holder.workflow
        return scope

    @property
    def depth(self) -> int:
        """How many scopes this one lies in."""
        depth, holder = 0, self.holder
        while holder is not None:
            depth, holder = depth + 1, holder.workflow.holder
        return depth

    def moved(self, token: Token, was: int, now: int) -> None:
        """Keep indexes and journal right when a token's state changes."""
        self._count(token, was, now)
        lineage.recount(token)
        agenda, journal = self.state.agenda, self.state.journal
        if now == READY:
            token.turn = self.state.number() if was & LIVE else token.id
            agenda.add(token)
        elif was == READY:
            agenda.remove(token)
        if was == WAITING:
            self._no_longer_waits(token)
        elif FAILED in token.internal_data and not now & LIVE:
            journal.unwait(token)
        journal.touch(token)
        if token.shown and not now & LIVE:
            journal.move("cancel" if now == CANCELLED else "leave", token)

    def _count(self, token: Token, was: int, now: int) -> None:
        lived, lives = bool(was & LIVE), bool(now & LIVE)
        if lived == lives or token.task_spec.watches:
            return
        step = 1 if lives else -1
        self.alive += step
        self.population[token.task_spec.name] += step
        if not self.alive:
            self.state.agenda.emptied[self.id] = self
        if self.arrivals or self.reset:
            self.state.agenda.unsettle(self)

    def _no_longer_waits(self, token: Token) -> None:
        name = token.task_spec.name
        if token.task_spec.gathers:
            flows = self.arrivals[name]
            arrived = flows[token.internal_data[VIA]]
            arrived.pop(token.id)
            if not arrived:
                del flows[token.internal_data[VIA]]
            if not flows:
                del self.arrivals[name]
        else:
            self.state.agenda.stops_listening(token)
            self.state.journal.unwait(token)

    def arrive(self, token: Token) -> dict[str, dict[int, Token]]:
        """Let a token wait at a join; return the waiting tokens by incoming flow."""
        flows = self.arrivals.setdefault(token.task_spec.name, {})
        flows.setdefault(token.internal_data[VIA], {})[token.id] = token
        self.state.agenda.unsettle(self)
        return flows

    def withdraw(self) -> None:
        """Offer nothing more in an ad-hoc sub-process: something else has taken its place."""
        if self.offers is not None:
            self.offers = {"left": [], "met": True}
            self.state.journal.touch_scope(self)

    def update_waiting_tasks(self) -> None:
        """Do nothing: the agenda knows what has to be looked at."""

    def _task_completed_notify(self, task: Token) -> None:
        """Do nothing: a scope ends when no live token is left in it."""
