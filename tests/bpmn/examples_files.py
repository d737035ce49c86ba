"""For each rule about files, scopes, references and support: a bad diagram, and its correct twin."""

from __future__ import annotations

from tests.bpmn.build import (
    catch,
    chain,
    definitions,
    diagram,
    end,
    gateway,
    node,
    plain_sub,
    process,
    simple,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.bpmn.examples_events import instantiating, service
from tests.bpmn.examples_flows import MESSAGE, ON_MESSAGE, Example

GOOD = simple()
PROCESS = process(start(), user(), end(), chain("s", "t", "e"))
BLACK_BOX = '<participant id="box" name="客户"/>'
DRAWN = '<process id="q" isExecutable="false"><task id="other" name="o"/></process>'

TO, ON = "s-t", "t-e"


def listed(out: str, into: str, on: str, last: str) -> bytes:
    """A process whose elements list their flows."""
    return diagram(start("s", out), user("t", into + on), end("e", last), chain("s", "t", "e"))


def pools(*parts: str, flows: str = "", processes: str = PROCESS) -> bytes:
    """A collaboration before its processes."""
    collaboration = f'<collaboration id="c">{"".join(parts)}{flows}</collaboration>'
    return definitions(MESSAGE, collaboration, processes)


def exchange(sent: str, awaited: str) -> bytes:
    """Two executable pools: one sends, a message flow leads to where the other one waits."""
    sends = process(
        start(),
        f'<sendTask id="t" name="t" wuxing:service="notify"{_message(sent)}/>',
        end(),
        chain("s", "t", "e"),
    )
    waits = process(
        start("s2"),
        f'<receiveTask id="r" name="r"{_message(awaited)}/>',
        end("e2"),
        chain("s2", "r", "e2"),
        id="q",
    )
    second = '<participant id="pool2" name="池二" processRef="q"/>'
    other = '<message id="m2" name="m2"/>'
    return pools(POOL, second, flows=message_flow("t", "r"), processes=other + sends + waits)


def _message(id: str) -> str:
    return f' messageRef="{id}"' if id else ""


def lanes(*lists: str, more: str = "") -> bytes:
    """A process with one lane per list of node ids."""
    drawn = "".join(
        f'<lane id="lane{index}" name="泳道{index}">'
        + "".join(f"<flowNodeRef>{id}</flowNodeRef>" for id in listed.split())
        + "</lane>"
        for index, listed in enumerate(lists)
    )
    return definitions(
        process(f'<laneSet id="ls">{drawn}</laneSet>', start(), user(), end(), chain("s", "t", "e")), more
    )


def message_flow(source: str, target: str) -> str:
    """A message flow."""
    return f'<messageFlow id="mf" sourceRef="{source}" targetRef="{target}"/>'


POOL = '<participant id="pool" name="池" processRef="p"/>'
SHAPE = (
    '<bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="pl" bpmnElement="p">'
    '<bpmndi:BPMNShape id="sh" bpmnElement="{}"><dc:Bounds x="0" y="0" width="9" height="9"/>'
    "</bpmndi:BPMNShape>"
    "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
)

FILES: dict[str, Example] = {
    "schema.invalid": Example(
        simple(gateway("parallel", "t", 'gatewayDirection="Sideways"')),
        "t",
        simple(
            gateway("parallel", "t", 'gatewayDirection="Unspecified"'), "t", user("u"), chain("t", "u", "e")
        ),
    ),
    "schema.unknown-element": Example(simple(user(), "t", node("teleportTask", "x")), "x", GOOD),
    "schema.foreign-element": Example(
        simple(user("t", '<camunda:property name="x"/>')),
        "t",
        simple(user("t", '<extensionElements><camunda:property name="x"/></extensionElements>')),
    ),
    "schema.must-understand": Example(
        definitions('<extension mustUnderstand="true" definition="camunda:thing"/>', PROCESS),
        "definitions",
        definitions('<extension definition="camunda:thing"/>', PROCESS),
    ),
    "schema.order": Example(
        diagram(
            chain("s", "t", "e"),
            start(),
            user("t", "<outgoing>t-e</outgoing><incoming>s-t</incoming>"),
            end(),
        ),
        "t",
        diagram(
            start(),
            user("t", "<incoming>s-t</incoming><outgoing>t-e</outgoing>"),
            end(),
            chain("s", "t", "e"),
        ),
    ),
    "schema.target-namespace": Example(
        GOOD.replace(b'targetNamespace="http://example.org/test"', b""), "definitions", GOOD
    ),
    "diagram.dangling": Example(
        definitions(PROCESS, SHAPE.format("gone")), "p", definitions(PROCESS, SHAPE.format("t"))
    ),
    "reference.duplicate-id": Example(simple(user(), "t", user("e")), "e", GOOD),
    "reference.dangling": Example(
        simple(catch("t", '<messageEventDefinition messageRef="nowhere"/>'), "t", roots=MESSAGE),
        "t",
        simple(catch("t", ON_MESSAGE), "t", roots=MESSAGE),
    ),
    "reference.type": Example(
        simple(
            catch("t", '<messageEventDefinition messageRef="sig"/>'), "t", roots='<signal id="sig" name="x"/>'
        ),
        "t",
        simple(
            catch("t", '<signalEventDefinition signalRef="sig"/>'), "t", roots='<signal id="sig" name="x"/>'
        ),
    ),
    "reference.flow-list": Example(
        simple(user("t", "<outgoing>s-t</outgoing>")), "t", simple(user("t", "<outgoing>t-e</outgoing>"))
    ),
    "reference.flow-unlisted": Example(
        listed(f"<outgoing>{TO}</outgoing>", f"<incoming>{TO}</incoming>", "", f"<incoming>{ON}</incoming>"),
        ON,
        listed(
            f"<outgoing>{TO}</outgoing>",
            f"<incoming>{TO}</incoming>",
            f"<outgoing>{ON}</outgoing>",
            f"<incoming>{ON}</incoming>",
        ),
    ),
    "reference.missing-id": Example(simple().replace(b'<endEvent id="e"', b"<endEvent"), "p", GOOD),
    "reference.flow-without-id": Example(
        simple().replace(b'<sequenceFlow id="t-e"', b"<sequenceFlow"), "p", GOOD
    ),
    "process.none": Example(definitions(MESSAGE), "definitions", GOOD),
    "process.not-executable": Example(
        diagram(start(), end(), chain("s", "e"), attributes='isExecutable="false"'),
        "p",
        diagram(start(), end(), chain("s", "e"), attributes=""),
    ),
    "process.executable-unsaid": Example(
        diagram(start(), end(), chain("s", "e"), attributes=""),
        "p",
        diagram(start(), end(), chain("s", "e"), attributes='isExecutable="false"'),
    ),
    "process.public-executable": Example(
        diagram(start(), end(), chain("s", "e"), attributes='isExecutable="true" processType="Public"'),
        "p",
        diagram(start(), end(), chain("s", "e"), attributes='isExecutable="true" processType="Private"'),
    ),
    "process.empty": Example(diagram(), "p", diagram(start(), user(), chain("s", "t"))),
    "scope.no-entry": Example(
        diagram(user("a"), user("b"), chain("a", "b", "a")),
        "p",
        diagram(user("a"), user("b"), chain("a", "b")),
    ),
    "scope.empty": Example(simple(sub("t")), "t", simple(sub("t", user("u")))),
    "reference.id-space": Example(
        simple(user("t", "", 'default="x"').replace('id="t"', 'id="t t"'), "t"), "t t", GOOD
    ),
    "process.several-none-starts": Example(
        simple(user(), "t", start("s2"), chain("s2", "t")),
        "s2",
        simple(user(), "t", start("s2", ON_MESSAGE), chain("s2", "t"), roots=MESSAGE),
    ),
    "scope.several-starts": Example(
        simple(sub("t", start("a"), start("b"), end("c"), chain("a", "c"), chain("b", "c"))),
        "b",
        simple(plain_sub()),
    ),
    "scope.event-start-missing": Example(
        simple(user(), "t", sub("x", user("y"), attributes='triggeredByEvent="true"')), "x", GOOD
    ),
    "scope.ad-hoc-event": Example(
        simple(sub("t", start("a"), user("u"), tag="adHocSubProcess")),
        "a",
        simple(sub("t", user("u"), tag="adHocSubProcess")),
    ),
    "scope.ad-hoc-quantity": Example(
        simple(sub("t", user("u", "", 'startQuantity="2"'), tag="adHocSubProcess")),
        "u",
        simple(sub("t", user("u"), tag="adHocSubProcess")),
    ),
    "scope.end-without-start": Example(diagram(user(), end(), chain("t", "e")), "e", GOOD),
    "lane.several": Example(lanes("s t", "t e"), "lane1", lanes("s", "t e")),
    "lane.foreign-node": Example(lanes("s t e other", more=DRAWN), "lane0", lanes("s t e", more=DRAWN)),
    "pool.same-process": Example(
        pools(POOL, '<participant id="pool2" processRef="p"/>'), "pool2", pools(POOL, BLACK_BOX)
    ),
    "message-flow.same-pool": Example(
        pools(POOL, BLACK_BOX, flows=message_flow("t", "e")),
        "mf",
        pools(POOL, BLACK_BOX, flows=message_flow("t", "box")),
    ),
    "message-flow.end": Example(
        pools(POOL, BLACK_BOX, flows=message_flow("box", "e")),
        "mf",
        pools(POOL, BLACK_BOX, flows=message_flow("box", "t")),
    ),
    "message-flow.messages-differ": Example(exchange("m", "m2"), "mf", exchange("m", "m")),
    "message-flow.only-drawn": Example(exchange("", "m"), "mf", exchange("m", "m")),
    "name.missing": Example(simple('<userTask id="t" wuxing:form="f" wuxing:assignee="1"/>'), "t", GOOD),
    "id.too-long": Example(simple(user("t" * 300), "t" * 300), "t" * 79 + "…", GOOD),
    "extension.unknown": Example(simple(user("t", "", 'wuxing:asignee="1"')), "t", GOOD),
    "extension.foreign": Example(simple(user("t", "", 'camunda:assignee="demo"')), "t", GOOD),
}


def undoing(id: str) -> str:
    """A compensation event sub-process."""
    inner = start(f"{id}s", "<compensateEventDefinition/>"), end(f"{id}e"), chain(f"{id}s", f"{id}e")
    return sub(id, *inner, attributes='triggeredByEvent="true"')


SERVED = (
    '<ioSpecification><dataInput id="in" name="n"/><dataOutput id="out" name="r"/><inputSet id="is">'
    '<dataInputRefs>in</dataInputRefs></inputSet><outputSet id="os"><dataOutputRefs>out</dataOutputRefs>'
    '</outputSet></ioSpecification><ioBinding operationRef="op" inputDataRef="is" outputDataRef="os"/>'
)
RESOURCE = '<resource id="r" name="coordinator"/>'
SUPPORT: dict[str, Example] = {
    "data-mapping": Example(
        simple(
            catch("t", timer("PT1H") + '<dataOutput id="do" name="x"/>'),
        ),
        "t",
        simple(catch("t", '<dataOutput id="do" name="x"/>' + ON_MESSAGE), "t", roots=MESSAGE),
    ),
    "idle-role": Example(
        simple(node("task", "t", "<performer><resourceRef>r</resourceRef></performer>"), roots=RESOURCE),
        "t",
        simple(user("t", "<performer><resourceRef>r</resourceRef></performer>"), roots=RESOURCE),
    ),
    "participant-number": Example(
        pools(
            '<participant id="pool" processRef="p">'
            '<participantMultiplicity minimum="2" maximum="3"/></participant>'
        ),
        "pool",
        pools(
            '<participant id="pool" processRef="p"><participantMultiplicity minimum="0" maximum="1"/>'
            "</participant>",
            '<participant id="box"><participantMultiplicity minimum="2" maximum="3"/></participant>',
        ),
    ),
    "instantiating": Example(
        instantiating('eventGatewayType="Parallel" instantiate="true"', timer("PT1H")),
        "g",
        instantiating('eventGatewayType="Parallel" instantiate="true"'),
    ),
    "multiple-event": Example(
        simple(
            catch("t", ON_MESSAGE + timer("R2/PT1H", "timeCycle"), 'parallelMultiple="true"'), roots=MESSAGE
        ),
        "t",
        simple(catch("t", ON_MESSAGE + timer("PT1H"), 'parallelMultiple="true"'), "t", roots=MESSAGE),
    ),
    "implicit-throw": Example(simple('<implicitThrowEvent id="t" name="t"/>'), "t", simple(throw("t"))),
    "external-service": Example(
        service('wuxing:service="notify" wuxing:execution="external"'),
        "t",
        service('wuxing:service="notify" wuxing:execution="local"'),
    ),
    "service-interface": Example(
        definitions(
            '<interface id="if" name="if"><operation id="op" name="op"><inMessageRef>m</inMessageRef>'
            "</operation></interface>",
            MESSAGE,
            process(SERVED, start(), user(), end(), chain("s", "t", "e")),
        ),
        "p",
        simple(),
    ),
    "drawn-association": Example(
        simple(
            user(
                "t",
                '<property id="pr" name="__targetRef_placeholder"/>'
                '<dataInputAssociation id="dia"><sourceRef>d</sourceRef><targetRef>pr</targetRef>'
                "</dataInputAssociation>",
            ),
            "t",
            '<dataObject id="d" name="d"/>',
        ),
        "t",
        simple(user(), "t", '<dataObject id="d" name="d"/>'),
    ),
}
FILES |= {f"support.{key}": example for key, example in SUPPORT.items()}
