"""What a tree of blocks does, as BPMN 2.0.2 tells it block by block; it knows nothing of the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

from tests.blocks.runs import Auto, Catch, Choice, Loop, Par, Run, Seq, Wait, Work, Xor
from tests.blocks.tree import Block, Listener


class Model:
    """A process: what waits, and how it has ended."""

    def __init__(self, tree: Block) -> None:
        self.waits: list[tuple[Wait, Run, Callable[[], None]]] = []
        self.signals: dict[str, str] = {}
        self.order: dict[str, int] = {}
        for block in tree.everywhere():
            listeners = [*block.boundaries, *block.handlers]
            self.signals |= {block.id: block.code} | {each.id: each.code for each in listeners}
            self.order |= {block.id: 2} | {each.id: 0 if each.interrupting else 1 for each in listeners}
        self.outcome: str | None = None
        self.root = ScopeRun(self, tree, None)
        self.root.begin()

    def waiting(self) -> Counter[Wait]:
        """What waits, by kind and element."""
        return Counter(wait for wait, _, _ in self.waits)

    def make(self, block: Block, parent: Run) -> Run:
        """Return a run of a block that has not begun."""
        return RUNS[block.kind](self, block, parent)

    def complete(self) -> None:
        """End the process in which nothing runs any more."""
        self.outcome = "completed"

    def fail(self) -> None:
        """End the process by an error that nobody catches."""
        self.root.kill()
        self.outcome = "failed"

    def happen(self, wait: Wait) -> None:
        """Let one thing happen that is waited for."""
        found = next(each for each in self.waits if each[0] == wait)
        found[2]()


def scope_of(run: Run) -> ScopeRun:
    """Return the scope a run is in."""
    found = run.around
    assert isinstance(found, ScopeRun)
    return found


class Throw(Run):
    """Throws an escalation or signal and goes on if that has not ended it."""

    def begin(self) -> None:
        (broadcast if self.block.of == "signal" else escalate)(self, self.block.code)
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
            scope_of(self).terminate()
        elif kind == "cancel":
            scope_of(self).cancel()
        if self.alive:
            self.end(False)


class Undo(Run):
    """Runs the handlers of what its scope has completed, the newest first, one after another."""

    def begin(self) -> None:
        scope = scope_of(self)
        if scope.block.of == "handler":
            scope = scope_of(scope)
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
    attached = True

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
            self.around.run(listener.path)
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
        if isinstance(child, ScopeRun):
            self.undoes[:0] = child.take_log()
        self.rounds += 1
        if isinstance(child, ScopeRun) and self.rounds < self.block.times:
            self._again()
            return
        handler = self.block.undone_by
        scope_of(self).log.append((self.block.id, [handler] if handler is not None else self.undoes))
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
            self.model.complete()


def fail(thrower: Run, code: str) -> None:
    """§10.5.6: the inmost catcher of the code, or of any; none: the process fails."""
    if not _caught(thrower, "error", code):
        thrower.model.fail()


def escalate(thrower: Run, code: str) -> None:
    """As an error, but it is no harm when nobody catches it."""
    _caught(thrower, "escalation", code)


def broadcast(thrower: Run, name: str) -> None:
    """§10.5.1: all that wait for the signal get it, and nobody who comes to wait because of it.

    What it interrupts is interrupted before anything goes on.
    """
    model = thrower.model
    assert isinstance(model, Model)
    found = [each for each in model.waits if each[0][0] == "signal" and model.signals[each[0][1]] == name]
    for each in sorted(found, key=lambda each: model.order[each[0][1]]):
        if any(each is known for known in model.waits):
            each[2]()


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
