"""What a picture of a process consists of: plain values in pixels, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `x` and `y` are its upper left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Return the x of the right side."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Return the y of the lower side."""
        return self.y + self.h

    @property
    def center(self) -> Point:
        """Return the middle."""
        return self.x + self.w / 2, self.y + self.h / 2

    def moved(self, dx: float, dy: float) -> Box:
        """Return the same rectangle elsewhere."""
        return Box(self.x + dx, self.y + dy, self.w, self.h)


@dataclass(frozen=True, slots=True)
class Shape:
    """A node, data object or annotation.

    `kind` is the tag of BPMN. `event` is the kind of event definition ("timer", "message", …, ""
    for none), `interrupting` says whether the ring is closed, `throwing` whether the sign is
    filled. `loop` is "", "standard", "parallel" or "sequential". `scope` is the id of the process
    or sub-process around it, `attached_to` the activity a boundary event sits on.
    """

    id: str
    kind: str
    name: str
    x: float
    y: float
    w: float
    h: float
    scope: str = ""
    expanded: bool = False
    label_bounds: Box | None = None
    event: str = ""
    interrupting: bool = True
    throwing: bool = False
    loop: str = ""
    marker: bool = True
    compensation: bool = False
    by_event: bool = False
    attached_to: str = ""
    text: str = ""

    @property
    def box(self) -> Box:
        """Return its rectangle."""
        return Box(self.x, self.y, self.w, self.h)


@dataclass(frozen=True, slots=True)
class Edge:
    """A sequence flow, message flow or association: a line through at least two points."""

    id: str
    kind: str
    source: str
    target: str
    points: tuple[Point, ...]
    name: str = ""
    label_bounds: Box | None = None
    default: bool = False
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A pool or lane: a frame with its name along one side."""

    id: str
    kind: str
    name: str
    x: float
    y: float
    w: float
    h: float
    horizontal: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole picture whose upper left corner is (0, 0); containers come before what they contain."""

    width: float
    height: float
    shapes: tuple[Shape, ...] = ()
    edges: tuple[Edge, ...] = ()
    lanes: tuple[Lane, ...] = ()
    automatic: bool = False
    _by_id: Mapping[str, Shape] = field(default_factory=dict, repr=False, compare=False)

    def shape(self, identifier: str) -> Shape | None:
        """Return the shape of an element, or None when it is not in the picture."""
        return self._by_id.get(identifier)
