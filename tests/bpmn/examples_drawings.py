"""For each rule about collaborations, conversations and choreographies: what breaks it, and the twin."""

from __future__ import annotations

from tests.bpmn.build import (
    boundary,
    chain,
    definitions,
    diagram,
    end,
    node,
    process,
    simple,
    start,
    sub,
    user,
)
from tests.bpmn.examples_files import BLACK_BOX, GOOD, POOL, PROCESS, pools, undoing
from tests.bpmn.examples_flows import Example, link, linked

PARTNERS = '<participant id="pa" name="A"/><participant id="pb" name="B"/>'
SECOND = (
    '<intermediateThrowEvent id="o2"><linkEventDefinition id="l3" name="L"><target>l2</target>'
    "</linkEventDefinition></intermediateThrowEvent>"
)
BOUND = "<choreographyRef>ch</choreographyRef>"
BETWEEN = '<messageFlow id="f" sourceRef="pa" targetRef="pb"/>'


def choreography(*parts: str, attributes: str = "") -> bytes:
    """A choreography of two, beside a process."""
    content = PARTNERS + BETWEEN + "".join(parts)
    return definitions(f'<choreography id="ch" name="ch" {attributes}>{content}</choreography>', PROCESS)


def interaction(who: str = "pa pb", first: str = "pa", tag: str = "choreographyTask") -> str:
    """A choreography task."""
    named = "".join(f"<participantRef>{each}</participantRef>" for each in who.split())
    return (
        f'<{tag} id="ct" name="ct" initiatingParticipantRef="{first}">{named}'
        f"<messageFlowRef>f</messageFlowRef></{tag}>"
    )


def talk(*who: str, more: str = "") -> bytes:
    """A conversation."""
    named = "".join(f"<participantRef>{each}</participantRef>" for each in who)
    return pools(POOL, BLACK_BOX, flows=f'<conversation id="cv" name="cv">{named}</conversation>{more}')


def tied(source: str, target: str) -> str:
    """A conversation link."""
    return f'<conversationLink id="cl" sourceRef="{source}" targetRef="{target}"/>'


def crowd(numbers: str) -> bytes:
    """A black box of several."""
    return pools(POOL, f'<participant id="box" name="x"><participantMultiplicity {numbers}/></participant>')


def paired(back: str) -> bytes:
    """Two link events that name one another."""
    return (
        linked()
        .replace(
            b'<linkEventDefinition name="L"/></intermediateThrowEvent>',
            b'<linkEventDefinition id="l1" name="L"><target>l2</target>'
            b"</linkEventDefinition></intermediateThrowEvent>",
        )
        .replace(
            b'<linkEventDefinition name="L"/></intermediateCatchEvent>',
            f'<linkEventDefinition id="l2" name="L"><source>{back}</source></linkEventDefinition>'
            "</intermediateCatchEvent>".encode(),
        )
    )


DRAWINGS: dict[str, Example] = {
    "collaboration.drawn": Example(choreography(interaction()), "ch", GOOD),
    "pool.multiplicity": Example(crowd('minimum="3" maximum="2"'), "box", crowd('minimum="2" maximum="3"')),
    "collaboration.choreography-ref": Example(
        definitions(
            '<globalConversation id="gc" name="gc"><choreographyRef>ch</choreographyRef>'
            "</globalConversation>",
            '<choreography id="ch" name="ch"/>',
            PROCESS,
        ),
        "gc",
        definitions('<globalConversation id="gc" name="gc"/>', '<choreography id="ch" name="ch"/>', PROCESS),
    ),
    "collaboration.closed": Example(
        definitions(
            f'<collaboration id="c" isClosed="true">{POOL}{BOUND}</collaboration>',
            '<choreography id="ch" name="ch"/>',
            PROCESS,
        ),
        "c",
        definitions(
            f'<collaboration id="c" isClosed="true">{POOL}{BOUND}</collaboration>',
            '<choreography id="ch" name="ch" isClosed="true"/>',
            PROCESS,
        ),
    ),
    "conversation.global-content": Example(
        definitions(
            '<globalConversation id="gc" name="gc"><textAnnotation id="n"><text>x</text></textAnnotation>'
            "</globalConversation>",
            PROCESS,
        ),
        "gc",
        definitions('<globalConversation id="gc" name="gc"/>', PROCESS),
    ),
    "conversation.participants": Example(talk("pool"), "cv", talk("pool", "box")),
    "conversation.link": Example(
        talk("pool", "box", more=tied("pool", "box")), "cl", talk("pool", "box", more=tied("pool", "cv"))
    ),
    "choreography.in-process": Example(
        definitions(
            f'<collaboration id="c">{PARTNERS}{BETWEEN}</collaboration>',
            process(start(), interaction(), end(), chain("s", "e")),
        ),
        "ct",
        choreography(interaction()),
    ),
    "choreography.activity": Example(
        choreography(interaction(), node("task", "x")), "x", choreography(interaction())
    ),
    "choreography.participants": Example(
        choreography('<participant id="pc" name="C"/>', interaction("pa pb pc")),
        "ct",
        choreography(interaction()),
    ),
    "choreography.initiator": Example(
        choreography('<participant id="pc" name="C"/>', interaction(first="pc")),
        "ct",
        choreography(interaction(first="pb")),
    ),
    "choreography.flow": Example(
        choreography(start("cs"), interaction(), end("ce"), chain("cs", "t")),
        "cs-t",
        choreography(start("cs"), interaction(), end("ce"), chain("cs", "ct", "ce")),
    ),
    "link.no-source": Example(
        diagram(
            start(),
            user(),
            end(),
            link("L", "in", "intermediateCatchEvent"),
            chain("s", "t", "e"),
            chain("in", "t"),
        ),
        "in",
        linked(),
    ),
    "link.pair": Example(
        paired("l3").replace(
            b'<userTask id="t"',
            (SECOND + '<userTask id="t"').encode(),
        ),
        "out",
        paired("l1"),
    ),
    "path.no-entrance": Example(simple(user(), "t", user("u"), chain("u", "e")), "u", GOOD),
    "path.no-end": Example(diagram(start(), user(), chain("s", "t")), "p", GOOD),
    "scope.ad-hoc-empty": Example(
        simple(sub("t", tag="adHocSubProcess")), "t", simple(sub("t", user("u"), tag="adHocSubProcess"))
    ),
    "scope.event-kind": Example(
        simple(user(), "t", sub("x", user("y"), tag="adHocSubProcess", attributes='triggeredByEvent="true"')),
        "x",
        simple(
            sub(
                "t",
                start("a"),
                end("b"),
                chain("a", "b"),
                undoing("x").replace("triggeredByEvent", 'isForCompensation="true" triggeredByEvent'),
            )
        ),
    ),
    "compensation.handler-unused": Example(
        simple(user(), "t", user("h", "", 'isForCompensation="true"')),
        "h",
        simple(
            user(),
            "t",
            boundary("b", "t", "<compensateEventDefinition/>"),
            user("h", "", 'isForCompensation="true"'),
            '<association id="a" associationDirection="One" sourceRef="b" targetRef="h"/>',
        ),
    ),
}
