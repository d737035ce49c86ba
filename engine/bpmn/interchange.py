"""Reading diagram interchange (BPMN 2.0.2 §12): where a modelling tool put each element."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.model import Model, local, true
from engine.bpmn.namespaces import BPMNDI, DC, DI
from engine.bpmn.picture import Box, Point

# Beyond this nothing can be drawn; a coordinate that says more is taken for a slip.
_FAR = 100_000.0


@dataclass(frozen=True, slots=True)
class ShapeDrawing:
    """What a BPMNShape says."""

    box: Box
    label: Box | None
    expanded: bool | None
    horizontal: bool
    marker: bool


@dataclass(frozen=True, slots=True)
class EdgeDrawing:
    """What a BPMNEdge says."""

    points: tuple[Point, ...]
    label: Box | None


@dataclass(frozen=True, slots=True)
class Plane:
    """One drawing of the file: the element it shows, and its shapes and edges by element id."""

    element: str
    shapes: dict[str, ShapeDrawing] = field(default_factory=dict)
    edges: dict[str, EdgeDrawing] = field(default_factory=dict)


def planes(model: Model) -> list[Plane]:
    """Return the drawings of the file; what cannot be read is left out."""
    return [_plane(xml) for xml in model.root.iter(f"{{{BPMNDI}}}BPMNPlane")]


def plane_of(model: Model, drawn: str) -> Plane | None:
    """Return the drawing of a process or sub-process: its own, or the one that shows most of it."""
    inside = {node.id for scope in model.scopes if scope.id == drawn for node in scope.nodes}
    found = planes(model)
    collaborations = {xml.get("id") for xml in model.root if local(xml) == "collaboration"}
    for plane in found:
        if plane.element == drawn and inside & plane.shapes.keys():
            return plane
    shared = [plane for plane in found if plane.element in collaborations] or found
    best = max(shared, key=lambda plane: len(inside & plane.shapes.keys()), default=None)
    return best if best is not None and inside & best.shapes.keys() else None


def _plane(xml: etree._Element) -> Plane:
    plane = Plane(_element(xml))
    for part in xml.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
        element = _element(part)
        if str(part.tag).endswith("BPMNEdge"):
            points = tuple(_points(part))
            if len(points) > 1:
                plane.edges.setdefault(element, EdgeDrawing(points, _label(part)))
            continue
        box = _box(part.find(f"{{{DC}}}Bounds"))
        if box is not None:
            plane.shapes.setdefault(element, _shape(part, box))
    return plane


def _shape(xml: etree._Element, box: Box) -> ShapeDrawing:
    expanded = None if xml.get("isExpanded") is None else true(xml, "isExpanded")
    return ShapeDrawing(
        box, _label(xml), expanded, true(xml, "isHorizontal", True), true(xml, "isMarkerVisible")
    )


def _element(xml: etree._Element) -> str:
    return xml.get("bpmnElement", "").strip().rpartition(":")[2]


def _label(xml: etree._Element) -> Box | None:
    return _box(xml.find(f"{{{BPMNDI}}}BPMNLabel/{{{DC}}}Bounds"))


def _box(xml: etree._Element | None) -> Box | None:
    if xml is None:
        return None
    x, y, w, h = (_number(xml.get(key)) for key in ("x", "y", "width", "height"))
    if x is None or y is None or w is None or h is None or w <= 0 or h <= 0:
        return None
    return Box(x, y, w, h)


def _points(xml: etree._Element) -> Iterator[Point]:
    for waypoint in xml.iter(f"{{{DI}}}waypoint"):
        x, y = _number(waypoint.get("x")), _number(waypoint.get("y"))
        if x is not None and y is not None:
            yield x, y


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= _FAR else None
