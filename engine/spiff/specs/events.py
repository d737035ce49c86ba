"""Start, end, catching and throwing events, and the tasks that send and receive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.errors import ElementFailed
from engine.spiff import compensation, correlation, delivery, lineage, tree
from engine.spiff.data import received
from engine.spiff.parser.model import NodeDef, Trigger
from engine.spiff.port import Json, Thrown
from engine.spiff.private import WAITING
from engine.spiff.specs.node import Node
from engine.spiff.specs.undoing import Undoing, cancel, undo_beside
from engine.spiff.token import BORN, CAME, CONFLICT, LEAVING, LISTENING, OWES, Token
from engine.spiff.variables import visible, write

if TYPE_CHECKING:
    from engine.spiff.specs.scope_spec import ScopeSpec

OCCURRED = "occurred"
SPENT = "spent"
DETAILS = "details"
HELD = "held"


class Start(Node):
    """A start event: by the time a token stands here the event has occurred."""

    starts_scope = True

    maps = True

    @property
    def is_none(self) -> bool:
        """Whether the event needs no trigger."""
        return not self.triggers


class Catching(Node):
    """A node that waits until one of its event definitions occurs (or all, when parallel multiple)."""

    maps = True
    begins = False

    def arrive(self, token: Token) -> bool:
        """Compute what the token waits for, then let it wait."""
        if not self.triggers or CAME in token.internal_data:
            return True
        details = [self._detail(token, trigger) for trigger in self.triggers]
        token._set_state(WAITING)
        if self.definition.parallel_multiple:
            token.note(**{DETAILS: details})
        for slot, trigger in enumerate(self.triggers):
            self._listen(token, slot, trigger, details[slot])
        return False

    def occurred(self, token: Token, slot: int, again: dict[str, Json] | None = None) -> None:
        """Let an event definition have occurred; `again` is the detail of a cycle's next firing."""
        if not self.hears(token, slot):
            return
        if again is None and self.triggers[slot].kind == "timer":
            token.note(**{SPENT: sorted({*token.internal_data.get(SPENT, []), slot})})
        if self._complete(token, slot):
            self.fire(token, again)
        if self.definition.parallel_multiple and token._state == WAITING:
            self._listen_to_the_rest(token)
        if again is not None and token._state == WAITING:
            token.workflow.state.journal.wait(token, "timer", slot, again)

    def receive(self, token: Token, payload: Mapping[str, Json]) -> None:
        """Take what comes with a message or signal: into the outputs of the event, else as variables."""
        io = self.definition.io
        if io is None or not io.outputs:
            self._take(token, payload)
            return
        token.data.update(received(io, payload))
        token.workflow.state.journal.touch(token)

    def _take(self, token: Token, payload: Mapping[str, Json]) -> None:
        """Write a payload; where it begins a branch, or is in conflict, the token writes it as it goes on."""
        try:
            if not self.begins:
                write(token, payload)
                return
        except ElementFailed as failure:
            if failure.reason != CONFLICT:
                raise
        token.note(**{OWES: {**token.internal_data.get(OWES, {}), **payload}})

    def fire(self, token: Token, again: dict[str, Json] | None) -> None:
        """Let the token go on; a cycle that is not over sends one token on and keeps waiting."""
        if token.internal_data.get(LISTENING):
            tree.choose(token)
        if again is None:
            tree.detach(token)
            token.note(**{LEAVING: True})
            token.ready()
        else:
            for flow in self.flows:
                tree.follow(token, flow, token.workflow)

    def brought(self, token: Token) -> dict[str, dict[str, Json]]:
        """Take from a listener what came with its event: locals and debts of the branch that begins."""
        given, token.data = token.data, {}
        owed = token.internal_data.pop(OWES, None)
        born = {BORN: token.id} if owed or given else {}
        return {"locals": given, "internal": born if owed is None else {**born, OWES: owed}}

    def poll(self, token: Token) -> None:
        """Fire when a condition has become true since it was last looked at."""
        for slot, trigger in enumerate(self.triggers):
            if trigger.kind == "conditional" and self._became_true(token, slot, trigger):
                self.occurred(token, slot)
                if token._state != WAITING:
                    return

    def _became_true(self, token: Token, slot: int, trigger: Trigger) -> bool:
        host = token.workflow.state.host
        try:
            holds = host.evaluate(trigger.text, visible(token), element=self.element) is True
        except ElementFailed:
            holds = False
        held: list[int] = token.internal_data.get(HELD, [])
        if holds and slot not in held:
            token.note(**{HELD: [*held, slot]})
            return True
        if not holds and slot in held:
            token.note(**{HELD: [other for other in held if other != slot]})
        return False

    def hears(self, token: Token, slot: int) -> bool:
        """Return whether a definition still counts: of a parallel multiple event each does so once."""
        return slot not in token.internal_data.get(OCCURRED, [])

    def worn_out(self, token: Token) -> bool:
        """Return whether a listener can never fire again: moments come once, everything else may return."""
        spent = token.internal_data.get(SPENT, [])
        return bool(spent) if self.definition.parallel_multiple else len(spent) == len(self.triggers)

    def _listen_to_the_rest(self, token: Token) -> None:
        """Wait for those definitions of a parallel multiple event that have not occurred yet."""
        journal, details = token.workflow.state.journal, token.internal_data[DETAILS]
        journal.unwait(token)
        for slot, trigger in enumerate(self.triggers):
            if self.hears(token, slot):
                self._listen(token, slot, trigger, details[slot])

    def _complete(self, token: Token, slot: int) -> bool:
        if not self.definition.parallel_multiple:
            return True
        seen = sorted({*token.internal_data.get(OCCURRED, []), slot})
        complete = len(seen) == len(self.triggers)
        token.note(**{OCCURRED: [] if complete else seen})
        return complete

    def _detail(self, token: Token, trigger: Trigger) -> dict[str, Json]:
        host, names = token.workflow.state.host, visible(token)
        if trigger.kind == "timer":
            due = host.timer(trigger.timer, trigger.text, names, element=self.element)
            return {"type": trigger.timer, "text": trigger.text, **due}
        if trigger.kind == "message":
            return {"name": trigger.name, "correlation": correlate(token, trigger)}
        return {"name": trigger.name}

    def readdress(self, token: Token) -> None:
        """Say anew by which keys messages find a waiting token."""
        for slot, trigger in enumerate(self.triggers):
            if trigger.keys and self.hears(token, slot):
                detail = {
                    "name": trigger.name,
                    **conversation(token, trigger),
                    "again": True,
                }
                token.workflow.state.journal.wait(token, "message", slot, detail)

    def _listen(self, token: Token, slot: int, trigger: Trigger, detail: dict[str, Json]) -> None:
        state = token.workflow.state
        self.restored(token)
        if trigger.kind in ("timer", "message", "signal"):
            state.journal.wait(token, trigger.kind, slot, {**detail, **conversation(token, trigger)})
        elif trigger.kind == "conditional":
            state.journal.wait(token, "condition", slot)
            state.agenda.changed = True


class IntermediateCatch(Catching):
    """An intermediate catching event."""


class Receive(Catching):
    """A receive task: an activity that waits for its message."""


class Throwing(Undoing):
    """A node that throws its event definitions, in their order, and goes on.

    A compensation is the last of them, whatever their order: it takes time, and the others do not. One
    that is not waited for runs beside what comes after the event.
    """

    maps = True

    def __init__(self, scope_spec: ScopeSpec, definition: NodeDef, name: str = "") -> None:
        super().__init__(scope_spec, definition, name)
        self.broadcasts = any(trigger.kind == "signal" for trigger in definition.triggers)

    def arrive(self, token: Token) -> bool:
        """Evaluate everything first, so that a failure throws nothing."""
        thrown = [
            outgoing(token, trigger) for trigger in self.triggers if trigger.kind in ("message", "signal")
        ]
        correlation.agreeing([begun for each in thrown for begun in each.begins])
        inside = any(trigger.kind in ("error", "escalation") for trigger in self.triggers)
        payload = carried(token) if inside else {}
        for each in thrown:
            delivery.throw(token.workflow.state, each)
        for trigger in self.triggers:
            if token.live:
                self._throw_inside(token, trigger, payload)
        return token.live and self._compensate(token)

    def _compensate(self, token: Token) -> bool:
        waited_for: list[compensation.Entry] = []
        for trigger in self.triggers:
            if trigger.kind != "compensate":
                continue
            scope = compensation.scope_of(token, trigger.name)
            jobs = compensation.take(scope, trigger.name)
            if trigger.waits:
                waited_for += jobs
            else:
                undo_beside(token, scope, jobs)
        return self.undo(token, waited_for)

    def _throw_inside(self, token: Token, trigger: Trigger, payload: Mapping[str, Json]) -> None:
        if trigger.kind == "error":
            delivery.raise_error(token, trigger.code or "", payload=payload)
        elif trigger.kind == "escalation":
            delivery.propagate(token, "escalation", trigger.code or "", payload)
        elif trigger.kind == "terminate":
            tree.kill_scope(token.workflow, but=token)
        elif trigger.kind == "cancel":
            cancel(token)


class Boundary(Catching):
    """A boundary event: a listener beside its activity, and a token of its own whenever it fires."""

    begins = True

    def arrive(self, token: Token) -> bool:
        """Let a listener listen; the token of an occurrence goes on."""
        return LISTENING not in token.internal_data or super().arrive(token)

    def fire(self, token: Token, again: dict[str, Json] | None) -> None:
        """Cancel the activity or leave it alone, and send a token on from here."""
        holder = token.parent
        root = holder.parent
        brought, seen = self.brought(token), lineage.forked(token.workflow.state, tree.reach(holder))
        if self.definition.interrupting:
            tree.kill(holder)
        elif self.worn_out(token):
            tree.kill(token)
        tree.spawn(root, self, seen=seen, locals=brought["locals"], internal=brought["internal"])


class IntermediateThrow(Throwing):
    """An intermediate throwing event, or a none event that marks a state of affairs."""


class End(Throwing):
    """An end event; the scope ends when no other token is left in it."""


class Send(Throwing):
    """A send task: an activity that throws its message."""


def outgoing(token: Token, trigger: Trigger) -> Thrown:
    """Return the message or signal a token throws, with its payload and what it correlates by."""
    element, payload = token.task_spec.element, carried(token)
    if trigger.kind == "signal":
        return Thrown("signal", trigger.name, token.id, element.id, None, payload, element.process_id)
    begins = correlation.sent(token.workflow.home, trigger, payload, element)
    by = correlate(token, trigger)
    return Thrown(
        "message", trigger.name, token.id, element.id, by, payload, element.process_id, begins=begins
    )


def carried(token: Token) -> dict[str, Json]:
    """Return what a throwing event sends along: its inputs, and the lines of `wuxing:payload`."""
    host, element = token.workflow.state.host, token.task_spec.element
    text = element.attributes.get("payload", "")
    io = token.task_spec.io
    payload = {name: token.data[name] for name in (io.inputs if io else ()) if name in token.data}
    if text.strip():
        payload.update(host.assign(text, visible(token), element=element))
    return payload


def conversation(token: Token, trigger: Trigger) -> dict[str, Json]:
    """Return what a wait for a message says of the keys of its conversations, if it has any."""
    return {"keys": correlation.address(token.workflow.home, trigger)} if trigger.keys else {}


def correlate(token: Token, trigger: Trigger) -> Json:
    """Return the value that tells receivers of one message apart; null when the diagram gives none."""
    element = token.task_spec.element
    text = element.attributes.get("correlation") or trigger.correlation
    if not text:
        return None
    return token.workflow.state.host.evaluate(text, visible(token), element=element)
