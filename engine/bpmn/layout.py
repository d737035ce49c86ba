"""From a document to the picture of one process: drawn by its author, or arranged by us."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from engine.bpmn.arranging import GAP_Y, arrange, route
from engine.bpmn.interchange import EdgeDrawing, Plane, ShapeDrawing, plane_of
from engine.bpmn.model import (
    THROWING,
    Model,
    Node,
    Scope,
    child,
    children,
    local,
    reference,
    true,
    words,
)
from engine.bpmn.picture import Box, Edge, Lane, Layout, Point, Shape
from engine.bpmn.reading import Document, read
from engine.errors import NotFound
from engine.text import T

MARGIN = 20.0
_ARTIFACTS = frozenset(
    {
        "textAnnotation",
        "group",
        "dataObjectReference",
        "dataStoreReference",
        "dataObject",
        "dataInput",
        "dataOutput",
    }
)


def layout(source: Document | bytes, process_id: str, scope: str | None = None) -> Layout:
    """Return the picture of a process; `scope` picks a collapsed sub-process drawn by itself.

    Elements without a drawing get a place below the others; a process without any is arranged
    automatically. Raises `NotFound` when the file has no such process, `UnsafeDocument` for bytes
    that cannot be read.
    """
    model = (read(source) if isinstance(source, bytes) else source).model
    wanted = scope or process_id
    drawn = next((each for each in model.scopes if each.id == wanted), None)
    if drawn is None:
        raise NotFound(T("文件里没有流程“{id}”", id=wanted))
    plane = plane_of(model, wanted)
    return _Picture(model, drawn, plane).build()


class _Picture:
    """Collects the parts of one picture."""

    def __init__(self, model: Model, scope: Scope, plane: Plane | None) -> None:
        self.model = model
        self.scope = scope
        self.plane = plane or Plane(scope.id)
        self.automatic = plane is None
        self.boxes: dict[str, Box] = {}

    def build(self) -> Layout:
        """Return the picture with its upper left corner at (0, 0)."""
        shown = list(self._nodes())
        self._place(shown)
        lanes = list(self._lanes())
        shapes = [self._shape(node) for node in shown if node.id in self.boxes]
        shapes += self._artifacts()
        edges = [*self._flows(shown), *self._other_edges()]
        return _framed(shapes, edges, lanes, self.automatic)

    def _nodes(self) -> Iterator[Node]:
        """Yield the nodes in the picture: those of a collapsed sub-process are not."""
        waiting = [self.scope]
        while waiting:
            scope = waiting.pop(0)
            for node in scope.nodes:
                yield node
                if node.inner is not None and self._expanded(node):
                    waiting.append(node.inner)

    def _expanded(self, node: Node) -> bool:
        if self.automatic:
            return bool(node.inner and node.inner.nodes)
        drawing = self.plane.shapes.get(node.id)
        inside = node.inner is not None and any(each.id in self.plane.shapes for each in node.inner.nodes)
        return inside if drawing is None or drawing.expanded is None else drawing.expanded and inside

    def _place(self, shown: list[Node]) -> None:
        if self.automatic:
            self.boxes = arrange(self.scope)
            return
        missing = []
        for node in shown:
            drawing = self.plane.shapes.get(node.id)
            if drawing is not None:
                self.boxes.setdefault(node.id, drawing.box)
            else:
                missing.append(node)
        x, y = MARGIN, max((box.bottom for box in self.boxes.values()), default=0.0) + GAP_Y
        for node in missing:
            self.boxes.setdefault(node.id, Box(x, y, 120.0, 80.0))
            x += 160.0

    def _shape(self, node: Node) -> Shape:
        box, drawing = self.boxes[node.id], self.plane.shapes.get(node.id)
        return Shape(
            id=node.id,
            kind=node.kind,
            name=node.name,
            x=box.x,
            y=box.y,
            w=box.w,
            h=box.h,
            scope=node.scope.id,
            expanded=node.inner is not None and self._expanded(node),
            label_bounds=drawing.label if drawing else None,
            event=node.definitions[0].kind if len(node.definitions) == 1 else _multiple(node),
            interrupting=_interrupting(node),
            throwing=node.kind in THROWING,
            loop=_loop(node),
            marker=drawing.marker if drawing and node.kind == "exclusiveGateway" else True,
            compensation=true(node.xml, "isForCompensation"),
            by_event=node.inner is not None and node.inner.by_event,
            attached_to=node.host.id if node.host is not None else "",
        )

    def _artifacts(self) -> Iterator[Shape]:
        for scope_xml, scope_id in self._owners():
            for xml in children(scope_xml, *_ARTIFACTS):
                drawing = self.plane.shapes.get(xml.get("id", ""))
                if drawing is not None:
                    yield _artifact(xml, drawing, scope_id)

    def _owners(self) -> Iterator[tuple[etree._Element, str]]:
        for scope in self.scope.walk():
            yield scope.xml, scope.id
        for xml in children(self.model.root, "collaboration"):
            yield xml, ""

    def _lanes(self) -> Iterator[Lane]:
        """Yield pools, then lanes, outer before inner."""
        pools = [pool for pool in self.model.participants if self._belongs(pool)]
        lanes = [xml for xml in self.scope.process.xml.iter("{*}lane") if local(xml) == "lane"]
        for xml in [*pools, *lanes]:
            drawing = self.plane.shapes.get(xml.get("id", ""))
            if drawing is not None:
                box = drawing.box
                name = xml.get("name", "").strip()
                yield Lane(
                    xml.get("id", ""), local(xml), name, box.x, box.y, box.w, box.h, drawing.horizontal
                )

    def _belongs(self, pool: etree._Element) -> bool:
        process = reference(pool.get("processRef"))
        return not process or process == self.scope.process.id

    def _flows(self, shown: list[Node]) -> Iterator[Edge]:
        for node in shown:
            for flow in node.outgoing:
                if flow.target is None or flow.target.id not in self.boxes or node.id not in self.boxes:
                    continue
                drawing = self.plane.edges.get(flow.id)
                points = drawing.points if drawing else self._route(node.id, flow.target.id)
                yield Edge(
                    id=flow.id,
                    kind="sequenceFlow",
                    source=node.id,
                    target=flow.target.id,
                    points=points,
                    name=flow.xml.get("name", "").strip(),
                    label_bounds=drawing.label if drawing else None,
                    default=flow.is_default,
                    conditional=flow.condition is not None,
                )

    def _route(self, source: str, target: str) -> tuple[Point, ...]:
        return route(self.boxes[source], self.boxes[target])

    def _other_edges(self) -> Iterator[Edge]:
        owners = [xml for xml, _ in self._owners()]
        for owner in owners:
            for xml in owner.iter(
                "{*}association", "{*}messageFlow", "{*}dataInputAssociation", "{*}dataOutputAssociation"
            ):
                drawing = self.plane.edges.get(xml.get("id", ""))
                if local(xml) and drawing is not None:
                    yield _other_edge(xml, drawing)


def _multiple(node: Node) -> str:
    return "multiple" if node.definitions else ""


def _interrupting(node: Node) -> bool:
    if node.kind == "boundaryEvent":
        return true(node.xml, "cancelActivity", True)
    return true(node.xml, "isInterrupting", True)


def _loop(node: Node) -> str:
    if child(node.xml, "standardLoopCharacteristics") is not None:
        return "standard"
    instances = child(node.xml, "multiInstanceLoopCharacteristics")
    if instances is None:
        return ""
    return "sequential" if true(instances, "isSequential") else "parallel"


def _artifact(xml: etree._Element, drawing: ShapeDrawing, scope: str) -> Shape:
    box = drawing.box
    return Shape(
        id=xml.get("id", ""),
        kind=local(xml),
        name=xml.get("name", "").strip(),
        x=box.x,
        y=box.y,
        w=box.w,
        h=box.h,
        scope=scope,
        label_bounds=drawing.label,
        text=words(child(xml, "text")),
    )


def _other_edge(xml: etree._Element, drawing: EdgeDrawing) -> Edge:
    return Edge(
        id=xml.get("id", ""),
        kind=local(xml),
        source=reference(xml.get("sourceRef")),
        target=reference(xml.get("targetRef")),
        points=drawing.points,
        name=xml.get("name", "").strip(),
        label_bounds=drawing.label,
    )


def _framed(shapes: list[Shape], edges: list[Edge], lanes: list[Lane], automatic: bool) -> Layout:
    """Move everything so that the picture begins at (0, 0), with a margin on all sides."""
    corners = list(_corners(shapes, edges, lanes))
    left, top = (min((point[axis] for point in corners), default=MARGIN) - MARGIN for axis in (0, 1))
    right, bottom = (max((point[axis] for point in corners), default=0.0) + MARGIN for axis in (0, 1))
    moved = [_moved_shape(shape, -left, -top) for shape in shapes]
    return Layout(
        width=right - left,
        height=bottom - top,
        shapes=tuple(moved),
        edges=tuple(_moved_edge(edge, -left, -top) for edge in edges),
        lanes=tuple(_moved_lane(lane, -left, -top) for lane in lanes),
        automatic=automatic,
        _by_id={shape.id: shape for shape in reversed(moved)},
    )


def _corners(shapes: list[Shape], edges: list[Edge], lanes: list[Lane]) -> Iterator[Point]:
    parts: list[Shape | Lane] = [*shapes, *lanes]
    for part in parts:
        yield part.x, part.y
        yield part.x + part.w, part.y + part.h
    labelled: list[Shape | Edge] = [*shapes, *edges]
    for label in (each.label_bounds for each in labelled):
        if label is not None:
            yield label.x, label.y
            yield label.right, label.bottom
    for edge in edges:
        yield from edge.points


def _moved_shape(shape: Shape, dx: float, dy: float) -> Shape:
    label = shape.label_bounds.moved(dx, dy) if shape.label_bounds else None
    return replace(shape, x=shape.x + dx, y=shape.y + dy, label_bounds=label)


def _moved_edge(edge: Edge, dx: float, dy: float) -> Edge:
    label = edge.label_bounds.moved(dx, dy) if edge.label_bounds else None
    return replace(edge, points=tuple((x + dx, y + dy) for x, y in edge.points), label_bounds=label)


def _moved_lane(lane: Lane, dx: float, dy: float) -> Lane:
    return replace(lane, x=lane.x + dx, y=lane.y + dy)
