"""What a tree of blocks does, as BPMN 2.0.2 tells it block by block; it knows nothing of the engine.

Every run of a block is an object that ends by going on, or by leaving no token behind. A parallel block of
which one branch has left no token never goes on: its join waits for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

from tests.blocks.tree import Block, Listener

Wait = tuple[str, str]


class Model:
    """A process: what waits, and how it has ended."""

    def __init__(self, tree: Block) -> None:
        self.waits: list[tuple[Wait, Run, Callable[[], None]]] = []
        self.outcome: str | None = None
        self.root = ScopeRun(self, tree, None)
        self.root.begin()

    def waiting(self) -> Counter[Wait]:
        """What waits, by kind and element."""
        return Counter(wait for wait, _, _ in self.waits)

    def happen(self, wait: Wait) -> None:
        """Let one thing happen that is waited for."""
        found = next(each for each in self.waits if each[0] == wait)
        found[2]()


class Run:
    """One run of a block within another."""

    def __init__(self, model: Model, block: Block, parent: Run | None) -> None:
        self.model, self.block, self.parent = model, block, parent
        self.children: list[Run] = []
        self.alive = True

    @property
    def scope(self) -> ScopeRun:
        at = self.parent
        while not isinstance(at, ScopeRun):
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
        child = RUNS[block.kind](self.model, block, self)
        self.children.append(child)
        child.begin()
        return child

    def wait(self, kind: str, element: str, then: Callable[[], None]) -> None:
        self.model.waits.append(((kind, element), self, then))

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
                (self if part.leaves else self.scope).run(part)
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


class Throw(Run):
    """Throws an escalation and goes on if that has not ended it."""

    def begin(self) -> None:
        escalate(self, self.block.code)
        if self.alive:
            self.end(True)


class End(Run):
    """An end event of some kind."""

    def begin(self) -> None:
        kind = self.block.of
        if kind == "error":
            fail(self, self.block.code)
        elif kind == "escalation":
            escalate(self, self.block.code)
        elif kind == "terminate":
            self.scope.terminate()
        elif kind == "cancel":
            self.scope.cancel()
        if self.alive:
            self.end(False)


class Undo(Run):
    """Runs the handlers of what its scope has completed, the newest first, one after another."""

    def begin(self) -> None:
        scope = self.scope
        if scope.block.of == "handler":
            scope = scope.scope
        self.left = scope.take_log(self.block.of)
        self._next()

    def _next(self) -> None:
        if self.left:
            self.run(self.left.pop(0))
        else:
            self.end(self.block.leaves)

    def after(self, child: Run, went_on: bool) -> None:
        self._next()


class Activity(Run):
    """Work, or a scope, with what listens at its boundary."""

    inner: Run | None = None

    def begin(self) -> None:
        self.open = list(self.block.boundaries)
        for listener in self.open:
            if listener.of not in ("error", "escalation", "cancel"):
                self.wait(listener.of, listener.id, partial(self.fire, listener))
        self.rounds = 0
        self.undoes: list[Block] = []
        self._again()

    def _again(self) -> None:
        kind = ScopeRun if self.block.kind == "scope" else Work
        self.inner = kind(self.model, self.block, self)
        self.children.append(self.inner)
        self.inner.begin()

    def fire(self, listener: Listener) -> None:
        """A boundary event has happened."""
        if not listener.interrupting:
            if listener.of == "timer":
                self.unwait(listener.id)
            self.scope.run(listener.path)
            return
        assert self.inner is not None
        self.inner.kill()
        self.children.clear()
        self.unwait()
        self.open = []
        self.merges = listener.merges
        self.run(listener.path)

    def after(self, child: Run, went_on: bool) -> None:
        if child is not self.inner:
            self.end(went_on and self.merges)
            return
        if isinstance(child, ScopeRun) and child.block.of != "call":
            self.undoes[:0] = child.take_log()
        self.rounds += 1
        if isinstance(child, ScopeRun) and self.rounds < self.block.times:
            self._again()
            return
        handler = self.block.undone_by
        self.scope.log.append((self.block.id, [handler] if handler is not None else self.undoes))
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


class Auto(Run):
    """Passes at once."""

    def begin(self) -> None:
        self.end(True)


class ScopeRun(Run):
    """A process, sub-process, called process or event sub-process; ends when nothing runs in it."""

    def begin(self) -> None:
        self.log: list[tuple[str, list[Block]]] = []
        self.cancelling = False
        self.open = list(self.block.handlers)
        for listener in self.open:
            if listener.of not in ("error", "escalation"):
                self.wait(listener.of, listener.id, partial(self.fire, listener))
        self.run(self.block.parts[0])
        self._look()

    def fire(self, listener: Listener) -> None:
        """An event sub-process starts."""
        if listener.interrupting:
            self._clear()
        elif listener.of == "timer":
            self.unwait(listener.id)
        child = ScopeRun(self.model, listener.path, self)
        child.started_by = listener
        self.children.append(child)
        child.begin()

    started_by: Listener | None = None

    def _clear(self) -> None:
        for child in list(self.children):
            child.kill()
        self.children.clear()
        self.unwait()
        self.open = []

    def take_log(self, activity: str = "") -> list[Block]:
        """Return the handlers to run, the newest first, and forget them; of one activity or of all."""
        taken = [entry for entry in self.log if activity in ("", entry[0])]
        self.log = [entry for entry in self.log if entry not in taken]
        return [handler for _, handlers in reversed(taken) for handler in handlers]

    def terminate(self) -> None:
        self._clear()
        self._look()

    def cancel(self) -> None:
        """§13.5.4: what runs is cancelled, what is done is undone, then the cancel boundary event goes on."""
        self._clear()
        self.cancelling = True
        self.run(Block("undo", ""))
        self._look()

    def after(self, child: Run, went_on: bool) -> None:
        self._look()

    def _look(self) -> None:
        if self.children or not self.alive:
            return
        if self.cancelling:
            activity = self.parent
            assert isinstance(activity, Activity)
            activity.fire(next(each for each in activity.block.boundaries if each.of == "cancel"))
        elif self.parent is not None:
            self.end(True)
        else:
            self.kill()
            self.model.outcome = "completed"


def fail(thrower: Run, code: str) -> None:
    """§10.5.6: the inmost catcher of the code, or of any; none: the process fails."""
    if not _caught(thrower, "error", code):
        thrower.model.root.kill()
        thrower.model.outcome = "failed"


def escalate(thrower: Run, code: str) -> None:
    """As an error, but it is no harm when nobody catches it."""
    _caught(thrower, "escalation", code)


def _caught(thrower: Run, kind: str, code: str) -> bool:
    inner, at = thrower, thrower.parent
    while at is not None:
        if isinstance(at, ScopeRun) or (isinstance(at, Activity) and inner is at.inner):
            for wanted in (code, ""):
                for listener in at.open:
                    own = isinstance(inner, ScopeRun) and inner.started_by is listener
                    if (listener.of, listener.code) == (kind, wanted) and not own:
                        at.fire(listener)
                        return True
        inner, at = at, at.parent
    return False


RUNS: dict[str, type[Run]] = {
    "seq": Seq,
    "par": Par,
    "xor": Xor,
    "loop": Loop,
    "catch": Catch,
    "choice": Choice,
    "throw": Throw,
    "end": End,
    "undo": Undo,
    "work": Activity,
    "scope": Activity,
    "auto": Auto,
}
