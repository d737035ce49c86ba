"""Gateways: where tokens are chosen, multiplied and joined (BPMN 2.0.2 §13.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from engine.errors import ElementFailed
from engine.spiff import tree
from engine.spiff.private import STARTED, WAITING
from engine.spiff.scope import Scope
from engine.spiff.specs.node import Flow, Node
from engine.spiff.specs.reach import sources
from engine.spiff.token import LEAVING, LISTENING, Token
from engine.spiff.variables import visible
from engine.text import T

if TYPE_CHECKING:
    from engine.spiff.specs.scope_spec import ScopeSpec


class Exclusive(Node):
    """Takes the first flow whose condition holds, else the default flow."""

    def choose(self, token: Token) -> Sequence[Flow]:
        """Return the one flow taken."""
        for flow in self.flows:
            if not flow.default and (flow.condition is None or holds(token, flow)):
                return [flow]
        return _default(self, self.flows)


class Joining(Node):
    """A gateway whose tokens wait for each other, told apart by the flow they came along."""

    joins = True

    def restored(self, token: Token) -> None:
        """Put a waiting token that was loaded from its row back among the arrivals."""
        token.workflow.arrive(token)

    def _gather(self, token: Token) -> dict[str, dict[int, Token]]:
        flows = token.workflow.arrive(token)
        token._set_state(WAITING)
        return flows


class Parallel(Joining):
    """Waits for a token on every incoming flow; surplus tokens stay for the next time."""

    def arrive(self, token: Token) -> bool:
        """Join when this token completes the set; it goes on for all of them."""
        if not self.gathers:
            return True
        flows = self._gather(token)
        if len(flows) < len(self.incoming):
            return False
        oldest = [next(iter(flows[flow].values())) for flow in self.incoming]
        tree.join(token, [each for each in oldest if each is not token])
        return True


class Gather(Joining):
    """Takes the tokens an activity needs to start, whatever flow they came along, for one (§13.3.2)."""

    least = 1

    def arrive(self, token: Token) -> bool:
        """Go on for the oldest ones when there are enough."""
        waiting = [each for tokens in self._gather(token).values() for each in tokens.values()]
        needed = self.definition.quantity
        if len(waiting) < needed:
            return False
        taken = sorted(waiting, key=lambda each: each.id)[:needed]
        tree.join(token, [each for each in taken if each is not token])
        return True


class Multiply(Node):
    """Sends several tokens along each flow out of an activity (§13.3.2)."""

    def choose(self, token: Token) -> Sequence[Flow]:
        """Return every flow as often as tokens take it."""
        return [flow for flow in self.flows for _ in range(self.definition.quantity)]


class Inclusive(Joining):
    """Splits to every flow whose condition holds; joins when no other token can still come."""

    settles = True

    def arrive(self, token: Token) -> bool:
        """Let the token wait until the scope is settled."""
        if self.gathers:
            self._gather(token)
        return not self.gathers

    def choose(self, token: Token) -> Sequence[Flow]:
        """Return all flows without condition and those whose condition holds, else the default."""
        chosen = [
            flow for flow in self.flows if not flow.default and (flow.condition is None or holds(token, flow))
        ]
        conditional = any(flow.condition is not None for flow in chosen)
        default = [flow for flow in self.flows if flow.default]
        if default and not conditional:
            return [*chosen, *default]
        return chosen or _default(self, self.flows)

    def settle(self, scope: Scope) -> bool:
        """Join now if the standard lets this gateway join; return whether it did."""
        flows = scope.arrivals.get(self.name)
        if not flows or self._may_still_come(scope, flows):
            return False
        first, *others = sorted(
            (next(iter(waiting.values())) for waiting in flows.values()), key=lambda token: token.id
        )
        tree.join(first, others)
        first.note(**{LEAVING: True})
        first.ready()
        return True

    @cached_property
    def _sources(self) -> Mapping[str, frozenset[str]]:
        scope_spec: ScopeSpec = self._wf_spec
        return sources(scope_spec.definition, self.definition.id)

    def _may_still_come(self, scope: Scope, filled: Mapping[str, object]) -> bool:
        """Whether a token elsewhere can reach an empty flow but no filled one (BPMN 2.0.2 §13.4.3)."""
        reaching = self._sources
        empty = [flow for flow in self.incoming if flow not in filled]
        return any(
            any(name in reaching[flow] for flow in empty)
            and not any(name in reaching[flow] for flow in filled)
            for name, tokens in scope.population.items()
            if tokens and empty
        )


class EventGateway(Node):
    """Holds the events behind it; the first that occurs ends the others."""

    def arrive(self, token: Token) -> bool:
        """Let every event behind the gateway listen."""
        token._set_state(STARTED)
        for flow in self.flows:
            tree.spawn(token, flow.target, via=flow.id, internal={LISTENING: True})
        return False


def holds(token: Token, flow: Flow) -> bool:
    """Return whether a flow's condition holds for the variables a token sees."""
    host, element = token.workflow.state.host, token.task_spec.element
    answer: bool = host.condition(flow.condition or "", visible(token), element=element, flow=flow.id)
    return answer


def _default(node: Node, flows: Sequence[Flow]) -> Sequence[Flow]:
    default = [flow for flow in flows if flow.default]
    if flows and not default:
        raise ElementFailed("no_flow", T("没有一个条件成立，也没有默认路径"), element=node.element.id)
    return default
