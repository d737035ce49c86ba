"""Nodes that undo: handlers one after another, runs of sub-processes opened again for it (§13.5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.spiff import delivery, lineage, tree
from engine.spiff.compensation import DATA, Entry, take
from engine.spiff.parser.model import NodeDef
from engine.spiff.port import Json
from engine.spiff.private import STARTED
from engine.spiff.specs.node import Node
from engine.spiff.token import LEAVING, Token
from engine.spiff.variables import visible, write

if TYPE_CHECKING:
    from engine.spiff.scope import Scope
    from engine.spiff.specs.scope_spec import ScopeSpec

QUEUE, LOG, CANCELS = "undo", "log", "cancels"


class Undoing(Node):
    """A node that has other nodes run for it, one at a time, and goes on after the last.

    What is to be done stands in the row of its token; each job is a child of that token, though it
    runs in the scope whose activity it undoes.
    """

    employs = True

    def undo(self, token: Token, jobs: list[Entry]) -> bool:
        """Begin with the first job; return whether there is none, so that the token goes on at once."""
        if jobs:
            token.note(**{QUEUE: jobs})
            token._set_state(STARTED)
            self._proceed(token)
        return not jobs

    def finished(self, token: Token, instance: Token) -> None:
        """Go on with the next job when one has ended."""
        lineage.absorb_writes(token, instance)
        tree.end(instance)
        self._proceed(token)

    def _proceed(self, token: Token) -> None:
        queue = token.internal_data[QUEUE]
        if not queue:
            token.forget(QUEUE)
            token.note(**{LEAVING: True})
            token.ready()
            return
        job, rest = queue[0], queue[1:]
        token.note(**{QUEUE: rest})
        scope = token.workflow.state.scopes[job["scope"]]
        nodes, seen = scope.spec.task_specs, lineage.everything(scope.state)
        if LOG in job:
            again = nodes[f"{job['activity']}[undo]"]
            kept = {name: job[name] for name in (LOG, DATA) if name in job}
            tree.spawn(token, again, scope=scope, internal=kept, locals=job.get("locals"), seen=seen)
        else:
            tree.spawn(token, nodes[nodes[job["activity"]].definition.handler or ""], scope=scope, seen=seen)


class Undo(Undoing):
    """The default compensation of a scope, that of a cancelled transaction, or one nobody waits for."""

    shown = False

    def arrive(self, token: Token) -> bool:
        """Undo what a throw event has left to it, or else all that the scope has done."""
        return self.undo(token, token.internal_data.get(QUEUE) or take(token.workflow, ""))

    def leave(self, token: Token) -> None:
        """End with the scope; a cancelled transaction is left by its cancel boundary event."""
        if CANCELS in token.internal_data:
            delivery.leave_cancelled(token)
        else:
            super().leave(token)


def undo_beside(token: Token, scope: Scope, jobs: list[Entry]) -> None:
    """Undo things in a scope while the token that has thrown the compensation goes on (§10.7.2)."""
    if jobs:
        tree.spawn(scope.root, scope.spec.undo, internal={QUEUE: jobs}, after=token)


class Reopened(Node):
    """A completed run of a sub-process, opened again to be undone with the names its loop gave it."""

    shown = False
    remembers = True

    def __init__(self, scope_spec: ScopeSpec, definition: NodeDef, key: str) -> None:
        super().__init__(scope_spec, definition, f"{definition.id}[undo]")
        self.key = key

    def arrive(self, token: Token) -> bool:
        """Open the scope with its log; its compensation event sub-process runs, or else every handler."""
        state = token.workflow.state
        scope = state.open_scope(self.key, token.id, self.kept(token))
        scope.log = list(token.internal_data[LOG])
        for name, value in (scope.variables or {}).items():
            state.journal.variable(scope.id, name, value)
        token.forget(LOG, DATA)
        token._set_state(STARTED)
        state.journal.touch_scope(scope)
        state.journal.opened(scope)
        tree.spawn(scope.root, scope.spec.undoing or scope.spec.undo)
        return False

    def kept(self, token: Token) -> dict[str, Json]:
        """Return the variables of the run as they were when it ended."""
        return dict(token.internal_data.get(DATA, {}))

    def leave(self, token: Token) -> None:
        """Forget the scope for good."""
        tree.close(token.workflow.state.scopes[token.id])
        super().leave(token)


class Recalled(Reopened):
    """A completed call, whose called process is opened again to be undone.

    What is undone sees the variables of the called process as they were when it ended. A call without
    mappings shares its variables with the caller: what they are there now is seen, and what is set
    comes out, as with a sub-process. With mappings the called process keeps to itself.
    """

    def __init__(self, scope_spec: ScopeSpec, definition: NodeDef, key: str) -> None:
        super().__init__(scope_spec, definition, key)
        mapped = any(self.element.attributes.get(way, "").strip() for way in ("in", "out"))
        self.shares = not mapped and definition.io is None

    def kept(self, token: Token) -> dict[str, Json]:
        """Return the variables the called process is opened with."""
        names = super().kept(token)
        return {**names, **visible(token)} if self.shares else names

    def leave(self, token: Token) -> None:
        """Bring out what has been set, and forget the scope."""
        scope = token.workflow.state.scopes[token.id]
        if self.shares:
            names = scope.variables or {}
            write(token, {name: names[name] for name in sorted(scope.written)})
        super().leave(token)


def cancel(token: Token) -> None:
    """Cancel the transaction around a token: nothing in it goes on, all it has done is undone."""
    scope = token.workflow
    while scope.holder is not None and scope.holder.task_spec.definition.tag != "transaction":
        scope = scope.holder.workflow
    tree.kill_scope(scope)
    tree.spawn(scope.root, scope.spec.undo, internal={CANCELS: True})
