"""How often an activity runs: quantities of tokens, loops and multiple instances."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.findings import Known
from engine.bpmn.model import ACTIVITIES, Model, Node, child, children, local, reference, words
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_NUMBER = re.compile(r"-?\d*\.?\d+|\"[^\"]*\"|true|false|null")
_LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
_THROWABLE = tuple(f"{kind}EventDefinition" for kind in ("signal", "message", "error", "escalation"))


@rule(
    "activity.quantity-invalid",
    "BPMN 2.0.2 §10.3",
    T("“{name}”的 {attribute} 小于 1"),
    T("开始数量和完成数量至少是 1"),
)
def quantity_invalid(model: Model, known: Known) -> Hits:
    """Quantities are 1 or more."""
    for node in model.nodes:
        for attribute in ("startQuantity", "completionQuantity"):
            number = _integer(node.xml.get(attribute))
            if node.kind in ACTIVITIES and number is not None and number < 1:
                yield hit(node.xml, attribute=attribute)


@rule(
    "activity.loop-several",
    "BPMN 2.0.2 §10.3.8",
    T("“{name}”同时有几种循环"),
    T("循环和多实例只留一种"),
)
def loop_several(model: Model, known: Known) -> Hits:
    """An activity has one kind of loop."""
    for node in model.nodes:
        if len(children(node.xml, *_LOOPS)) > 1:
            yield hit(node.xml)


@rule(
    "activity.loop-endless",
    "BPMN 2.0.2 §10.3.8",
    T("循环任务“{name}”既没有条件，也没有次数上限"),
    T("写一个循环条件（loopCondition）或最多次数（loopMaximum）"),
    to_execute=True,
)
def loop_endless(model: Model, known: Known) -> Hits:
    """A standard loop can end."""
    for node, loop in _loops(model, "standardLoopCharacteristics"):
        if not words(child(loop, "loopCondition")) and loop.get("loopMaximum") is None:
            yield hit(node.xml)


@rule(
    "activity.loop-maximum",
    "BPMN 2.0.2 §10.3.8",
    T("循环任务“{name}”的次数上限“{maximum}”不是正整数"),
    T("loopMaximum 写 1 以上的整数，或删除它"),
)
def loop_maximum(model: Model, known: Known) -> Hits:
    """The maximum of a loop is a positive number."""
    for node, loop in _loops(model, "standardLoopCharacteristics"):
        maximum = _integer(loop.get("loopMaximum"))
        if maximum is not None and maximum < 1:
            yield hit(node.xml, maximum=loop.get("loopMaximum", ""))


@rule(
    "activity.instances-undefined",
    "BPMN 2.0.2 §10.3.8",
    T("多实例“{name}”没有说明有多少个实例"),
    T("写明集合（loopDataInputRef）或数量（loopCardinality）"),
    to_execute=True,
)
def instances_undefined(model: Model, known: Known) -> Hits:
    """Multiple instances come from a collection or a number."""
    for node, loop in _loops(model, "multiInstanceLoopCharacteristics"):
        if not words(child(loop, "loopDataInputRef")) and not words(child(loop, "loopCardinality")):
            yield hit(node.xml)


@rule(
    "activity.instances-twice",
    "BPMN 2.0.2 §10.3.8",
    T("多实例“{name}”既有集合，又有数量"),
    T("loopDataInputRef 和 loopCardinality 只留一个"),
)
def instances_twice(model: Model, known: Known) -> Hits:
    """A collection and a number could contradict each other."""
    for node, loop in _loops(model, "multiInstanceLoopCharacteristics"):
        if words(child(loop, "loopDataInputRef")) and words(child(loop, "loopCardinality")):
            yield hit(node.xml)


@rule(
    "activity.cardinality",
    "BPMN 2.0.2 §10.3.8",
    T("多实例“{name}”的数量“{number}”不是自然数"),
    T("loopCardinality 写 0 以上的整数，或得出整数的 FEEL"),
)
def cardinality(model: Model, known: Known) -> Hits:
    """A number of instances that is written down is a natural number."""
    for node, loop in _loops(model, "multiInstanceLoopCharacteristics"):
        number = words(child(loop, "loopCardinality")).lstrip("= ")
        if _NUMBER.fullmatch(number) and not number.isdecimal():
            yield hit(node.xml, number=number)


@rule(
    "activity.item-without-collection",
    "BPMN 2.0.2 §10.3.8",
    T("多实例“{name}”的 {tag} 没有对应的集合"),
    T("输入项要有 loopDataInputRef，输出项要有 loopDataOutputRef；都要有名称"),
)
def item_without_collection(model: Model, known: Known) -> Hits:
    """An item belongs to a collection, and a collection of results takes named items."""
    pairs = (("inputDataItem", "loopDataInputRef"), ("outputDataItem", "loopDataOutputRef"))
    for node, loop in _loops(model, "multiInstanceLoopCharacteristics"):
        for item_tag, collection_tag in pairs:
            item, collection = child(loop, item_tag), words(child(loop, collection_tag))
            nameless = item is not None and not (item.get("name") or item.get("id") or "").strip()
            output_alone = item is None and bool(collection) and item_tag == "outputDataItem"
            if nameless or output_alone or (item is not None and not collection):
                yield hit(node.xml, tag=item_tag)


@rule(
    "activity.collection-name",
    "BPMN 2.0.2 §10.3.8",
    T("多实例“{name}”的 {tag}“{text}”不是变量名"),
    T("写一个变量名：字母或汉字开头，只含字母、汉字、数字和下划线"),
)
def collection_name(model: Model, known: Known) -> Hits:
    """Collections and items are variables."""
    for node, loop in _loops(model, "multiInstanceLoopCharacteristics"):
        named = [(each, words(each)) for each in children(loop, "loopDataInputRef", "loopDataOutputRef")]
        named += [
            (each, each.get("name", "").strip()) for each in children(loop, "inputDataItem", "outputDataItem")
        ]
        for each, text in named:
            item = local(each).startswith("loopData") and reference(text) in model.ids
            if text and not text.isidentifier() and not item:
                yield hit(node.xml, tag=local(each), text=text)


@rule(
    "activity.behavior-event",
    "BPMN 2.0.2 §10.3.8",
    T("多实例“{name}”没有指明实例结束时抛出的信号、消息、错误或上报"),
    T("写 noneBehaviorEventRef、oneBehaviorEventRef 或 complexBehaviorDefinition 的事件，或删除 behavior"),
)
def behavior_event(model: Model, known: Known) -> Hits:
    """Instances that throw say what."""
    for node, loop in _loops(model, "multiInstanceLoopCharacteristics"):
        behavior = loop.get("behavior", "All").strip()
        if behavior in {"None", "One"}:
            thrown = [model.tagged(reference(loop.get(f"{behavior.lower()}BehaviorEventRef")), *_THROWABLE)]
        else:
            events = [child(each, "event") for each in children(loop, "complexBehaviorDefinition")]
            thrown = [None if event is None else _first_throwable(event) for event in events]
        if behavior != "All" and None in thrown:
            yield hit(node.xml)


def _first_throwable(event: etree._Element) -> etree._Element | None:
    return next(iter(children(event, *_THROWABLE)), None)


def _loops(model: Model, tag: str) -> Iterator[tuple[Node, etree._Element]]:
    for node in model.running_nodes:
        for loop in children(node.xml, *_LOOPS):
            if local(loop) == tag:
                yield node, loop


def _integer(text: str | None) -> int | None:
    """Return a number that is written as one; anything else is the schema's to refuse."""
    short = (text or "").strip()[:20]
    return int(short) if short.lstrip("+-").isascii() and short.lstrip("+-").isdigit() else None
