"""A diagram as SVG drawn on the server: shapes with their signs, wrapped names, tokens and marks.

Colours stand in presentation attributes, so that the picture needs no style sheet when it is saved
or printed; `static/diagram.css` changes them on dark pages through the classes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.bpmn.picture import Lane, Layout, Shape
from webui.diagrams import symbols
from webui.diagrams.flows import LABEL_WIDTH, Connection, Point, connection
from webui.diagrams.marks import NO_MARKS, SIGNS, WORDS, Mark, Marks
from webui.diagrams.symbols import Sign
from webui.diagrams.wrapping import Line, fit, stacked, width

ABOVE = 4
NEAR_WIDTH, NEAR_HEIGHT = 560.0, 300.0
"""The window of `around`, in units of the diagram: the step and its neighbours."""
LABEL_HEIGHT = 64
BADGE_HEIGHT = 18

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A sign put somewhere: the path to stroke, the path to fill, and where."""

    ink: str
    solid: str
    thin: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Badge:
    """Word, sign and count of a state, in a pill above a shape."""

    text: str
    x: float
    y: float
    width: float
    state: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A shape ready for the template; `form` says which outline it has."""

    id: str
    form: str
    state: str
    current: bool
    title: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...] = ()
    signs: tuple[Placed, ...] = ()
    badge: Badge | None = None
    dashed: bool = False
    upright: bool = False
    opened: bool = False

    @property
    def centre(self) -> Point:
        """The middle of the shape."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole diagram ready for the template, in units of the diagram."""

    view_box: str
    width: float
    height: float
    title: str
    description: str
    lanes: tuple[Drawn, ...]
    containers: tuple[Drawn, ...]
    connections: tuple[Connection, ...]
    shapes: tuple[Drawn, ...]


def picture(layout: Layout, *, name: str, marks: Marks = NO_MARKS, translate: Translate = str) -> Picture:
    """Return a layout with the marks of a moment, all words in the language of `translate`."""
    opened = [shape for shape in layout.shapes if _contains(shape)]
    others = [shape for shape in layout.shapes if not _contains(shape)]
    return Picture(
        f"0 {-ABOVE} {layout.width:g} {layout.height + ABOVE:g}",
        layout.width,
        layout.height + ABOVE,
        translate(name),
        describe(layout.shapes, marks, translate),
        tuple(_lane(lane, translate) for lane in layout.lanes),
        tuple(_shape(shape, marks, translate) for shape in sorted(opened, key=lambda s: -s.w * s.h)),
        tuple(connection(edge, marks, translate) for edge in layout.edges),
        tuple(_shape(shape, marks, translate) for shape in sorted(others, key=_height)),
    )


def around(drawn: Picture, layout: Layout, element: str) -> Picture:
    """Return a picture cut to the surroundings of an element, for a small place on a page."""
    found = next((shape for shape in layout.shapes if shape.id == element), None)
    if found is None:
        return drawn
    width, height = min(NEAR_WIDTH, drawn.width), min(NEAR_HEIGHT, drawn.height)
    left = min(max(0.0, found.x + found.w / 2 - width * 0.4), drawn.width - width)
    above = min(max(0.0, found.y + found.h / 2 - height / 2 + ABOVE), drawn.height - height) - ABOVE
    return replace(drawn, view_box=f"{left:g} {above:g} {width:g} {height:g}", width=width, height=height)


def describe(shapes: Sequence[Shape], marks: Marks, translate: Translate) -> str:
    """Return the marks in words, for those who do not see the picture."""
    parts = []
    for state in ("failed", "now", "done"):
        names = [translate(s.name) for s in shapes if s.name and marks.of(s.id).state == state]
        if names:
            parts.append(f"{translate(WORDS[state].message)}: {', '.join(names)}")
    return "; ".join(parts)


def _contains(shape: Shape) -> bool:
    return shape.kind == "group" or (shape.kind in symbols.CONTAINERS and shape.expanded)


def _height(shape: Shape) -> bool:
    """Draw what sits on a border after what has the border."""
    return shape.kind == "boundaryEvent"


def _lane(lane: Lane, translate: Translate) -> Drawn:
    name = translate(lane.name) if lane.name else ""
    block = fit(name, (lane.h if lane.horizontal else lane.w) - 12, 28)
    middle = (0.0, 0.0) if lane.horizontal else (lane.x + lane.w / 2, lane.y + 15)
    return Drawn(
        lane.id,
        "lane",
        "idle",
        False,
        name,
        lane.x,
        lane.y,
        lane.w,
        lane.h,
        lines=stacked(block, *middle),
        upright=lane.horizontal,
    )


def _shape(shape: Shape, marks: Marks, translate: Translate) -> Drawn:
    mark = marks.of(shape.id)
    said = shape.name or shape.text
    name = translate(said) if said else ""
    return Drawn(
        shape.id,
        symbols.outline(shape.kind),
        mark.state,
        marks.current == shape.id,
        _title(name or shape.id, mark, translate),
        shape.x,
        shape.y,
        shape.w,
        shape.h,
        lines=_name_lines(shape, name),
        signs=tuple(_signs(shape)),
        badge=_badge(shape, mark, translate),
        dashed=shape.by_event or not shape.interrupting,
        opened=_contains(shape),
    )


def _title(name: str, mark: Mark, translate: Translate) -> str:
    if mark.state == "idle":
        return name
    return f"{name} ({translate(WORDS[mark.state].message)}{' ' + mark.count if mark.count else ''})"


# ---------------------------------------------------------------- names

_LABELLED_BELOW = symbols.EVENT_KINDS | symbols.GATEWAY_KINDS


def _name_lines(shape: Shape, name: str) -> tuple[Line, ...]:
    if not name:
        return ()
    if shape.kind in _LABELLED_BELOW:
        left, top, right, _ = _label_box(shape)
        block = fit(name, max(LABEL_WIDTH, right - left), LABEL_HEIGHT)
        return stacked(block, (left + right) / 2, top + block.height / 2)
    if shape.kind == "textAnnotation":
        block = fit(name, shape.w - 16, shape.h)
        return stacked(block, shape.x + shape.w / 2, shape.y + shape.h / 2)
    if _contains(shape):
        block = fit(name, shape.w - 24, 20)
        return stacked(block, shape.x + shape.w / 2, shape.y + 14)
    block = fit(name, shape.w - 14, shape.h - (30 if _markers(shape) else 12))
    return stacked(block, shape.x + shape.w / 2, shape.y + shape.h / 2 + 2)


def _label_box(shape: Shape) -> tuple[float, float, float, float]:
    """Return where the name of an event or gateway stands: where it was put, else below or above it."""
    if shape.label_bounds is not None:
        box = shape.label_bounds
        return box.x, box.y, box.right, box.bottom
    middle = shape.x + shape.w / 2
    top = shape.y - 22 if shape.kind in symbols.GATEWAY_KINDS else shape.y + shape.h + 6
    return middle - LABEL_WIDTH / 2, top, middle + LABEL_WIDTH / 2, top + 30


# ---------------------------------------------------------------- signs and badges


def _signs(shape: Shape) -> list[Placed]:
    middle_x, middle_y = shape.x + shape.w / 2, shape.y + shape.h / 2
    if shape.kind in symbols.GATEWAYS:
        half = symbols.GATEWAY_BOX / 2
        sign = _placed(symbols.GATEWAYS[shape.kind], middle_x - half, middle_y - half)
        return [sign] if shape.marker else []
    if shape.kind in symbols.EVENT_KINDS:
        held = symbols.EVENTS.get(shape.event)
        half = symbols.EVENT_BOX / 2
        return [_event_sign(held, middle_x - half, middle_y - half, shape.throwing)] if held else []
    return [*_task_sign(shape), *_marker_signs(shape, middle_x)]


def _placed(sign: Sign, x: float, y: float) -> Placed:
    return Placed(sign.stroke, sign.fill, sign.thin, x, y)


def _event_sign(sign: Sign, x: float, y: float, thrown: bool) -> Placed:
    """Return the sign filled when the event throws, in outline when it catches (BPMN 2.0.2 §10.5.1)."""
    solid = sign.fill if thrown or not sign.stroke else ""
    return Placed("" if solid else sign.stroke, solid, sign.thin, x, y)


def _task_sign(shape: Shape) -> list[Placed]:
    sign = symbols.TASKS.get(shape.kind)
    return [_placed(sign, shape.x + 6, shape.y + 6)] if sign is not None else []


def _markers(shape: Shape) -> list[str]:
    """Return the markers at the lower edge of an activity (BPMN 2.0.2 §10.3.3)."""
    closed = shape.kind == "callActivity" or (shape.kind in symbols.CONTAINERS and not shape.expanded)
    held = {
        shape.loop: bool(shape.loop),
        "compensation": shape.compensation,
        "adhoc": shape.kind == "adHocSubProcess",
        "collapsed": closed,
    }
    return [name for name, shown in held.items() if shown]


def _marker_signs(shape: Shape, middle: float) -> list[Placed]:
    signs = [symbols.MARKERS[name] for name in _markers(shape)]
    left = middle - len(signs) * 9
    return [_placed(sign, left + i * 18 + 2, shape.y + shape.h - 17) for i, sign in enumerate(signs)]


def _badge(shape: Shape, mark: Mark, translate: Translate) -> Badge | None:
    """Return the pill of a state; small shapes that are done show it by colour and title alone."""
    small = shape.kind in _LABELLED_BELOW
    if mark.state == "idle" or (small and mark.state == "done"):
        return None
    word = translate(WORDS[mark.state].message)
    text = " ".join(part for part in (SIGNS[mark.state], word, mark.count) if part)
    wide = width(text, 11) + 14
    if shape.kind in symbols.GATEWAY_KINDS:
        return Badge(text, shape.x + shape.w / 2 + 8, shape.y + shape.h - 8, wide, mark.state)
    if small:
        return Badge(text, shape.x + shape.w / 2 - wide / 2, shape.y - BADGE_HEIGHT, wide, mark.state)
    return Badge(text, shape.x + shape.w - wide + 6, shape.y - BADGE_HEIGHT / 2 - 2, wide, mark.state)
