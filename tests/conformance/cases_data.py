"""Cases of data that outlives an activity or an instance."""

from __future__ import annotations

from tests.conformance.building import Case, body, boundary, catch, do, event, gateway, node, seq, sub

STORE = '<dataStoreReference id="store" name="archive"/>'


def puts(source: str, target: str = "store") -> str:
    """Return an output `y` that goes to a data store."""
    return (
        f'<ioSpecification><dataOutput id="{source}" name="y"/><inputSet/><outputSet><dataOutputRefs>{source}'
        f'</dataOutputRefs></outputSet></ioSpecification><dataOutputAssociation id="a_{source}">'
        f"<sourceRef>{source}</sourceRef><targetRef>{target}</targetRef></dataOutputAssociation>"
    )


def takes(target: str, source: str = "store") -> str:
    """Return an input `x` that comes from a data store."""
    return (
        f'<ioSpecification><dataInput id="{target}" name="x"/><inputSet><dataInputRefs>{target}'
        f'</dataInputRefs></inputSet><outputSet/></ioSpecification><dataInputAssociation id="a_{target}">'
        f"<sourceRef>{source}</sourceRef><targetRef>{target}</targetRef></dataInputAssociation>"
    )


DATA = [
    Case(
        "a data store keeps what one activity writes for another",
        "§10.4.1",
        body(
            STORE,
            do("a", puts("out"), 'y = "kept"'),
            do("b", takes("in"), "trace = append(trace, x)"),
            seq("s", "a", "b", "e"),
        ),
        ("a", "b", "kept"),
    ),
    Case(
        "a called process and its caller share a data store",
        "§10.4.1",
        body(
            STORE,
            node("callActivity", "call", calledElement="q"),
            do("b", takes("in"), "trace = append(trace, x)"),
            seq("s", "call", "b", "e"),
        ),
        ("a", "b", "kept"),
        called={"q": body(STORE, do("a", puts("out"), 'y = "kept"'), seq("s", "a", "e"))},
    ),
    Case(
        "a data store that is only drawn changes nothing",
        "§10.4.1",
        body(
            STORE,
            do("a", '<dataOutputAssociation id="line"><targetRef>store</targetRef></dataOutputAssociation>'),
            seq("s", "a", "e"),
        ),
        ("a",),
    ),
    Case(
        "an error brings its data to the boundary event that catches it",
        "§10.5.1",
        body(
            '<dataObject id="o" name="why"/>',
            sub(
                "u",
                '<startEvent id="s2"/>',
                do("a", "", 'why = "late"'),
                node(
                    "endEvent",
                    "e2",
                    '<dataInput id="ei" name="reason"/><dataInputAssociation id="da"><sourceRef>o</sourceRef>'
                    "<targetRef>ei</targetRef></dataInputAssociation>" + event("error", "er"),
                ),
                seq("s2", "a", "e2"),
            ),
            boundary("b", "u", event("error", "er")),
            do("z", "", "trace = append(trace, reason)"),
            gateway("exclusive", "g"),
            seq("s", "u", "g", "e"),
            seq("b", "z", "g"),
        ),
        ("a", "z", "late"),
        roots='<error id="er" name="er" errorCode="E1"/>',
    ),
    Case(
        "a condition over a data store starts a process when it becomes true",
        "§10.5.2",
        body(
            STORE,
            do("a", puts("out"), "y = 5"),
            catch("c", event("message", "msg")),
            do("z"),
            seq("s", "a", "c", "z", "e"),
        ),
        ("a", "z"),
        roots='<message id="msg" name="msg"/>',
        called={
            "q": STORE
            + node(
                "startEvent",
                "s",
                event("conditional", inner="<condition>archive &gt; 3</condition>"),
            )
            + node("endEvent", "e", event("message", "msg"))
            + seq("s", "e")
        },
    ),
]
