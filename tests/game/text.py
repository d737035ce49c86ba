"""A net as BPMN, and the host that answers its conditions visit by visit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from engine.spiff.port import Element
from tests.game.net import AND, OR, START, SUB, TASK, WORK, XOR, Net, Node
from tests.spiff.diagrams import flow, instances, node, process
from tests.spiff.hosts import ScriptedHost

TAGS = {
    START: "startEvent",
    TASK: "task",
    WORK: "userTask",
    SUB: "subProcess",
    XOR: "exclusiveGateway",
    AND: "parallelGateway",
    OR: "inclusiveGateway",
}


def bpmn(net: Net) -> bytes:
    """Write a net as a process `p`; a condition is `node|flow`."""
    return process(*_parts(net))


def _parts(net: Net) -> list[str]:
    parts = [_node(each) for each in net.nodes.values()]
    for id, (source, target) in net.flows.items():
        parts.append(flow(source, target, _condition(net.nodes[source], id), id))
    return parts


def _node(each: Node) -> str:
    given = {"default": each.default, "startQuantity": each.need, "completionQuantity": each.send}
    attributes = {name: str(value) for name, value in given.items() if value not in ("", 1)}
    inner = "".join(_parts(each.inside)) if each.inside is not None else ""
    if each.times is not None:
        inner += instances(count=str(each.times), sequential=not each.parallel)
    return node(TAGS[each.kind], each.id, inner, **attributes)


def _condition(source: Node, id: str) -> str:
    has = source.choices and (id in source.conditional or source.kind in (XOR, OR))
    return f"{source.id}|{id}" if has and id != source.default else ""


class Chooser(ScriptedHost):
    """Answers the conditions of a net: a visit asks every flow once, at an exclusive gateway until true."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.nodes = {each.id: each for each in net.everywhere()}
        self.flows = {
            each.id: {flow for flow in scope.out[each.id] if flow != each.default}
            for scope in _nets(net)
            for each in scope.nodes.values()
        }
        self.asked: Counter[str] = Counter()
        self.refused: dict[str, set[str]] = {}

    def condition(self, expression: str, names: Mapping[str, Any], *, element: Element, flow: str) -> bool:
        id, _, asked = expression.partition("|")
        each = self.nodes[id]
        key = id if each.kind == XOR else expression
        answer = asked in each.choices[min(self.asked[key], len(each.choices) - 1)]
        if each.kind != XOR:
            self.asked[key] += 1
            return answer
        refused = self.refused.setdefault(id, set())
        refused.add(asked)
        if answer or refused == self.flows[id]:
            self.asked[id] += 1
            refused.clear()
        return answer


def _nets(net: Net) -> list[Net]:
    inner = [each for node in net.nodes.values() if node.inside is not None for each in _nets(node.inside)]
    return [net, *inner]
