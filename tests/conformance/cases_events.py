"""Cases of events: where they are caught, what they end, and what goes on."""

from __future__ import annotations

from tests.conformance.building import (
    Case,
    body,
    boundary,
    catch,
    do,
    event,
    fail,
    first_of,
    gateway,
    guarded,
    node,
    plain,
    seq,
    sub,
    throw,
)

SIGNAL = '<signal id="sig" name="sig"/>'
MESSAGE = '<message id="msg" name="msg"/>'
ERROR = '<error id="er" name="er" errorCode="E1"/><error id="other" name="other" errorCode="E2"/>'
ESCALATION = '<escalation id="es" name="es" escalationCode="C1"/>'
STEP = '<userTask id="t" name="t"/>'


def timer(text: str, kind: str = "timeDuration") -> str:
    """Return a timer definition."""
    return event("timer", inner=f"<{kind}>{text}</{kind}>")


def condition(text: str) -> str:
    """Return a conditional definition."""
    return event("conditional", inner=f"<condition>{text}</condition>")


def handler(id: str, definition: str, step: str, *, interrupting: bool = True) -> str:
    """Return an event sub-process of one step."""
    start = node("startEvent", f"in_{id}", definition, isInterrupting="true" if interrupting else "false")
    return sub(
        id,
        start,
        f'<endEvent id="out_{id}"/>',
        do(step),
        seq(f"in_{id}", step, f"out_{id}"),
        triggeredByEvent="true",
    )


HELD = {"answers": {"t": None}}

EVENTS = [
    Case(
        "link leads from its source to its target",
        "§10.5.4",
        body(
            throw("l1", '<linkEventDefinition id="x" name="L"/>'),
            catch("l2", '<linkEventDefinition id="y" name="L"/>'),
            do("a"),
            do("b"),
            seq("s", "a", "l1"),
            seq("l2", "b", "e"),
        ),
        ("a", "b"),
    ),
    Case(
        "a thrown signal reaches the one who waits",
        "§10.5.1",
        body(
            gateway("parallel", "g"),
            catch("c", event("signal", "sig")),
            throw("x", event("signal", "sig")),
            do("a"),
            do("b"),
            seq("s", "g", "c", "a", "e"),
            seq("g", "b", "x", "e"),
        ),
        ("b", "a"),
        roots=SIGNAL,
    ),
    Case(
        "a signal end event inside a sub-process reaches its boundary",
        "§10.5.3",
        guarded(
            sub(
                "p1",
                '<startEvent id="s1"/>',
                do("a"),
                node("endEvent", "e1", event("signal", "sig")),
                seq("s1", "a", "e1"),
            ),
            event("signal", "sig"),
        ),
        ("a", "z"),
        roots=SIGNAL,
    ),
    Case(
        "a signal from outside goes to a non-interrupting boundary, every time",
        "§10.5.4",
        body(
            STEP,
            boundary("b", "t", event("signal", "sig"), cancel=False),
            do("a"),
            do("z"),
            seq("s", "t", "z", "e"),
            seq("b", "a", "e"),
        ),
        ("a", "a", "z"),
        scenario={
            "answers": {"t": None},
            "events": [{"signal": "sig"}, {"signal": "sig"}, {"complete": "t"}],
        },
        roots=SIGNAL,
    ),
    Case(
        "a message goes to an interrupting boundary",
        "§10.5.4",
        body(
            STEP,
            boundary("b", "t", event("message", "msg")),
            do("a"),
            do("z"),
            seq("s", "t", "z", "e"),
            seq("b", "a", "e"),
        ),
        ("a",),
        scenario={**HELD, "events": [{"message": "msg", "payload": {"x": 1}}]},
        roots=MESSAGE,
    ),
    Case(
        "a message is kept until its receiver appears",
        "§13.5.1",
        body(STEP, catch("c", event("message", "msg")), do("a"), seq("s", "t", "c", "a", "e")),
        ("a",),
        scenario={**HELD, "events": [{"message": "msg"}, {"complete": "t"}]},
        roots=MESSAGE,
    ),
    Case(
        "a receive task waits for its message",
        "§13.3.3",
        body('<receiveTask id="r" name="r" messageRef="msg"/>', do("a"), seq("s", "r", "a", "e")),
        ("a",),
        scenario={"events": [{"message": "msg"}]},
        roots=MESSAGE,
    ),
    Case(
        "a message that nobody sends is waited for",
        "§13.5.1",
        body(catch("c", event("message", "msg")), do("a"), seq("s", "c", "a", "e")),
        (),
        state="waiting",
        roots=MESSAGE,
    ),
    Case(
        "an error leaves a task by its boundary",
        "§10.5.6",
        guarded(
            fail("a", "E1"),
            event("error", "er"),
        ),
        ("z",),
        roots=ERROR,
    ),
    Case(
        "an error of another code passes the boundary and fails the instance",
        "§10.5.6",
        guarded(
            fail("a", "E2"),
            event("error", "er"),
        ),
        (),
        state="failed",
        roots=ERROR,
    ),
    Case(
        "an error boundary without code catches every error",
        "§10.5.6",
        guarded(
            fail("a", "E2"),
            event("error"),
        ),
        ("z",),
    ),
    Case(
        "an error end event ends the sub-process it is in",
        "§13.5.3",
        guarded(
            sub(
                "p1",
                '<startEvent id="s1"/>',
                gateway("parallel", "g"),
                do("a"),
                STEP,
                node("endEvent", "e1", event("error", "er")),
                '<endEvent id="e4"/>',
                seq("s1", "g", "a", "e1"),
                seq("g", "t", "e4"),
            ),
            event("error", "er"),
        ),
        ("a", "z"),
        scenario=HELD,
        roots=ERROR,
    ),
    Case(
        "an error end event of a process fails it",
        "§13.5.3",
        '<startEvent id="s"/>' + do("a") + node("endEvent", "e", event("error", "er")) + seq("s", "a", "e"),
        ("a",),
        state="failed",
        roots=ERROR,
    ),
    Case(
        "an error climbs two sub-processes",
        "§10.5.6",
        guarded(
            plain("p1", plain("p2", do("a"), fail("x", "E1"))),
            event("error", "er"),
        ),
        ("a", "z"),
        roots=ERROR,
    ),
    Case(
        "an error starts the event sub-process beside it",
        "§10.3.5",
        body(fail("a", "E1"), handler("h", event("error", "er"), "z"), do("n"), seq("s", "a", "n", "e")),
        ("z",),
        roots=ERROR,
    ),
    Case(
        "an error of an event sub-process goes outwards",
        "§10.3.5",
        guarded(
            plain(
                "p1",
                fail("x", "E1"),
                inner=sub(
                    "h",
                    node("startEvent", "sh", event("error", "er")),
                    do("y"),
                    node("endEvent", "eh", event("error", "other")),
                    seq("sh", "y", "eh"),
                    triggeredByEvent="true",
                ),
            ),
            event("error", "other"),
        ),
        ("y", "z"),
        roots=ERROR,
    ),
    Case(
        "an escalation runs a handler beside the sub-process that goes on",
        "§10.5.6",
        guarded(
            plain("p1", throw("x", event("escalation", "es")), do("a")),
            event("escalation", "es"),
            cancel=False,
        ),
        ("a", "n", "z"),
        roots=ESCALATION,
        any_order=True,
    ),
    Case(
        "an escalation ends the sub-process at an interrupting boundary",
        "§10.5.6",
        guarded(
            plain("p1", throw("x", event("escalation", "es")), do("a")),
            event("escalation", "es"),
        ),
        ("z",),
        roots=ESCALATION,
    ),
    Case(
        "an escalation nobody catches changes nothing",
        "§10.5.6",
        body(throw("x", event("escalation", "es")), do("a"), seq("s", "x", "a", "e")),
        ("a",),
        roots=ESCALATION,
    ),
    Case(
        "an escalation end event starts a non-interrupting event sub-process",
        "§10.5.2",
        '<startEvent id="s"/>'
        + do("a")
        + node("endEvent", "e", event("escalation", "es"))
        + handler("h", event("escalation", "es"), "z", interrupting=False)
        + seq("s", "a", "e"),
        ("a", "z"),
        roots=ESCALATION,
    ),
    Case(
        "terminate ends its sub-process only",
        "§13.5.6",
        body(
            sub(
                "p1",
                '<startEvent id="s1"/>',
                gateway("parallel", "g"),
                do("a"),
                STEP,
                node("endEvent", "e1", event("terminate")),
                '<endEvent id="e4"/>',
                seq("s1", "g", "t", "e4"),
                seq("g", "a", "e1"),
            ),
            do("z"),
            seq("s", "p1", "z", "e"),
        ),
        ("a", "z"),
        scenario=HELD,
    ),
    Case(
        "terminate ends the process with all that runs in it",
        "§13.5.6",
        body(
            gateway("parallel", "g"),
            STEP,
            do("a"),
            node("endEvent", "x", event("terminate")),
            seq("s", "g", "t", "e"),
            seq("g", "a", "x"),
        ),
        ("a",),
        scenario=HELD,
    ),
    Case(
        "a duration passes",
        "§10.5.5",
        body(catch("c", timer("PT1H")), do("a"), seq("s", "c", "a", "e")),
        ("a",),
    ),
    Case(
        "a moment comes",
        "§10.5.5",
        body(catch("c", timer("2026-03-03T09:00:00+08:00", "timeDate")), do("a"), seq("s", "c", "a", "e")),
        ("a",),
    ),
    Case(
        "a bounded cycle of an intermediate event sends a token each time",
        "§13.5.2",
        body(catch("c", timer("R3/PT1H", "timeCycle")), do("a"), seq("s", "c", "a", "e")),
        ("a", "a", "a"),
    ),
    Case(
        "a timer on the border ends its activity",
        "§10.5.4",
        guarded(
            STEP,
            timer("PT2H"),
        ),
        ("z",),
        scenario=HELD,
    ),
    Case(
        "a timer beside an activity fires once and lets it go on",
        "§10.5.4",
        guarded(
            STEP,
            timer("PT2H"),
            cancel=False,
        ),
        ("z", "n"),
        scenario={**HELD, "events": [{"after": "PT5H"}, {"complete": "t"}]},
    ),
    Case(
        "a cycle beside an activity fires while it lasts",
        "§10.5.4",
        guarded(
            STEP,
            timer("R/PT1H", "timeCycle"),
            cancel=False,
        ),
        ("z", "z", "n"),
        scenario={**HELD, "events": [{"after": "PT1H"}, {"after": "PT1H"}, {"complete": "t"}]},
    ),
    Case(
        "a timer starts an interrupting event sub-process",
        "§10.5.2",
        body(STEP, handler("h", timer("PT2H"), "z"), do("n"), seq("s", "t", "n", "e")),
        ("z",),
        scenario=HELD,
    ),
    Case(
        "an event sub-process that never started lets its scope end",
        "§13.5.4",
        body(
            do("a"),
            handler("h", timer("PT2H"), "z"),
            handler("k", event("signal", "sig"), "y", interrupting=False),
            seq("s", "a", "e"),
        ),
        ("a",),
        roots=SIGNAL,
    ),
    Case(
        "a non-interrupting event sub-process starts with every signal",
        "§10.5.2",
        body(
            STEP,
            handler("h", event("signal", "sig"), "z", interrupting=False),
            do("n"),
            seq("s", "t", "n", "e"),
        ),
        ("z", "z", "n"),
        scenario={**HELD, "events": [{"signal": "sig"}, {"signal": "sig"}, {"complete": "t"}]},
        roots=SIGNAL,
    ),
    Case(
        "a condition that has become true is noticed at a boundary",
        "§10.5.5",
        body(
            gateway("parallel", "g"),
            STEP,
            boundary("b", "t", condition("x > 3")),
            do("a", extra="x = 5"),
            do("z"),
            do("n"),
            seq("s", "g", "t", "n", "e"),
            seq("g", "a", "e"),
            seq("b", "z", "e"),
        ),
        ("a", "z"),
        scenario={**HELD, "variables": {"x": 0}},
    ),
    Case(
        "a condition that holds already is not waited for",
        "§10.5.5",
        body(catch("c", condition("x > 3")), do("a"), seq("s", "c", "a", "e")),
        ("a",),
        scenario={"variables": {"x": 4}},
    ),
    Case(
        "a condition starts an event sub-process",
        "§10.5.2",
        body(STEP, handler("h", condition("x > 3"), "z"), do("n"), seq("s", "t", "n", "e")),
        ("n",),
        scenario={"variables": {"x": 0}, "answers": {"t": {"x": 2}}},
    ),
    Case(
        "the first event behind an event-based gateway ends the others",
        "§13.4.4",
        first_of(catch("c1", event("signal", "sig")), catch("c2", timer("PT1H"))),
        ("a",),
        scenario={"events": [{"signal": "sig"}]},
        roots=SIGNAL,
    ),
    Case(
        "several timers behind an event-based gateway: the earliest wins",
        "§13.4.4",
        first_of(catch("c1", timer("PT2H")), catch("c2", timer("PT1H"))),
        ("b",),
    ),
]
