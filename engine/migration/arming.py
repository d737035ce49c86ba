"""What the new version listens for beside tokens that were there before it."""

from __future__ import annotations

from engine.migration.mapping import ElementMap
from engine.spiff import tree
from engine.spiff.instance import LiveInstance
from engine.spiff.parser.model import ACTIVITIES
from engine.spiff.private import LIVE, STARTED
from engine.spiff.scope import OPEN, Scope
from engine.spiff.specs.attach import Attach
from engine.spiff.specs.events import Boundary
from engine.spiff.specs.gateways import EventGateway
from engine.spiff.specs.listeners import Listener
from engine.spiff.specs.node import Node
from engine.spiff.specs.undoing import CANCELS, Reopened
from engine.spiff.token import FAILED, LEAVING, LISTENING, Token


def arm(live: LiveInstance, map: ElementMap) -> None:
    """Let the events that the old version did not have listen, as if they had always been drawn.

    They stand in the queue like all tokens and begin to listen when the instance runs next.
    """
    state = live.state
    for scope in list(state.scopes.values()):
        if scope.status == OPEN and not _winds_up(scope):
            for listener in _new_listeners(scope, map):
                tree.spawn(scope.root, listener, internal={LISTENING: True})
    for token in [token for token in state.tokens.values() if token.id > 0 and token._state & LIVE]:
        if isinstance(token.task_spec, EventGateway) and FAILED not in token.internal_data:
            _offer_events(token)
        elif _is_at_work(token):
            _guard(token, map)


def rekey(live: LiveInstance) -> None:
    """Let what waits for messages say anew by which keys, as the new version draws the conversations."""
    state = live.state
    state.agenda.rekeyed.update(scope.id for scope in state.scopes.values() if scope.spec.is_process)


def wake(live: LiveInstance, tokens: list[int]) -> None:
    """Let tokens that wait at a join arrive there once more."""
    for id in tokens:
        live.state.tokens[id].ready()


def _winds_up(scope: Scope) -> bool:
    """Whether nothing new may start here: something interrupting has taken over, or all is being undone."""
    holder = scope.holder
    if holder is not None and isinstance(holder.task_spec, Reopened):
        return True
    inside = [scope.tasks[id] for id in scope.root._children]
    return any(CANCELS in token.internal_data or _interrupts(scope, token) for token in inside)


def _interrupts(scope: Scope, token: Token) -> bool:
    body = token.task_spec.definition
    return body.by_event and any(
        listener.starts == body.id and listener.definition.interrupting for listener in scope.spec.listeners
    )


def _new_listeners(scope: Scope, map: ElementMap) -> list[Listener]:
    known = {
        map.name(spec.process_id, listener.name)
        for key, spec in map.old.specs.items()
        if map.scope(key) == scope.spec.name
        for listener in spec.listeners
    }
    return [listener for listener in scope.spec.listeners if listener.name not in known]


def _offer_events(gateway: Token) -> None:
    waiting = [gateway.workflow.tasks[id].task_spec for id in gateway._children]
    for flow in gateway.task_spec.flows:
        if flow.target not in waiting:
            tree.spawn(gateway, flow.target, via=flow.id, internal={LISTENING: True})


def _is_at_work(token: Token) -> bool:
    """Whether a token stands for the whole of an activity that has not been completed."""
    spec = token.task_spec
    return (
        spec.definition.tag in ACTIVITIES
        and spec.name == spec.definition.id
        and LEAVING not in token.internal_data
    )


def _guard(token: Token, map: ElementMap) -> None:
    """Put the boundary events beside an activity that its old version did not have."""
    scope = token.workflow
    attach = scope.spec.entrances.get(token.task_spec.name)
    if not isinstance(attach, Attach):
        return
    missing = [boundary for boundary in attach.boundaries if not _was_there(boundary, scope, map)]
    if missing:
        holder = token.parent if token.parent.task_spec.attaches else _hold(token, attach)
        for boundary in missing:
            tree.spawn(holder, boundary, internal={LISTENING: True})


def _was_there(boundary: Boundary, scope: Scope, map: ElementMap) -> bool:
    """Whether the old version had this event at the same activity; then it listens or has fired."""
    process = scope.spec.process_id
    olds: list[Node] = [
        node
        for spec in map.old.specs.values()
        if spec.process_id == process
        for node in spec.task_specs.values()
        if isinstance(node, Boundary)
    ]
    return any(
        map.name(process, old.name) == boundary.name
        and map.element(process, old.definition.attached_to or "") == boundary.definition.attached_to
        for old in olds
    )


def _hold(token: Token, attach: Attach) -> Token:
    """Put the holder of boundary events between an activity and what held it."""
    scope, parent = token.workflow, token.parent
    holder = Token(scope, attach, parent, id=scope.state.number())
    holder._set_state(STARTED)
    parent._children.pop(token.id)
    token.parent = holder
    holder._children[token.id] = None
    scope.state.journal.touch(token)
    return holder
