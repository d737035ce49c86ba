"""Replay: the tokens of an instance at any event, folded from its history alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.history import Event


@dataclass(frozen=True, slots=True)
class Place:
    """Where a token stands: the element, its scope, and its number in a multi-instance activity."""

    element: str
    scope: int
    index: int | None = None


@dataclass(slots=True)
class Frame:
    """The picture after an event: open tokens, failed ones, and how often things have happened."""

    seq: int = 0
    tokens: dict[int, Place] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)
    done: dict[str, int] = field(default_factory=dict)
    flows: dict[str, int] = field(default_factory=dict)

    def apply(self, event: Event) -> None:
        """Change the picture by one event."""
        self.seq = event.seq
        if event.kind in ("instance.completed", "instance.failed", "instance.cancelled"):
            self.tokens.clear()
            self.failed.clear()
        for kind, token, element, scope, _via, index in (event.body or {}).get("moves", ()):
            self._move(kind, token, element, scope, index)

    def _move(self, kind: str, token: int, element: str, scope: int, index: int | None) -> None:
        if kind == "enter":
            self.tokens[token] = Place(element, scope, index)
            self.failed.discard(token)
        elif kind in ("leave", "cancel"):
            self.tokens.pop(token, None)
            self.failed.discard(token)
            if kind == "leave":
                self.done[element] = self.done.get(element, 0) + 1
        elif kind == "fail":
            self.failed.add(token)
        elif kind == "flow":
            self.flows[element] = self.flows.get(element, 0) + 1


def fold(events: Iterable[Event]) -> Frame:
    """Return the picture after the given events, which must be the first ones of an instance."""
    frame = Frame()
    for event in events:
        frame.apply(event)
    return frame
