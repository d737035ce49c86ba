"""What there is to do in an instance, each list in the order of its numbers."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.spiff.scope import Scope
    from engine.spiff.token import Token


class Agenda:
    """Tokens that are ready, scopes to look at, tokens that wait for a condition.

    Everything is a dict in order of arrival: adding, taking the oldest and striking out are O(1),
    however many tokens the instance has.
    """

    def __init__(self) -> None:
        self.ready: OrderedDict[int, Token] = OrderedDict()
        self.emptied: OrderedDict[int, Scope] = OrderedDict()
        self.unsettled: OrderedDict[int, Scope] = OrderedDict()
        self.conditional: OrderedDict[int, Token] = OrderedDict()
        self.changed = False

    @property
    def poll(self) -> bool:
        """Whether variables have changed since the waiting conditions were looked at."""
        return self.changed and bool(self.conditional)

    def __bool__(self) -> bool:
        return bool(self.ready or self.emptied or self.unsettled or self.poll)

    def clear(self) -> None:
        """Strike everything out; the instance is over."""
        for queue in (self.ready, self.emptied, self.unsettled, self.conditional):
            queue.clear()
