"""Complex gateways: a join with a condition of its own (BPMN 2.0.2 §13.4.5)."""

from __future__ import annotations

from engine.spiff import lineage, tree
from engine.spiff.scope import Scope
from engine.spiff.specs.gateways import Inclusive
from engine.spiff.token import LEAVING, Token
from engine.spiff.variables import visible


class Complex(Inclusive):
    """Joins as soon as its activation condition holds, then swallows what else was on its way.

    `activationCount` is the number of tokens that wait at it. Firing takes one token of each flow
    that has one and sends tokens on as an inclusive split does. Until one more token has come on
    each other flow, or none can come any more, tokens there are taken and nothing is sent on.
    """

    def arrive(self, token: Token) -> bool:
        """Fire if the condition holds with this token, or take it if the gateway waits for the rest."""
        if not self.gathers:
            return True
        self._gather(token)
        scope = token.workflow
        if self.name not in scope.reset:
            self._activate(token)
        if self.name in scope.reset:
            self._absorb(scope)
        return False

    def settle(self, scope: Scope) -> bool:
        """Wait for a new start when nothing can come any more on the flows not used yet."""
        used = scope.reset.get(self.name)
        if used is None or self._may_still_come(scope, dict.fromkeys(used)):
            return False
        self._restart(scope)
        return True

    def _activate(self, token: Token) -> None:
        scope = token.workflow
        flows = scope.arrivals[self.name]
        names = {**visible(token), "activationCount": sum(map(len, flows.values()))}
        condition, host = self.definition.activation or "", scope.state.host
        if not host.condition(condition, names, element=self.element, flow=""):
            return
        used = sorted(flows)
        first, *others = sorted((min(flows[flow].items())[1] for flow in used), key=lambda each: each.id)
        tree.join(first, others)
        first.note(**{LEAVING: True})
        first.ready()
        self._keep(scope, used)

    def _absorb(self, scope: Scope) -> None:
        used = scope.reset[self.name]
        for flow in self.incoming:
            waiting = scope.arrivals.get(self.name, {}).get(flow)
            if waiting and flow not in used:
                swallowed = min(waiting.items())[1]
                lineage.leave_behind(swallowed)
                tree.end(swallowed)
                used = sorted([*used, flow])
        self._keep(scope, used)
        if len(used) == len(self.incoming):
            self._restart(scope)

    def _restart(self, scope: Scope) -> None:
        """Begin anew; the oldest of the tokens that have been kept waiting asks the condition again."""
        del scope.reset[self.name]
        scope.state.journal.touch_scope(scope)
        flows = scope.arrivals.get(self.name, {})
        kept = [token for waiting in flows.values() for token in waiting.values()]
        if kept:
            min(kept, key=lambda token: token.id).ready()

    def _keep(self, scope: Scope, used: list[str]) -> None:
        scope.reset[self.name] = used
        scope.state.journal.touch_scope(scope)
