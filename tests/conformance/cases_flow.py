"""Cases of sequence flows, gateways, activities and loops."""

from __future__ import annotations

from tests.conformance.building import Case, body, boundary, do, event, gateway, node, plain, seq, sub

MULTI = "multiInstanceLoopCharacteristics"
STANDARD = "standardLoopCharacteristics"
ENDS = '<endEvent id="e2"/><endEvent id="e3"/>'


def instances(number: str, *, sequential: bool = True, until: str = "", **more: str) -> str:
    """Return multi-instance characteristics of a number."""
    done = f"<completionCondition>{until}</completionCondition>" if until else ""
    written = "".join(f' {key}="{value}"' for key, value in more.items())
    kind = "true" if sequential else "false"
    return (
        f'<{MULTI} isSequential="{kind}"{written}><loopCardinality>{number}</loopCardinality>{done}</{MULTI}>'
    )


FLOWS = [
    Case(
        "sequence flows need no ids",
        "§8.3.1",
        body(
            gateway("parallel", "g"),
            do("a"),
            seq("s", "g"),
            '<sequenceFlow sourceRef="g" targetRef="a"/><sequenceFlow sourceRef="g" targetRef="a"/>',
            seq("a", "e"),
        ),
        ("a", "a"),
    ),
    Case(
        "conditional flow of an activity with a default",
        "§13.2.1",
        body(
            '<scriptTask id="a" name="a" default="f0"><script>x = 1</script></scriptTask>',
            do("b"),
            do("c"),
            '<sequenceFlow id="f0" sourceRef="a" targetRef="c"/>',
            seq("s", "a", "(x > 5)", "b", "e"),
            seq("c", "e"),
        ),
        ("c",),
    ),
    Case(
        "conditional and plain flows of an activity all taken that hold",
        "§8.4.13",
        body(
            do("a", extra="x = 7"), do("b"), do("c"), seq("s", "a", "(x > 5)", "b", "e"), seq("a", "c", "e")
        ),
        ("a", "b", "c"),
        any_order=True,
    ),
    Case(
        "activity without incoming flow starts with the process",
        "§13.3.1",
        do("a") + do("b"),
        ("a", "b"),
        any_order=True,
    ),
    Case(
        "several flows into an activity run it once for each token",
        "§13.3.1",
        body(
            gateway("parallel", "g"),
            do("a"),
            seq("s", "g", "a", "e"),
            '<sequenceFlow id="x" sourceRef="g" targetRef="a"/>',
        ),
        ("a", "a"),
    ),
    Case(
        "exclusive gateway takes the first condition that holds",
        "§13.4.2",
        body(
            gateway("exclusive", "g", default="f0"),
            do("a"),
            do("b"),
            do("c"),
            seq("s", "g", "(1 = 1)", "a", "e"),
            seq("g", "(2 = 2)", "b", "e"),
            '<sequenceFlow id="f0" sourceRef="g" targetRef="c"/>',
            seq("c", "e"),
        ),
        ("a",),
    ),
    Case(
        "exclusive gateway without a way out is an incident",
        "§13.4.2",
        body(
            gateway("exclusive", "g"),
            do("a"),
            do("b"),
            seq("s", "g", "(1 = 2)", "a", "e"),
            seq("g", "(1 = 3)", "b", "e"),
        ),
        (),
        state="incident",
    ),
    Case(
        "inclusive split and join",
        "§13.4.3",
        body(
            gateway("inclusive", "g", default="f0"),
            gateway("inclusive", "j"),
            do("a"),
            do("b"),
            do("c"),
            do("z"),
            seq("s", "g", "(1 = 1)", "a", "j", "z", "e"),
            seq("g", "(2 = 2)", "b", "j"),
            '<sequenceFlow id="f0" sourceRef="g" targetRef="c"/>',
            seq("c", "j"),
        ),
        ("a", "b", "z"),
    ),
    Case(
        "parallel split into an exclusive merge continues twice",
        "§13.4.2",
        body(
            gateway("parallel", "g"),
            gateway("exclusive", "m"),
            do("a"),
            do("b"),
            do("z"),
            seq("s", "g", "a", "m", "z", "e"),
            seq("g", "b", "m"),
        ),
        ("a", "b", "z", "z"),
        any_order=True,
    ),
    Case(
        "parallel join of an exclusive choice stays waiting",
        "§13.4.1",
        body(
            gateway("exclusive", "g", default="f0"),
            gateway("parallel", "j"),
            do("a"),
            do("b"),
            do("z"),
            seq("s", "g", "(1 = 1)", "a", "j", "z", "e"),
            '<sequenceFlow id="f0" sourceRef="g" targetRef="b"/>',
            seq("b", "j"),
        ),
        ("a",),
        state="waiting",
    ),
    Case(
        "complex gateway goes on with two of three",
        "§13.4.5",
        body(
            gateway("parallel", "g"),
            node("complexGateway", "j", "<activationCondition>activationCount >= 2</activationCondition>"),
            do("a"),
            do("b"),
            do("c"),
            do("z"),
            seq("s", "g", "a", "j", "z", "e"),
            seq("g", "b", "j"),
            seq("g", "c", "j"),
        ),
        ("a", "b", "c", "z"),
        any_order=True,
    ),
    Case(
        "a drawn loop runs until its condition fails",
        "§13.4.2",
        body(
            gateway("exclusive", "m"),
            gateway("exclusive", "g", default="out"),
            do("a"),
            seq("s", "m", "a", "g", "(count(trace) &lt; 3)", "m"),
            '<sequenceFlow id="out" sourceRef="g" targetRef="e"/>',
        ),
        ("a", "a", "a"),
    ),
]

ACTIVITIES = [
    Case(
        "loop tested before does not run when its condition is false",
        "§13.3.6",
        body(
            do("a", f'<{STANDARD} testBefore="true"><loopCondition>false</loopCondition></{STANDARD}>'),
            do("b"),
            seq("s", "a", "b", "e"),
        ),
        ("b",),
    ),
    Case(
        "loop tested after runs once when its condition is false",
        "§13.3.6",
        body(
            do("a", f'<{STANDARD} testBefore="false"><loopCondition>false</loopCondition></{STANDARD}>'),
            seq("s", "a", "e"),
        ),
        ("a",),
    ),
    Case(
        "loop with a maximum",
        "§13.3.6",
        body(
            do("a", f'<{STANDARD} loopMaximum="3"><loopCondition>true</loopCondition></{STANDARD}>'),
            seq("s", "a", "e"),
        ),
        ("a", "a", "a"),
    ),
    Case(
        "sequential instances",
        "§13.3.7",
        body(do("a", instances("3")), do("b"), seq("s", "a", "b", "e")),
        ("a", "a", "a", "b"),
    ),
    Case(
        "parallel instances",
        "§13.3.7",
        body(do("a", instances("3", sequential=False)), do("b"), seq("s", "a", "b", "e")),
        ("a", "a", "a", "b"),
    ),
    Case(
        "no instance at all",
        "§13.3.7",
        body(do("a", instances("0")), do("b"), seq("s", "a", "b", "e")),
        ("b",),
    ),
    Case(
        "instances end early by their completion condition",
        "§13.3.7",
        body(do("a", instances("5", until="count(trace) >= 2")), do("b"), seq("s", "a", "b", "e")),
        ("a", "a", "b"),
    ),
    Case(
        "behavior None throws as each instance ends",
        "§10.3.8",
        body(
            do("a", instances("3", behavior="None", noneBehaviorEventRef="sd")),
            boundary("b", "a", event("signal", "sig"), cancel=False),
            do("c"),
            seq("s", "a", "e"),
            seq("b", "c", "e"),
        ),
        ("a", "a", "a", "c", "c", "c"),
        roots='<signal id="sig" name="sig"/><signalEventDefinition id="sd" signalRef="sig"/>',
        any_order=True,
    ),
    Case(
        "behavior One throws when the first instance ends",
        "§10.3.8",
        body(
            do("a", instances("3", behavior="One", oneBehaviorEventRef="sd")),
            boundary("b", "a", event("signal", "sig"), cancel=False),
            do("c"),
            seq("s", "a", "e"),
            seq("b", "c", "e"),
        ),
        ("a", "a", "a", "c"),
        roots='<signal id="sig" name="sig"/><signalEventDefinition id="sd" signalRef="sig"/>',
        any_order=True,
    ),
    Case(
        "behavior All throws nothing",
        "§10.3.8",
        body(
            do("a", instances("2", behavior="All")),
            boundary("b", "a", event("signal", "sig"), cancel=False),
            do("c"),
            seq("s", "a", "e"),
            seq("b", "c", "e"),
        ),
        ("a", "a"),
        roots='<signal id="sig" name="sig"/>',
    ),
    Case(
        "sub-process runs through its own start and end",
        "§10.3.5",
        body(
            plain("p1", do("a")),
            do("b"),
            seq("s", "p1", "b", "e"),
        ),
        ("a", "b"),
    ),
    Case(
        "start quantity gathers tokens",
        "§13.3.2",
        body(
            gateway("parallel", "g"),
            do("a", startQuantity="2"),
            seq("s", "g", "a", "e"),
            '<sequenceFlow id="x" sourceRef="g" targetRef="a"/>',
        ),
        ("a",),
    ),
    Case(
        "completion quantity multiplies tokens",
        "§13.3.2",
        body(do("a", completionQuantity="3"), do("b"), seq("s", "a", "b", "e")),
        ("a", "b", "b", "b"),
    ),
    Case(
        "ad-hoc sub-process runs its activities one after another",
        "§13.3.5",
        body(
            sub(
                "h",
                do("a"),
                do("b"),
                "<completionCondition>count(trace) >= 2</completionCondition>",
                tag="adHocSubProcess",
                ordering="Sequential",
            ),
            do("c"),
            seq("s", "h", "c", "e"),
        ),
        ("a", "b", "c"),
    ),
    Case(
        "ad-hoc sub-process ends when its condition holds",
        "§13.3.5",
        body(
            sub(
                "h",
                do("a"),
                do("b"),
                "<completionCondition>count(trace) >= 1</completionCondition>",
                tag="adHocSubProcess",
                ordering="Sequential",
            ),
            do("c"),
            seq("s", "h", "c", "e"),
        ),
        ("a", "c"),
    ),
]
