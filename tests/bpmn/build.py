"""Short ways to write the XML of small diagrams."""

from __future__ import annotations

from itertools import pairwise

from engine.bpmn.findings import Finding, Known
from engine.bpmn.gate import check
from engine.bpmn.reading import read

KNOWN = Known(
    forms={"f"},
    services={"notify"},
    processes={"other"},
    functions={"head", "initiator", "now"},
    queries={"fact"},
    roles={"auditor", "management"},
    departments={"市场部"},
    decisions={"approval_level"},
)
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:wuxing="http://wuxing.dev/schema/1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'id="definitions" targetNamespace="http://example.org/test"'
)


def definitions(*parts: str, attributes: str = "") -> bytes:
    """A whole file."""
    return f"{HEAD} {attributes}>{''.join(parts)}</definitions>".encode()


def process(*parts: str, id: str = "p", attributes: str = 'isExecutable="true"') -> str:
    """A process."""
    return f'<process id="{id}" name="流程 {id}" {attributes}>{"".join(parts)}</process>'


def diagram(*parts: str, roots: str = "", attributes: str = 'isExecutable="true"') -> bytes:
    """A file with one process, and other root elements before it."""
    return definitions(roots, process(*parts, attributes=attributes))


def node(tag: str, id: str, inner: str = "", attributes: str = "") -> str:
    """Any flow node."""
    return f'<{tag} id="{id}" name="{id} 名" {attributes}>{inner}</{tag}>'


def start(id: str = "s", inner: str = "", attributes: str = "") -> str:
    """A start event."""
    return node("startEvent", id, inner, attributes)


def end(id: str = "e", inner: str = "") -> str:
    """An end event."""
    return node("endEvent", id, inner)


def user(id: str = "t", inner: str = "", attributes: str = "") -> str:
    """A user task with all that one needs."""
    return node("userTask", id, inner, f'wuxing:form="f" wuxing:assignee="initiator()" {attributes}')


def flow(source: str, target: str, condition: str | None = None, id: str = "", attributes: str = "") -> str:
    """A sequence flow; its id is `source-target`."""
    inner = "" if condition is None else f"<conditionExpression>{condition}</conditionExpression>"
    name = id or f"{source}-{target}"
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<sequenceFlow id="{name}" {ends} {attributes}>{inner}</sequenceFlow>'


def chain(*ids: str) -> str:
    """Sequence flows from each node to the next."""
    return "".join(flow(source, target) for source, target in pairwise(ids))


def simple(inner: str = user(), id: str = "t", *more: str, roots: str = "") -> bytes:
    """A process start → one node → end, with further parts."""
    return diagram(start(), inner, end(), chain("s", id, "e"), *more, roots=roots)


def timer(text: str, kind: str = "timeDuration") -> str:
    """A timer event definition."""
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def catch(id: str, inner: str = "", attributes: str = "") -> str:
    """An intermediate catch event."""
    return node("intermediateCatchEvent", id, inner, attributes)


def throw(id: str, inner: str = "") -> str:
    """An intermediate throw event."""
    return node("intermediateThrowEvent", id, inner)


def boundary(id: str, host: str, inner: str, attributes: str = "") -> str:
    """A boundary event."""
    return node("boundaryEvent", id, inner, f'attachedToRef="{host}" {attributes}')


def sub(id: str, *parts: str, attributes: str = "", tag: str = "subProcess") -> str:
    """A sub-process."""
    return node(tag, id, "".join(parts), attributes)


def plain_sub(id: str = "t", attributes: str = "") -> str:
    """A sub-process that only starts and ends."""
    return sub(id, start(f"{id}s"), end(f"{id}e"), chain(f"{id}s", f"{id}e"), attributes=attributes)


def gateway(tag: str, id: str, attributes: str = "") -> str:
    """A gateway of a kind: `gateway("exclusive", "g")`."""
    return node(f"{tag}Gateway", id, "", attributes)


def findings(xml: bytes, known: Known = KNOWN) -> list[Finding]:
    """What the gate says."""
    return check(read(xml), known=known)


def errors(xml: bytes, known: Known = KNOWN) -> list[str]:
    """The codes and elements of the errors, for readable failures."""
    return [f"{f.code} @ {f.element}: {f.rule}" for f in findings(xml, known) if f.severity == "error"]
