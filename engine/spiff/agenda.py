"""What there is to do in an instance, each list in the order of its numbers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Set as AbstractSet
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.spiff.scope import Scope
    from engine.spiff.token import Token


class Agenda:
    """Tokens that are ready, scopes to look at, tokens that wait for a condition, a signal or a message.

    Adding, taking the first and striking out cost the same however many tokens the instance has.
    Each order can be had from the rows again, so an instance loaded from them goes on as it would
    have without. `keyed` are those that wait for messages by keys of their conversations, `rekeyed`
    the scopes of processes whose keys have changed since.
    """

    def __init__(self) -> None:
        self.ready: OrderedDict[int, Token] = OrderedDict()
        self.broadcasting: OrderedDict[int, Token] = OrderedDict()
        self.emptied: OrderedDict[int, Scope] = OrderedDict()
        self._unsettled: dict[int, Scope] = {}
        self._unsettled_ids: list[int] = []
        self.conditional: OrderedDict[int, Token] = OrderedDict()
        self.signalled: dict[int, Token] = {}
        self.keyed: dict[int, Token] = {}
        self.rekeyed: set[int] = set()
        self.changed = False

    def add(self, token: Token) -> None:
        """Queue a token that is ready.

        One that will throw a signal goes behind all others: branches that run beside it come to
        where they wait for the signal before it is thrown, whichever the diagram names first.
        """
        (self.broadcasting if token.task_spec.broadcasts else self.ready)[token.turn] = token

    def remove(self, token: Token) -> None:
        """Take a token out of the queue."""
        (self.broadcasting if token.task_spec.broadcasts else self.ready).pop(token.turn, None)

    @property
    def first(self) -> Token | None:
        """The token that runs next, or None."""
        queue = self.ready or self.broadcasting
        return next(iter(queue.values())) if queue else None

    @property
    def poll(self) -> bool:
        """Whether variables have changed since the waiting conditions were looked at."""
        return self.changed and bool(self.conditional)

    def listens(self, token: Token, kinds: AbstractSet[str], *, keyed: bool = False) -> None:
        """Note that a token waits for triggers of these kinds; `keyed` if for messages by their keys."""
        if "conditional" in kinds:
            self.conditional[token.id] = token
        if "signal" in kinds:
            self.signalled[token.id] = token
        if keyed:
            self.keyed[token.id] = token

    def stops_listening(self, token: Token) -> None:
        """Note that a token waits no more."""
        self.conditional.pop(token.id, None)
        self.signalled.pop(token.id, None)
        self.keyed.pop(token.id, None)

    @property
    def unsettled(self) -> Scope | None:
        """The scope with the lowest id whose inclusive joins have to be looked at again."""
        while self._unsettled_ids and self._unsettled_ids[0] not in self._unsettled:
            heappop(self._unsettled_ids)
        return self._unsettled[self._unsettled_ids[0]] if self._unsettled_ids else None

    def unsettle(self, scope: Scope) -> None:
        """Note that tokens have come or gone in a scope with waiting joins."""
        if scope.id not in self._unsettled:
            self._unsettled[scope.id] = scope
            heappush(self._unsettled_ids, scope.id)

    def settled(self, scope: Scope) -> None:
        """Note that no join of a scope can fire as things are."""
        self._unsettled.pop(scope.id, None)

    def __bool__(self) -> bool:
        return bool(self.first or self.emptied or self._unsettled or self.poll)

    def clear(self) -> None:
        """Strike everything out; the instance is over."""
        for queue in (self.ready, self.broadcasting, self.emptied, self._unsettled):
            queue.clear()
        self.conditional.clear()
        self.signalled.clear()
        self.keyed.clear()
        self.rekeyed.clear()
