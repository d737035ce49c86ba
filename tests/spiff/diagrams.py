"""Small builders of BPMN text: one function per element, a space-separated path for flows."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:wuxing="http://wuxing.dev/schema/1.0" targetNamespace="urn:test">'
)


def document(*parts: str) -> bytes:
    return (HEAD + "".join(parts) + "</definitions>").encode()


def process(*parts: str, id: str = "p", extra: str = "") -> bytes:
    return document(f'<process id="{id}" isExecutable="true">', *parts, "</process>", extra)


def node(tag: str, id: str, inner: str = "", **attributes: str) -> str:
    """An element; `wuxing_x` attributes belong to our namespace."""
    named = {name.replace("wuxing_", "wuxing:"): value for name, value in attributes.items()}
    text = "".join(f" {name}={quoteattr(value)}" for name, value in named.items())
    return f'<{tag} id="{id}"{text}>{inner}</{tag}>'


def start(id: str = "s", inner: str = "", **attributes: str) -> str:
    return node("startEvent", id, inner, **attributes)


def end(id: str = "e", inner: str = "", **attributes: str) -> str:
    return node("endEvent", id, inner, **attributes)


def task(id: str, inner: str = "", **attributes: str) -> str:
    return node("task", id, inner, **attributes)


def user(id: str, inner: str = "", **attributes: str) -> str:
    return node("userTask", id, inner, **attributes)


def script(id: str, lines: str, inner: str = "") -> str:
    return node("scriptTask", id, f"<script>{escape(lines)}</script>{inner}")


def service(id: str, name: str, inner: str = "", **attributes: str) -> str:
    return node("serviceTask", id, inner, wuxing_service=name, **attributes)


def sub(id: str, *parts: str) -> str:
    return node("subProcess", id, "".join(parts))


def call(id: str, called: str, inner: str = "", **attributes: str) -> str:
    return node("callActivity", id, inner, calledElement=called, **attributes)


def xor(id: str, default: str = "") -> str:
    return node("exclusiveGateway", id, **({"default": default} if default else {}))


def both(id: str) -> str:
    return node("parallelGateway", id)


def some(id: str, default: str = "") -> str:
    return node("inclusiveGateway", id, **({"default": default} if default else {}))


def events(id: str) -> str:
    return node("eventBasedGateway", id)


def catch(id: str, definition: str, **attributes: str) -> str:
    return node("intermediateCatchEvent", id, definition, **attributes)


def throw(id: str, definition: str = "", **attributes: str) -> str:
    return node("intermediateThrowEvent", id, definition, **attributes)


def boundary(id: str, host: str, definition: str, *, interrupting: bool = True) -> str:
    return node("boundaryEvent", id, definition, attachedToRef=host, cancelActivity=str(interrupting).lower())


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def refers(kind: str, reference: str = "") -> str:
    """An event definition that refers to a message, signal, error or escalation."""
    attribute = f' {kind}Ref="{reference}"' if reference else ""
    return f"<{kind}EventDefinition{attribute}/>"


def condition(text: str) -> str:
    return f"<conditionalEventDefinition><condition>{escape(text)}</condition></conditionalEventDefinition>"


def link(name: str) -> str:
    return f'<linkEventDefinition name="{name}"/>'


def flow(source: str, target: str, when: str = "", id: str = "") -> str:
    inner = f"<conditionExpression>{escape(when)}</conditionExpression>" if when else ""
    name = id or f"{source}-{target}"
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def path(*paths: str) -> str:
    """Flows along paths: `"s a e"` is s → a → e, each flow with the id `source-target`."""
    steps = [(text.split()[i], text.split()[i + 1]) for text in paths for i in range(len(text.split()) - 1)]
    return "".join(flow(source, target) for source, target in steps)


def instances(
    *,
    count: str = "",
    over: str = "",
    item: str = "",
    out: str = "",
    value: str = "",
    until: str = "",
    sequential: bool = False,
) -> str:
    parts = [f"<loopCardinality>{escape(count)}</loopCardinality>" if count else ""]
    parts += [f"<loopDataInputRef>{escape(over)}</loopDataInputRef>" if over else ""]
    parts += [f"<loopDataOutputRef>{out}</loopDataOutputRef>" if out else ""]
    parts += [f'<inputDataItem name="{item}"/>' if item else ""]
    parts += [f'<outputDataItem name="{value}"/>' if value else ""]
    parts += [f"<completionCondition>{escape(until)}</completionCondition>" if until else ""]
    order = str(sequential).lower()
    inner = "".join(parts)
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{order}">{inner}</multiInstanceLoopCharacteristics>'
    )


def repeated(when: str = "", most: str = "", *, before: bool = False) -> str:
    maximum = f' loopMaximum="{most}"' if most else ""
    inner = f"<loopCondition>{escape(when)}</loopCondition>" if when else ""
    return (
        f'<standardLoopCharacteristics testBefore="{str(before).lower()}"{maximum}>{inner}'
        "</standardLoopCharacteristics>"
    )


def on_event(id: str, definition: str, *parts: str, interrupting: bool = True, of: str = "subProcess") -> str:
    """An event sub-process whose start event `<id>s` has this definition; the parts follow."""
    begin = start(f"{id}s", definition, isInterrupting=str(interrupting).lower())
    return node(of, id, begin + "".join(parts), triggeredByEvent="true")


def undone(host: str, handler: str, *, by: str = "") -> str:
    """A compensation boundary event at `host`, tied to its handler: a script task, or what `by` is."""
    event = boundary(f"{host}-undo", host, "<compensateEventDefinition/>")
    activity = by or node(
        "scriptTask",
        handler,
        f'<script>undone = (undone or []) + ["{handler}"]</script>',
        isForCompensation="true",
    )
    return f'{event}{activity}<association id="{host}-as" sourceRef="{host}-undo" targetRef="{handler}"/>'


def compensate(activity: str = "", *, wait: bool = True) -> str:
    attribute = f' activityRef="{activity}"' if activity else ""
    attribute += "" if wait else ' waitForCompletion="false"'
    return f"<compensateEventDefinition{attribute}/>"
