"""Every place of a diagram where text is evaluated, and what kind of text it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lxml import etree

from engine.bpmn.conversations import conversations
from engine.bpmn.iso8601 import looks_like
from engine.bpmn.model import Model, child, children, everything, local
from engine.bpmn.namespaces import WUXING
from engine.bpmn.people import is_list
from engine.text import T

Kind = Literal["expression", "timer", "assignments"]

ROLES = ("resourceRole", "performer", "humanPerformer", "potentialOwner")
# The tag of the element that carries the text, its parent's tag, and what people call it.
_TEXTS: dict[tuple[str, str], T] = {
    ("conditionExpression", "sequenceFlow"): T("条件"),
    ("condition", "conditionalEventDefinition"): T("条件"),
    ("condition", "complexBehaviorDefinition"): T("条件"),
    ("loopCondition", "standardLoopCharacteristics"): T("循环条件"),
    ("loopCardinality", "multiInstanceLoopCharacteristics"): T("实例数量"),
    ("completionCondition", "multiInstanceLoopCharacteristics"): T("完成条件"),
    ("completionCondition", "adHocSubProcess"): T("完成条件"),
    ("activationCondition", "complexGateway"): T("激活条件"),
    ("timeDate", "timerEventDefinition"): T("时刻"),
    ("timeDuration", "timerEventDefinition"): T("时长"),
    ("timeCycle", "timerEventDefinition"): T("周期"),
    ("formalExpression", "resourceParameterBinding"): T("资源参数"),
    ("expression", "resourceParameterBinding"): T("资源参数"),
    ("from", "assignment"): T("赋值的来源"),
    ("transformation", "dataInputAssociation"): T("数据变换"),
    ("transformation", "dataOutputAssociation"): T("数据变换"),
    ("messagePath", "correlationPropertyRetrievalExpression"): T("关联属性"),
    ("formalExpression", "correlationPropertyRetrievalExpression"): T("关联属性"),
    ("dataPath", "correlationPropertyBinding"): T("关联属性"),
    ("formalExpression", "correlationPropertyBinding"): T("关联属性"),
    **{("resourceAssignmentExpression", role): T("办理人") for role in ROLES},
}
# Elements whose whole text is evaluated.
EVALUATED = frozenset({tag for tag, _ in _TEXTS} - {"resourceAssignmentExpression"} | {"script"})
SCRIPTS = {"scriptTask": "scriptFormat", "globalScriptTask": "scriptLanguage"}
_ATTRIBUTES: dict[str, T] = {
    "assignee": T("办理人"),
    "candidates": T("候选人"),
    "due": T("截止时间"),
    "priority": T("优先级"),
    "sla": T("时限"),
    "correlation": T("消息关联"),
}
_ASSIGNMENTS: dict[str, T] = {
    "in": T("传入变量"),
    "out": T("传出变量"),
    "payload": T("消息内容"),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """One text: where it stands, what people call it, and how it is read.

    One `of_message` sees the payload of a message and nothing else.
    """

    xml: etree._Element
    what: T
    text: str
    kind: Kind
    language: str = ""
    of_message: bool = False

    @property
    def is_feel(self) -> bool:
        """Return whether the text is FEEL and not an ISO-8601 timer."""
        return self.kind == "expression" or (self.kind == "timer" and not looks_like(self.text))


@lru_cache(maxsize=2)
def spots(model: Model) -> tuple[Spot, ...]:
    """Return every text that is evaluated when the diagram runs, also empty ones."""
    return tuple(_spots(model))


def _spots(model: Model) -> Iterator[Spot]:
    keyed = {property for key in conversations(model).keys for property in key.properties}
    for xml in model.executed:
        tag = local(xml)
        of_message = tag == "correlationPropertyRetrievalExpression"
        if of_message and _owner(xml) not in keyed:
            continue
        for part in children(xml):
            what = _TEXTS.get((local(part), tag))
            if what is not None and not is_list(everything(part)):
                kind: Kind = "timer" if tag == "timerEventDefinition" else "expression"
                yield Spot(part, what, everything(part), kind, _language(part), of_message)
        if tag in SCRIPTS:
            language = xml.get(SCRIPTS[tag], "").strip()
            yield Spot(xml, T("脚本"), everything(child(xml, "script")), "assignments", language)
        yield from _own_attributes(xml)


def _owner(xml: etree._Element) -> str:
    parent = xml.getparent()
    return "" if parent is None else parent.get("id", "")


def _language(part: etree._Element) -> str:
    """Return the language an expression states, itself or where it is written inside."""
    return next((each.get("language", "").strip() for each in (part, *part) if each.get("language")), "")


def _own_attributes(xml: etree._Element) -> Iterator[Spot]:
    for table, kind in ((_ATTRIBUTES, "expression"), (_ASSIGNMENTS, "assignments")):
        for name, what in table.items():
            text = xml.get(f"{{{WUXING}}}{name}")
            if text is not None:
                yield Spot(xml, what, text.strip(), "expression" if kind == "expression" else "assignments")
