"""Cases of compensation, transactions and scopes within scopes."""

from __future__ import annotations

from tests.conformance.building import (
    Case,
    body,
    boundary,
    do,
    event,
    fail,
    gateway,
    guarded,
    node,
    plain,
    seq,
    sub,
    throw,
)
from tests.conformance.cases_events import ERROR, HELD, SIGNAL, STEP, handler

SHARED_CALL = node("callActivity", "call", calledElement="q")


def undoable(id: str) -> str:
    """Return a step that is undone by `un_` and its id."""
    return (
        do(id)
        + boundary(f"c_{id}", id, event("compensate"))
        + do(f"un_{id}", isForCompensation="true")
        + f'<association id="as_{id}" associationDirection="One" sourceRef="c_{id}" targetRef="un_{id}"/>'
    )


SCOPES = [
    Case(
        "compensation undoes what is done, newest first",
        "§10.7",
        body(
            undoable("a"),
            undoable("b"),
            throw("x", event("compensate")),
            do("z"),
            seq("s", "a", "b", "x", "z", "e"),
        ),
        ("a", "b", "un_b", "un_a", "z"),
    ),
    Case(
        "compensation of one activity",
        "§10.7",
        body(
            undoable("a"),
            undoable("b"),
            throw("x", event("compensate", activityRef="a")),
            seq("s", "a", "b", "x", "e"),
        ),
        ("a", "b", "un_a"),
    ),
    Case(
        "compensation end event",
        "§10.5.3",
        '<startEvent id="s"/>'
        + undoable("a")
        + node("endEvent", "e", event("compensate"))
        + seq("s", "a", "e"),
        ("a", "un_a"),
    ),
    Case(
        "what is not done is not undone",
        "§10.7",
        body(
            gateway("exclusive", "g", default="f0"),
            undoable("a"),
            undoable("b"),
            throw("x", event("compensate")),
            seq("s", "g", "(1 = 2)", "a", "x", "e"),
            '<sequenceFlow id="f0" sourceRef="g" targetRef="b"/>',
            seq("b", "x"),
        ),
        ("b", "un_b"),
    ),
    Case(
        "what has been undone is not undone again",
        "§10.7",
        body(
            undoable("a"),
            throw("x", event("compensate")),
            throw("y", event("compensate")),
            seq("s", "a", "x", "y", "e"),
        ),
        ("a", "un_a"),
    ),
    Case(
        "a loop is undone once for each run",
        "§10.7",
        body(
            gateway("exclusive", "m"),
            gateway("exclusive", "g", default="f0"),
            undoable("a"),
            throw("x", event("compensate")),
            seq("s", "m", "a", "g", "(count(trace) &lt; 2)", "m"),
            '<sequenceFlow id="f0" sourceRef="g" targetRef="x"/>',
            seq("x", "e"),
        ),
        ("a", "a", "un_a", "un_a"),
    ),
    Case(
        "the steps of a completed sub-process are undone with it",
        "§10.7",
        body(
            plain("p1", undoable("a"), undoable("b")),
            throw("x", event("compensate")),
            seq("s", "p1", "x", "e"),
        ),
        ("a", "b", "un_b", "un_a"),
    ),
    Case(
        "a sub-process is undone by its own compensation event sub-process",
        "§10.3.5",
        body(
            plain("p1", do("a"), inner=handler("h", event("compensate"), "z")),
            throw("x", event("compensate")),
            seq("s", "p1", "x", "e"),
        ),
        ("a", "z"),
    ),
    Case(
        "a cancelled transaction is undone and left by its cancel boundary",
        "§10.3.5",
        body(
            sub(
                "tx",
                '<startEvent id="s1"/>',
                undoable("a"),
                do("b"),
                node("endEvent", "ec", event("cancel")),
                seq("s1", "a", "b", "ec"),
                tag="transaction",
            ),
            boundary("bc", "tx", event("cancel")),
            do("n"),
            do("z"),
            seq("s", "tx", "n", "e"),
            seq("bc", "z", "e"),
        ),
        ("a", "b", "un_a", "z"),
    ),
    Case(
        "an error leaves a transaction without undoing it",
        "§10.3.5",
        body(
            sub(
                "tx",
                '<startEvent id="s1"/><endEvent id="e1"/>',
                undoable("a"),
                fail("b", "E1"),
                seq("s1", "a", "b", "e1"),
                tag="transaction",
            ),
            boundary("be", "tx", event("error", "er")),
            do("z"),
            seq("s", "tx", "e"),
            seq("be", "z", "e"),
        ),
        ("a", "z"),
        roots=ERROR,
    ),
    Case(
        "an interrupted sub-process takes all that runs in it along",
        "§13.5.3",
        guarded(
            sub(
                "p1",
                '<startEvent id="s1"/><endEvent id="e1"/>',
                plain("p2", STEP),
                seq("s1", "p2", "e1"),
            ),
            event("signal", "sig"),
        ),
        ("z",),
        scenario={**HELD, "events": [{"signal": "sig"}]},
        roots=SIGNAL,
    ),
    Case(
        "an interrupting event sub-process of a sub-process leaves the outer steps alone",
        "§10.3.5",
        body(
            plain("p1", STEP, inner=handler("h", event("signal", "sig"), "y")),
            do("z"),
            seq("s", "p1", "z", "e"),
        ),
        ("y", "z"),
        scenario={**HELD, "events": [{"signal": "sig"}]},
        roots=SIGNAL,
    ),
    Case(
        "a compensation event sub-process of a called process undoes the call",
        "§10.7.1",
        body(SHARED_CALL, do("z"), throw("x", event("compensate")), seq("s", "call", "z", "x", "e")),
        ("a", "z", "y"),
        called={"q": body(do("a"), handler("h", event("compensate"), "y"), seq("s", "a", "e"))},
    ),
    Case(
        "a compensation event sub-process of a process that is not done does not run",
        "§10.7.1",
        body(
            undoable("a"),
            handler("h", event("compensate"), "y"),
            throw("x", event("compensate")),
            do("z"),
            seq("s", "a", "x", "z", "e"),
        ),
        ("a", "un_a", "z"),
    ),
    Case(
        "compensation of a call undoes what the called process has done, newest first",
        "§10.7",
        body(SHARED_CALL, undoable("c"), throw("x", event("compensate")), seq("s", "call", "c", "x", "e")),
        ("a", "b", "c", "un_c", "un_b", "un_a"),
        called={"q": body(undoable("a"), undoable("b"), seq("s", "a", "b", "e"))},
    ),
    Case(
        "compensation that is not waited for lets its thrower go on",
        "§10.7.2",
        body(
            undoable("a"),
            boundary("c", "t", event("compensate")),
            node("userTask", "t"),
            node("userTask", "un_t", isForCompensation="true"),
            '<association id="as" associationDirection="One" sourceRef="c" targetRef="un_t"/>',
            throw("x", event("compensate", waitForCompletion="false")),
            do("z"),
            seq("s", "a", "t", "x", "z", "e"),
        ),
        ("a", "z", "un_a"),
    ),
    Case(
        "an end event that undoes without waiting keeps its scope open until all is undone",
        "§10.7.2",
        body(
            sub(
                "u",
                '<startEvent id="us"/>',
                undoable("a"),
                node("endEvent", "end2", event("compensate", waitForCompletion="false")),
                seq("us", "a", "end2"),
            ),
            do("z"),
            seq("s", "u", "z", "e"),
        ),
        ("a", "un_a", "z"),
    ),
    Case(
        "a compensation event sub-process that says it is for compensation undoes its sub-process",
        "§10.7.1",
        body(
            sub(
                "u",
                '<startEvent id="s2"/><endEvent id="e2"/>',
                undoable("a"),
                seq("s2", "a", "e2"),
                sub(
                    "h",
                    node("startEvent", "hs", event("compensate")),
                    throw("x", event("compensate")),
                    do("y"),
                    seq("hs", "x", "y"),
                    triggeredByEvent="true",
                    isForCompensation="true",
                ),
            ),
            throw("z", event("compensate")),
            seq("s", "u", "z", "e"),
        ),
        ("a", "un_a", "y"),
    ),
]
