"""Flows as paths: rounded bends, arrow heads, the slash of a default flow, names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import hypot

from engine.bpmn.picture import Edge
from webui.diagrams.marks import Marks
from webui.diagrams.wrapping import Line, fit, stacked

BEND = 5
ARROW = 9
LABEL_WIDTH = 96

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Connection:
    """A flow ready for the template: its path, the arrow's head, and its name."""

    id: str
    kind: str
    path: str
    head: str
    taken: bool
    tail: str = ""
    lines: tuple[Line, ...] = ()


def connection(edge: Edge, marks: Marks, translate: Callable[[str], str]) -> Connection:
    """Return a flow ready for the template, its name in the language of `translate`."""
    points = list(edge.points)
    name = translate(edge.name) if edge.name else ""
    return Connection(
        edge.id,
        edge.kind,
        _rounded(points),
        _head(points) if edge.kind != "association" else "",
        edge.id in marks.flows,
        tail=_default_mark(points) if edge.default else "",
        lines=_edge_label(edge, points, name),
    )


def _rounded(points: Sequence[Point]) -> str:
    """Return the path through the points, with rounded bends."""
    path = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards(here, before, BEND), _towards(here, after, BEND)
        path.append(f"L{start[0]:.1f} {start[1]:.1f}Q{here[0]:g} {here[1]:g} {end[0]:.1f} {end[1]:.1f}")
    path.append(f"L{points[-1][0]:g} {points[-1][1]:g}")
    return "".join(path)


def _towards(start: Point, target: Point, distance: float) -> Point:
    length = hypot(target[0] - start[0], target[1] - start[1])
    part = min(distance, length / 2) / length if length else 0
    return start[0] + (target[0] - start[0]) * part, start[1] + (target[1] - start[1]) * part


def _head(points: Sequence[Point]) -> str:
    """Return the arrow's head at the last point."""
    tip = points[-1]
    base = _towards(tip, points[-2], ARROW)
    side_x, side_y = (tip[1] - base[1]) * 0.42, (base[0] - tip[0]) * 0.42
    return (
        f"M{tip[0]:g} {tip[1]:g}L{base[0] + side_x:.1f} {base[1] + side_y:.1f}"
        f"L{base[0] - side_x:.1f} {base[1] - side_y:.1f}z"
    )


def _default_mark(points: Sequence[Point]) -> str:
    """Return the slash of a default flow (BPMN 2.0.2 §8.4.13)."""
    x, y = _towards(points[0], points[1], 12)
    return f"M{x - 4:g} {y + 5:g}L{x + 4:g} {y - 5:g}"


def _edge_label(edge: Edge, points: Sequence[Point], name: str) -> tuple[Line, ...]:
    if not name:
        return ()
    block = fit(name, LABEL_WIDTH, 34)
    if edge.label_bounds is not None:
        box = edge.label_bounds
        return stacked(block, box.x + box.w / 2, box.y + box.h / 2)
    start, end = points[0], points[1]
    return stacked(block, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 - 9)
