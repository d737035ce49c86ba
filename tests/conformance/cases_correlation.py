"""Cases of correlation: which instance a message goes to, by keys and by data (BPMN 2.0.2 §8.4.2)."""

from __future__ import annotations

from typing import Any

from tests.conformance.building import Case, body, boundary, catch, do, event, gateway, node, seq, sub

BEGIN = node("startEvent", "s", event("message", "begin"))
END = '<endEvent id="e" name="e"/>'


def prop(id: str, **paths: str) -> str:
    """Return a property and how it is taken from each message."""
    rules = "".join(
        f'<correlationPropertyRetrievalExpression messageRef="{message}"><messagePath>{path}</messagePath>'
        "</correlationPropertyRetrievalExpression>"
        for message, path in paths.items()
    )
    return f'<correlationProperty id="{id}" name="{id}">{rules}</correlationProperty>'


def key(id: str, *properties: str) -> str:
    """Return a key."""
    refs = "".join(f"<correlationPropertyRef>{each}</correlationPropertyRef>" for each in properties)
    return f'<correlationKey id="{id}" name="{id}">{refs}</correlationKey>'


def roots(*parts: str, messages: str = "begin go done", more: str = "") -> str:
    """Return messages, properties and a collaboration with the given keys around the process."""
    declared = "".join(f'<message id="{each}" name="{each}"/>' for each in messages.split())
    properties = "".join(each for each in parts if each.startswith("<correlationProperty"))
    rest = "".join(each for each in parts if not each.startswith("<correlationProperty"))
    pools = '<participant id="pool" name="p" processRef="p"/><participant id="box" name="x"/>'
    return f'{declared}{properties}<collaboration id="talk">{pools}{rest}</collaboration>{more}'


def told(message: str, **payload: Any) -> dict[str, Any]:
    """Return a message of a scenario."""
    return {"message": message, "payload": payload}


def begin(number: int, **more: Any) -> dict[str, Any]:
    """Return the message that starts an instance."""
    return told("begin", order=number, trace=[], **more)


def mark(id: str = "a") -> str:
    """Return a step that writes what its message has brought."""
    return do(id, extra="trace = append(trace, string(mark))")


def receive(id: str, message: str, **attributes: str) -> str:
    """Return a receive task."""
    return node("receiveTask", id, messageRef=message, **attributes)


ORDER = prop("number", begin="order", go="re.order", done="order")
BY_ORDER = roots(ORDER, key("ck", "number"))
ORDERED = BEGIN + END + receive("r", "go") + mark() + seq("s", "r", "a", "e")
BOUND = (
    '<correlationSubscription id="cs" correlationKeyRef="ck"><correlationPropertyBinding '
    'correlationPropertyRef="number"><dataPath>wanted</dataPath></correlationPropertyBinding>'
    "</correlationSubscription>"
)
FOUR = {"wuxing:payload": "order = 4"}
ASK = node("sendTask", "ask", messageRef="begin", **FOUR)


TOGETHER = (
    gateway("eventBased", "g", instantiate="true", eventGatewayType="Parallel")
    + catch("c1", event("message", "begin"))
    + catch("c2", event("message", "done"))
    + do("z")
    + do("y")
    + END
    + seq("g", "c1", "z", "e")
    + seq("g", "c2", "y", "e")
)


def go(number: int, **payload: Any) -> dict[str, Any]:
    """Return a message whose order stands deeper in its payload."""
    return told("go", re={"order": number}, **payload)


def seller() -> str:
    """Return a second pool that answers the order with the higher number first."""
    wait = '<timeDuration>duration("PT" + string(9 - order) + "H")</timeDuration>'
    answer = {"wuxing:payload": "re = {order: order}&#10;mark = order"}
    return (
        '<process id="seller" name="seller" isExecutable="true">'
        + node("startEvent", "s2", event("message", "begin"))
        + catch("later", event("timer", inner=wait))
        + node("endEvent", "e2", event("message", "go"), **answer)
        + seq("s2", "later", "e2")
        + "</process>"
    )


def buyer(*inner: str) -> str:
    """Return a process that orders under the number it is started with."""
    order = node("sendTask", "ask", messageRef="begin", **{"wuxing:payload": "order = n"})
    return node("startEvent", "s", event("message", "want")) + END + order + "".join(inner)


INVOICE = prop("invoice", go="invoice", done="bill")
TWO_KEYS = roots(
    prop("number", begin="order", go="re.order"), INVOICE, key("ck", "number"), key("ci", "invoice")
)
FLOWS = (
    '<messageFlow id="f1" sourceRef="box" targetRef="r" messageRef="go"/>'
    '<messageFlow id="f2" sourceRef="box" targetRef="s" messageRef="begin"/>'
)
CONVERSATION = (
    '<conversation id="cv" name="cv"><participantRef>pool</participantRef>'
    "<participantRef>box</participantRef><messageFlowRef>f1</messageFlowRef>"
    f"<messageFlowRef>f2</messageFlowRef>{key('ck', 'number')}</conversation>"
)

CORRELATION = [
    Case(
        "two instances of one process are told apart by their key",
        "§8.4.2",
        ORDERED,
        ("a", "1"),
        scenario={"events": [begin(1), begin(2), go(2, mark=2), go(1, mark=1)]},
        roots=BY_ORDER,
    ),
    Case(
        "the value of a key comes from the message a pool sends, and the answer returns to its instance",
        "§8.4.2",
        buyer(receive("r", "go"), mark(), seq("s", "ask", "r", "a", "e")),
        ("a", "1"),
        scenario={"events": [told("want", n=1, trace=[]), told("want", n=2, trace=[])]},
        roots=roots(ORDER, key("ck", "number"), messages="begin go done want", more=seller()).replace(
            'id="box" name="x"', 'id="box" name="x" processRef="seller"'
        ),
    ),
    Case(
        "the message received first gives the key its value",
        "§8.4.2",
        body(receive("r", "go"), receive("r2", "done"), mark(), seq("s", "r", "r2", "a", "e")),
        ("a", "5"),
        scenario={"events": [go(5), told("done", order=6, mark=6), told("done", order=5, mark=5)]},
        roots=BY_ORDER,
    ),
    Case(
        "the message sent first gives the key its value, and others are not for this instance",
        "§8.4.2",
        body(ASK, receive("r", "go"), mark(), seq("s", "ask", "r", "a", "e")),
        ("a", "4"),
        scenario={"events": [go(3, mark=3), go(4, mark=4)]},
        roots=BY_ORDER,
    ),
    Case(
        "a message event throws the value of a key as a send task does",
        "§8.4.2",
        body(
            node(
                "intermediateThrowEvent", "ask", event("message", "begin"), **{"wuxing:payload": "order = 4"}
            ),
            catch("r", event("message", "go")),
            mark(),
            seq("s", "ask", "r", "a", "e"),
        ),
        ("a", "4"),
        scenario={"events": [go(3, mark=3), go(4, mark=4)]},
        roots=BY_ORDER,
    ),
    Case(
        "a second key that a later message brings finds the instance as well",
        "§8.4.2",
        BEGIN + END + receive("r", "go") + receive("r2", "done") + mark() + seq("s", "r", "r2", "a", "e"),
        ("a", "1"),
        scenario={
            "events": [
                begin(1),
                begin(2),
                go(2, invoice=20),
                go(1, invoice=10),
                told("done", bill=20, mark=2),
                told("done", bill=10, mark=1),
            ]
        },
        roots=TWO_KEYS,
    ),
    Case(
        "a message that has one key of an instance and another value of its second key is not for it",
        "§8.4.2",
        BEGIN + END + receive("r", "go") + receive("r2", "go") + mark() + seq("s", "r", "r2", "a", "e"),
        ("a", "1"),
        scenario={
            "events": [begin(1), go(1, invoice=10), go(1, invoice=11, mark=7), go(1, invoice=10, mark=1)]
        },
        roots=TWO_KEYS,
    ),
    Case(
        "a key of two properties is equal when both are",
        "§8.4.2",
        ORDERED,
        ("a", "1"),
        scenario={
            "events": [
                begin(1, shop="x"),
                begin(1, shop="y"),
                go(1, shop="y", mark=2),
                go(1, shop="x", mark=1),
            ]
        },
        roots=roots(ORDER, prop("shop", begin="shop", go="shop"), key("ck", "number", "shop")),
    ),
    Case(
        "a key without all its properties is no key: the message waits for somebody else",
        "§8.4.2",
        body(receive("r", "go"), mark(), seq("s", "r", "a", "e")),
        (),
        scenario={"events": [go(1, mark=1)]},
        roots=roots(ORDER, prop("shop", begin="shop", go="shop"), key("ck", "number", "shop")),
        state="waiting",
    ),
    Case(
        "a key that has no value yet takes any",
        "§8.4.2",
        body(receive("r", "go"), mark(), seq("s", "r", "a", "e")),
        ("a", "8"),
        scenario={"events": [go(8, mark=8)]},
        roots=BY_ORDER,
    ),
    Case(
        "who waits by the very value goes before who waits by none",
        "§8.4.2",
        BEGIN + END + receive("r", "go") + mark() + seq("s", "r", "a", "e"),
        ("a", "9"),
        scenario={
            "events": [told("begin", trace=[]), begin(2), go(2, mark=2), go(9, mark=9)],
        },
        roots=BY_ORDER,
    ),
    Case(
        "a kept message goes to the instance with its key",
        "§8.4.2",
        BEGIN + END + receive("r", "go") + mark() + seq("s", "r", "a", "e"),
        ("a", "1"),
        scenario={"events": [go(2, mark=2), go(1, mark=1), begin(1), begin(2)]},
        roots=BY_ORDER,
    ),
    Case(
        "the data of the process say what a subscribed key is worth",
        "§8.4.2",
        body(receive("r", "go"), mark(), seq("s", "r", "a", "e"), BOUND),
        ("a", "6"),
        scenario={"variables": {"wanted": 6}, "events": [go(5, mark=5), go(6, mark=6)]},
        roots=BY_ORDER,
    ),
    Case(
        "a subscribed key follows the data while it is waited for, and kept messages with it",
        "§8.4.2",
        body(
            gateway("parallel", "g"),
            receive("r", "go"),
            '<userTask id="t" name="t"/>',
            do("c", extra="wanted = 5"),
            mark(),
            seq("s", "g", "r", "a", "e"),
            seq("g", "t", "c", "e"),
            BOUND,
        ),
        ("c", "a", "5"),
        scenario={
            "variables": {"wanted": 6},
            "answers": {"t": None},
            "events": [go(5, mark=5), {"complete": "t"}],
        },
        roots=BY_ORDER,
    ),
    Case(
        "a subscribed key of which the data say nothing takes no message",
        "§8.4.2",
        body(receive("r", "go"), mark(), seq("s", "r", "a", "e"), BOUND),
        (),
        scenario={"events": [go(5, mark=5)]},
        roots=BY_ORDER,
        state="waiting",
    ),
    Case(
        "a boundary event takes the message of its own conversation",
        "§8.4.2",
        BEGIN
        + END
        + '<userTask id="t" name="t"/>'
        + boundary("b", "t", event("message", "go"))
        + mark()
        + seq("s", "t", "e")
        + seq("b", "a", "e"),
        ("a", "1"),
        scenario={
            "answers": {"t": None},
            "events": [begin(1), begin(2), go(2, mark=2), go(1, mark=1)],
        },
        roots=BY_ORDER,
    ),
    Case(
        "an event sub-process is started by the message of its own conversation",
        "§8.4.2",
        BEGIN
        + END
        + '<userTask id="t" name="t"/>'
        + seq("s", "t", "e")
        + sub(
            "x",
            node("startEvent", "xs", event("message", "go")),
            mark(),
            '<endEvent id="xe" name="xe"/>',
            seq("xs", "a", "xe"),
            triggeredByEvent="true",
        ),
        ("a", "1"),
        scenario={
            "answers": {"t": None},
            "events": [begin(1), begin(2), go(2, mark=2), go(1, mark=1)],
        },
        roots=BY_ORDER,
    ),
    Case(
        "an event gateway takes the message of its own conversation",
        "§8.4.2",
        BEGIN
        + END
        + gateway("eventBased", "g")
        + catch("c1", event("message", "go"))
        + catch("c2", event("message", "done"))
        + mark()
        + do("b")
        + seq("s", "g", "c1", "a", "e")
        + seq("g", "c2", "b", "e"),
        ("a", "1"),
        scenario={
            "events": [begin(1), begin(2), told("done", order=2), go(1, mark=1)],
        },
        roots=BY_ORDER,
    ),
    Case(
        "the keys of a conversation are those of its message flows",
        "§9.5",
        ORDERED,
        ("a", "1"),
        scenario={"events": [begin(1), begin(2), go(2, mark=2), go(1, mark=1)]},
        roots=roots(ORDER, FLOWS, CONVERSATION),
    ),
    Case(
        "a message that would give a key of a conversation another value is not sent",
        "§8.4.2",
        BEGIN + END + ASK + do("a") + seq("s", "ask", "a", "e"),
        (),
        scenario={"events": [begin(1)]},
        roots=BY_ORDER,
        state="incident",
    ),
    Case(
        "a message that carries no key of its conversation is not sent",
        "§8.4.2",
        body(node("sendTask", "ask", messageRef="begin"), do("a"), seq("s", "ask", "a", "e")),
        (),
        roots=BY_ORDER,
        state="incident",
    ),
    Case(
        "a parallel gateway begins with one message and waits for the other of its conversation",
        "§10.6.6",
        TOGETHER,
        ("y", "z"),
        roots=BY_ORDER,
        scenario={"events": [told("done", order=1, trace=[]), told("begin", order=1)]},
    ),
    Case(
        "a message of another conversation does not complete what a parallel gateway has begun",
        "§10.6.6",
        TOGETHER,
        ("z",),
        state="waiting",
        roots=BY_ORDER,
        scenario={"events": [begin(1), told("done", order=2, trace=[])]},
    ),
]
