"""Loop characteristics of activities."""

from __future__ import annotations

from engine.errors import Refused
from engine.spiff.parser.model import LoopDef
from engine.spiff.parser.xml import Xml, child, child_text
from engine.text import T


def loop_of(node: Xml) -> LoopDef | None:
    """Return the loop characteristics of an activity, or None."""
    standard = child(node, "standardLoopCharacteristics")
    if standard is not None:
        return _standard(standard, node)
    instances = child(node, "multiInstanceLoopCharacteristics")
    return None if instances is None else _instances(instances, node)


def _standard(loop: Xml, node: Xml) -> LoopDef:
    condition, maximum = child_text(loop, "loopCondition"), loop.get("loopMaximum")
    if condition is None and maximum is None:
        raise Refused(T("循环既没有条件也没有上限"), element=node.get("id"))
    before = loop.get("testBefore", "false").strip() in ("true", "1")
    if maximum is not None and not maximum.strip().isdecimal():
        raise Refused(T("循环的上限不是自然数"), element=node.get("id"))
    return LoopDef("standard", condition, before, None if maximum is None else int(maximum))


def _instances(loop: Xml, node: Xml) -> LoopDef:
    cardinality, collection = child_text(loop, "loopCardinality"), child_text(loop, "loopDataInputRef")
    if (cardinality is None) == (collection is None):
        raise Refused(T("多实例要么写明数量，要么写明集合"), element=node.get("id"))
    if loop.get("behavior", "All") != "All":
        raise Refused(
            T("尚不支持的元素：{kind}", kind="multiInstanceBehavior"),
            element=node.get("id"),
            kind="multiInstanceBehavior",
        )
    sequential = loop.get("isSequential", "false").strip() in ("true", "1")
    return LoopDef(
        "sequential" if sequential else "parallel",
        child_text(loop, "completionCondition"),
        cardinality=cardinality,
        collection=collection,
        item=_item(loop, "inputDataItem"),
        output=child_text(loop, "loopDataOutputRef"),
        output_item=_item(loop, "outputDataItem"),
    )


def _item(loop: Xml, name: str) -> str | None:
    item = child(loop, name)
    return None if item is None else item.get("name") or item.get("id")
