"""How events find their catchers, and what an occurrence does there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from engine.spiff import correlation, tree
from engine.spiff.port import Json, Thrown
from engine.spiff.private import WAITING
from engine.spiff.token import Token

if TYPE_CHECKING:
    from engine.spiff.state import InstanceState

Propagated = Literal["error", "escalation"]


def raise_error(token: Token, code: str, text: str = "", payload: Mapping[str, Json] | None = None) -> None:
    """Propagate an error from a token outwards; one that nobody catches fails the instance."""
    if token.live and not propagate(token, "error", code, payload):
        element = token.task_spec.element
        fail_instance(token.workflow.state, error=code, element=element.id, text=text)


def fail_instance(state: InstanceState, **detail: str) -> None:
    """End the instance as failed: all tokens of all scopes are cancelled."""
    tree.kill_scope(state.root)
    state.finish("failed", **detail)


def propagate(token: Token, kind: Propagated, code: str, payload: Mapping[str, Json] | None = None) -> bool:
    """Hand an error or escalation to the inmost catcher (BPMN 2.0.2 §10.5.6); return whether there is one.

    Scopes are climbed through embedded sub-processes and called processes alike: at each the
    boundary events of the activity first, then the event sub-processes beside it. In the first
    place with a match, a catcher of exactly this code goes before one of all codes.
    """
    at: Token | None = token
    while at is not None:
        caught = _match(boundaries(at), kind, code) or _match(_watching(at), kind, code)
        if caught is not None:
            listener, slot = caught
            if payload:
                listener.task_spec.receive(listener, payload)
            listener.task_spec.occurred(listener, slot)
            return True
        at = at.workflow.holder
    return False


def throw(state: InstanceState, thrown: Thrown) -> None:
    """Hand a message or signal to the step, after the instance's own tokens have taken a signal.

    A signal reaches all that wait for it at the moment it is thrown, and nobody who comes to wait
    later, were it in the same step (BPMN 2.0.2 §10.5.1). The step takes it to other instances. A
    message gives their values to the correlation keys it begins.
    """
    correlation.begin(state, thrown.begins)
    reached = tuple(_broadcast(state, thrown)) if thrown.kind == "signal" else ()
    state.throw(replace(thrown, reached=reached))


def _broadcast(state: InstanceState, thrown: Thrown) -> Iterator[tuple[int, str]]:
    waiting = [
        (token, slot)
        for _, token in sorted(state.agenda.signalled.items())
        for slot, trigger in enumerate(token.task_spec.triggers)
        if trigger.kind == "signal" and trigger.name == thrown.name
    ]
    for token, slot in waiting:
        if token._state == WAITING and token.task_spec.hears(token, slot):
            yield token.id, token.task_spec.element.id
            token.task_spec.receive(token, thrown.payload)
            token.task_spec.occurred(token, slot)


def leave_cancelled(token: Token) -> None:
    """Leave the transaction whose compensation has ended through its cancel boundary event (§10.5.5).

    Without one nothing goes on from it: the token ends there.
    """
    holder = token.workflow.holder
    if holder is None:
        raise LookupError("a transaction without holder")
    for listener in boundaries(holder):
        for slot, trigger in enumerate(listener.task_spec.triggers):
            if trigger.kind == "cancel":
                listener.task_spec.occurred(listener, slot)
                return
    at = _whole(holder)
    attached = at.parent is not None and at.parent.task_spec.attaches
    tree.kill(at.parent if attached and at.parent is not None else at)


def _whole(token: Token) -> Token:
    """Return the token of the activity a token is at, or of the loop around it."""
    at = token
    while at.parent is not None and at.parent.task_spec.repeats:
        at = at.parent
    return at


def boundaries(token: Token) -> Iterator[Token]:
    """Yield the waiting boundary events of the activity a token is at, or of the loop around it."""
    at = _whole(token)
    holder = at.parent
    if holder is not None and holder.task_spec.attaches:
        for id in holder._children:
            child = holder.workflow.tasks[id]
            if child is not at and child._state == WAITING:
                yield child


def _watching(token: Token) -> Iterator[Token]:
    """Yield the waiting event sub-processes beside a token, except the one it is an occurrence of.

    A handler that throws what started it hands it on outwards; it does not start itself again.
    """
    scope, body = token.workflow, token.task_spec.definition.id
    if scope.spec.listeners:
        for id in scope.root._children:
            at = scope.tasks[id]
            if at.task_spec.watches and at._state == WAITING and at.task_spec.starts != body:
                yield at


def _match(listeners: Iterable[Token], kind: Propagated, code: str) -> tuple[Token, int] | None:
    catch_all = None
    for listener in listeners:
        for slot, trigger in enumerate(listener.task_spec.triggers):
            if trigger.kind != kind:
                continue
            if trigger.code == code:
                return listener, slot
            if trigger.code is None and catch_all is None:
                catch_all = listener, slot
    return catch_all
