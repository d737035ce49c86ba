"""What all nodes have in common: a token arrives, the node works or waits, the token leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import BpmnError, ElementFailed
from engine.spiff import compensation, data, delivery, tree
from engine.spiff.parser.model import ACTIVITIES, DataDef, NodeDef, Trigger
from engine.spiff.port import Element, Json
from engine.spiff.private import TaskSpec
from engine.spiff.token import LEAVING, OWES, Token
from engine.spiff.variables import write

if TYPE_CHECKING:
    from engine.spiff.scope import Scope
    from engine.spiff.specs.scope_spec import ScopeSpec


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow between specs; synthetic ones are not `shown`."""

    id: str
    target: Node
    condition: str | None = None
    default: bool = False
    shown: bool = True


class Node(TaskSpec):
    """A flow node, or a helper beside one.

    Subclasses say in `arrive` what happens when a token comes: True lets it go on at once, False
    leaves it here (the method has then said what it waits for). Whatever it waited for puts it
    back into the queue with `LEAVING` noted, and its next run is its way out. So nothing ever
    moves outside a run, and a failure always has one token to stand at.
    """

    shown = True
    gathers = False
    attaches = False
    repeats = False
    employs = False
    remembers = False
    joins = False
    least = 2
    settles = False
    watches = False
    maps = False
    starts_scope = False
    broadcasts = False
    output_item: str | None = None
    starts: str | None = None

    def __init__(self, scope_spec: ScopeSpec, definition: NodeDef, name: str = "") -> None:
        super().__init__(scope_spec, name or definition.id)
        self.definition = definition
        self.element: Element = definition.element
        self.flows: list[Flow] = []
        self.incoming: list[str] = []
        self.io: DataDef | None = definition.io if self.maps else None
        if not definition.shown:
            self.shown = False

    @property
    def triggers(self) -> Sequence[Trigger]:
        """The event definitions of the node, by slot."""
        return self.definition.triggers

    def arrive(self, token: Token) -> bool:
        """Do what the node is for; return whether the token goes on at once."""
        return True

    def give(self, token: Token, values: Mapping[str, Json], read: frozenset[str] = frozenset()) -> None:
        """Write what the work at a token has yielded; a conflict keeps it until somebody has decided."""
        try:
            write(token, values, read=read)
        except ElementFailed:
            token.note(**{OWES: dict(values), LEAVING: True})
            raise

    def _settle_debt(self, token: Token) -> None:
        """Write what could not be written before, or was brought by the event that has begun the branch."""
        owed = token.internal_data.get(OWES)
        if owed is not None:
            write(token, owed)
            token.forget(OWES)

    def _begin(self, token: Token) -> bool:
        """Take in the data and do the work; once it is done, what fails later does not repeat it."""
        if self.io is None:
            return self.arrive(token)
        data.take_in(token, self.io)
        done = self.arrive(token)
        if done and token.live:
            token.note(**{LEAVING: True})
        return done

    def choose(self, token: Token) -> Sequence[Flow]:
        """Return the flows on which tokens leave; all of them, unless the node decides."""
        return self.flows

    def leave(self, token: Token) -> None:
        """Let the token go on, or tell the token that had it run: a loop, or one that undoes things."""
        if self.io is not None:
            data.give_out(token, self.io)
        parent = token.parent
        if parent.task_spec.repeats or parent.task_spec.employs:
            parent.task_spec.finished(parent, token)
        else:
            compensation.record(token)
            self.go_on(token)

    def go_on(self, token: Token) -> None:
        """Let the token take its flows, unless it was the last thing an ad-hoc sub-process waited for."""
        scope, holder = token.workflow, token.workflow.holder
        if scope.offers is None or holder is None or self.definition.tag not in ACTIVITIES:
            tree.pass_on(token, self.choose(token))
            return
        tree.detach(token)
        ends = holder.task_spec.completed(scope, token)
        tree.pass_on(token, () if ends else self.choose(token))
        if not ends:
            holder.task_spec.offer_again(scope)

    def continues(self, scope: Scope) -> bool:
        """Begin what comes next in a scope where nothing lives any more; return False when it is over."""
        return False

    def completed(self, scope: Scope, token: Token) -> bool:
        """Take note that an activity in an ad-hoc scope is done; return whether its followers are off."""
        raise NotImplementedError

    def offer_again(self, scope: Scope) -> None:
        """Offer what an ad-hoc scope has put back; only such sub-processes do."""
        raise NotImplementedError

    def settle(self, scope: Scope) -> bool:
        """Let tokens that wait here go on when nothing else runs; return whether one did."""
        return False

    def hears(self, token: Token, slot: int) -> bool:
        """Return whether an event definition of a waiting token still counts."""
        return True

    def restored(self, token: Token) -> None:
        """Put a waiting token that was loaded from its row back into the indexes."""
        keyed = any(trigger.keys for trigger in self.triggers)
        kinds = {trigger.kind for trigger in self.triggers}
        token.workflow.state.agenda.listens(token, kinds, keyed=keyed)

    def readdress(self, token: Token) -> None:
        """Say anew by which keys messages find a waiting token."""

    def connect_flow(self, flow: Flow) -> None:
        """Add an outgoing flow; a node that joins gathers tokens once it has `least` incoming ones."""
        self.connect(flow.target)
        self.flows.append(flow)
        flow.target.incoming.append(flow.id)
        flow.target.gathers = flow.target.joins and len(flow.target.incoming) >= flow.target.least

    def finished(self, token: Token, instance: Token) -> None:
        """Take note that what ran for the token has ended: an instance of a loop, or a compensation."""
        raise NotImplementedError

    def test(self) -> None:
        """Accept the node as it is: the parser has checked the graph once for all instances."""

    def _update_hook(self, token: Token) -> bool:
        return True

    def _on_ready_hook(self, token: Token) -> None:
        """Do nothing; the library would tell subscribers, of which there are none."""

    def _on_complete_hook(self, token: Token) -> None:
        """Do nothing; the library would tell subscribers, of which there are none."""

    def _run_hook(self, token: Token) -> bool:
        try:
            self._settle_debt(token)
            if (LEAVING in token.internal_data or self._begin(token)) and token.live:
                self.leave(token)
        except ElementFailed as failure:
            tree.fail(token, failure)
        except BpmnError as error:
            delivery.raise_error(token, error.error_code, str(error.text))
        return True
