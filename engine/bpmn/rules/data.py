"""Data: what associations connect, what sets list, and where data may be declared (BPMN 2.0.2 §10.4)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.findings import Known
from engine.bpmn.model import (
    EVENTS,
    GLOBAL_TASKS,
    NODES,
    SUB_PROCESSES,
    Model,
    child,
    children,
    everything,
    local,
    reference,
    words,
)
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.bpmn.support import drawn_only
from engine.text import T

_STORES = frozenset({"dataStore", "dataStoreReference"})
_ASSOCIATIONS = ("dataInputAssociation", "dataOutputAssociation")
_SETS = {
    "inputSet": ("dataInputRefs", ("optionalInputRefs", "whileExecutingInputRefs"), "dataInput"),
    "outputSet": ("dataOutputRefs", ("optionalOutputRefs", "whileExecutingOutputRefs"), "dataOutput"),
}


@rule(
    "data.association-ends",
    "BPMN 2.0.2 §10.4.2",
    T("“{name}”的数据关联没有写明从哪里复制到哪里"),
    T("写一个 sourceRef 和一个 targetRef；有几个来源时写 transformation 或 assignment"),
)
def association_ends(model: Model, known: Known) -> Hits:
    """A copy has one source and one target."""
    for xml in _associations(model):
        sources = children(xml, "sourceRef")
        computed = child(xml, "transformation") is not None or bool(children(xml, "assignment"))
        if not words(child(xml, "targetRef")) or (len(sources) != 1 and not computed):
            yield hit(xml)


@rule(
    "data.association-side",
    "BPMN 2.0.2 §10.4.2",
    T("“{name}”的 {tag} 的 {key} 不是这个元素自己的数据"),
    T("输入关联指向自己的 dataInput，输出关联从自己的 dataOutput 出发"),
)
def association_side(model: Model, known: Known) -> Hits:
    """An input association ends inside its element, an output association begins there."""
    for xml in _associations(model):
        owner = xml.getparent()
        key = "targetRef" if local(xml) == "dataInputAssociation" else "sourceRef"
        own = set() if owner is None else {each.get("id") for each in _own(owner)}
        for end in children(xml, key):
            if words(end) and model.ids.get(reference(words(end))) and reference(words(end)) not in own:
                yield hit(xml, tag=local(xml), key=key)


@rule(
    "data.out-of-reach",
    "BPMN 2.0.2 §10.4.1",
    T("“{name}”用不到“{ref}”：它是别的活动或别的子流程里的数据"),
    T("只能使用自己的数据，以及所在的流程和子流程里的数据对象和属性"),
)
def out_of_reach(model: Model, known: Known) -> Hits:
    """Data is seen by its scope and by what lies in it, and by nobody else; data stores by everybody."""
    for xml in _associations(model):
        around = set(xml.iterancestors())
        for end in children(xml, "sourceRef", "targetRef"):
            for found in model.ids.get(reference(words(end)), ()):
                if local(found) not in _STORES and _keeper(found) not in around:
                    yield hit(xml, ref=words(end))


@rule(
    "data.assignment",
    "BPMN 2.0.2 §10.4.2",
    T("“{name}”的赋值缺少来源，或目标“{to}”不是数据关联的目标"),
    T("from 写 FEEL；to 写目标数据的名称，或它的一部分：订单.金额"),
)
def assignment(model: Model, known: Known) -> Hits:
    """An assignment has a value, and goes to the target of its association or a part of it."""
    for xml in _executed(model):
        target = reference(words(child(xml, "targetRef")))
        names = {target, *(each.get("name", "") for each in model.ids.get(target, ()))} - {""}
        for each in children(xml, "assignment"):
            to = everything(child(each, "to")).removeprefix("=").strip()
            first, *rest = (part.strip() for part in to.split("."))
            if first not in names or not all(rest) or not everything(child(each, "from")):
                yield hit(each, to=to)


@rule(
    "data.sub-process",
    "BPMN 2.0.2 §10.4.1",
    T("子流程“{name}”声明了自己的输入输出"),
    T("删除 ioSpecification：子流程直接使用外面的数据；多实例的集合写数据对象"),
)
def sub_process(model: Model, known: Known) -> Hits:
    """Embedded sub-processes have inputs and outputs only as the collections of multiple instances."""
    for node in model.nodes:
        repeated = child(node.xml, "multiInstanceLoopCharacteristics") is not None
        if node.kind in SUB_PROCESSES and child(node.xml, "ioSpecification") is not None and not repeated:
            yield hit(node.xml)


@rule(
    "data.set-member",
    "BPMN 2.0.2 §10.4.1",
    T("“{name}”的 {tag} 列出“{ref}”，它不是同一处声明的数据"),
    T("集合里只列自己的 dataInput 或 dataOutput；可选的也要先列在必需的里面"),
)
def set_member(model: Model, known: Known) -> Hits:
    """The sets of an element list its own inputs and outputs; what is optional is one of them."""
    for tag, (needed, parts, kind) in _SETS.items():
        for xml in model.tags(tag):
            place = xml.getparent()
            own = set() if place is None else {each.get("id") for each in children(place, kind)}
            listed = {reference(words(each)) for each in children(xml, needed)}
            for each in children(xml, needed, *parts):
                ref = reference(words(each))
                if ref not in own or (local(each) in parts and ref not in listed):
                    yield hit(xml, tag=tag, ref=ref)


@rule(
    "data.state",
    "BPMN 2.0.2 §10.4.1",
    T("“{name}”写了数据状态，引擎不看它"),
    T("状态要影响流程时，写成数据的一个字段；否则可以保留"),
    severity="warning",
)
def data_state(model: Model, known: Known) -> Hits:
    """States of data are drawn and compared with nothing."""
    for xml in model.by_tag.get("dataState", ()):
        owner = xml.getparent()
        yield hit(xml if owner is None else owner)


def _associations(model: Model) -> Iterator[etree._Element]:
    """Yield the associations that move data."""
    return (xml for xml in model.tags(*_ASSOCIATIONS) if not drawn_only(xml, model))


def _executed(model: Model) -> Iterator[etree._Element]:
    for tag in _ASSOCIATIONS:
        yield from (xml for xml in model.by_tag.get(tag, ()) if not drawn_only(xml, model))


def _own(owner: etree._Element) -> Iterator[etree._Element]:
    """Yield what an activity or event declares, the items of its instances included."""
    for place in (owner, *children(owner, "ioSpecification", "multiInstanceLoopCharacteristics")):
        yield from children(place, "dataInput", "dataOutput", "property", "inputDataItem", "outputDataItem")


def _keeper(xml: etree._Element) -> etree._Element | None:
    """Return the activity, event, process or sub-process whose data this is."""
    keepers = NODES | EVENTS | {"process", *GLOBAL_TASKS}
    return next((each for each in xml.iterancestors() if local(each) in keepers), None)
