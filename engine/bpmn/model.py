"""An index of a diagram: scopes, nodes, flows and what events refer to, as the rules need them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from lxml import etree

from engine.bpmn.namespaces import BPMN, BPMNDI

TASKS = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
    }
)
SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity"}
CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
THROWING = frozenset({"endEvent", "intermediateThrowEvent", "implicitThrowEvent"})
EVENTS = CATCHING | THROWING
GLOBAL_TASKS = (
    "globalTask",
    "globalUserTask",
    "globalManualTask",
    "globalScriptTask",
    "globalBusinessRuleTask",
)
GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"}
)
NODES = ACTIVITIES | EVENTS | GATEWAYS
SCOPES = SUB_PROCESSES | {"process"}
# Parts of an element that people know by what they are part of.
_INNER = re.compile(
    r".*(EventDefinition|LoopCharacteristics|Expression|Condition|Specification|Multiplicity|Binding|[sS]et)"
    r"|condition|script|text|documentation|rendering|property|assignment|auditing|monitoring|incoming|outgoing"
    r"|data(Input|Output).*|(input|output)DataItem|loop(Cardinality|Data.*)|time(Date|Duration|Cycle)"
    r"|resourceRole|performer|humanPerformer|potentialOwner|extension.*|.*Ref|source|target"
)
_PREFIX = f"{{{BPMN}}}"
_DEFINITION = "EventDefinition"


def local(xml: etree._Element) -> str:
    """Return the tag of a BPMN element, and the empty string for any other."""
    tag = xml.tag
    return tag[len(_PREFIX) :] if isinstance(tag, str) and tag.startswith(_PREFIX) else ""


def children(xml: etree._Element, *tags: str) -> list[etree._Element]:
    """Return the BPMN children with one of these tags, or all BPMN children."""
    return [child for child in xml if local(child) and (not tags or local(child) in tags)]


def line_of(xml: etree._Element) -> int:
    """Return the line of the file on which the element begins, 0 when it is not known."""
    line = cast("int | None", xml.sourceline)
    return line or 0


def child(xml: etree._Element, tag: str) -> etree._Element | None:
    """Return the first BPMN child with this tag, or None."""
    return xml.find(f"{{{BPMN}}}{tag}")


def words(xml: etree._Element | None) -> str:
    """Return the text of an element without surrounding space; the empty string for None."""
    return (xml.text or "").strip() if xml is not None else ""


def everything(xml: etree._Element | None) -> str:
    """Return all text within an element, as the token layer reads expressions; empty for None."""
    return "".join(str(part) for part in xml.itertext()).strip() if xml is not None else ""


def true(xml: etree._Element, attribute: str, default: bool = False) -> bool:
    """Return an XML Schema boolean attribute."""
    value = xml.get(attribute)
    return default if value is None else value.strip() in {"true", "1"}


def reference(text: str | None) -> str:
    """Return the id that a reference means: the local part of a QName (BPMN 2.0.2 §15.3.2)."""
    return (text or "").strip().rpartition(":")[2]


def place(xml: etree._Element) -> etree._Element:
    """Return the element a person knows that holds `xml`: itself, or the nearest such ancestor."""
    current: etree._Element | None = xml
    while current is not None:
        tag = local(current)
        if tag and current.get("id") and not _INNER.fullmatch(tag):
            return current
        current = current.getparent()
    return xml


@dataclass(eq=False, slots=True)
class Definition:
    """An event definition of an event; `kind` without its suffix ("timer", "message", …).

    `at` is the part of the event that holds the definition or names a shared one.
    """

    kind: str
    xml: etree._Element
    at: etree._Element


@dataclass(eq=False, slots=True)
class Flow:
    """A sequence flow; `source` and `target` are None when they dangle."""

    id: str
    xml: etree._Element
    scope: Scope
    source: Node | None = None
    target: Node | None = None

    @property
    def condition(self) -> etree._Element | None:
        """Return the condition expression, or None."""
        return child(self.xml, "conditionExpression")

    @property
    def is_default(self) -> bool:
        """Return whether its source names this flow as its default; a flow without id is none."""
        named = "" if self.source is None else reference(self.source.xml.get("default"))
        return named != "" and named == self.id


@dataclass(eq=False, slots=True)
class Node:
    """A flow node: activity, event or gateway."""

    id: str
    kind: str
    xml: etree._Element
    scope: Scope
    definitions: list[Definition] = field(default_factory=list)
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundaries: list[Node] = field(default_factory=list)
    host: Node | None = None
    inner: Scope | None = None

    @property
    def name(self) -> str:
        """Return the name shown in the diagram."""
        return self.xml.get("name", "").strip()

    @property
    def label(self) -> str:
        """Return the name on one line, or the id of a nameless node."""
        return " ".join(self.name.split()) or self.id

    def defines(self, *kinds: str) -> bool:
        """Return whether the event carries a definition of one of these kinds."""
        return any(definition.kind in kinds for definition in self.definitions)


@dataclass(eq=False, slots=True)
class Scope:
    """A process or sub-process: nodes and flows live in exactly one."""

    id: str
    kind: str
    xml: etree._Element
    parent: Scope | None
    node: Node | None = None
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the name shown in the diagram."""
        return self.xml.get("name", "").strip()

    @property
    def process(self) -> Scope:
        """Return the process this scope lies in."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    @property
    def by_event(self) -> bool:
        """Return whether this is an event sub-process."""
        return true(self.xml, "triggeredByEvent")

    @property
    def undoes(self) -> bool:
        """Return whether this is the event sub-process that compensates the scope around it."""
        starts = (node for node in self.nodes if node.kind == "startEvent")
        return self.by_event and any(start.defines("compensate") for start in starts)

    def walk(self) -> Iterator[Scope]:
        """Yield this scope and all below, outer before inner."""
        open_scopes = [self]
        while open_scopes:
            scope = open_scopes.pop()
            yield scope
            open_scopes.extend(reversed(scope.scopes))


class Model:
    """The index; building it never fails, whatever the file says."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.processes: list[Scope] = []
        self.nodes: list[Node] = []
        self.flows: list[Flow] = []
        self.ids: dict[str, list[etree._Element]] = {}
        self._nodes: dict[str, Node] = {}
        self._of_xml: dict[etree._Element, Node] = {}
        self._index_ids()
        for xml in children(root, "process"):
            self._add_process(xml)
        self._connect()

    @cached_property
    def scopes(self) -> list[Scope]:
        """Return all processes and sub-processes, outer before inner."""
        return [scope for process in self.processes for scope in process.walk()]

    @cached_property
    def running(self) -> list[Scope]:
        """Return the processes that may be executed: all but those that say they are not.

        A public process that says nothing is not (BPMN 2.0.2 §10.1).
        """
        return [
            process
            for process in self.processes
            if true(process.xml, "isExecutable", default=process.xml.get("processType") != "Public")
        ]

    def drawn_by(self, xml: etree._Element) -> etree._Element:
        """Return the element that a part of the drawing draws; any other element is returned itself."""
        if local(xml):
            return xml
        refs = (reference(each.get("bpmnElement")) for each in (xml, *xml.iterancestors()))
        return next((self.ids[ref][0] for ref in refs if ref in self.ids), xml)

    def says_executable(self, xml: etree._Element) -> bool:
        """Return whether the process around `xml`, or outside of processes any, is marked as executable."""
        around = next((each for each in (xml, *xml.iterancestors()) if local(each) == "process"), None)
        candidates = [process.xml for process in self.processes] if around is None else [around]
        return any(true(each, "isExecutable") for each in candidates)

    @cached_property
    def running_nodes(self) -> list[Node]:
        """Return the nodes of the executable processes; the others are drawings."""
        running = {id(process) for process in self.running}
        return [node for node in self.nodes if id(node.scope.process) in running]

    @cached_property
    def participants(self) -> list[etree._Element]:
        """Return the participants (pools) of all collaborations."""
        return [
            xml for owner in children(self.root, "collaboration") for xml in children(owner, "participant")
        ]

    def node(self, identifier: str) -> Node | None:
        """Return the flow node with this id, or None."""
        return self._nodes.get(identifier)

    def node_of(self, xml: etree._Element) -> Node | None:
        """Return the flow node made of this XML element, or None."""
        return self._of_xml.get(xml)

    def tagged(self, identifier: str, *tags: str) -> etree._Element | None:
        """Return the element with this id and one of these tags, or None."""
        return next((xml for xml in self.ids.get(identifier, ()) if not tags or local(xml) in tags), None)

    @cached_property
    def elements(self) -> list[etree._Element]:
        """Return every BPMN element, without drawings and without the content of extensions."""
        skipped = {f"{{{BPMNDI}}}BPMNDiagram", f"{{{BPMN}}}extensionElements"}
        found: list[etree._Element] = []
        waiting = [self.root]
        while waiting:
            xml = waiting.pop()
            if xml.tag in skipped:
                continue
            if local(xml):
                found.append(xml)
            waiting.extend(reversed(xml))
        return found

    @cached_property
    def executed(self) -> list[etree._Element]:
        """Return every BPMN element except those inside processes that are only drawings."""
        running = {id(process.xml) for process in self.running}
        drawn = [process.xml for process in self.processes if id(process.xml) not in running]
        inside = {element for process in drawn for element in process.iter()}
        return [element for element in self.elements if element not in inside]

    def tags(self, *names: str) -> list[etree._Element]:
        """Return all elements with these tags, those of drawings included, tag by tag."""
        return [xml for name in names for xml in self._tagged.get(name, ())]

    @cached_property
    def _tagged(self) -> dict[str, list[etree._Element]]:
        found: dict[str, list[etree._Element]] = {}
        for xml in self.elements:
            found.setdefault(local(xml), []).append(xml)
        return found

    @cached_property
    def by_tag(self) -> dict[str, list[etree._Element]]:
        """Return the executed elements by their tags."""
        found: dict[str, list[etree._Element]] = {}
        for xml in self.executed:
            found.setdefault(local(xml), []).append(xml)
        return found

    def _index_ids(self) -> None:
        for xml in self.elements:
            identifier = xml.get("id")
            if identifier:
                self.ids.setdefault(identifier, []).append(xml)

    def _add_process(self, xml: etree._Element) -> None:
        process = Scope(xml.get("id", ""), "process", xml, None)
        self.processes.append(process)
        waiting = [process]
        while waiting:
            scope = waiting.pop()
            self._fill(scope)
            waiting.extend(scope.scopes)

    def _fill(self, scope: Scope) -> None:
        for xml in children(scope.xml):
            tag = local(xml)
            if tag == "sequenceFlow":
                flow = Flow(xml.get("id", ""), xml, scope)
                scope.flows.append(flow)
                self.flows.append(flow)
            elif tag in NODES:
                self._add_node(xml, tag, scope)

    def _add_node(self, xml: etree._Element, tag: str, scope: Scope) -> None:
        node = Node(xml.get("id", ""), tag, xml, scope)
        for part in xml if tag in EVENTS else ():
            defined = self.tagged(reference(words(part))) if local(part) == "eventDefinitionRef" else part
            if defined is not None and local(defined).endswith(_DEFINITION):
                node.definitions.append(Definition(local(defined)[: -len(_DEFINITION)], defined, part))
        scope.nodes.append(node)
        self.nodes.append(node)
        self._of_xml[xml] = node
        if node.id:
            self._nodes.setdefault(node.id, node)
        if tag in SUB_PROCESSES:
            node.inner = Scope(node.id, tag, xml, scope, node)
            scope.scopes.append(node.inner)

    def _connect(self) -> None:
        for flow in self.flows:
            flow.source = self._nodes.get(reference(flow.xml.get("sourceRef")))
            flow.target = self._nodes.get(reference(flow.xml.get("targetRef")))
            if flow.source is not None:
                flow.source.outgoing.append(flow)
            if flow.target is not None:
                flow.target.incoming.append(flow)
        for node in self.nodes:
            if node.kind == "boundaryEvent":
                node.host = self._nodes.get(reference(node.xml.get("attachedToRef")))
                if node.host is not None:
                    node.host.boundaries.append(node)
