"""Cases of events with several definitions."""

from __future__ import annotations

from tests.conformance.building import (
    Case,
    body,
    boundary,
    catch,
    do,
    event,
    first_of,
    gateway,
    guarded,
    node,
    seq,
    throw,
)
from tests.conformance.cases_events import HELD, STEP, condition, handler, timer

ROOTS = (
    '<signal id="s1" name="s1"/><signal id="s2" name="s2"/><message id="m" name="m"/>'
    '<signalEventDefinition id="shared" signalRef="s2"/>'
)
S1, S2, M = event("signal", "s1"), event("signal", "s2"), event("message", "m")
ALL = {"parallelMultiple": "true"}


def beside(definitions: str, **more: str) -> str:
    """Return a step with a boundary event that does not interrupt it."""
    border = node("boundaryEvent", "b", definitions, attachedToRef="t", cancelActivity="false", **more)
    return body(STEP, border, do("y"), do("z"), seq("s", "t", "z", "e"), seq("b", "y", "e"))


MULTIPLE = [
    Case(
        "any of several events lets a multiple catch event go on",
        "§10.5.1",
        body(catch("c", M + S1 + S2), do("a"), seq("s", "c", "a", "e")),
        ("a",),
        scenario={"events": [{"signal": "s2"}]},
        roots=ROOTS,
    ),
    Case(
        "the earliest of several timers lets a multiple catch event go on, once",
        "§10.5.1",
        body(catch("c", timer("PT3H") + timer("PT1H")), do("a"), seq("s", "c", "a", "e")),
        ("a",),
    ),
    Case(
        "all events must occur for a parallel multiple catch event, in any order",
        "§10.5.1",
        body(catch("c", M + S1 + timer("PT1H"), **ALL), do("a"), seq("s", "c", "a", "e")),
        ("a",),
        scenario={"events": [{"signal": "s1"}, {"signal": "s1"}, {"after": "PT2H"}, {"message": "m"}]},
        roots=ROOTS,
    ),
    Case(
        "a parallel multiple catch event waits for the one that is missing",
        "§10.5.1",
        body(catch("c", S1 + S2, **ALL), do("a"), seq("s", "c", "a", "e")),
        (),
        state="waiting",
        scenario={"events": [{"signal": "s1"}, {"signal": "s1"}]},
        roots=ROOTS,
    ),
    Case(
        "a message is not spent on a parallel multiple event that has had it",
        "§10.5.1",
        body(
            gateway("parallel", "g"),
            catch("c", M + S1, **ALL),
            catch("w", S2),
            catch("k", M),
            do("a"),
            do("b"),
            seq("s", "g", "c", "a", "e"),
            seq("g", "w", "k", "b", "e"),
        ),
        ("b", "a"),
        scenario={"events": [{"message": "m"}, {"message": "m"}, {"signal": "s2"}, {"signal": "s1"}]},
        roots=ROOTS,
    ),
    Case(
        "a condition and a signal together",
        "§10.5.1",
        body(catch("c", condition("x > 1") + S1, **ALL), do("a"), seq("s", "c", "a", "e")),
        ("a",),
        scenario={"variables": {"x": 2}, "events": [{"signal": "s1"}]},
        roots=ROOTS,
    ),
    Case(
        "a multiple boundary event interrupts at the first event",
        "§10.5.4",
        guarded(
            STEP,
            S1 + timer("PT1H"),
        ),
        ("z",),
        scenario=HELD,
        roots=ROOTS,
    ),
    Case(
        "a multiple boundary event beside a step fires for each of its timers and every signal",
        "§10.5.4",
        beside(timer("PT1H") + timer("PT2H") + S1),
        ("y", "y", "y", "y", "z"),
        scenario={
            **HELD,
            "events": [
                {"after": "PT1H"},
                {"signal": "s1"},
                {"after": "PT3H"},
                {"signal": "s1"},
                {"complete": "t"},
            ],
        },
        roots=ROOTS,
    ),
    Case(
        "two timers beside a step fire once each",
        "§10.5.4",
        beside(timer("PT1H") + timer("PT2H")),
        ("y", "y", "z"),
        scenario={**HELD, "events": [{"after": "PT5H"}, {"complete": "t"}]},
    ),
    Case(
        "a parallel multiple boundary event beside a step fires each time all have occurred",
        "§10.5.4",
        beside(S1 + S2, **ALL),
        ("y", "y", "z"),
        scenario={
            **HELD,
            "events": [{"signal": each} for each in ("s1", "s1", "s2", "s2", "s1")] + [{"complete": "t"}],
        },
        roots=ROOTS,
    ),
    Case(
        "a multiple start of an event sub-process",
        "§10.5.2",
        body(STEP, handler("h", S1 + timer("PT9H"), "y"), do("n"), seq("s", "t", "n", "e")),
        ("y",),
        scenario={**HELD, "events": [{"signal": "s1"}]},
        roots=ROOTS,
    ),
    Case(
        "a multiple event behind an event-based gateway",
        "§13.4.4",
        first_of(catch("c1", S1 + S2), catch("c2", timer("PT1H"))),
        ("a",),
        scenario={"events": [{"signal": "s2"}]},
        roots=ROOTS,
    ),
    Case(
        "a multiple throw event throws all it has, shared definitions among them",
        "§10.5.1",
        body(
            gateway("parallel", "g"),
            catch("c1", S1),
            catch("c2", S2),
            do("a"),
            do("b"),
            throw("x", S1 + "<eventDefinitionRef>shared</eventDefinitionRef>"),
            seq("s", "g", "c1", "a", "e"),
            seq("g", "c2", "b", "e"),
            seq("g", "x", "e"),
        ),
        ("a", "b"),
        roots=ROOTS,
        any_order=True,
    ),
    Case(
        "a multiple end event throws and terminates",
        "§10.5.3",
        body(
            gateway("parallel", "g"),
            STEP,
            boundary("b", "t", S1, cancel=False),
            do("y"),
            do("a"),
            node("endEvent", "x", event("terminate") + S1),
            seq("s", "g", "t", "e"),
            seq("g", "a", "x"),
            seq("b", "y", "e"),
        ),
        ("a",),
        scenario=HELD,
        roots=ROOTS,
    ),
]
