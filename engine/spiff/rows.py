"""Rows of live tokens and open scopes, and an instance made of them again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from engine.spiff import lineage
from engine.spiff.port import Json, ScopeRow, TokenRow
from engine.spiff.private import READY, WAITING
from engine.spiff.token import Token

if TYPE_CHECKING:
    from engine.spiff.scope import Scope
    from engine.spiff.state import InstanceState

TURN = "turn"


def token_row(token: Token) -> TokenRow:
    """Return the row of a token; its place in the queue is kept only while it stands there."""
    internal = dict(token.internal_data)
    if token._state == READY:
        internal[TURN] = token.turn
    parent = token._parent if token._parent > 0 else None
    return TokenRow(
        token.id,
        token.workflow.id,
        parent,
        token.task_spec.name,
        token._state,
        token.triggered,
        internal,
        dict(token.data),
    )


def scope_row(scope: Scope) -> ScopeRow:
    """Return the row of a scope."""
    extra: dict[str, Json] = {"written": sorted(scope.written)} if scope.written else {}
    if scope.log:
        extra["log"] = list(scope.log)
    if scope.offers is not None:
        extra["offers"] = dict(scope.offers)
    if scope.reset:
        extra["reset"] = dict(scope.reset)
    if scope.writers:
        extra["writers"] = dict(scope.writers)
    if scope.known:
        extra["known"] = list(scope.known)
    if scope.keys:
        extra["keys"] = dict(scope.keys)
    if scope.bound:
        extra["bound"] = dict(scope.bound)
    if scope.holder is None and scope.state.ledger.epoch:
        extra["epoch"] = scope.state.ledger.epoch
    return ScopeRow(scope.id, scope.spec.name, scope.status, extra)


def restore(
    state: InstanceState,
    tokens: Iterable[TokenRow],
    scopes: Iterable[ScopeRow],
    variables: Iterable[tuple[int, str, Json]],
) -> None:
    """Fill an empty instance from its rows; in order of ids holders come before what they hold."""
    for scope_row in sorted(scopes, key=lambda row: row.id):
        scope = state.open_scope(scope_row.spec, scope_row.id)
        scope.status = scope_row.state
        scope.written = set(scope_row.extra.get("written", ()))
        scope.log = list(scope_row.extra.get("log", ()))
        scope.offers = scope_row.extra.get("offers")
        scope.reset = dict(scope_row.extra.get("reset", {}))
        scope.writers = dict(scope_row.extra.get("writers", {}))
        scope.known = scope_row.extra.get("known")
        scope.keys = dict(scope_row.extra.get("keys", {}))
        scope.bound = dict(scope_row.extra.get("bound", {}))
        lineage.restored(scope)
        if not scope.id:
            state.ledger.epoch = scope_row.extra.get("epoch", 0)
        state.journal.stored_scopes.add(scope.id)
    for scope_id, name, value in variables:
        names = state.scopes[scope_id].variables
        if names is None:
            raise LookupError(f"scope {scope_id} keeps no variables, found {name!r}")
        names[name] = value
    rows = {row.id: row for row in sorted(tokens, key=lambda row: row.id)}
    for row in rows.values():
        _restore_token(state, row, rows)
    _restore_agenda(state)


def _restore_token(state: InstanceState, row: TokenRow, rows: Mapping[int, TokenRow]) -> None:
    """Put a token back, after what holds it: a migration may have put a younger holder around it."""
    if row.id in state.tokens:
        return
    if row.parent is not None:
        _restore_token(state, rows[row.parent], rows)
    scope = state.scopes[row.scope]
    parent = scope.root if row.parent is None else state.tokens[row.parent]
    token = Token(scope, scope.spec.task_specs[row.spec], parent, state=row.state, id=row.id)
    token.internal_data, token.data = dict(row.internal), dict(row.locals)
    token.turn = token.internal_data.pop(TURN, 0)
    token.triggered = row.triggered
    state.journal.stored_tokens.add(token.id)
    lineage.restored(token)
    lineage.recount(token)
    if token.live and not token.task_spec.watches:
        scope.alive += 1
        scope.population[token.task_spec.name] += 1
    if row.state == WAITING:
        token.task_spec.restored(token)


def _restore_agenda(state: InstanceState) -> None:
    """Queue what was ready, and look once at every scope: looking twice changes nothing."""
    ready = [token for token in state.tokens.values() if token._state == READY]
    for token in sorted(ready, key=lambda token: token.turn):
        state.agenda.add(token)
    for scope in state.scopes.values():
        if scope.reset:
            state.agenda.unsettle(scope)
        if not scope.alive:
            state.agenda.emptied[scope.id] = scope
    state.agenda.changed = True
