"""A process as values: what the XML says, in the words the token layer thinks in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from engine.spiff.port import CorrelationKey, Element

ACTIVITIES = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "businessRuleTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "subProcess",
        "transaction",
        "adHocSubProcess",
        "callActivity",
    }
)

EVENTS = frozenset(
    {"startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"}
)

TriggerKind = Literal[
    "timer",
    "message",
    "signal",
    "error",
    "escalation",
    "conditional",
    "terminate",
    "link",
    "compensate",
    "cancel",
]


@dataclass(frozen=True, slots=True)
class Trigger:
    """One event definition.

    `name` is that of the message, signal or link; `code` that of the error or escalation (None
    catches all); `text` the expression of a timer or condition; `timer` which of the three kinds
    of timer it is; `correlation` the expression written at the message itself. A compensation has
    the id of the one activity it is for as its `name`, or none, and `waits` says whether what throws
    it goes on only when it is done. `keys` are what a message has to carry of its conversations.
    """

    kind: TriggerKind
    name: str = ""
    code: str | None = None
    text: str = ""
    timer: str = ""
    correlation: str | None = None
    waits: bool = True
    keys: tuple[CorrelationKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Behavior:
    """Events an instance throws when it ends: each one, the `first` one, or where a condition holds."""

    triggers: tuple[Trigger, ...]
    first: bool = False
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What a data association names: a variable, one the activity itself declares, or a data store."""

    name: str
    id: str
    local: bool = False
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Association:
    """A data association: a copy, a transformation, or assignments of values to ways below the target."""

    sources: tuple[Item, ...]
    target: Item
    transformation: str | None = None
    assignments: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class DataDef:
    """The data of an activity, event or process (BPMN 2.0.2 §10.4): `names` are all it declares.

    A set holds what it requires; `into` and `out` are the associations, in their order.
    """

    names: frozenset[str] = frozenset()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    input_sets: tuple[frozenset[str], ...] = ()
    output_sets: tuple[frozenset[str], ...] = ()
    into: tuple[Association, ...] = ()
    out: tuple[Association, ...] = ()

    def without(self, input: str | None, output: str | None) -> DataDef:
        """Return it without one input and one output, which belong to the loop and not to its instances."""
        return replace(
            self,
            input_sets=tuple(each - {input} for each in self.input_sets),
            output_sets=tuple(each - {output} for each in self.output_sets),
            into=tuple(each for each in self.into if not each.target.local or each.target.name != input),
            out=tuple(
                each
                for each in self.out
                if not any(source.local and source.name == output for source in each.sources)
            ),
        )


@dataclass(frozen=True, slots=True)
class LoopDef:
    """The loop characteristics of an activity (BPMN 2.0.2 §10.3.8).

    The collection is an expression, or the variable `listed`, or what the associations `feeds` put
    into an input of the activity; `drains` say where the output collection goes from its output.
    """

    kind: Literal["standard", "sequential", "parallel"]
    condition: str | None = None
    test_before: bool = False
    maximum: int | None = None
    cardinality: str | None = None
    collection: str | None = None
    item: str | None = None
    output: str | None = None
    output_item: str | None = None
    behaviors: tuple[Behavior, ...] = ()
    listed: str | None = None
    feeds: tuple[Association, ...] = ()
    drains: tuple[Association, ...] = ()


@dataclass(frozen=True, slots=True)
class AdHocDef:
    """What an ad-hoc sub-process says of the order and the end of its activities (§10.3.5)."""

    sequential: bool
    condition: str | None
    cancels: bool


@dataclass(frozen=True, slots=True)
class FlowDef:
    """A sequence flow; one that the diagram does not have is not `shown`."""

    id: str
    source: str
    target: str
    condition: str | None = None
    default: bool = False
    shown: bool = True


@dataclass(frozen=True, slots=True)
class NodeDef:
    """A flow node; one that the diagram does not have is not `shown` and carries its origin's element."""

    id: str
    tag: str
    element: Element
    triggers: tuple[Trigger, ...] = ()
    attached_to: str | None = None
    interrupting: bool = True
    parallel_multiple: bool = False
    instantiate: bool = False
    every_event: bool = False
    by_event: bool = False
    for_compensation: bool = False
    start_quantity: int = 1
    completion_quantity: int = 1
    quantity: int = 1
    handler: str | None = None
    loop: LoopDef | None = None
    body: ScopeDef | None = None
    called: str | None = None
    activation: str | None = None
    script: str = ""
    io: DataDef | None = None
    shown: bool = True

    @property
    def stands_alone(self) -> bool:
        """Whether no token ever comes here along a flow, because an event brings it."""
        return self.by_event or self.for_compensation or self.tag == "boundaryEvent"

    @property
    def undoes(self) -> bool:
        """Whether this is the event sub-process that compensates the sub-process around it."""
        starts = self.body.nodes.values() if self.by_event and self.body is not None else ()
        return any(trigger.kind == "compensate" for start in starts for trigger in start.catches)

    @property
    def catches(self) -> tuple[Trigger, ...]:
        """What starts a scope here; nothing, unless this is a start event."""
        return self.triggers if self.tag == "startEvent" else ()


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a process says of a correlation key (BPMN 2.0.2 §8.4.2): the FEEL of each property, by its id."""

    key: str
    bindings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ScopeDef:
    """A process or sub-process: nodes in the order of the document, and their flows.

    `together` holds groups of events of which the first begins an instance that waits for the others.
    """

    key: str
    element: str
    process_id: str
    nodes: Mapping[str, NodeDef] = field(default_factory=dict)
    flows: tuple[FlowDef, ...] = ()
    ad_hoc: AdHocDef | None = None
    names: frozenset[str] = frozenset()
    io: DataDef | None = None
    subscriptions: tuple[Subscription, ...] = ()
    together: tuple[frozenset[str], ...] = ()

    @cached_property
    def outgoing(self) -> Mapping[str, list[FlowDef]]:
        """Flows by the id of their source."""
        found: dict[str, list[FlowDef]] = {}
        for flow in self.flows:
            found.setdefault(flow.source, []).append(flow)
        return found

    @cached_property
    def incoming(self) -> Mapping[str, list[FlowDef]]:
        """Flows by the id of their target."""
        found: dict[str, list[FlowDef]] = {}
        for flow in self.flows:
            found.setdefault(flow.target, []).append(flow)
        return found
