"""Call activities: what they call, and the data that goes there and comes back."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.findings import Known
from engine.bpmn.items import Item, item_of
from engine.bpmn.model import GLOBAL_TASKS, Model, Node, child, children, reference, true
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_SOURCE = "BPMN 2.0.2 §10.3.6"


@rule(
    "activity.call-missing",
    _SOURCE,
    T("调用活动“{name}”没有说明调用哪个流程"),
    T("在 calledElement 中写上被调用流程的编号"),
    to_execute=True,
)
def call_missing(model: Model, known: Known) -> Hits:
    """A call activity names what it calls."""
    for node in model.running_nodes:
        if node.kind == "callActivity" and not node.xml.get("calledElement", "").strip():
            yield hit(node.xml)


@rule(
    "activity.call-unknown",
    _SOURCE,
    T("“{name}”调用的流程“{called}”不存在"),
    T("先发布被调用的流程，或改正 calledElement"),
)
def call_unknown(model: Model, known: Known) -> Hits:
    """What is called is a published process or one of this file."""
    here = {process.id for process in model.processes}
    for node, called in _calls(model):
        if model.tagged(called, *GLOBAL_TASKS) is not None or called in here:
            continue
        # Where no process is known, an id of this file that is none can still be told to be wrong.
        missing = called in model.ids if known.processes is None else called not in known.processes
        if missing:
            yield hit(node.xml, called=called)


@rule(
    "activity.call-itself",
    _SOURCE,
    T("“{name}”调用它自己所在的流程"),
    T("请确认前面有一个条件会结束这种调用，否则流程会因层数过多而停下"),
    severity="warning",
)
def call_itself(model: Model, known: Known) -> Hits:
    """A process that calls itself must stop some time."""
    for node, called in _calls(model):
        if called == node.scope.process.id:
            yield hit(node.xml)


@rule(
    "activity.call-data",
    _SOURCE,
    T("“{name}”的 {tag} 与被调用的“{called}”不一致"),
    T("调用活动的数据输入输出要与被调用者的一一对应，类型相同"),
)
def call_data(model: Model, known: Known) -> Hits:
    """A call hands over exactly what the called process asks for, and takes exactly what it returns."""
    for xml in model.tags("callActivity"):
        called = model.tagged(reference(xml.get("calledElement")), "process", *GLOBAL_TASKS)
        mine = child(xml, "ioSpecification")
        theirs = None if called is None else child(called, "ioSpecification")
        if called is None or (mine is None and theirs is None):
            continue
        for tag in ("dataInput", "dataOutput"):
            given, wanted = _items(model, mine, tag), _items(model, theirs, tag)
            if len(given) != len(wanted) or not _match(given, wanted):
                yield hit(xml, tag=tag, called=called.get("name") or called.get("id") or "")


@rule(
    "activity.call-start",
    "BPMN 2.0.2 §10.5.2",
    T("“{name}”调用的“{called}”只有带触发的开始事件"),
    T("被调用的流程要有一个普通开始事件，或没有开始事件"),
)
def call_start(model: Model, known: Known) -> Hits:
    """A called process starts because it is called."""
    for process in model.processes:
        starts = [node for node in process.nodes if node.kind == "startEvent"]
        begun = any(true(node.xml, "instantiate") and not node.incoming for node in process.nodes)
        if not (starts or begun) or not all(node.definitions for node in starts):
            continue
        for xml in model.tags("callActivity"):
            if process.id and reference(xml.get("calledElement")) == process.id:
                yield hit(xml, called=process.name or process.id)


def _calls(model: Model) -> Iterator[tuple[Node, str]]:
    for node in model.running_nodes:
        called = reference(node.xml.get("calledElement"))
        if node.kind == "callActivity" and called:
            yield node, called


def _items(model: Model, specification: etree._Element | None, tag: str) -> list[Item]:
    return [] if specification is None else [item_of(model, each) for each in children(specification, tag)]


def _match(given: list[Item], wanted: list[Item]) -> bool:
    """Return whether each side finds its like on the other."""
    both = ((given, wanted), (wanted, given))
    return all(any(one.agrees(other) for other in others) for ones, others in both for one in ones)
