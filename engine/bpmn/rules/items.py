"""Types of data, and the sets and events that carry it (BPMN 2.0.2 §8.4.10, §10.4)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.findings import Known
from engine.bpmn.items import holder, item_of, payload_of, texts
from engine.bpmn.model import (
    EVENTS,
    SCOPES,
    Model,
    child,
    children,
    local,
    reference,
    true,
)
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_ITEMS = "BPMN 2.0.2 §10.4.1"
_MOVED = "BPMN 2.0.2 §10.4.2"
_ASSOCIATIONS = frozenset({"dataInputAssociation", "dataOutputAssociation"})


@rule(
    "data.collection",
    _ITEMS,
    T("“{name}”的 {tag} 与它的类型“{item}”对是否集合说法不一"),
    T("isCollection 与 itemDefinition 的 isCollection 要相同"),
)
def collection(model: Model, known: Known) -> Hits:
    """What names a type is a collection when the type is one."""
    for xml in model.tags("dataObject", "dataInput", "dataOutput"):
        item = item_of(model, xml).xml
        if item is not None and true(xml, "isCollection") != true(item, "isCollection"):
            yield hit(xml, tag=local(xml), item=item.get("id", ""))


@rule(
    "data.unlisted",
    _ITEMS,
    T("“{name}”的 {tag}“{data}”不在任何一个 {set} 里"),
    T("把它列入一个 {set}，或删除它"),
)
def unlisted(model: Model, known: Known) -> Hits:
    """Each input belongs to a set of inputs, each output to a set of outputs."""
    for specification in model.tags("ioSpecification"):
        for data_tag, set_tag in (("dataInput", "inputSet"), ("dataOutput", "outputSet")):
            sets = children(specification, set_tag)
            listed = {name for each in sets for name in texts(each, f"{data_tag}Refs")}
            for data in children(specification, data_tag):
                if data.get("id", "") not in listed:
                    yield hit(data, tag=data_tag, data=_called(data), set=set_tag)


@rule(
    "data.set-pair",
    _ITEMS,
    T("“{name}”的一个 {tag} 指向“{other}”，后者却没有指回来"),
    T("inputSetRefs 和 outputSetRefs 要成对：补上另一边，或删除这一边"),
)
def set_pair(model: Model, known: Known) -> Hits:
    """A set of inputs and a set of outputs that belong together say so on both sides."""
    for set_tag, other_tag in (("inputSet", "outputSet"), ("outputSet", "inputSet")):
        for xml in model.tags(set_tag):
            for name in texts(xml, f"{other_tag}Refs"):
                other = model.tagged(name, other_tag)
                if other is not None and xml.get("id") not in set(texts(other, f"{set_tag}Refs")):
                    yield hit(xml, tag=set_tag, other=name)


@rule(
    "data.association-type",
    _MOVED,
    T("“{name}”的数据关联两端的类型不同：“{source}”和“{target}”"),
    T("两端用同一个 itemDefinition，或写一个转换 transformation"),
)
def association_type(model: Model, known: Known) -> Hits:
    """What is copied as it is has the same type on both sides."""
    for xml, sources, target in _associations(model):
        if _computed(xml) or len(sources) != 1 or sources[0] is None or target is None:
            continue
        source = sources[0]
        one, other = item_of(model, source), item_of(model, target)
        if one.xml is not None and other.xml is not None and not one.agrees(other):
            yield hit(xml, source=_called(source), target=_called(target))


@rule(
    "data.process-side",
    _ITEMS,
    T("“{name}”的 {key}“{data}”是流程自己的{what}"),
    T("流程的输入由外面填写，在里面只能读；流程的输出只能写"),
)
def process_side(model: Model, known: Known) -> Hits:
    """Inputs of a process are filled from outside, its outputs are taken from outside."""
    for xml, sources, target in _associations(model):
        ends = (("sourceRef", "dataOutput", source) for source in sources)
        for key, tag, end in (*ends, ("targetRef", "dataInput", target)):
            owner = None if end is None or local(end) != tag else holder(end)
            if end is not None and owner is not None and local(owner) == "process":
                yield hit(
                    xml,
                    key=key,
                    data=_called(end),
                    what=T("数据输出") if key == "sourceRef" else T("数据输入"),
                )


@rule(
    "data.shared-out-of-reach",
    _ITEMS,
    T("“{name}”引用的数据对象“{data}”在它够不到的地方"),
    T("数据对象只在它所在的流程或子流程里可见：把它移到外面一层"),
)
def shared_out_of_reach(model: Model, known: Known) -> Hits:
    """A reference stands where its data object is seen."""
    for xml in model.tags("dataObjectReference"):
        shared = model.tagged(reference(xml.get("dataObjectRef")), "dataObject")
        if shared is not None and not _sees(xml, shared):
            yield hit(xml, data=_called(shared))


@rule(
    "data.item-type",
    "BPMN 2.0.2 §10.3.8",
    T("多实例“{name}”的 {tag} 与集合“{data}”的类型不符"),
    T("每一项的类型是集合的元素：同一种结构，不是集合"),
)
def item_type(model: Model, known: Known) -> Hits:
    """An item has the type of what the collection holds, and is one of them."""
    pairs = (("inputDataItem", "loopDataInputRef"), ("outputDataItem", "loopDataOutputRef"))
    for loop in model.tags("multiInstanceLoopCharacteristics"):
        for item_tag, key in pairs:
            item, named = child(loop, item_tag), next(texts(loop, key), "")
            whole = model.tagged(named)
            if item is None or whole is None:
                continue
            one, many = item_of(model, item), item_of(model, whole)
            if one.xml is None or many.xml is None:
                continue
            if true(one.xml, "isCollection") or not (one.agrees(many)):
                yield hit(loop, tag=item_tag, data=_called(whole))


@rule(
    "data.event-count",
    _ITEMS,
    T("事件“{name}”有 {n} 个定义，却有 {m} 个{tag}"),
    T("每个事件定义对应一个数据：补上或删除多余的"),
)
def event_count(model: Model, known: Known) -> Hits:
    """Each definition of an event has its own data."""
    for node in model.nodes:
        for tag in ("dataInput", "dataOutput"):
            count = len(children(node.xml, tag)) if node.kind in EVENTS else 0
            if count and node.definitions and count != len(node.definitions):
                yield hit(node.xml, n=len(node.definitions), m=count, tag=tag)


@rule(
    "data.event-type",
    _ITEMS,
    T("事件“{name}”的数据“{data}”与它的定义所带的内容类型不同"),
    T("两者用同一个 itemDefinition；次序也要相同"),
)
def event_type(model: Model, known: Known) -> Hits:
    """The data of an event has the type of what the event carries."""
    for node in model.nodes:
        data = children(node.xml, "dataInput", "dataOutput") if node.kind in EVENTS else []
        if len(data) != len(node.definitions):
            continue
        for each, definition in zip(data, node.definitions, strict=True):
            carried, held = payload_of(model, definition.xml), item_of(model, each)
            if carried is None or carried.xml is None or held.xml is None:
                continue
            if not carried.agrees(held):
                yield hit(node.xml, data=_called(each))


@rule(
    "data.reference-name",
    _ITEMS,
    T("“{name}”的名称没有按“{wanted}”来写"),
    T("数据对象引用的名称是“数据对象 [状态]”"),
    severity="warning",
)
def reference_name(model: Model, known: Known) -> Hits:
    """A reference to a data object in a state is called by both."""
    for xml in model.tags("dataObjectReference"):
        shared = model.tagged(reference(xml.get("dataObjectRef")), "dataObject")
        state = child(xml, "dataState")
        names = [each.get("name", "").strip() for each in (shared, state, xml) if each is not None]
        if len(names) == 3 and all(names) and names[2] != f"{names[0]} [{names[1]}]":
            yield hit(xml, wanted=f"{names[0]} [{names[1]}]")


def _associations(
    model: Model,
) -> Iterator[tuple[etree._Element, list[etree._Element | None], etree._Element | None]]:
    """Yield each data association with the elements its ends name."""
    for xml in model.tags(*_ASSOCIATIONS):
        sources = [model.tagged(name) for name in texts(xml, "sourceRef")]
        yield xml, sources, next((model.tagged(name) for name in texts(xml, "targetRef")), None)


def _computed(xml: etree._Element) -> bool:
    return bool(children(xml, "transformation", "assignment"))


def _sees(xml: etree._Element, data: etree._Element) -> bool:
    scope = next((each for each in data.iterancestors() if local(each) in SCOPES), None)
    return scope is None or any(each is scope for each in xml.iterancestors())


def _called(xml: etree._Element) -> str:
    return xml.get("name") or xml.get("id") or local(xml)
