"""The signs of BPMN as paths: kinds of task in a box of 16, events in a box of 18, gateways in one of 20.

Signs follow BPMN 2.0.2 §10.3.3 (tasks), §10.5 (events) and §10.6 (gateways).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

TASK_BOX, EVENT_BOX, GATEWAY_BOX = 16, 18, 20


@dataclass(frozen=True, slots=True)
class Sign:
    """Paths to stroke and paths to fill."""

    stroke: str = ""
    fill: str = ""
    thin: bool = True


def _both(path: str) -> Sign:
    """Return a sign whose outline is also what is filled."""
    return Sign(stroke=path, fill=path)


def _circle(x: float, y: float, r: float) -> str:
    return f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0z"


def _polygon(x: float, y: float, r: float, corners: int) -> str:
    angles = [2 * pi * i / corners - pi / 2 for i in range(corners)]
    return "M" + "L".join(f"{x + r * cos(a):.2f} {y + r * sin(a):.2f}" for a in angles) + "z"


def _gear(x: float, y: float, inner: float, outer: float, teeth: int) -> str:
    steps = [(2 * pi * i / (4 * teeth), outer if i % 4 in (1, 2) else inner) for i in range(4 * teeth)]
    return "M" + "L".join(f"{x + r * cos(a):.2f} {y + r * sin(a):.2f}" for a, r in steps) + "z"


_ENVELOPE = "M{l} {t}h{w}v{h}h-{w}zM{l} {t}l{half} {flap}l{half} -{flap}"
_TASK_ENVELOPE = _ENVELOPE.format(l=1.5, t=3.5, w=13, h=9, half=6.5, flap=5)
_EVENT_ENVELOPE = _ENVELOPE.format(l=1.5, t=4, w=15, h=10, half=7.5, flap=5.5)
_PLUS = "M10 2v16M2 10h16"
_CROSS = "M5 4L15 16M15 4L5 16"

TASKS = {
    "userTask": Sign(stroke=_circle(8, 5, 2.9) + "M2.2 14.5c0-3.4 2.5-5.2 5.8-5.2s5.8 1.8 5.8 5.2z"),
    "manualTask": Sign(
        stroke="M2 8.2L6 4h5.6a1.2 1.2 0 0 1 0 2.4H8.4M8.4 6.4h5a1.2 1.2 0 0 1 0 2.4H8.6"
        "M8.6 8.8h4.2a1.2 1.2 0 0 1 0 2.4H8.4M8.4 11.2h2.8a1.1 1.1 0 0 1 0 2.3H4.8L2 11.8z"
    ),
    "serviceTask": Sign(stroke=_gear(8, 8, 4.9, 6.8, 8) + _circle(8, 8, 2.2)),
    "scriptTask": Sign(
        stroke="M4 2h8.5c-2 2-2 4 0 6s2 4 0 6H4c2-2 2-4 0-6s-2-4 0-6zM5.5 5h4.5M6.5 8h4.5M6.5 11h4.5"
    ),
    "sendTask": Sign(fill="M1.5 3.5h13l-6.5 5zM1.5 4.8L8 9.7l6.5-4.9v7.7h-13z"),
    "receiveTask": Sign(stroke=_TASK_ENVELOPE),
    "businessRuleTask": Sign(stroke="M2 3h12v10H2zM2 9.7h12M6.5 6.3V13", fill="M2 3h12v3.3H2z"),
}

EVENTS = {
    "message": Sign(stroke=_EVENT_ENVELOPE, fill="M1.5 4h15L9 9.5zM1.5 5.4L9 10.9l7.5-5.5V14h-15z"),
    "timer": Sign(stroke=_circle(9, 9, 7.6) + "M9 4.2V9l3 2.2M9 1.4v1.6M9 15v1.6M1.4 9h1.6M15 9h1.6"),
    "signal": _both("M9 2L16.5 15h-15z"),
    "error": _both("M2.5 15.5L6 4.5l4.8 6L15.5 2.5l-3.4 11-4.7-6z"),
    "escalation": _both("M9 1.5L14.5 16 9 11 3.5 16z"),
    "conditional": Sign(stroke="M3 2h12v14H3zM5.5 5.5h7M5.5 9h7M5.5 12.5h7"),
    "link": _both("M2 6.5h7.5v-4L16.5 9l-7 6.5v-4H2z"),
    "compensate": _both("M8.5 4v10l-7-5zM16 4v10L9 9z"),
    "cancel": _both("M4 1.5l5 5 5-5L16.5 4l-5 5 5 5-2.5 2.5-5-5-5 5L1.5 14l5-5-5-5z"),
    "terminate": Sign(fill=_circle(9, 9, 8)),
    "multiple": Sign(stroke=_polygon(9, 9, 8, 5), fill=_polygon(9, 9, 8, 5)),
    "parallelMultiple": Sign(stroke="M7 1.5h4V7h5.5v4H11v5.5H7V11H1.5V7H7z"),
}
"""An event that throws is filled, one that catches is drawn in outline."""

GATEWAYS = {
    "exclusiveGateway": Sign(stroke=_CROSS, thin=False),
    "parallelGateway": Sign(stroke=_PLUS, thin=False),
    "inclusiveGateway": Sign(stroke=_circle(10, 10, 7.5), thin=False),
    "complexGateway": Sign(stroke=_PLUS + "M4.5 4.5l11 11M15.5 4.5l-11 11", thin=False),
    "eventBasedGateway": Sign(stroke=_circle(10, 10, 11.5) + _circle(10, 10, 9) + _polygon(10, 10, 6, 5)),
}

MARKERS = {
    "parallel": Sign(stroke="M3 2v10M7 2v10M11 2v10", thin=False),
    "sequential": Sign(stroke="M2 3h10M2 7h10M2 11h10", thin=False),
    "standard": Sign(stroke="M5 12.2a5.2 5.2 0 1 1 3.6.2M8.8 12.4l.2-3.2M8.8 12.4l3-1"),
    "collapsed": Sign(stroke="M.5.5h13v13H.5zM7 3v8M3 7h8"),
    "compensation": Sign(stroke="M7 3v8L1.5 7zM12.5 3v8L7 7z"),
    "adhoc": Sign(stroke="M1.5 8.5c2-4 4-3 5.5-1.5s3.5 2.5 5.5-1.5", thin=False),
}
"""Markers at the lower edge of an activity, in a box of 14."""

CONTAINERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
GATEWAY_KINDS = frozenset(GATEWAYS)
EVENT_KINDS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)


def outline(kind: str) -> str:
    """Return the outline of a kind of element: how the template draws its border."""
    if kind in GATEWAY_KINDS:
        return "gateway"
    if kind in EVENT_KINDS:
        return {"startEvent": "start", "endEvent": "end"}.get(kind, "middle")
    if kind in ("callActivity", "textAnnotation", "group", "transaction"):
        return kind
    return "data" if kind.startswith("data") else "activity"
