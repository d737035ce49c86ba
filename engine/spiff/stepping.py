"""The order in which things happen inside an instance: one thing at a time, always the same."""

from __future__ import annotations

from engine.spiff import correlation, lineage, tree
from engine.spiff.private import WAITING
from engine.spiff.scope import ENDED, OPEN, Scope
from engine.spiff.state import InstanceState
from engine.spiff.token import LEAVING


def run(state: InstanceState, budget: int) -> bool:
    """Do up to `budget` things; return whether there is more to do now.

    Conditions are looked at after each change of a variable, ended scopes are left as soon as
    they are empty, then the token that is ready longest runs, those that throw signals last.
    Inclusive joins are settled only when nothing else is left: later than enabled is right, earlier
    would be wrong. Correlation keys follow the data when all this is over: until then nobody sends
    a message from outside.
    """
    more = _go_on(state, budget)
    if not state.over:
        correlation.follow(state)
    return more


def _go_on(state: InstanceState, budget: int) -> bool:
    while budget > 0:
        if state.over or not _one(state):
            return False
        budget -= 1
    return not state.over and bool(state.agenda)


def _one(state: InstanceState) -> bool:
    agenda = state.agenda
    if agenda.poll:
        poll(state)
    while agenda.emptied:
        _, scope = agenda.emptied.popitem(last=False)
        if not scope.alive and scope.status == OPEN:
            end_scope(scope)
            return True
    token = agenda.first
    if token is not None:
        lineage.settle(token)
        token.run()
        return True
    return settle(state)


def poll(state: InstanceState) -> None:
    """Look at every waiting condition, in the order in which they began to wait.

    One that cannot be evaluated, over names that are not there yet for example, does not hold yet.
    """
    state.agenda.changed = False
    for token in list(state.agenda.conditional.values()):
        if token._state == WAITING:
            token.task_spec.poll(token)


def settle(state: InstanceState) -> bool:
    """Let one inclusive join fire; return whether one did. Scopes are asked again only after a change."""
    agenda = state.agenda
    while (scope := agenda.unsettled) is not None:
        waiting = scope.arrivals.keys() | scope.reset.keys()
        if any(node.settle(scope) for node in scope.spec.settling if node.name in waiting):
            return True
        agenda.settled(scope)
    return False


def end_scope(scope: Scope) -> None:
    """End a scope that holds no live token: the token that opened it goes on, or the instance is over.

    What still watches for the start of an event sub-process ends with it (BPMN 2.0.2 §13.5.4).
    """
    state, holder = scope.state, scope.holder
    if holder is not None and scope.offers is not None and holder.task_spec.continues(scope):
        return
    tree.kill_scope(scope)
    if holder is None:
        state.finish("completed")
        return
    scope.status = ENDED
    lineage.absorb_scope(holder, scope)
    state.journal.touch_scope(scope)
    state.journal.ended(scope)
    holder.note(**{LEAVING: True})
    holder.ready()
