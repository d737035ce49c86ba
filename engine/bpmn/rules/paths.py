"""Warnings about ways through a diagram that the standard allows and hardly anyone means."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.findings import Known
from engine.bpmn.graph import Graph, is_join, is_split, waits
from engine.bpmn.model import EVENTS, Flow, Model, Node, Scope, true
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

# Splits times nodes: beyond it the two comparisons of branches are left out, for they are quadratic.
MAX_WORK = 100_000
_DECIDING = frozenset({"exclusiveGateway", "eventBasedGateway"})


@rule(
    "path.unreachable",
    "BPMN 2.0.2 §10.5.2",
    T("流程走不到“{name}”"),
    T("从前面的元素连一条线过来，或删除它"),
    severity="warning",
)
def unreachable(model: Model, known: Known) -> Hits:
    """Each element can be reached from a start."""
    for scope, graph in _graphs(model):
        roots = [node for node in scope.nodes if _stands_alone(node)]
        reached = graph.reach([*graph.entries(), *roots])
        for node in scope.nodes:
            if node not in reached:
                yield hit(node.xml, name=node.label)


@rule(
    "path.dead-end",
    "BPMN 2.0.2 §10.5.3",
    T("“{name}”后面没有路，也不是结束事件"),
    T("连到下一个元素或结束事件；如果就在这里结束，画一个结束事件更清楚"),
    severity="warning",
)
def dead_end(model: Model, known: Known) -> Hits:
    """Where end events are drawn, every path ends in one; events have a rule of their own."""
    for scope in _drawn_with(model, "endEvent"):
        for node in scope.nodes:
            if not node.outgoing and node.kind not in EVENTS and not _stands_alone(node):
                yield hit(node.xml, name=node.label)


@rule(
    "path.no-entrance",
    "BPMN 2.0.2 §10.5.2",
    T("没有路通到“{name}”"),
    T("从前面的元素连一条线过来：这一层画了开始事件，流程就只从开始事件开始"),
)
def no_entrance(model: Model, known: Known) -> Hits:
    """Where start events are drawn, nothing else begins; events have a rule of their own."""
    for scope in _drawn_with(model, "startEvent"):
        for node in scope.nodes:
            begins = _stands_alone(node) or true(node.xml, "instantiate")
            if not node.incoming and node.kind not in EVENTS and not begins:
                yield hit(node.xml, name=node.label)


@rule(
    "path.no-end",
    "BPMN 2.0.2 §10.5.3",
    T("“{name}”有开始事件，却没有结束事件"),
    T("走完最后一步就结束；画一个结束事件更清楚"),
    severity="warning",
)
def no_end(model: Model, known: Known) -> Hits:
    """Where start events are drawn, ends are drawn as well; without them the last steps end it."""
    for scope in _drawn_with(model, "startEvent"):
        if not any(node.kind == "endEvent" for node in scope.nodes):
            yield hit(scope.xml, name=scope.name or scope.id)


@rule(
    "path.no-way-out",
    "BPMN 2.0.2 §13.2",
    T("走到“{name}”之后，流程再也到不了结束"),
    T("给循环加一个出口"),
    severity="warning",
)
def no_way_out(model: Model, known: Known) -> Hits:
    """From each element some end can be reached."""
    for scope, graph in _graphs(model):
        ending = _backward(graph, [node for node in scope.nodes if not graph.after[node]])
        reached = graph.reach(graph.entries())
        stuck = graph.looping((reached - ending).__contains__)
        for node in stuck[:1]:
            yield hit(node.xml, name=node.label)


@rule(
    "path.busy-loop",
    "Wuxing",
    T("经过“{name}”的循环里没有任何等待"),
    T("循环里放一个任务、定时或消息事件，否则条件不变时会一直空转"),
    severity="warning",
)
def busy_loop(model: Model, known: Known) -> Hits:
    """A loop waits for somebody or something."""
    for _, graph in _graphs(model):
        looping = graph.looping(lambda node: not waits(node))
        decision = next((node for node in looping if node.kind == "exclusiveGateway"), None)
        for node in [decision or looping[0]] if looping else []:
            yield hit(node.xml, name=node.label)


@rule(
    "path.deadlock",
    "BPMN 2.0.2 §13.4.1",
    T("并行汇合“{name}”等待的几条路，是“{split}”只选其一的分支"),
    T("汇合改用排他网关，或分支改用并行网关：否则流程会停在这里"),
    severity="warning",
)
def deadlock(model: Model, known: Known) -> Hits:
    """A parallel join does not wait for branches of which only one is taken."""
    for scope, graph in _graphs(model):
        joins = [node for node in scope.nodes if node.kind == "parallelGateway" and len(node.incoming) > 1]
        deciding = [node for node in scope.nodes if node.kind in _DECIDING and len(node.outgoing) > 1]
        if not joins or len(deciding) * len(scope.nodes) > MAX_WORK:
            continue
        for split in deciding:
            branches = _branches(graph, split, stop_at_joins=False)
            around = _around(graph, split)
            for join in joins:
                if _starves(join, split, branches, around):
                    yield hit(join.xml, name=join.label, split=split.label)


@rule(
    "path.duplicate",
    "BPMN 2.0.2 §13.4.2",
    T("“{split}”分出的几条并行路在“{name}”会合，却没有并行汇合"),
    T("在前面放一个并行网关汇合：否则后面的步骤会执行几遍"),
    severity="warning",
)
def duplicate(model: Model, known: Known) -> Hits:
    """Parallel paths are joined before they meet, or what follows runs once for each."""
    for scope, graph in _graphs(model):
        splits = [node for node in scope.nodes if is_split(node)]
        merges = [node for node in scope.nodes if _merges(node)]
        if not merges or len(splits) * len(scope.nodes) > MAX_WORK:
            continue
        for split in splits:
            branches = _passing(_branches(graph, split, stop_at_joins=True))
            for merge in merges:
                if _meet(merge, split, branches):
                    yield hit(merge.xml, name=merge.label, split=split.label)


@rule(
    "path.mutual-wait",
    "BPMN 2.0.2 §13.4.3",
    T("包容汇合“{name}”与“{other}”在同一个循环里互相等待"),
    T("把其中一个换成排他或并行网关"),
    severity="warning",
)
def mutual_wait(model: Model, known: Known) -> Hits:
    """Two inclusive joins on one cycle may wait for each other for ever."""
    for scope, graph in _graphs(model):
        joins = [node for node in scope.nodes if node.kind == "inclusiveGateway" and len(node.incoming) > 1]
        if len(joins) * len(scope.nodes) > MAX_WORK:
            continue
        ahead = {join: graph.reach(graph.after[join]) for join in joins}
        for index, join in enumerate(joins):
            other = next((o for o in joins[index + 1 :] if o in ahead[join] and join in ahead[o]), None)
            if other is not None:
                yield hit(join.xml, name=join.label, other=other.label)


def _graphs(model: Model) -> Iterator[tuple[Scope, Graph]]:
    for process in model.running:
        for scope in process.walk():
            yield scope, Graph(scope)


def _drawn_with(model: Model, kind: str) -> Iterator[Scope]:
    """Yield the scopes in which an event of this kind is drawn; ad-hoc ones need none."""
    for scope in model.scopes:
        if scope.kind != "adHocSubProcess" and any(node.kind == kind for node in scope.nodes):
            yield scope


def _stands_alone(node: Node) -> bool:
    """Event sub-processes and compensation handlers are reached by no sequence flow."""
    return (node.inner is not None and node.inner.by_event) or true(node.xml, "isForCompensation")


def _backward(graph: Graph, ends: list[Node]) -> set[Node]:
    found: set[Node] = set()
    waiting = list(ends)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(graph.before[node])
    return found


def _branches(graph: Graph, split: Node, *, stop_at_joins: bool) -> dict[Flow, set[Node]]:
    """Return what each outgoing flow of a split leads to before the split is passed again."""

    def through(node: Node) -> bool:
        return node is not split and not (stop_at_joins and is_join(node))

    return {
        flow: graph.reach([flow.target], through)
        for flow in split.outgoing
        if flow.target is not None and flow.target in graph.after
    }


def _around(graph: Graph, split: Node) -> set[Node]:
    """Return what a token reaches without passing the split."""
    return graph.reach(graph.entries(), lambda node: node is not split)


def _origins(flow: Flow, split: Node, branches: dict[Flow, set[Node]]) -> set[Flow]:
    """Return the branches of a split that can bring a token along this flow."""
    if flow.source is split:
        return {flow}
    return {branch for branch, reached in branches.items() if flow.source in reached}


def _starves(join: Node, split: Node, branches: dict[Flow, set[Node]], around: set[Node]) -> bool:
    """Return whether two incoming flows of a join depend on different choices of the split."""
    inner = [flow for flow in join.incoming if flow.source is split or flow.source not in around]
    origins = [found for flow in inner if (found := _origins(flow, split, branches))]
    return any(not first & second for i, first in enumerate(origins) for second in origins[i + 1 :])


def _merges(node: Node) -> bool:
    return len(node.incoming) > 1 and not is_join(node) and node.kind not in {"endEvent", "startEvent"}


def _meet(merge: Node, split: Node, branches: dict[Flow, set[Node]]) -> bool:
    """Return whether two branches of a split reach a merge along different flows."""
    origins = [found for flow in merge.incoming if (found := _origins(flow, split, branches))]
    for index, first in enumerate(origins):
        for second in origins[index + 1 :]:
            if len(first | second) > 1:
                return True
    return False


def _passing(branches: dict[Flow, set[Node]]) -> dict[Flow, set[Node]]:
    """A join is reached by its branches, but what leaves it is one token and no longer theirs."""
    return {flow: {node for node in reached if not is_join(node)} for flow, reached in branches.items()}
