"""Ad-hoc sub-processes: activities without a drawn order (BPMN 2.0.2 §10.3.5, §13.3.5).

What can begin is what no flow leads to. People's tasks among it are offered until the completion
condition holds; everything else, and everything when there is no condition, runs once.
"""

from __future__ import annotations

from engine.errors import ElementFailed
from engine.spiff import tree
from engine.spiff.parser.model import AdHocDef
from engine.spiff.private import STARTED
from engine.spiff.scope import Scope
from engine.spiff.specs.activities import SubProcess
from engine.spiff.token import FAILED, Token
from engine.spiff.variables import visible
from engine.text import T

PEOPLES = ("userTask", "manualTask")
LEFT, MET = "left", "met"


class AdHoc(SubProcess):
    """An ad-hoc sub-process. What is still to be offered, and whether it is over, stands in its scope.

    The condition is asked whenever an activity in it has been completed. Once it holds, what runs
    is cancelled or, where the diagram says so, may end; nothing new is offered. A sequential one
    begins the next activity when nothing else lives in it, in the order of the diagram.
    """

    def begin(self, scope: Scope) -> None:
        """Offer what can begin: all of it, or the first."""
        scope.offers = {LEFT: [node.name for node in scope.spec.roots], MET: False}
        self._offer(scope)

    def continues(self, scope: Scope) -> bool:
        """Begin what comes next in a scope where nothing lives any more; return False when it is over."""
        offers = scope.offers or {}
        if offers[MET]:
            return False
        if offers[LEFT]:
            self._offer(scope)
            return True
        return self._stuck(scope)

    def completed(self, scope: Scope, token: Token) -> bool:
        """Take note that an activity in the scope is done; return whether it ends what it leads to."""
        ad_hoc, offers = self._rules(scope), dict(scope.offers or {})
        met = offers[MET] or (ad_hoc.condition is not None and self._holds(scope, token, ad_hoc.condition))
        if met:
            scope.offers = {LEFT: [], MET: True}
        elif (
            ad_hoc.condition is not None and token.task_spec.element.kind in PEOPLES and self._is_root(token)
        ):
            scope.offers = {LEFT: [*offers[LEFT], token.task_spec.definition.id], MET: False}
        scope.state.journal.touch_scope(scope)
        if met and ad_hoc.cancels:
            tree.kill_scope(scope, but=token)
            return True
        return False

    def offer_again(self, scope: Scope) -> None:
        """In a parallel one, offer at once what has just been put back."""
        if not self._rules(scope).sequential:
            self._offer(scope)

    def _offer(self, scope: Scope) -> None:
        left = (scope.offers or {})[LEFT]
        now, later = (left[:1], left[1:]) if self._rules(scope).sequential else (left, [])
        scope.offers = {LEFT: later, MET: (scope.offers or {})[MET]}
        scope.state.journal.touch_scope(scope)
        for name in now:
            tree.spawn(scope.root, scope.spec.entrances[name])

    def _holds(self, scope: Scope, token: Token, condition: str) -> bool:
        host = scope.state.host
        answer: bool = host.condition(condition, visible(token), element=self.element, flow="")
        return answer

    def _is_root(self, token: Token) -> bool:
        return token.task_spec.definition.id in {node.definition.id for node in token.workflow.spec.roots}

    def _rules(self, scope: Scope) -> AdHocDef:
        ad_hoc = scope.spec.definition.ad_hoc
        if ad_hoc is None:
            raise LookupError(f"scope {scope.id} is not ad-hoc")
        return ad_hoc

    def _stuck(self, scope: Scope) -> bool:
        """Ask the condition once more when there is nothing left to do; unmet, that is an incident."""
        condition, holder = self._rules(scope).condition, scope.holder
        if condition is None or holder is None:
            return False
        if FAILED in holder.internal_data:
            return True
        try:
            if self._holds(scope, holder, condition):
                return False
            text = T("即席子流程里没有可做的事了，完成条件却不成立")
            raise ElementFailed("ad_hoc_stuck", text, element=self.element.id)
        except ElementFailed as failure:
            tree.fail(holder, failure)
        return True

    def arrive(self, token: Token) -> bool:
        """Open the scope; when it has been open and stuck, look at it again."""
        state = token.workflow.state
        scope = state.scopes.get(token.id)
        if scope is None:
            super().arrive(token)
            return False
        token._set_state(STARTED)
        state.agenda.emptied[scope.id] = scope
        return False
