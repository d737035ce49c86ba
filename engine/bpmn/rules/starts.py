"""What begins an instance of a process (BPMN 2.0.2 §10.5.2, §13.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from engine import feel, timers
from engine.bpmn.findings import Known
from engine.bpmn.model import Definition, Model, Node, child, children, everything, local
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.bpmn.stores import called
from engine.errors import WuxingError
from engine.text import T

_TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
_SOME_DAY = datetime(2026, 1, 5, tzinfo=UTC)


@rule(
    "process.several-none-starts",
    "BPMN 2.0.2 §13.2",
    T("流程“{name}”有几个不带触发的开始事件，每次只从其中一个开始"),
    T("发起的人选择从哪里开始，不选就从第一个；要同时开始，用一个开始事件和并行网关"),
    severity="warning",
)
def several_none_starts(model: Model, known: Known) -> Hits:
    """Each start event begins instances of its own; often one that begins everywhere is meant."""
    for process in model.running:
        plain = [node for node in process.nodes if node.kind == "startEvent" and not node.definitions]
        for node in plain[1:]:
            yield hit(node.xml, name=process.name or process.id)


@rule(
    "event.condition-start",
    "BPMN 2.0.2 §10.5.2",
    T("开始事件“{name}”的条件“{text}”要在还没有实例的时候判断，只能读数据存储"),
    T("条件里只写数据存储（dataStoreReference）的名称和 FEEL 自带的函数；或改用消息、信号、定时开始事件"),
    to_execute=True,
)
def condition_start(model: Model, known: Known) -> Hits:
    """There are no variables before there is an instance; what is outside of all are data stores."""
    stores = set(called(model.root))
    for node, text in _conditions(model):
        try:
            read, functions = feel.names_in(text), feel.functions_in(text)
        except WuxingError:
            # What does not parse is the business of another rule.
            continue
        if functions or not read or not read <= stores:
            yield hit(node.xml, text=text)


@rule(
    "event.timer-start",
    "BPMN 2.0.2 §10.5.2",
    T("开始事件“{name}”的时间“{text}”算不出来：{problem}"),
    T("还没有实例，没有变量：写 ISO 8601（例如 R3/PT1H），或不用变量的 FEEL"),
    to_execute=True,
)
def timer_start(model: Model, known: Known) -> Hits:
    """A timer that starts a process is worked out when it is published, from nothing but its text."""
    for node, definition in _definitions(model, "timer"):
        for time in children(definition.xml, *_TIMERS):
            text = everything(time)
            problem = _unusable(_TIMERS[local(time)], text) if text else None
            if problem is not None:
                yield hit(node.xml, text=text, problem=problem)


def _unusable(kind: str, text: str) -> T | None:
    """Return why no moment comes of a text, or None; what looks like ISO 8601 has a rule of its own."""
    if timers.is_iso(kind, text):
        return None
    try:
        found = feel.evaluate(text, {})
        if found.value is None and found.problems:
            return found.problems[0].text
        timers.timer_due(kind, found.value, _SOME_DAY)
    except feel.FeelSyntaxError:
        # What does not parse is the business of another rule.
        return None
    except WuxingError as error:
        return error.text
    return None


def _definitions(model: Model, kind: str) -> Iterator[tuple[Node, Definition]]:
    """Yield the start events of processes with their definitions of a kind."""
    for node in model.running_nodes:
        if node.kind == "startEvent" and node.scope.parent is None:
            yield from ((node, each) for each in node.definitions if each.kind == kind)


def _conditions(model: Model) -> Iterator[tuple[Node, str]]:
    """Yield the conditional start events of processes with their conditions."""
    for node, definition in _definitions(model, "conditional"):
        text = everything(child(definition.xml, "condition"))
        if text:
            yield node, text
