"""Cases of one construct inside another: calls, instances, handlers, loops."""

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
from tests.conformance.cases_events import ERROR, ESCALATION, HELD, SIGNAL, STEP, handler, timer
from tests.conformance.cases_flow import instances
from tests.conformance.cases_scopes import undoable

CALL = node(
    "callActivity", "call", calledElement="q", **{"wuxing:in": "trace = trace", "wuxing:out": "trace = trace"}
)
CODE = ERROR + ESCALATION + SIGNAL

NESTED = [
    Case(
        "a called process runs with what goes in and comes back",
        "§13.3.4",
        body(do("a"), CALL, do("z"), seq("s", "a", "call", "z", "e")),
        ("a", "b", "z"),
        called={"q": body(do("b"), seq("s", "b", "e"))},
    ),
    Case(
        "an error of a called process leaves the call by its boundary",
        "§10.5.6",
        guarded(
            CALL,
            event("error", "er"),
        ),
        ("z",),
        called={"q": body(fail("x", "E1"), seq("s", "x", "e"))},
        roots=CODE,
    ),
    Case(
        "an uncaught error of a called process fails the caller",
        "§10.5.6",
        body(CALL, do("z"), seq("s", "call", "z", "e")),
        (),
        state="failed",
        called={"q": body(fail("x", "E1"), seq("s", "x", "e"))},
    ),
    Case(
        "an escalation of a called process reaches a boundary beside which it goes on",
        "§10.5.6",
        body(
            node("callActivity", "call", calledElement="q"),
            boundary("b", "call", event("escalation", "es"), cancel=False),
            do("y"),
            do("z"),
            seq("s", "call", "z", "e"),
            seq("b", "y", "e"),
        ),
        ("y", "z"),
        called={"q": body(throw("x", event("escalation", "es")), seq("s", "x", "e"))},
        roots=CODE,
        any_order=True,
    ),
    Case(
        "a terminate end of a called process ends only the call",
        "§13.5.6",
        body(CALL, do("z"), seq("s", "call", "z", "e")),
        ("b", "z"),
        called={
            "q": body(
                gateway("parallel", "g"),
                STEP,
                do("b"),
                node("endEvent", "x", event("terminate")),
                seq("s", "g", "t", "e"),
                seq("g", "b", "x"),
            )
        },
        scenario=HELD,
    ),
    Case(
        "an interrupting boundary ends a call with all that runs in it",
        "§10.5.4",
        guarded(CALL, timer("PT1H")),
        ("z",),
        called={"q": body(STEP, seq("s", "t", "e"))},
        scenario=HELD,
    ),
    Case(
        "an event sub-process of a called process",
        "§10.3.5",
        body(CALL, do("z"), seq("s", "call", "z", "e")),
        ("y", "z"),
        called={"q": body(STEP, handler("h", event("signal", "sig"), "y"), seq("s", "t", "e"))},
        scenario={**HELD, "events": [{"signal": "sig"}]},
        roots=CODE,
    ),
    Case(
        "an error in one instance ends all instances",
        "§13.3.7",
        guarded(
            sub(
                "p1",
                instances("3", sequential=True),
                '<startEvent id="s1"/><endEvent id="e1"/>',
                do("a"),
                gateway("exclusive", "g", default="f0"),
                fail("x", "E1"),
                seq("s1", "a", "g", "(count(trace) = 2)", "x", "e1"),
                '<sequenceFlow id="f0" sourceRef="g" targetRef="e1"/>',
            ),
            event("error", "er"),
        ),
        ("a", "a", "z"),
        roots=CODE,
    ),
    Case(
        "parallel instances of a sub-process end one by one",
        "§13.3.7",
        body(
            plain("p1", do("a"), do("b"), inner=instances("2", sequential=False)),
            do("z"),
            seq("s", "p1", "z", "e"),
        ),
        ("a", "a", "b", "b", "z"),
        any_order=True,
    ),
    Case(
        "an escalation in each of several instances",
        "§10.5.6",
        body(
            plain("p1", throw("x", event("escalation", "es")), inner=instances("3", sequential=False)),
            boundary("b", "p1", event("escalation", "es"), cancel=False),
            do("y"),
            do("z"),
            seq("s", "p1", "z", "e"),
            seq("b", "y", "e"),
        ),
        ("y", "y", "y", "z"),
        roots=CODE,
        any_order=True,
    ),
    Case(
        "compensation of instances undoes each of them",
        "§10.7",
        body(
            plain("p1", undoable("a"), inner=instances("2")),
            throw("x", event("compensate")),
            seq("s", "p1", "x", "e"),
        ),
        ("a", "a", "un_a", "un_a"),
    ),
    Case(
        "an event sub-process inside an event sub-process",
        "§10.3.5",
        body(
            STEP,
            sub(
                "h",
                node("startEvent", "in_h", event("signal", "sig")),
                '<endEvent id="out_h"/>',
                fail("x", "E1"),
                seq("in_h", "x", "out_h"),
                handler("k", event("error", "er"), "y"),
                triggeredByEvent="true",
            ),
            seq("s", "t", "e"),
        ),
        ("y",),
        scenario={**HELD, "events": [{"signal": "sig"}]},
        roots=CODE,
    ),
    Case(
        "a non-interrupting handler goes on after its activity has ended",
        "§10.5.4",
        body(
            STEP,
            boundary("b", "t", event("signal", "sig"), cancel=False),
            '<userTask id="u" name="u"/>',
            do("y"),
            do("z"),
            seq("s", "t", "z", "e"),
            seq("b", "u", "y", "e"),
        ),
        ("z", "y"),
        scenario={
            "answers": {"t": None, "u": None},
            "events": [{"signal": "sig"}, {"complete": "t"}, {"complete": "u"}],
        },
        roots=CODE,
    ),
    Case(
        "an inclusive join inside a loop waits for what can still come",
        "§13.4.3",
        body(
            gateway("exclusive", "m"),
            gateway("inclusive", "g"),
            gateway("inclusive", "j"),
            gateway("exclusive", "x", default="f0"),
            do("a"),
            do("b"),
            seq("s", "m", "g", "(true)", "a", "j", "x", "(count(trace) &lt; 4)", "m"),
            seq("g", "(true)", "b", "j"),
            '<sequenceFlow id="f0" sourceRef="x" targetRef="e"/>',
        ),
        ("a", "b", "a", "b"),
    ),
    Case(
        "a transaction inside a transaction: the inner is cancelled, the outer goes on",
        "§10.3.5",
        body(
            sub(
                "outer",
                '<startEvent id="s1"/><endEvent id="e1"/>',
                undoable("a"),
                sub(
                    "inner",
                    '<startEvent id="s2"/>',
                    undoable("b"),
                    node("endEvent", "ec", event("cancel")),
                    seq("s2", "b", "ec"),
                    tag="transaction",
                ),
                boundary("bc", "inner", event("cancel")),
                do("y"),
                seq("s1", "a", "inner", "e1"),
                seq("bc", "y", "e1"),
                tag="transaction",
            ),
            do("z"),
            seq("s", "outer", "z", "e"),
        ),
        ("a", "b", "un_b", "y", "z"),
    ),
    Case(
        "a cancelled outer transaction undoes what the inner one has done",
        "§10.3.5",
        body(
            sub(
                "outer",
                '<startEvent id="s1"/>',
                undoable("a"),
                sub(
                    "inner",
                    '<startEvent id="s2"/><endEvent id="e2"/>',
                    undoable("b"),
                    seq("s2", "b", "e2"),
                    tag="transaction",
                ),
                node("endEvent", "ec", event("cancel")),
                seq("s1", "a", "inner", "ec"),
                tag="transaction",
            ),
            boundary("bc", "outer", event("cancel")),
            do("z"),
            seq("s", "outer", "e"),
            seq("bc", "z", "e"),
        ),
        ("a", "b", "un_b", "un_a", "z"),
    ),
    Case(
        "an error while undoing leaves the scope of the thrower",
        "§10.7",
        body(
            plain(
                "p1",
                do("a"),
                inner="".join(
                    [
                        boundary("c_a", "a", event("compensate")),
                        node(
                            "scriptTask", "un", '<script>throw error("E1")</script>', isForCompensation="true"
                        ),
                        '<association id="as" associationDirection="One" sourceRef="c_a" targetRef="un"/>',
                    ]
                ),
            ),
            plain("p2", do("b")),
            throw("x", event("compensate", activityRef="p1")),
            do("z"),
            seq("s", "p1", "p2", "x", "z", "e"),
        ),
        ("a", "b"),
        state="failed",
    ),
    Case(
        "behind a gateway a timer loses against a signal in a called process",
        "§13.4.4",
        body(CALL, do("z"), seq("s", "call", "z", "e")),
        ("a", "z"),
        called={"q": first_of(catch("c1", event("signal", "sig")), catch("c2", timer("P1D")))},
        scenario={"events": [{"signal": "sig"}]},
        roots=CODE,
    ),
    Case(
        "a cancelled activity takes its timers along",
        "§13.5.3",
        body(
            plain(
                "p1", STEP, inner=boundary("bt", "t", timer("PT2H"), cancel=False) + do("n") + seq("bt", "n")
            ),
            boundary("b", "p1", timer("PT1H")),
            do("z"),
            catch("w", timer("PT9H")),
            seq("s", "p1", "e"),
            seq("b", "w", "z", "e"),
        ),
        ("z",),
        scenario=HELD,
    ),
]
