"""For each rule about data, operations and calls: a diagram that breaks it, and its correct twin."""

from __future__ import annotations

from tests.bpmn.build import (
    catch,
    chain,
    definitions,
    diagram,
    end,
    flow,
    node,
    process,
    simple,
    start,
    sub,
    throw,
    user,
)
from tests.bpmn.build import end as end_
from tests.bpmn.examples_flows import Example

TYPES = (
    '<itemDefinition id="text" structureRef="string"/><itemDefinition id="also" structureRef="string"/>'
    '<itemDefinition id="number" structureRef="number"/><itemDefinition id="bare"/>'
    '<itemDefinition id="texts" structureRef="string" isCollection="true"/>'
    '<message id="said" name="said" itemRef="text"/><message id="asked" name="asked" itemRef="number"/>'
    '<interface id="if" name="if"><operation id="op" name="op"><inMessageRef>said</inMessageRef>'
    "<outMessageRef>asked</outMessageRef></operation></interface>"
)
OBJECT = '<dataObject id="d" name="d" itemSubjectRef="text"/>'


def drawn(*parts: str, roots: str = TYPES) -> bytes:
    """A process that is only drawn: not all that may be written is executed."""
    return diagram(*parts, roots=roots, attributes='isExecutable="false"')


def around(inner: str, *more: str) -> bytes:
    """A drawing start → one node → end."""
    return drawn(start(), inner, end(), chain("s", "t", "e"), *more)


def data(tag: str, id: str, item: str = "", attributes: str = "") -> str:
    """A data input or output."""
    typed = f'itemSubjectRef="{item}"' if item else ""
    return f'<{tag} id="{id}" {typed} {attributes}/>'


def inputs(*ids: str, more: str = "") -> str:
    """A set of inputs."""
    return "<inputSet>" + "".join(f"<dataInputRefs>{id}</dataInputRefs>" for id in ids) + more + "</inputSet>"


def outputs(*ids: str, more: str = "") -> str:
    """A set of outputs."""
    refs = "".join(f"<dataOutputRefs>{id}</dataOutputRefs>" for id in ids)
    return f"<outputSet>{refs}{more}</outputSet>"


def io(*parts: str) -> str:
    """What an activity takes and gives."""
    return f"<ioSpecification>{''.join(parts)}</ioSpecification>"


def into(source: str, target: str, more: str = "") -> str:
    """A data association into an activity."""
    refs = "".join(f"<sourceRef>{each}</sourceRef>" for each in source.split())
    return f'<dataInputAssociation id="in">{refs}<targetRef>{target}</targetRef>{more}</dataInputAssociation>'


def takes(item: str, source: str = "d", more: str = "") -> str:
    """A task that takes a data object into an input of a type."""
    return node(
        "task", "t", io(data("dataInput", "i", item), inputs("i"), outputs()) + into(source, "i", more)
    )


def working(kind: str, attributes: str, *parts: str) -> bytes:
    """A task with a message or operation and data."""
    return around(node(kind, "t", io(*parts), attributes))


def calling(inner: str, called: str) -> bytes:
    """A call activity and the process it calls."""
    other = process(
        called, start("qs"), end("qe"), chain("qs", "qe"), id="q", attributes='isExecutable="false"'
    )
    call = node("callActivity", "t", inner, 'calledElement="q"')
    return definitions(
        TYPES, process(start(), call, end(), chain("s", "t", "e"), attributes='isExecutable="false"'), other
    )


def exposed(more: str) -> bytes:
    """A process that is offered as a service."""
    own = io(data("dataInput", "i", "text"), data("dataOutput", "o", "number"), inputs("i"), outputs("o"))
    return drawn(
        f"<supportedInterfaceRef>if</supportedInterfaceRef>{own}{more}", start(), end(), chain("s", "e")
    )


def binding(input: str, output: str) -> str:
    """How data becomes the messages of an operation."""
    return f'<ioBinding operationRef="op" inputDataRef="{input}" outputDataRef="{output}"/>'


def catching(inner: str, definitions: str = '<messageEventDefinition messageRef="said"/>') -> bytes:
    """A catching event with data."""
    return around(catch("t", inner + definitions))


def scripted(script: str, condition: str) -> bytes:
    """A script and a decision."""
    return diagram(
        start(),
        node("scriptTask", "t", f"<script>{script}</script>"),
        end_(),
        end_("e2"),
        chain("s", "t", "e2"),
        flow("t", "e", condition),
    )


def two_scripts(first: str, second: str) -> bytes:
    """Two scripts, one after the other."""
    scripts = (
        node("scriptTask", id, f"<script>{text}</script>") for id, text in (("t", first), ("u", second))
    )
    return diagram(start(), *scripts, end_(), chain("s", "t", "u", "e"))


def filled(end: str) -> bytes:
    """A drawn task that writes to an input or output of its process."""
    own = io(data("dataInput", "pi"), data("dataOutput", "po"), inputs("pi"), outputs("po"))
    writes = (
        f"<dataOutputAssociation><sourceRef>o</sourceRef><targetRef>{end}</targetRef></dataOutputAssociation>"
    )
    task = node("task", "t", io(data("dataOutput", "o"), inputs(), outputs("o")) + writes)
    return drawn(own, start(), task, end_(), chain("s", "t", "e"))


def instances(item: str) -> bytes:
    """A task with an instance for each of some texts."""
    loop = (
        "<multiInstanceLoopCharacteristics><loopDataInputRef>i</loopDataInputRef>"
        f'<inputDataItem id="each" name="each" itemSubjectRef="{item}"/></multiInstanceLoopCharacteristics>'
    )
    many = data("dataInput", "i", "texts", 'isCollection="true"')
    return around(node("task", "t", io(many, inputs("i"), outputs()) + loop))


ITEMS: dict[str, Example] = {
    "data.collection": Example(
        around(node("task", "t"), '<dataObject id="d" itemSubjectRef="texts"/>'),
        "d",
        around(node("task", "t"), '<dataObject id="d" itemSubjectRef="texts" isCollection="true"/>'),
    ),
    "data.unlisted": Example(
        around(node("task", "t", io(data("dataInput", "i"), inputs(), outputs()))),
        "t",
        around(node("task", "t", io(data("dataInput", "i"), inputs("i"), outputs()))),
    ),
    "data.set-pair": Example(
        around(
            node(
                "task",
                "t",
                io('<inputSet id="is"><outputSetRefs>os</outputSetRefs></inputSet><outputSet id="os"/>'),
            )
        ),
        "t",
        around(
            node(
                "task",
                "t",
                io(
                    '<inputSet id="is"><outputSetRefs>os</outputSetRefs></inputSet>'
                    '<outputSet id="os"><inputSetRefs>is</inputSetRefs></outputSet>'
                ),
            )
        ),
    ),
    "data.association-type": Example(around(takes("number"), OBJECT), "t", around(takes("also"), OBJECT)),
    "data.process-side": Example(filled("pi"), "t", filled("po")),
    "data.shared-out-of-reach": Example(
        around(
            node("task", "t"),
            sub("x", OBJECT, node("task", "u"), attributes='isForCompensation="true"'),
            '<dataObjectReference id="r" dataObjectRef="d"/>',
        ),
        "r",
        around(sub("t", node("task", "u"), '<dataObjectReference id="r" dataObjectRef="d"/>'), OBJECT),
    ),
    "data.item-type": Example(instances("number"), "t", instances("text")),
    "data.event-count": Example(
        catching(data("dataOutput", "o", "text") + data("dataOutput", "p", "text")),
        "t",
        catching(data("dataOutput", "o", "text")),
    ),
    "data.event-type": Example(
        catching(data("dataOutput", "o", "number")), "t", catching(data("dataOutput", "o", "also"))
    ),
    "data.reference-name": Example(
        around(
            node("task", "t"),
            OBJECT,
            '<dataObjectReference id="r" name="x" dataObjectRef="d"><dataState name="new"/>'
            "</dataObjectReference>",
        ),
        "r",
        around(
            node("task", "t"),
            OBJECT,
            '<dataObjectReference id="r" name="d [new]" dataObjectRef="d"><dataState name="new"/>'
            "</dataObjectReference>",
        ),
    ),
    "operation.single": Example(
        working(
            "sendTask",
            'messageRef="said"',
            data("dataInput", "i", "text"),
            inputs("i"),
            inputs("i"),
            outputs(),
        ),
        "t",
        working("sendTask", 'messageRef="said"', data("dataInput", "i", "text"), inputs("i"), outputs()),
    ),
    "operation.item": Example(
        working(
            "serviceTask",
            'operationRef="op"',
            data("dataInput", "i", "text"),
            data("dataOutput", "o", "bare"),
            inputs("i"),
            outputs("o"),
        ),
        "t",
        working(
            "serviceTask",
            'operationRef="op"',
            data("dataInput", "i", "also"),
            data("dataOutput", "o", "number"),
            inputs("i"),
            outputs("o"),
        ),
    ),
    "operation.binding-missing": Example(exposed(""), "p", exposed(binding("i", "o"))),
    "operation.binding-item": Example(
        exposed(binding("i", "o")).replace(
            b'id="o" itemSubjectRef="number"', b'id="o" itemSubjectRef="text"'
        ),
        "p",
        exposed(binding("i", "o")),
    ),
    "activity.call-data": Example(
        calling("", io(data("dataInput", "qi", "text"), inputs("qi"), outputs())),
        "t",
        calling(
            io(data("dataInput", "i", "also"), inputs("i"), outputs()),
            io(data("dataInput", "qi", "text"), inputs("qi"), outputs()),
        ),
    ),
    "activity.call-start": Example(
        calling("", "").replace(
            '<startEvent id="qs" name="qs 名" >'.encode(),
            b'<startEvent id="qs"><messageEventDefinition messageRef="said"/>',
        ),
        "t",
        calling("", ""),
    ),
    "expression.body": Example(
        around(takes("text", more="<transformation/>"), OBJECT),
        "t",
        around(takes("text", more="<transformation>d</transformation>"), OBJECT),
    ),
    "expression.natural-language": Example(
        scripted("total = 1", "the order is large"), "t-e", scripted("order total = 1", "order total &gt; 1")
    ),
    "expression.variable-unknown": Example(
        scripted("total = 1", "totl &gt; 1"), "t-e", scripted("total = 1", "total &gt; 1")
    ),
    "expression.types": Example(
        scripted("total = 1", 'total &gt; "1"'), "t-e", scripted("total = 1", 'string(total) = "1"')
    ),
    "expression.variable-later": Example(
        two_scripts("a = b + 1", "b = 1"), "t", two_scripts("b = 1", "a = b + 1")
    ),
    "text.format": Example(
        simple(user(), "t", '<textAnnotation id="n" textFormat="plain"><text>x</text></textAnnotation>'),
        "n",
        simple(user(), "t", '<textAnnotation id="n" textFormat="text/plain"><text>x</text></textAnnotation>'),
    ),
    "text.uri": Example(
        definitions(process(start(), end(), chain("s", "e")), attributes='typeLanguage="_not%a uri"'),
        "definitions",
        definitions(
            process(start(), end(), chain("s", "e")),
            attributes='typeLanguage="http://www.w3.org/2001/XMLSchema"',
        ),
    ),
    "event.definition-shared": Example(
        simple(
            throw("t", '<signalEventDefinition id="sd" signalRef="si"/>'),
            "t",
            catch("c", "<eventDefinitionRef>sd</eventDefinitionRef>"),
            chain("s", "c", "e"),
            roots='<signal id="si" name="si"/>',
        ),
        "c",
        simple(
            catch("t", "<eventDefinitionRef>sd</eventDefinitionRef>"),
            roots='<signal id="si" name="si"/><signalEventDefinition id="sd" signalRef="si"/>',
        ),
    ),
    "support.import": Example(
        definitions(
            '<import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" namespace="urn:o" '
            'location="o.bpmn"/>',
            process(
                start(), catch("t", '<messageEventDefinition messageRef="o:m"/>'), end(), chain("s", "t", "e")
            ),
            attributes='xmlns:o="urn:o"',
        ),
        "t",
        definitions(
            '<import importType="http://www.w3.org/2001/XMLSchema" namespace="urn:o" location="o.xsd"/>',
            '<itemDefinition id="it" structureRef="o:thing"/><message id="m" name="m" itemRef="it"/>',
            process(
                start(), catch("t", '<messageEventDefinition messageRef="m"/>'), end(), chain("s", "t", "e")
            ),
            attributes='xmlns:o="urn:o"',
        ),
    ),
}
