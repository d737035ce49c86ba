"""What passes between the token layer and the step: plain values, no type of the library below."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any, Literal, Protocol

from engine.text import T

Json = Any
Cause = Literal["sent", "received", "data"]
ROOT_SCOPE = 0


class _Pending(Enum):
    PENDING = "pending"


PENDING = _Pending.PENDING
"""A service's answer that means: a job does it later, the token waits."""


@dataclass(frozen=True, slots=True)
class Role:
    """Who does a task as a resource role says (BPMN 2.0.2 §10.3.1).

    `text` is the expression that yields people or groups; a role that names a resource has its
    `resource` and the expressions of its parameters, in the order the resource declares them.
    `owner` tells those who may claim the work from the one who has to do it.
    """

    owner: bool
    text: str = ""
    resource: str = ""
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    """A node of a diagram as the step needs it; `kind` is the tag of BPMN 2.0."""

    id: str
    kind: str
    name: str
    process_id: str
    lane: str | None = None
    scope: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    documentation: str = ""
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    """A sequence flow of a diagram; `condition` is its text, unparsed."""

    id: str
    source: str
    target: str
    process_id: str
    name: str = ""
    is_default: bool = False
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class CorrelationKey:
    """A correlation key as the messages of one name carry it (BPMN 2.0.2 §8.4.2).

    `paths` holds for each property, by its id, the FEEL that takes it from the payload; `aliases`
    are what the diagram calls the message itself there.
    """

    id: str
    message: str
    paths: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """A short digest of all of it: equal where equal payloads yield equal values of the same key."""
        return _digest(self)


@lru_cache(maxsize=4096)
def _digest(key: CorrelationKey) -> str:
    told = json.dumps([key.id, key.message, key.paths, key.aliases], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Correlated:
    """A key of a conversation has got a value, or lost that of its process's data (None).

    `cause` says whether a message that was sent or received has brought it, or the data have.
    """

    scope: int
    key: str
    values: dict[str, Json] | None
    cause: Cause
    element: str
    message: str = ""
    process: str = ""


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A live token, or a task that live tokens still need."""

    id: int
    scope: int
    parent: int | None
    spec: str
    state: int
    triggered: bool
    internal: dict[str, Json]
    locals: dict[str, Json]


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """An open scope; `id` is `ROOT_SCOPE` or the id of the token that opened it."""

    id: int
    spec: str
    state: str
    extra: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Move:
    """One movement of a token; all of them folded in order give the open tokens."""

    kind: Literal["enter", "leave", "cancel", "fail", "flow", "scope", "scope_end"]
    token: int
    element: str
    scope: int
    via: str | None = None
    index: int | None = None
    process: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """A token that from now on waits for something outside the instance."""

    token: int
    element: str
    kind: Literal["work", "timer", "message", "signal", "condition", "service"]
    scope: int
    slot: int = 0
    locals: dict[str, Json] = field(default_factory=dict)
    detail: dict[str, Json] = field(default_factory=dict)
    process: str = ""


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message or signal that leaves the instance.

    `reached` are the tokens of the instance itself, with their elements, that have taken a signal;
    `begins` the values that a message gives to correlation keys as it is sent.
    """

    kind: Literal["message", "signal"]
    name: str
    token: int
    element: str
    correlation: Json = None
    payload: dict[str, Json] = field(default_factory=dict)
    process: str = ""
    reached: tuple[tuple[int, str], ...] = ()
    begins: tuple[Correlated, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """An element that could not be executed; its token waits until it is retried."""

    token: int
    element: str
    reason: str
    text: T
    detail: dict[str, Json] = field(default_factory=dict)
    process: str = ""


@dataclass(slots=True)
class Changes:
    """All that differs since the last time it was asked for."""

    tokens: list[TokenRow] = field(default_factory=list)
    gone_tokens: list[int] = field(default_factory=list)
    scopes: list[ScopeRow] = field(default_factory=list)
    gone_scopes: list[int] = field(default_factory=list)
    variables: list[tuple[int, str, Json]] = field(default_factory=list)
    gone_variables: list[tuple[int, str]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    unwaits: list[int] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    correlated: list[Correlated] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    outcome: Literal["completed", "failed", "cancelled"] | None = None
    outcome_detail: dict[str, Json] = field(default_factory=dict)


class Host(Protocol):
    """What the token layer asks of the step while tokens move."""

    def evaluate(self, expression: str, names: Mapping[str, Json], *, element: Element) -> Json:
        """Return the value of a FEEL expression; raises `ElementFailed`."""

    def condition(self, expression: str, names: Mapping[str, Json], *, element: Element, flow: str) -> bool:
        """Return whether a condition holds; raises `ElementFailed` when it is neither true nor false."""

    def timer(self, kind: str, text: str, names: Mapping[str, Json], *, element: Element) -> dict[str, Json]:
        """Return `due` (ISO, UTC), and for a cycle what `next_cycle` needs; raises `ElementFailed`."""

    def reads(self, text: str, *, script: bool = False) -> frozenset[str]:
        """Return the names an expression, or a script, takes from outside; none when it is wrong."""

    def next_cycle(self, detail: dict[str, Json]) -> dict[str, Json] | None:
        """Return the detail of the next firing of a cycle, or None after its last one."""

    def stored(self, store: str) -> Json:
        """Return what a data store holds; None when nothing has been written to it."""

    def store(self, store: str, value: Json, *, element: Element, token: int) -> None:
        """Write to a data store; with the step, or not at all."""

    def service(
        self, element: Element, names: Mapping[str, Json], *, token: int, scope: int
    ) -> Mapping[str, Json] | Literal[_Pending.PENDING]:
        """Run a local service now, or answer `PENDING`; raises `BpmnError` or `ElementFailed`."""

    def decide(self, element: Element, names: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return the result of a business rule task's decision under its name; raises `ElementFailed`."""

    def retrieve(self, key: CorrelationKey, payload: Mapping[str, Json]) -> dict[str, Json] | None:
        """Return the properties of a key that a payload carries; None unless all of them have a value."""

    def assign(self, text: str, names: Mapping[str, Json], *, element: Element) -> Mapping[str, Json]:
        """Return the values of a script task's `name = expression` lines; raises `ElementFailed`."""
