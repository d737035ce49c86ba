"""The runs of blocks that only concern themselves: what comes after what, and what waits.

Every run of a block is an object that ends by going on, or by leaving no token behind. A parallel block of
which one branch has left no token never goes on: its join waits for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from tests.blocks.tree import Block, kinds

Wait = tuple[str, str]


class Around(Protocol):
    """The model around a run: who waits for what, and what runs a block."""

    waits: list[tuple[Wait, Run, Callable[[], None]]]

    def make(self, block: Block, parent: Run) -> Run:
        """Return a run of a block that has not begun."""

    def complete(self) -> None:
        """End the process in which nothing runs any more."""

    def fail(self) -> None:
        """End the process by an error that nobody catches."""


class Run:
    """One run of a block within another."""

    def __init__(self, model: Around, block: Block, parent: Run | None) -> None:
        self.model, self.block, self.parent = model, block, parent
        self.children: list[Run] = []
        self.alive = True

    attached = False
    """Whether this is an activity with its boundary events, not what is within."""

    @property
    def around(self) -> Run:
        """The run of the scope this one is in."""
        at = self.parent
        while at is None or at.block.kind != "scope" or at.attached:
            assert at is not None
            at = at.parent
        return at

    def begin(self) -> None:
        raise NotImplementedError

    def after(self, child: Run, went_on: bool) -> None:
        """A child has ended."""
        raise NotImplementedError

    def run(self, block: Block) -> Run:
        """Begin a block within this one."""
        child = self.model.make(block, self)
        self.children.append(child)
        child.begin()
        return child

    def wait(self, of: str, element: str, then: Callable[[], None]) -> None:
        """Wait for a thing, for any of several, or for all of them."""
        left = set(kinds(of))
        for kind in kinds(of):
            happens = partial(self._some, left, (kind, element), then) if "&" in of else then
            self.model.waits.append(((kind, element), self, happens))

    def _some(self, left: set[str], wait: Wait, then: Callable[[], None]) -> None:
        left.remove(wait[0])
        kept = self.model.waits
        kept[:] = [each for each in kept if each[1] is not self or each[0] != wait]
        if not left:
            then()

    def unwait(self, element: str = "") -> None:
        kept = self.model.waits
        kept[:] = [w for w in kept if w[1] is not self or (element and w[0][1] != element)]

    def end(self, went_on: bool) -> None:
        self.alive = False
        self.unwait()
        assert self.parent is not None
        self.parent.children.remove(self)
        self.parent.after(self, went_on)

    def kill(self) -> None:
        for child in list(self.children):
            child.kill()
        self.children.clear()
        self.alive = False
        self.unwait()


class Seq(Run):
    """Parts one after the other."""

    def begin(self) -> None:
        self.place = -1
        self._next()

    def _next(self) -> None:
        self.place += 1
        if self.place == len(self.block.parts):
            self.end(True)
        else:
            self.run(self.block.parts[self.place])

    def after(self, child: Run, went_on: bool) -> None:
        if went_on:
            self._next()
        else:
            self.end(False)


class Par(Run):
    """All parts; goes on when all have gone on."""

    def begin(self) -> None:
        self.arrived = self.gone = 0
        self.joined = [part for part in self.block.parts if part.leaves]
        for part in sorted(self.block.parts, key=lambda part: part.leaves):
            if self.alive:
                # What never leads into the join runs on whether the others have joined or not.
                (self if part.leaves else self.around).run(part)
        if not self.joined:
            self.end(False)

    def after(self, child: Run, went_on: bool) -> None:
        self.arrived += went_on
        self.gone += not went_on
        if self.arrived == len(self.joined):
            self.end(True)
        elif self.gone == len(self.joined):
            self.end(False)


class Xor(Run):
    """One of the parts."""

    def begin(self) -> None:
        self.run(self.block.parts[self.block.pick])

    def after(self, child: Run, went_on: bool) -> None:
        self.end(went_on)


class Loop(Run):
    """The part, so many times."""

    def begin(self) -> None:
        self.rounds = 0
        self.run(self.block.parts[0])

    def after(self, child: Run, went_on: bool) -> None:
        self.rounds += 1
        if went_on and self.rounds < self.block.times:
            self.run(self.block.parts[0])
        else:
            self.end(went_on)


class Catch(Run):
    """Waits for one event."""

    def begin(self) -> None:
        self.wait(self.block.of, self.block.id, lambda: self.end(True))


class Choice(Run):
    """Waits for the first of several events, each of which begins a part."""

    def begin(self) -> None:
        for part in self.block.parts:
            event = part.parts[0]
            self.wait(event.of, event.id, partial(self._take, part))

    def _take(self, part: Block) -> None:
        self.unwait()
        self.run(Block("seq", "", part.parts[1:]))

    def after(self, child: Run, went_on: bool) -> None:
        self.end(went_on)


class Auto(Run):
    """Passes at once."""

    def begin(self) -> None:
        self.end(True)


class Work(Run):
    """Waits for as many people as it has instances."""

    def begin(self) -> None:
        self.left = self.block.times or 1
        for _ in range(self.left):
            self.wait("work", self.block.id, self._completed)

    def _completed(self) -> None:
        kept = self.model.waits
        kept.remove(next(each for each in kept if each[1] is self))
        self.left -= 1
        if not self.left:
            self.end(True)
