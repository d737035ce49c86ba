"""What is done to tokens: put one somewhere, take one away, end it, let it fail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from engine.errors import ElementFailed
from engine.spiff import lineage
from engine.spiff.port import Failure
from engine.spiff.private import CANCELLED, FUTURE, STARTED
from engine.spiff.scope import ENDED, Scope
from engine.spiff.token import CONFLICT, FAILED, LISTENING, SEEN, VIA, Token

if TYPE_CHECKING:
    from engine.spiff.specs.node import Flow, Node


def spawn(
    parent: Token,
    node: Node,
    *,
    via: str | None = None,
    scope: Scope | None = None,
    locals: dict[str, Any] | None = None,
    internal: dict[str, Any] | None = None,
    after: Token | None = None,
    seen: list[int] | None = None,
) -> Token:
    """Put a new token at `node`, under `parent`, ready to run; `via` names the flow it came along.

    It is in the scope of its parent, unless another one is given, and has seen what the token has
    that it comes `after`: by default its parent, or the holder of its scope; or what `seen` says.
    """
    within = scope or parent.workflow
    token = Token(within, node, parent, state=FUTURE, id=within.state.number())
    token.data.update(locals or {})
    token.internal_data.update(internal or {})
    if via is not None:
        token.internal_data[VIA] = via
    if seen is None:
        source = after or parent
        seen = lineage.entering(within) if source.id <= 0 else lineage.inherited(source)
    if seen is not None and not (
        node.watches or (parent.task_spec.attaches and LISTENING in token.internal_data)
    ):
        token.internal_data[SEEN] = seen
    token.triggered = via is None
    if token.shown:
        token.workflow.state.journal.move("enter", token, via)
    node._update(token)
    return token


def drop(token: Token) -> None:
    """Take a finished token out of the tree; its children must have gone before."""
    parent, scope = token.parent, token.workflow
    if parent is not None:
        parent._children.pop(token.id, None)
    del scope.tasks[token.id]
    lineage.dropped(token)
    scope.state.journal.dropped(token)


def end(token: Token) -> None:
    """Complete a token that goes nowhere from here: consumed at a join, or its work is taken over."""
    token.complete()
    drop(token)


def join(token: Token, others: Iterable[Token]) -> None:
    """Let one token go on for several, knowing what all of them have seen."""
    consumed = list(others)
    lineage.absorb(token, *consumed)
    for other in consumed:
        end(other)


def pass_on(token: Token, flows: Iterable[Flow]) -> None:
    """End a token and put a new one at the target of each flow.

    The followers hang at the root of the scope or, when the token was one of a holder that lives
    on, beside it; so the tree is never deeper than holders are nested.
    """
    scope = token.workflow
    detach(token)
    taken = list(flows)
    if not taken:
        lineage.leave_behind(token)
    end(token)
    for flow in taken:
        follow(token, flow, scope)


def follow(token: Token, flow: Flow, scope: Scope) -> None:
    """Put a new token at the end of a flow that `token` takes."""
    if flow.shown:
        scope.state.journal.flow(token.id, flow.id, scope)
    spawn(scope.root, flow.target, via=flow.id, after=token)


def detach(token: Token) -> None:
    """Dissolve the holder of an activity with boundary events: its listeners end with it."""
    holder = token.parent
    if holder is None or not holder.task_spec.attaches:
        return
    for child in [holder.workflow.tasks[id] for id in holder._children]:
        if child is not token:
            kill(child)
    token.parent = holder.parent
    holder.parent._children[token.id] = None
    holder._children.clear()
    end(holder)


def kill(token: Token) -> None:
    """Cancel a token, all that it holds and all scopes it has opened, the inmost first."""
    for inner in sorted(reach(token), key=lambda inner: inner.id, reverse=True):
        lineage.leave_behind(inner)
        if inner.live:
            inner._set_state(CANCELLED)
        opened = inner.workflow.state.scopes.get(inner.id)
        if opened is not None:
            close(opened)
        drop(inner)


def kill_scope(scope: Scope, *, but: Token | None = None) -> None:
    """Cancel every token of a scope, except one that just runs."""
    for id in sorted(scope.root._children, reverse=True):
        token = scope.tasks[id]
        if token is not but:
            kill(token)


def close(scope: Scope) -> None:
    """Forget an open or ended scope that holds no token any more."""
    state = scope.state
    if scope.status != ENDED:
        state.journal.ended(scope)
    lineage.dropped(scope)
    state.journal.closed(scope)
    state.agenda.emptied.pop(scope.id, None)
    state.agenda.settled(scope)
    del state.scopes[scope.id]
    state.subscribing.pop(scope.id, None)
    del scope.tasks[scope.root.id]


def reach(token: Token) -> list[Token]:
    """Return a token with all that it holds, and all in the scopes it has opened."""
    found, todo = [], [token]
    state = token.workflow.state
    while todo:
        inner = todo.pop()
        found.append(inner)
        todo.extend(state.tokens[id] for id in inner._children)
        opened = state.scopes.get(inner.id)
        if opened is not None:
            todo.extend(state.tokens[id] for id in opened.root._children)
    return found


def fail(token: Token, failure: ElementFailed) -> None:
    """Leave a token at its element as an incident; the rest of the instance goes on."""
    journal = token.workflow.state.journal
    hidden = not token.shown
    token.note(**{FAILED: failure.reason})
    if hidden:
        journal.move("enter", token, token.internal_data.get(VIA))
    token._set_state(STARTED)
    lineage.recount(token)
    journal.move("fail", token)
    element = token.task_spec.element
    journal.failed(
        Failure(token.id, element.id, failure.reason, failure.text, dict(failure.ids), element.process_id)
    )


def retry(token: Token) -> None:
    """Let a failed token run its element again; one that was in conflict now knows of it and goes first."""
    seen = lineage.everything(token.workflow.state)
    if token.internal_data[FAILED] == CONFLICT and seen is not None:
        token.note(**{SEEN: seen})
    token.forget(FAILED)
    if not token.shown:
        token.workflow.state.journal.move("leave", token)
    token.ready()


def choose(token: Token) -> None:
    """Make a listener the token itself: the gateway it belonged to has decided for it."""
    gateway = token.parent
    token.forget(LISTENING)
    for child in [gateway.workflow.tasks[id] for id in gateway._children]:
        if child is not token:
            kill(child)
    token.parent = gateway.parent
    gateway._children.clear()
    gateway.parent._children[token.id] = None
    flow = token.internal_data[VIA]
    scope = token.workflow
    end(gateway)
    scope.state.journal.flow(gateway.id, flow, scope)
    scope.state.journal.move("enter", token, flow)
