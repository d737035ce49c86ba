"""A simple layered arrangement for diagrams that come without a drawing."""

from __future__ import annotations

from collections.abc import Iterable

from engine.bpmn.graph import Graph
from engine.bpmn.model import EVENTS, GATEWAYS, Node, Scope
from engine.bpmn.picture import Box, Point

GAP_X, GAP_Y, PAD = 60.0, 40.0, 40.0
_EVENT, _GATEWAY, _TASK = (36.0, 36.0), (50.0, 50.0), (120.0, 80.0)


def arrange(scope: Scope) -> dict[str, Box]:
    """Return a box for each node of a scope and of the sub-processes in it, by id.

    Columns follow the longest way from a start without going back; boundary events sit on the
    lower side of their activity.
    """
    sizes: dict[Node, tuple[float, float]] = {}
    relative: dict[Scope, dict[Node, Box]] = {}
    scopes = list(scope.walk())
    for inner in reversed(scopes):
        relative[inner] = _place(inner, sizes)
        if inner.node is not None:
            sizes[inner.node] = _extent(relative[inner].values())
    return _absolute(scopes, relative)


def route(source: Box, target: Box) -> tuple[Point, ...]:
    """Return a line with right angles from one box to another; a way back runs below both."""
    start, end = (source.right, source.center[1]), (target.x, target.center[1])
    if end[0] >= start[0] + 10:
        if abs(start[1] - end[1]) < 1:
            return start, end
        middle = (start[0] + end[0]) / 2
        return start, (middle, start[1]), (middle, end[1]), end
    below = max(source.bottom, target.bottom) + GAP_Y / 2
    return (
        (source.center[0], source.bottom),
        (source.center[0], below),
        (target.center[0], below),
        (target.center[0], target.bottom),
    )


def _place(scope: Scope, sizes: dict[Node, tuple[float, float]]) -> dict[Node, Box]:
    columns = _columns(scope)
    boxes: dict[Node, Box] = {}
    x = PAD
    for column in columns:
        width = max(_size(node, sizes)[0] for node in column)
        y = PAD
        for node in column:
            w, h = _size(node, sizes)
            boxes[node] = Box(x + (width - w) / 2, y + max(0.0, (_TASK[1] - h) / 2), w, h)
            y += max(h, _TASK[1]) + GAP_Y
        x += width + GAP_X
    for node in scope.nodes:
        if node.host in boxes and node.kind == "boundaryEvent":
            host = boxes[node.host]
            index = node.host.boundaries.index(node)
            offset = host.w - 30.0 - 44.0 * index
            boxes[node] = Box(host.x + max(0.0, offset) - 18.0, host.bottom - 18.0, *_EVENT)
    return boxes


def _columns(scope: Scope) -> list[list[Node]]:
    """Return the nodes column by column, boundary events left out unless they hang on nothing."""
    graph = Graph(scope)
    depth = _depths(graph)
    columns: dict[int, list[Node]] = {}
    for node in scope.nodes:
        if node.kind != "boundaryEvent" or node.host is None or node.host.scope is not scope:
            columns.setdefault(depth[node], []).append(node)
    return [columns[number] for number in sorted(columns)]


def _depths(graph: Graph) -> dict[Node, int]:
    """Return the longest way to each node on flows that do not lead back."""
    order = _settled_order(graph)
    rank = {node: index for index, node in enumerate(order)}
    depth = dict.fromkeys(order, 0)
    for node in order:
        for following in graph.after[node]:
            if rank[following] > rank[node]:
                step = 0 if following.kind == "boundaryEvent" else 1
                depth[following] = max(depth[following], depth[node] + step)
    return depth


def _settled_order(graph: Graph) -> list[Node]:
    """Return the nodes so that each stands before all it leads to, but for flows that lead back."""
    done: list[Node] = []
    seen: set[Node] = set()
    for first in [*graph.entries(), *graph.nodes]:
        waiting = [(first, False)]
        while waiting:
            node, left = waiting.pop()
            if left:
                done.append(node)
            elif node not in seen:
                seen.add(node)
                waiting.append((node, True))
                waiting.extend((following, False) for following in reversed(graph.after[node]))
    return done[::-1]


def flow_order(graph: Graph) -> list[Node]:
    """Return the nodes so that each stands before what follows it, except on ways back.

    Of several ways the one drawn first comes first; what no start leads to comes last.
    """
    order: list[Node] = []
    seen: set[Node] = set()
    for root in [*graph.entries(), *graph.nodes]:
        if root not in seen:
            order += _tree_order(graph, root, seen)
    return order


def _tree_order(graph: Graph, root: Node, seen: set[Node]) -> list[Node]:
    """Return the nodes first met from `root`: what is finished last stands first."""
    finished: list[Node] = []
    seen.add(root)
    walk = [(root, reversed(graph.after[root]))]
    while walk:
        node, targets = walk[-1]
        following = next((each for each in targets if each not in seen), None)
        if following is None:
            finished.append(node)
            walk.pop()
        else:
            seen.add(following)
            walk.append((following, reversed(graph.after[following])))
    return finished[::-1]


def _size(node: Node, sizes: dict[Node, tuple[float, float]]) -> tuple[float, float]:
    if node.inner is not None:
        return sizes.get(node, _TASK)
    if node.kind in EVENTS:
        return _EVENT
    return _GATEWAY if node.kind in GATEWAYS else _TASK


def _extent(boxes: Iterable[Box]) -> tuple[float, float]:
    placed = list(boxes)
    if not placed:
        return _TASK
    return max(box.right for box in placed) + PAD, max(box.bottom for box in placed) + PAD


def _absolute(scopes: list[Scope], relative: dict[Scope, dict[Node, Box]]) -> dict[str, Box]:
    corners: dict[Scope, Point] = {scopes[0]: (0.0, 0.0)}
    found: dict[str, Box] = {}
    for scope in scopes:
        dx, dy = corners.get(scope, (0.0, 0.0))
        for node, box in relative[scope].items():
            placed = box.moved(dx, dy)
            found.setdefault(node.id, placed)
            if node.inner is not None:
                corners[node.inner] = (placed.x, placed.y)
    return found
