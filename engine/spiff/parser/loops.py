"""Loop characteristics of activities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.errors import Refused
from engine.spiff.parser.data import Items
from engine.spiff.parser.events import Definitions, referred, triggers
from engine.spiff.parser.model import Behavior, DataDef, LoopDef, Trigger
from engine.spiff.parser.xml import Xml, child, child_text, children
from engine.text import T

THROWABLE = ("signal", "message", "error", "escalation")


def loop_of(node: Xml, definitions: Definitions, items: Items) -> tuple[LoopDef | None, DataDef | None]:
    """Return the loop characteristics of an activity, or None, and the data of each of its runs."""
    data = items.data(node)
    standard = child(node, "standardLoopCharacteristics")
    if standard is not None:
        return _standard(standard, node), data
    instances = child(node, "multiInstanceLoopCharacteristics")
    if instances is None:
        return None, data
    return _with_data(_instances(instances, node, definitions), instances, data, items)


def _with_data(
    loop: LoopDef, instances: Xml, data: DataDef | None, items: Items
) -> tuple[LoopDef, DataDef | None]:
    """Read the references to collections as what they are: data by their ids (BPMN 2.0.2 §10.3.8).

    An input or output of the activity that holds the collection belongs to the loop alone.
    """
    input = items.name(child_text(instances, "loopDataInputRef") or "")
    output = items.name(child_text(instances, "loopDataOutputRef") or "")
    known = data or DataDef()
    feeds = tuple(each for each in known.into if each.target.local and each.target.name == input)
    drains = tuple(
        each for each in known.out if any(source.local and source.name == output for source in each.sources)
    )
    loop = replace(
        loop,
        listed=input,
        feeds=feeds,
        output=output or loop.output,
        drains=drains,
    )
    return loop, None if data is None else data.without(input, output)


def _standard(loop: Xml, node: Xml) -> LoopDef:
    condition, maximum = child_text(loop, "loopCondition"), loop.get("loopMaximum")
    if condition is None and maximum is None:
        raise Refused(T("循环既没有条件也没有上限"), element=node.get("id"))
    before = loop.get("testBefore", "false").strip() in ("true", "1")
    if maximum is not None and not maximum.strip().isdecimal():
        raise Refused(T("循环的上限不是自然数"), element=node.get("id"))
    return LoopDef("standard", condition, before, None if maximum is None else int(maximum))


def _instances(loop: Xml, node: Xml, definitions: Definitions) -> LoopDef:
    cardinality, collection = child_text(loop, "loopCardinality"), child_text(loop, "loopDataInputRef")
    if (cardinality is None) == (collection is None):
        raise Refused(T("多实例要么写明数量，要么写明集合"), element=node.get("id"))
    sequential = loop.get("isSequential", "false").strip() in ("true", "1")
    return LoopDef(
        "sequential" if sequential else "parallel",
        child_text(loop, "completionCondition"),
        cardinality=cardinality,
        collection=collection,
        item=_item(loop, "inputDataItem"),
        output=child_text(loop, "loopDataOutputRef"),
        output_item=_item(loop, "outputDataItem"),
        behaviors=tuple(_behaviors(loop, node, definitions)),
    )


def _behaviors(loop: Xml, node: Xml, definitions: Definitions) -> Iterator[Behavior]:
    """Yield what instances throw when they end (BPMN 2.0.2 §10.3.8, attribute `behavior`)."""
    behavior = loop.get("behavior", "All").strip()
    if behavior == "Complex":
        for complex in children(loop, "complexBehaviorDefinition"):
            event = child(complex, "event")
            thrown = () if event is None else triggers(event, definitions)
            yield Behavior(_throwable(thrown, node), condition=child_text(complex, "condition") or "")
    elif behavior in ("None", "One"):
        reference = loop.get(f"{behavior.lower()}BehaviorEventRef")
        thrown = (referred(reference, node, definitions),) if reference else ()
        yield Behavior(_throwable(thrown, node), first=behavior == "One")


def _throwable(thrown: tuple[Trigger, ...], node: Xml) -> tuple[Trigger, ...]:
    if not thrown or any(trigger.kind not in THROWABLE for trigger in thrown):
        raise Refused(
            T("多实例的 behavior 要指明一个信号、消息、错误或上报事件"),
            element=node.get("id"),
            kind="multiInstanceBehavior",
        )
    return thrown


def _item(loop: Xml, name: str) -> str | None:
    item = child(loop, name)
    return None if item is None else item.get("name") or item.get("id")
