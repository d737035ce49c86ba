"""What has changed in an instance since the step last asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from engine.spiff.port import Changes, Correlated, Failure, Json, Move, Thrown, Wait
from engine.spiff.rows import scope_row, token_row

if TYPE_CHECKING:
    from engine.spiff.scope import Scope
    from engine.spiff.token import Token

MoveKind = Literal["enter", "leave", "cancel", "fail", "flow", "scope", "scope_end"]


class Journal:
    """Collects rows to write and things to tell; draining it starts a new one.

    Rows are built when drained, so a token that moves ten times in a step costs one row, and one
    that came and went within the step none.
    """

    def __init__(self) -> None:
        self.stored_tokens: set[int] = set()
        self.stored_scopes: set[int] = set()
        self._open()

    def _open(self) -> None:
        self._tokens: dict[int, Token] = {}
        self._gone_tokens: list[int] = []
        self._scopes: dict[int, Scope] = {}
        self._gone_scopes: list[int] = []
        self._variables: dict[tuple[int, str], Json] = {}
        self._waits: dict[tuple[int, int], Wait] = {}
        self.told = Changes()

    def touch(self, token: Token) -> None:
        """Note that a token's row differs."""
        if token.id > 0:
            self._tokens[token.id] = token

    def dropped(self, token: Token) -> None:
        """Note that a token has left the tree; a failure not told yet has ended with it."""
        self._tokens.pop(token.id, None)
        if self.told.failures:
            self.told.failures = [each for each in self.told.failures if each.token != token.id]
        if token.id in self.stored_tokens:
            self._gone_tokens.append(token.id)

    def touch_scope(self, scope: Scope) -> None:
        """Note that a scope's row differs."""
        self._scopes[scope.id] = scope

    def closed(self, scope: Scope) -> None:
        """Note that a scope is no more, and its variables with it."""
        self._scopes.pop(scope.id, None)
        for name in scope.variables or ():
            self._variables.pop((scope.id, name), None)
            self.told.gone_variables.append((scope.id, name))
        if scope.id in self.stored_scopes:
            self._gone_scopes.append(scope.id)

    def variable(self, scope: int, name: str, value: Json) -> None:
        """Note a variable's new value."""
        self._variables[scope, name] = value

    def move(self, kind: MoveKind, token: Token, via: str | None = None) -> None:
        """Note that a token entered, left, was cancelled or failed at its element."""
        element, index = token.task_spec.element, token.index
        self.told.moves.append(
            Move(kind, token.id, element.id, token.workflow.id, via, index, element.process_id)
        )

    def flow(self, token: int, flow: str, scope: Scope) -> None:
        """Note that a token took a sequence flow."""
        self.told.moves.append(Move("flow", token, flow, scope.id, process=scope.spec.process_id))

    def opened(self, scope: Scope) -> None:
        """Note that a scope was opened."""
        self._scope("scope", scope)

    def ended(self, scope: Scope) -> None:
        """Note that a scope has come to its end."""
        self._scope("scope_end", scope)

    def _scope(self, kind: MoveKind, scope: Scope) -> None:
        holder = scope.holder
        outer = 0 if holder is None else holder.workflow.id
        process = scope.spec.process_id if holder is None else holder.task_spec.element.process_id
        element = scope.spec.process_id if holder is None else holder.task_spec.element.id
        self.told.moves.append(Move(kind, scope.id, element, outer, process=process))

    def wait(self, token: Token, kind: Any, slot: int = 0, detail: dict[str, Json] | None = None) -> None:
        """Note that from now on a token waits for something outside."""
        element = token.task_spec.element
        self._waits[token.id, slot] = Wait(
            token.id,
            element.id,
            kind,
            token.workflow.id,
            slot,
            dict(token.data),
            detail or {},
            element.process_id,
        )

    def unwait(self, token: Token) -> None:
        """Note that a token waits for nothing outside any more."""
        for slot in range(max(1, len(token.task_spec.triggers))):
            self._waits.pop((token.id, slot), None)
        self.told.unwaits.append(token.id)

    def thrown(self, thrown: Thrown) -> None:
        """Note a message or signal for the world outside."""
        self.told.thrown.append(thrown)

    def correlated(self, found: Correlated) -> None:
        """Note what a correlation key is worth from now on."""
        self.told.correlated.append(found)

    def failed(self, failure: Failure) -> None:
        """Note an element that could not be executed."""
        self.told.failures.append(failure)

    def drain(self) -> Changes:
        """Return everything noted and begin anew."""
        changes = self.told
        changes.tokens = [token_row(token) for token in self._tokens.values()]
        changes.gone_tokens = self._gone_tokens
        changes.scopes = [scope_row(scope) for scope in self._scopes.values()]
        changes.gone_scopes = self._gone_scopes
        changes.variables = [(scope, name, value) for (scope, name), value in self._variables.items()]
        changes.waits = list(self._waits.values())
        self.stored_tokens.update(self._tokens)
        self.stored_tokens.difference_update(self._gone_tokens)
        self.stored_scopes.update(self._scopes)
        self.stored_scopes.difference_update(self._gone_scopes)
        self._open()
        return changes
