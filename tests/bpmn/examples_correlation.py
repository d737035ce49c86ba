"""For each rule about correlation keys: what breaks it, and the correct twin."""

from __future__ import annotations

from tests.bpmn.build import chain, definitions, end, node, process, start
from tests.bpmn.examples_files import POOL
from tests.bpmn.examples_flows import Example

MESSAGES = "".join(f'<message id="{each}" name="{each}"/>' for each in "mno")
SENDS = 'messageRef="m" wuxing:payload="x = 1"'
GETS = 'messageRef="n"'


def prop(id: str, *messages: str, path: str = "x") -> str:
    """A property that is taken from some messages."""
    rules = "".join(
        f'<correlationPropertyRetrievalExpression messageRef="{each}"><messagePath>{path}</messagePath>'
        "</correlationPropertyRetrievalExpression>"
        for each in messages
    )
    return f'<correlationProperty id="{id}" name="{id}">{rules}</correlationProperty>'


def key(*properties: str, id: str = "ck") -> str:
    """A key of these properties."""
    refs = "".join(f"<correlationPropertyRef>{each}</correlationPropertyRef>" for each in properties)
    return f'<correlationKey id="{id}" name="{id}">{refs}</correlationKey>'


def subscription(*bound: str, key: str = "ck", id: str = "cs") -> str:
    """What a process says of a key."""
    bindings = "".join(
        f'<correlationPropertyBinding correlationPropertyRef="{each}"><dataPath>x</dataPath>'
        "</correlationPropertyBinding>"
        for each in bound
    )
    return (
        f'<correlationSubscription id="{id}" correlationKeyRef="{key}">{bindings}</correlationSubscription>'
    )


def talk(
    *properties: str,
    keys: str | None = None,
    owned: str = "",
    subscribes: str = "",
    sends: str = SENDS,
    executable: str = "true",
) -> bytes:
    """A process that sends `m` and waits for `n`, in a collaboration with keys."""
    named = key("k1") if keys is None else keys
    return definitions(
        MESSAGES,
        *(properties or (prop("k1", "m", "n"),)),
        f'<collaboration id="c">{POOL}<participant id="box" name="客户"/>'
        '<messageFlow id="f1" sourceRef="ask" targetRef="box"/>'
        f'<messageFlow id="f2" sourceRef="box" targetRef="get"/>{owned}{named}</collaboration>',
        process(
            start(),
            node("sendTask", "ask", "", sends),
            node("receiveTask", "get", "", GETS),
            end(),
            chain("s", "ask", "get", "e"),
            subscribes,
            attributes=f'isExecutable="{executable}"',
        ),
    )


GOOD = talk()
BOTH = (prop("k1", "m", "n"), prop("k2", "m", "n"))
CONVERSATION = (
    '<conversation id="cv" name="cv"><participantRef>pool</participantRef>'
    "<participantRef>box</participantRef><messageFlowRef>f1</messageFlowRef>" + key("k1") + "</conversation>"
)

CORRELATION: dict[str, Example] = {
    "correlation.key-empty": Example(talk(keys=key("k1") + key(id="none")), "none", GOOD),
    "correlation.retrieval-missing": Example(
        talk(prop("k1", "m", "n"), prop("k2", "m"), keys=key("k1", "k2")),
        "get",
        talk(*BOTH, keys=key("k1", "k2")),
    ),
    "correlation.message-without-key": Example(talk(prop("k1", "m")), "get", GOOD),
    "correlation.key-idle": Example(
        talk(prop("k1", "m", "n"), prop("k2", "o"), keys=key("k1") + key("k2", id="idle")), "idle", GOOD
    ),
    "correlation.repeated": Example(
        talk().replace(
            b'wuxing:payload="x = 1"></sendTask>',
            b'wuxing:payload="x = 1"><standardLoopCharacteristics loopMaximum="2"/></sendTask>',
        ),
        "ask",
        talk().replace(
            b'messageRef="n"></receiveTask>',
            b'messageRef="n"><standardLoopCharacteristics loopMaximum="2"/></receiveTask>',
        ),
    ),
    "correlation.retrieval-twice": Example(talk(prop("k1", "m", "n", "n")), "k1", GOOD),
    "correlation.twice": Example(talk(sends=SENDS + ' wuxing:correlation="x"'), "ask", GOOD),
    "correlation.binding": Example(
        talk(*BOTH, keys=key("k1", "k2"), subscribes=subscription("k1")),
        "cs",
        talk(*BOTH, keys=key("k1", "k2"), subscribes=subscription("k1", "k2")),
    ),
    "correlation.subscription-twice": Example(
        talk(subscribes=subscription("k1") + subscription("k1", id="cs2")),
        "cs2",
        talk(subscribes=subscription("k1")),
    ),
    "correlation.subscription-idle": Example(
        talk(prop("k1", "m"), owned=CONVERSATION, keys="", subscribes=subscription("k1")),
        "cs",
        talk(subscribes=subscription("k1")),
    ),
}

REFUSED = [
    (talk(prop("k2", "m"), owned=CONVERSATION, keys=""), "reference.dangling", "ck"),
    (talk(prop("k1", "nowhere")), "reference.dangling", "k1"),
    (talk(prop("k1", "m", "n", path="x +")), "expression.syntax", "k1"),
    (talk(prop("k1", "m", "n", path="/order/id")), "expression.syntax", "k1"),
    (talk(prop("k1", "m", "n", path="head(x)")), "expression.function-unknown", "k1"),
    (talk(prop("k1", "n"), owned=CONVERSATION, keys=""), "correlation.retrieval-missing", "ask"),
    (talk(subscribes=subscription("k1", key="nowhere")), "reference.dangling", "cs"),
    (talk(subscribes=subscription("k1", "k2")), "reference.dangling", "cs"),
    (
        talk(subscribes=subscription("k1").replace("<dataPath>x<", "<dataPath>x + <")),
        "expression.syntax",
        "cs",
    ),
    (talk(keys='<correlationKey id="ck"/>'), "correlation.key-empty", "ck"),
]
"""What other rules, or several elements of one, say of keys: the diagram, the code and the element."""

ACCEPTED = [
    GOOD,
    talk(executable="false", keys=key("k1") + key(id="none")),
    talk(prop("k1", "m"), owned=CONVERSATION, keys=""),
    GOOD.replace(b"<messagePath>", b"<formalExpression>").replace(b"</messagePath>", b"</formalExpression>"),
    talk(subscribes=subscription("k1"))
    .replace(b"<dataPath>", b"<formalExpression>")
    .replace(b"</dataPath>", b"</formalExpression>"),
    talk(prop("k1", "m", "n"), prop("k2", "n"), keys=key("k1") + key("k1", "k2", id="both")),
]
"""What must not be refused: drawings, conversations, names as bpmn-js writes them, a second key."""
