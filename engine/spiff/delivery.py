"""How events find their catchers, and what an occurrence does there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from engine.spiff import tree
from engine.spiff.private import WAITING
from engine.spiff.token import Token

if TYPE_CHECKING:
    from engine.spiff.state import InstanceState

Propagated = Literal["error", "escalation"]


def raise_error(token: Token, code: str, text: str = "") -> None:
    """Propagate an error from a token outwards; one that nobody catches fails the instance."""
    if token.live and not propagate(token, "error", code):
        element = token.task_spec.element
        fail_instance(token.workflow.state, error=code, element=element.id, text=text)


def fail_instance(state: InstanceState, **detail: str) -> None:
    """End the instance as failed: all tokens of all scopes are cancelled."""
    tree.kill_scope(state.root)
    state.finish("failed", **detail)


def propagate(token: Token, kind: Propagated, code: str) -> bool:
    """Hand an error or escalation to the inmost catcher (BPMN 2.0.2 §10.5.6); return whether there is one.

    Scopes are climbed through embedded sub-processes and called processes alike; in the first one
    with a match, a catcher of exactly this code goes before one of all codes.
    """
    at: Token | None = token
    while at is not None:
        caught = _match(at, kind, code)
        if caught is not None:
            listener, slot = caught
            listener.task_spec.occurred(listener, slot)
            return True
        at = at.workflow.holder
    return False


def boundaries(token: Token) -> Iterator[Token]:
    """Yield the waiting boundary events of the activity a token is at, or of the loop around it."""
    at = token
    while at.parent is not None and at.parent.task_spec.repeats:
        at = at.parent
    holder = at.parent
    if holder is not None and holder.task_spec.attaches:
        for id in holder._children:
            child = holder.workflow.tasks[id]
            if child is not at and child._state == WAITING:
                yield child


def _match(token: Token, kind: Propagated, code: str) -> tuple[Token, int] | None:
    catch_all = None
    for listener in boundaries(token):
        for slot, trigger in enumerate(listener.task_spec.triggers):
            if trigger.kind != kind:
                continue
            if trigger.code == code:
                return listener, slot
            if trigger.code is None and catch_all is None:
                catch_all = listener, slot
    return catch_all
