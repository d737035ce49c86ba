"""A process as an ordered list of its elements, for the keyboard and for people who do not see it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn.arranging import flow_order
from engine.bpmn.graph import Graph
from engine.bpmn.kinds import kind_name
from engine.bpmn.model import Model, Node, Scope, children, local, reference, words
from engine.bpmn.reading import Document, read
from engine.errors import NotFound
from engine.text import T


@dataclass(frozen=True, slots=True)
class Way:
    """A flow out of an element: under which name, where to."""

    flow: str
    name: str
    target: str
    target_name: str
    default: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An element of the outline; `level` 0 is the process itself, `parent` the id it is listed under."""

    id: str
    kind: str
    name: str
    level: int
    parent: str
    lane: str = ""
    event: str = ""
    ways: tuple[Way, ...] = ()

    @property
    def kind_name(self) -> T:
        """Return the word people use for this kind of element."""
        return kind_name(self.kind)

    def sentence(self) -> T:
        """Return the element and what follows it in one sentence."""
        targets = "、".join(way.target_name for way in self.ways)
        if not targets:
            return T("{kind}“{name}”", kind=self.kind_name, name=self.name)
        return T("{kind}“{name}”，之后：{targets}", kind=self.kind_name, name=self.name, targets=targets)


def outline(source: Document | bytes, process_id: str) -> list[Entry]:
    """Return the elements of a process in the order of its flows, each before what it contains.

    Boundary events follow their activity one level deeper. Raises `NotFound` for an unknown
    process, `UnsafeDocument` for bytes that cannot be read.
    """
    model = (read(source) if isinstance(source, bytes) else source).model
    process = next((each for each in model.processes if each.id == process_id), None)
    if process is None:
        raise NotFound(T("文件里没有流程“{id}”", id=process_id))
    lanes = lane_names(model)
    entries: list[Entry] = []
    waiting: list[tuple[Node, int, str]] = [(node, 1, process.id) for node in reversed(_ordered(process))]
    while waiting:
        node, level, parent = waiting.pop()
        entries.append(_entry(node, level, parent, lanes))
        below = [each for each in node.boundaries if each.scope is node.scope]
        below += _ordered(node.inner) if node.inner is not None else []
        waiting.extend((each, level + 1, node.id) for each in reversed(below))
    return entries


def lane_names(model: Model) -> dict[str, str]:
    """Return the name of the innermost lane of each node that lies in one."""
    names: dict[str, str] = {}
    for process in model.processes:
        for lane in process.xml.iter("{*}lane"):
            for listed in children(lane, "flowNodeRef") if local(lane) else ():
                names[reference(words(listed))] = lane.get("name", "").strip()
    return names


def _ordered(scope: Scope) -> list[Node]:
    hosted = {node for node in scope.nodes if node.host is not None and node.host.scope is scope}
    return [node for node in flow_order(Graph(scope)) if node not in hosted]


def _entry(node: Node, level: int, parent: str, lanes: dict[str, str]) -> Entry:
    return Entry(
        id=node.id,
        kind=node.kind,
        name=node.label,
        level=level,
        parent=parent,
        lane=lanes.get(node.id, ""),
        event=node.definitions[0].kind if node.definitions else "",
        ways=tuple(
            Way(flow.id, flow.xml.get("name", "").strip(), flow.target.id, flow.target.label, flow.is_default)
            for flow in node.outgoing
            if flow.target is not None
        ),
    )
