"""For each rule about flows, gateways, links and paths: a diagram that breaks it, and its correct twin."""

from __future__ import annotations

from typing import NamedTuple

from tests.bpmn.build import (
    boundary,
    catch,
    chain,
    definitions,
    diagram,
    end,
    flow,
    gateway,
    plain_sub,
    process,
    simple,
    start,
    timer,
    user,
)


class Example(NamedTuple):
    """A bad diagram, the element that is to be named, and the correct twin."""

    bad: bytes
    element: str
    good: bytes


MESSAGE = '<message id="m" name="m"/>'
ON_MESSAGE = '<messageEventDefinition messageRef="m"/>'
SIGNAL = '<signal id="si" name="si"/>'


def split(tag: str, *flows: str, attributes: str = "") -> bytes:
    """start → gateway → a | b → end."""
    tail = chain("a", "e") + chain("b", "e")
    return diagram(
        start(), gateway(tag, "g", attributes), user("a"), user("b"), end(), chain("s", "g"), *flows, tail
    )


def event_gateway(first: str, second: str, *more: str, roots: str = MESSAGE) -> bytes:
    """start → event gateway → a | b → end."""
    flows = chain("s", "g") + chain("g", "a", "e") + chain("g", "b", "e")
    return diagram(start(), gateway("eventBased", "g"), first, second, end(), flows, *more, roots=roots)


def link(name: str, id: str, tag: str = "intermediateThrowEvent") -> str:
    """A link event."""
    return f'<{tag} id="{id}"><linkEventDefinition name="{name}"/></{tag}>'


def linked(*more: str, name: str = "L", target: str = "L") -> bytes:
    """start → link … link → task → end."""
    target_event = link(target, "in", "intermediateCatchEvent")
    return diagram(
        start(),
        link(name, "out"),
        target_event,
        user(),
        end(),
        chain("s", "out"),
        chain("in", "t", "e"),
        *more,
    )


def fork(first: str, second: str) -> bytes:
    """A split into two tasks that meet again at a gateway."""
    conditions = ("x = 1", "x = 2") if first != "parallel" else (None, None)
    return diagram(
        start(),
        gateway(first, "g"),
        user("a"),
        user("b"),
        gateway(second, "j"),
        user("t"),
        end(),
        chain("s", "g"),
        flow("g", "a", conditions[0]),
        flow("g", "b", conditions[1]),
        chain("a", "j", "t", "e"),
        chain("b", "j"),
    )


TWO_PROCESSES = '<process id="q" isExecutable="false"><task id="other" name="o"/></process>'

FLOWS: dict[str, Example] = {
    "flow.dangling": Example(
        simple(user(), "t", flow("t", "nowhere", id="lost")),
        "lost",
        simple(user(), "t", user("u"), chain("t", "u", "e")),
    ),
    "flow.crosses-pool": Example(
        definitions(
            process(start(), user(), end(), chain("s", "t", "e"), flow("t", "other", id="over")),
            TWO_PROCESSES,
        ),
        "over",
        definitions(process(start(), user(), end(), chain("s", "t", "e")), TWO_PROCESSES),
    ),
    "flow.crosses-scope": Example(
        simple(plain_sub(), "t", user("u"), flow("ts", "u", id="over"), chain("u", "e")),
        "over",
        simple(plain_sub(), "t", user("u"), flow("t", "u"), chain("u", "e")),
    ),
    "flow.into-start": Example(simple(user(), "t", flow("t", "s", id="back")), "back", simple()),
    "flow.out-of-end": Example(
        simple(user(), "t", user("u"), flow("e", "u", id="on"), chain("u", "e")), "on", simple()
    ),
    "flow.into-boundary": Example(
        simple(
            user(),
            "t",
            boundary("b", "t", timer("PT1H")),
            user("u"),
            chain("b", "u", "e"),
            flow("t", "b", id="in"),
        ),
        "in",
        simple(user(), "t", boundary("b", "t", timer("PT1H")), user("u"), chain("b", "u", "e")),
    ),
    "flow.event-sub-process": Example(
        simple(plain_sub("t", 'triggeredByEvent="true"')), "s-t", simple(plain_sub("t"))
    ),
    "flow.default-foreign": Example(
        split("exclusive", flow("g", "a", "x"), flow("g", "b", "y"), attributes='default="a-e"'),
        "g",
        split("exclusive", flow("g", "a", "x"), flow("g", "b"), attributes='default="g-b"'),
    ),
    "flow.default-conditional": Example(
        split("inclusive", flow("g", "a", "x"), flow("g", "b", "y"), attributes='default="g-b"'),
        "g-b",
        split("inclusive", flow("g", "a", "x").replace('id="g-a"', ""), flow("g", "b", "y")),
    ),
    "flow.condition-illegal": Example(
        split("parallel", flow("g", "a", "x"), flow("g", "b")),
        "g-a",
        split("parallel", flow("g", "a"), flow("g", "b")),
    ),
    "flow.condition-missing": Example(
        split("exclusive", flow("g", "a", "x"), flow("g", "b")),
        "g-b",
        split("exclusive", flow("g", "a", "x"), flow("g", "b", "y")),
    ),
    "flow.condition-alone": Example(
        diagram(start(), user(), end(), chain("s", "t"), flow("t", "e", "x")),
        "t-e",
        diagram(
            start(), user(), user("u"), end(), chain("s", "t"), flow("t", "e", "x"), chain("t", "u", "e")
        ),
    ),
    "flow.not-immediate": Example(
        simple(user(), "t", user("u"), flow("t", "u", attributes='isImmediate="false"'), chain("u", "e")),
        "t-u",
        simple(user(), "t", user("u"), flow("t", "u", attributes='isImmediate="true"'), chain("u", "e")),
    ),
    "flow.missing-default": Example(
        split("exclusive", flow("g", "a", "x"), flow("g", "b", "y")),
        "g",
        split("exclusive", flow("g", "a", "x"), flow("g", "b"), attributes='default="g-b"'),
    ),
    "gateway.direction": Example(
        split("parallel", flow("g", "a"), flow("g", "b"), attributes='gatewayDirection="Converging"'),
        "g",
        split("parallel", flow("g", "a"), flow("g", "b"), attributes='gatewayDirection="Diverging"'),
    ),
    "gateway.event-outgoing": Example(
        diagram(
            start(), gateway("eventBased", "g"), catch("a", timer("PT1H")), end(), chain("s", "g", "a", "e")
        ),
        "g",
        event_gateway(catch("a", timer("PT1H")), catch("b", ON_MESSAGE)),
    ),
    "gateway.event-target": Example(
        event_gateway(catch("a", timer("PT1H")), user("b")),
        "g-b",
        event_gateway(catch("a", timer("PT1H")), catch("b", timer("PT2H"))),
    ),
    "gateway.event-target-shared": Example(
        event_gateway(
            catch("a", timer("PT1H")), catch("b", ON_MESSAGE), user("u"), chain("a", "u"), flow("u", "b")
        ),
        "b",
        event_gateway(catch("a", timer("PT1H")), catch("b", ON_MESSAGE), user("u"), chain("a", "u", "g")),
    ),
    "gateway.event-mixed": Example(
        event_gateway(catch("a", ON_MESSAGE), '<receiveTask id="b" name="b" messageRef="m"/>'),
        "g",
        event_gateway(catch("a", timer("PT1H")), '<receiveTask id="b" name="b" messageRef="m"/>'),
    ),
    "gateway.event-boundary": Example(
        event_gateway(
            catch("a", timer("PT1H")),
            '<receiveTask id="b" name="b" messageRef="m"/>',
            boundary("bb", "b", timer("PT2H")),
            chain("bb", "e"),
        ),
        "b",
        event_gateway(catch("a", timer("PT1H")), '<receiveTask id="b" name="b" messageRef="m"/>'),
    ),
    "gateway.event-loop": Example(
        event_gateway(
            catch("a", timer("PT1H")),
            '<receiveTask id="b" name="b" messageRef="m">'
            '<standardLoopCharacteristics loopMaximum="2"/></receiveTask>',
        ),
        "b",
        event_gateway(catch("a", timer("PT1H")), '<receiveTask id="b" name="b" messageRef="m"/>'),
    ),
    "gateway.pointless": Example(
        simple(gateway("exclusive", "t")), "t", split("parallel", flow("g", "a"), flow("g", "b"))
    ),
    "link.name-missing": Example(
        linked(link("", "nameless"), user("u"), flow("t", "u"), flow("u", "nameless")), "nameless", linked()
    ),
    "link.no-target": Example(linked(name="X"), "out", linked()),
    "link.several-targets": Example(
        linked(link("L", "twin", "intermediateCatchEvent"), user("u"), chain("twin", "u", "e")),
        "twin",
        linked(link("L", "second"), user("u"), chain("s", "u", "second")),
    ),
    "link.source-flow": Example(linked(flow("out", "t")), "out", linked()),
    "link.target-flow": Example(linked(user("u"), chain("s", "u", "in")), "in", linked()),
    "path.unreachable": Example(
        simple(user(), "t", user("island"), chain("island", "e")), "island", simple()
    ),
    "path.dead-end": Example(
        simple(user(), "t", user("u"), flow("t", "u")),
        "u",
        simple(user(), "t", user("u"), chain("t", "u", "e")),
    ),
    "path.no-way-out": Example(
        diagram(start(), user("a"), user("b"), chain("s", "a", "b", "a")), "a", simple()
    ),
    "path.busy-loop": Example(
        diagram(
            start(),
            '<scriptTask id="c" name="c"><script>n = n + 1</script></scriptTask>',
            gateway("exclusive", "g", 'default="g-c"'),
            end(),
            chain("s", "c", "g"),
            flow("g", "e", "n &gt; 3"),
            flow("g", "c"),
        ),
        "g",
        diagram(
            start(),
            user("c"),
            gateway("exclusive", "g", 'default="g-c"'),
            end(),
            chain("s", "c", "g"),
            flow("g", "e", "n &gt; 3"),
            flow("g", "c"),
        ),
    ),
    "path.deadlock": Example(fork("exclusive", "parallel"), "j", fork("exclusive", "exclusive")),
    "path.duplicate": Example(fork("parallel", "exclusive"), "j", fork("parallel", "parallel")),
    "path.mutual-wait": Example(
        diagram(
            start(),
            gateway("inclusive", "j"),
            gateway("inclusive", "k"),
            user("a"),
            user("b"),
            gateway("exclusive", "g", 'default="g-j"'),
            end(),
            gateway("parallel", "f"),
            chain("s", "f", "j", "a", "k", "b", "g"),
            flow("f", "k"),
            flow("g", "j"),
            flow("g", "e", "x"),
        ),
        "j",
        fork("inclusive", "inclusive"),
    ),
}
