"""Turns at the one writer, in the order in which they were asked for; those behind come after people."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENCE = 32
"""After how many turns of others somebody behind has one all the same: a clock must not starve."""


class Turns:
    """A lock that is handed over in order; whoever is `behind` waits until nobody else does."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._first: deque[threading.Event] = deque()
        self._behind: deque[threading.Event] = deque()
        self._passed = 0
        self._held = False
        self._holder = 0

    @property
    def waiting(self) -> int:
        """How many are in the queue; one of them will take the next turn."""
        with self._guard:
            return len(self._first) + len(self._behind)

    @property
    def next_is_behind(self) -> bool:
        """Whether, as things are, the next turn is one of those behind."""
        with self._guard:
            return self._lane() is self._behind

    @contextmanager
    def take(self, *, behind: bool = False) -> Iterator[None]:
        """Wait for a turn and have it within the block; whoever has one must not ask for another."""
        assert self._holder != threading.get_ident(), "a unit of work within another would wait for ever"
        self._wait(behind=behind)
        self._holder = threading.get_ident()
        try:
            yield
        finally:
            self._holder = 0
            self._hand_over()

    def _wait(self, *, behind: bool) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Event()
            (self._behind if behind else self._first).append(turn)
        turn.wait()

    def _hand_over(self) -> None:
        with self._guard:
            if turn := self._next():
                turn.set()
            else:
                self._held = False

    def _next(self) -> threading.Event | None:
        lane = self._lane()
        if lane is None:
            return None
        self._passed = self._passed + 1 if lane is self._first and self._behind else 0
        return lane.popleft()

    def _lane(self) -> deque[threading.Event] | None:
        """Return the lane of whoever has the next turn, if anybody waits for one."""
        if self._first and (not self._behind or self._passed < _PATIENCE):
            return self._first
        return self._behind or None
