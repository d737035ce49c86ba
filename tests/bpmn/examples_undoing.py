"""Rules about compensation, complex gateways and behaviors: a diagram that breaks each, and its twin."""

from __future__ import annotations

from tests.bpmn.build import (
    boundary,
    chain,
    diagram,
    end,
    flow,
    gateway,
    node,
    simple,
    start,
    sub,
    throw,
    user,
)
from tests.bpmn.examples_files import undoing
from tests.bpmn.examples_flows import Example

EVENT = "<compensateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
PASSED = start("a") + end("z") + chain("a", "z")
HANDLER = user("undo", "", 'isForCompensation="true"')
TIE = '<association id="as" sourceRef="b" targetRef="undo"/>'


def undone(
    *more: str, event: str = boundary("b", "t", EVENT), handler: str = HANDLER, tie: str = TIE
) -> bytes:
    """A task with a compensation boundary event and its handler."""
    return simple(user(), "t", event, handler, tie, *more)


def transaction(*boundaries: str, attributes: str = "") -> bytes:
    """A transaction with a cancel end event."""
    inner = sub("t", start("a"), end("b", CANCEL), chain("a", "b"), tag="transaction", attributes=attributes)
    return simple(inner, "t", *boundaries)


def named(activity: str) -> bytes:
    """A sub-process with a task u, and a compensation thrown for an activity."""
    event = f'<compensateEventDefinition activityRef="{activity}"/>'
    return simple(
        sub("t", start("a"), user("u"), end("z"), chain("a", "u", "z")),
        "t",
        throw("c", event),
        end("d"),
        flow("t", "c"),
        flow("c", "d"),
    )


def joined(condition: str) -> bytes:
    """A parallel split and a complex join."""
    inner = f"<activationCondition>{condition}</activationCondition>" if condition else ""
    return diagram(
        start(),
        gateway("parallel", "f"),
        user("a"),
        user("b"),
        node("complexGateway", "g", inner),
        end(),
        chain("s", "f", "a", "g", "e"),
        chain("f", "b", "g"),
    )


def behaving(attributes: str) -> bytes:
    """A user task with multiple instances that throw."""
    loop = f"<multiInstanceLoopCharacteristics {attributes}><loopCardinality>2</loopCardinality>"
    roots = '<signal id="sg" name="sg"/><signalEventDefinition id="sd" signalRef="sg"/>'
    return simple(user("t", f"{loop}</multiInstanceLoopCharacteristics>"), roots=roots)


UNDOING: dict[str, Example] = {
    "activity.behavior-event": Example(
        behaving('behavior="One"'), "t", behaving('behavior="One" oneBehaviorEventRef="sd"')
    ),
    "gateway.complex-condition": Example(joined(""), "g", joined("activationCount &gt;= 2")),
    "compensation.handler-missing": Example(undone(tie=""), "b", undone()),
    "compensation.handler-elsewhere": Example(
        undone(handler=sub("x", start("xs"), HANDLER, end("xe"), chain("xs", "xe"))), "b", undone()
    ),
    "compensation.boundary-flow": Example(undone(end("f"), flow("b", "f")), "b", undone()),
    "compensation.handler-flow": Example(undone(end("f"), flow("undo", "f")), "undo", undone()),
    "compensation.handler-boundary": Example(
        undone(boundary("d", "undo", "<errorEventDefinition/>"), end("f"), flow("d", "f")), "undo", undone()
    ),
    "compensation.handler-twice": Example(
        undone(boundary("b2", "t", EVENT), TIE.replace('"as"', '"as2"').replace('"b"', '"b2"')), "t", undone()
    ),
    "compensation.several-handlers": Example(
        simple(sub("t", PASSED, undoing("x"), undoing("y"))), "t", simple(sub("t", PASSED, undoing("x")))
    ),
    "compensation.activity-elsewhere": Example(named("u"), "c", named("t")),
    "transaction.cancel-uncaught": Example(
        transaction(), "t", transaction(boundary("c", "t", CANCEL), end("f"), flow("c", "f"))
    ),
}
