"""A live instance as the step sees it: commands in, changes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from engine.errors import Conflict, ElementFailed, NotFound, Refused
from engine.spiff import correlation, delivery, stepping, tree
from engine.spiff.data import missing, received
from engine.spiff.port import ROOT_SCOPE, Changes, Element, Host, Json, ScopeRow, TokenRow
from engine.spiff.private import WAITING
from engine.spiff.program import Program
from engine.spiff.rows import restore
from engine.spiff.specs.activities import Service, Work, enter
from engine.spiff.specs.events import Catching
from engine.spiff.specs.node import Node
from engine.spiff.specs.scope_spec import ScopeSpec
from engine.spiff.state import InstanceState
from engine.spiff.token import FAILED, LEAVING, Token
from engine.spiff.variables import items, own, visible
from engine.text import T


class Standing(NamedTuple):
    """Where a token stands: element, scope, number in a multi-instance activity, and process."""

    token: int
    element: str
    scope: int
    number: int | None
    process: str


class LiveInstance:
    """One instance in memory. Commands only note what has happened; `run` lets tokens move.

    A command for a token that does not wait for it raises `Conflict` and changes nothing. After
    any other exception than those of `engine.errors` the object must be thrown away.
    """

    def __init__(self, state: InstanceState) -> None:
        self._state = state

    @classmethod
    def start(
        cls,
        program: Program,
        host: Host,
        variables: Mapping[str, Json],
        *,
        start_event: str | None = None,
        message: str | None = None,
    ) -> LiveInstance:
        """Return a new instance with a token at the given start event, or at the one without trigger.

        Raises `NotFound` for a start event the process does not have and `Refused` when none was
        given, every start event needs a trigger, or an input that the process requires is missing.
        What an event with outputs brings goes into these, and not among the variables. `message` is
        the name of the one that starts it; without one the event's own are taken to have come.
        """
        spec = program.specs[program.process_id]
        start = _start_event(program, start_event)
        io = None if start is None else start.definition.io
        given = received(io, variables) if io is not None and io.outputs else None
        names = {} if given is not None else dict(variables)
        _require_inputs(spec, names)
        state = InstanceState(program, host)
        enter(state.open_scope(spec.name, ROOT_SCOPE, names), start, given)
        if start is not None:
            correlation.begun(state.root, start, variables, message)
        return cls(state)

    @classmethod
    def load(
        cls,
        program: Program,
        host: Host,
        tokens: Iterable[TokenRow],
        scopes: Iterable[ScopeRow],
        variables: Iterable[tuple[int, str, Json]],
        next_id: int,
    ) -> LiveInstance:
        """Return the instance whose rows these are."""
        state = InstanceState(program, host, next_id)
        restore(state, tokens, scopes, variables)
        return cls(state)

    @property
    def program(self) -> Program:
        """The program the instance runs."""
        return self._state.program

    @property
    def host(self) -> Host:
        """What the token layer asks its questions."""
        return self._state.host

    @host.setter
    def host(self, host: Host) -> None:
        self._state.host = host

    @property
    def next_id(self) -> int:
        """The next number of the instance, to be stored with its rows."""
        return self._state.next_id

    @property
    def over(self) -> bool:
        """Whether the instance has ended."""
        return self._state.over

    def run(self, budget: int = 2000) -> bool:
        """Let tokens move until all wait or `budget` things have happened; return whether there is more."""
        return stepping.run(self._state, budget)

    def complete(self, token: int, values: Mapping[str, Json]) -> None:
        """End the work at a user or manual task with the values it sets."""
        self._done(self._waiting(token, Work), values)

    def finish_service(self, token: int, values: Mapping[str, Json]) -> None:
        """End a service task that somebody else has done."""
        self._done(self._waiting(token, Service), values)

    def fire(self, token: int, slot: int, detail: dict[str, Json]) -> None:
        """Let a timer fire; `detail` is that of its wait. A cycle that goes on waits anew."""
        at = self._waiting(token, Catching)
        following = None
        if detail.get("type") == "cycle":
            try:
                following = self._state.host.next_cycle(detail)
            except ElementFailed as failure:
                tree.fail(at, failure)
                return
        at.task_spec.occurred(at, slot, None if following is None else {**detail, **following})

    def deliver(self, token: int, payload: Mapping[str, Json], slot: int = 0) -> None:
        """Hand a message or signal to exactly this token; the payload becomes variables."""
        at = self._waiting(token, Catching)
        correlation.received(at.workflow.home, at.task_spec.triggers[slot], payload, at.task_spec.element)
        at.task_spec.receive(at, payload)
        at.task_spec.occurred(at, slot)

    def throw_error(self, token: int, code: str, text: str = "") -> None:
        """Let a BPMN error arise at a token; uncaught, the instance fails."""
        delivery.raise_error(self._token(token), code, text)

    def retry(self, token: int) -> None:
        """Let a failed element run again."""
        at = self._token(token)
        if FAILED not in at.internal_data:
            raise Conflict(T("这一步没有出错，不需要重试"), token=token)
        tree.retry(at)

    def cancel(self, reason: str = "") -> None:
        """Cancel every token; the instance is over."""
        if not self._state.over:
            tree.kill_scope(self._state.root)
            self._state.finish("cancelled", reason=reason)

    def changes(self) -> Changes:
        """Return what has changed since the last call, rows and happenings, and forget it."""
        return self._state.journal.drain()

    @property
    def state(self) -> InstanceState:
        """The tokens and scopes themselves, for what changes an instance as a whole."""
        return self._state

    def open_tokens(self) -> dict[int, tuple[str, int]]:
        """Return element and scope of every token people can see."""
        return {each.token: (each.element, each.scope) for each in self.standing()}

    def standing(self) -> list[Standing]:
        """Return where every token stands that people can see."""
        return [
            Standing(
                token.id,
                token.task_spec.element.id,
                token.workflow.id,
                token.index,
                token.task_spec.element.process_id,
            )
            for token in self._state.tokens.values()
            if token.live and token.shown and token.id > 0
        ]

    def names(self, token: int) -> dict[str, Json]:
        """Return the variables visible at a token."""
        return visible(self._token(token))

    def locals(self, token: int) -> dict[str, Json]:
        """Return the names kept at tokens here: items of loops, inputs, outputs and properties."""
        return own(self._token(token))

    def items(self, token: int) -> dict[str, Json]:
        """Return the names a token has from its loop instances alone."""
        return items(self._token(token))

    def element(self, token: int) -> Element:
        """Return the element a token is at."""
        return self._token(token).task_spec.element

    def variables(self, scope: int = ROOT_SCOPE) -> dict[str, Json]:
        """Return the variables of a scope as it sees them, without those of loop instances."""
        return dict(self._state.scopes[scope].home.variables or {})

    def _token(self, id: int) -> Token:
        token = self._state.tokens.get(id)
        if token is None or id <= 0 or not token.live:
            raise Conflict(T("这一步已经结束"), token=id)
        return token

    def _waiting(self, id: int, kind: type) -> Token:
        token = self._token(id)
        if token._state != WAITING or not isinstance(token.task_spec, kind):
            raise Conflict(T("这一步不在等待"), token=id)
        return token

    def _done(self, token: Token, values: Mapping[str, Json]) -> None:
        try:
            token.task_spec.give(token, values)
        except ElementFailed as failure:
            tree.fail(token, failure)
            return
        tree.detach(token)
        token.note(**{LEAVING: True})
        token.ready()


def _require_inputs(spec: ScopeSpec, names: Mapping[str, Json]) -> None:
    """Refuse to begin without what the process says it needs (BPMN 2.0.2 §10.4.1)."""
    io = spec.definition.io
    lacking = missing(io.input_sets, names) if io is not None else []
    if lacking:
        raise Refused(T("启动流程缺少必需的输入数据：{names}", names="、".join(lacking)), process=spec.name)


def _start_event(program: Program, id: str | None) -> Node | None:
    spec = program.specs[program.process_id]
    if id is None:
        if spec.needs_event:
            raise Refused(T("流程只能由事件启动"), process=program.process_id)
        return spec.plain_start()
    start = spec.begun_by(id)
    if start is None:
        raise NotFound(T("流程里没有开始事件“{event}”", event=id), event=id)
    return start
