"""Diagrams without a drawing get one: the modeller and the replay show only what is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from engine.bpmn.layout import layout
from engine.bpmn.picture import Edge, Layout, Shape
from engine.bpmn.reading import read

_END = re.compile(rb"</(?:[\w.-]+:)?definitions\s*>\s*$")
_SPACES = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)


def with_drawing(xml: bytes, process_id: str) -> bytes:
    """Return the diagram as it is, or with a drawing of our arrangement when it has none.

    Only UTF-8 files are completed; others keep their bytes and are shown by the server alone.
    """
    found = layout(read(xml), process_id)
    if not found.automatic or not _is_utf8(xml):
        return xml
    drawing = f'<bpmndi:BPMNDiagram {_SPACES} id="drawing">{_plane(found, process_id)}</bpmndi:BPMNDiagram>'
    return _END.sub(lambda end: drawing.encode() + end.group(), xml)


def _is_utf8(xml: bytes) -> bool:
    declaration = xml[:200].partition(b"?>")[0].upper()
    return b"ENCODING" not in declaration or b"UTF-8" in declaration


def _plane(found: Layout, process_id: str) -> str:
    parts = [*map(_shape, found.shapes), *map(_edge, found.edges)]
    begin = f'<bpmndi:BPMNPlane id="drawing_plane" bpmnElement={quoteattr(process_id)}>'
    return f"{begin}{''.join(parts)}</bpmndi:BPMNPlane>"


def _shape(shape: Shape) -> str:
    bounds = f'<dc:Bounds x="{shape.x:g}" y="{shape.y:g}" width="{shape.w:g}" height="{shape.h:g}"/>'
    return f"<bpmndi:BPMNShape {_ids(shape.id)}{_details(shape)}>{bounds}{_label(shape)}</bpmndi:BPMNShape>"


def _label(shape: Shape) -> str:
    """Return the place of a gateway's name: above it, for flows leave downwards more often."""
    if not shape.kind.endswith("Gateway") or not shape.name:
        return ""
    place = f'x="{shape.x - 20:g}" y="{shape.y - 22:g}" width="{shape.w + 40:g}" height="14"'
    return f"<bpmndi:BPMNLabel><dc:Bounds {place}/></bpmndi:BPMNLabel>"


def _details(shape: Shape) -> str:
    expanded = ' isExpanded="true"' if shape.expanded else ""
    return expanded + (' isMarkerVisible="true"' if shape.kind == "exclusiveGateway" else "")


def _edge(edge: Edge) -> str:
    return f"<bpmndi:BPMNEdge {_ids(edge.id)}>{''.join(_points(edge))}</bpmndi:BPMNEdge>"


def _points(edge: Edge) -> Iterator[str]:
    for x, y in edge.points:
        yield f'<di:waypoint x="{x:g}" y="{y:g}"/>'


def _ids(element: str) -> str:
    return f"id={quoteattr(element + '_drawing')} bpmnElement={quoteattr(element)}"
