"""What a work item shows and when it is due: forms, dates, priorities, instructions."""

from __future__ import annotations

import re

from engine.bpmn.importing import languages
from engine.bpmn.importing.settings import Setting, own
from engine.bpmn.importing.terms import NotExact, Term
from engine.text import T

_DEPLOYED = re.compile(r"camunda-forms:\w+:(?:.*/)?([^/]+?)(?:\.form)?")
_PLAIN = re.compile(r"[\w.-]+")
_TEMPLATE = re.compile(r"\{\{|\{%")
_MOST = 100


def due(setting: Setting) -> None:
    """Write until when the task is done."""
    setting.translated(own(setting.owner, "due", _due(languages.value(setting.text, setting.product))))


def schedule(setting: Setting) -> None:
    """Write the due date of Zeebe's schedule; a date of follow-up only sorts lists there."""
    wanted = setting.get("dueDate")
    if not wanted:
        setting.dropped(FOLLOW_UP)
        return
    after = own(setting.owner, "due", _due(languages.value(wanted, setting.product)))
    if setting.get("followUpDate"):
        setting.work.note(
            setting.owner, "dropped", "followUpDate", before=setting.get("followUpDate"), reason=FOLLOW_UP
        )
    setting.translated(after)


FOLLOW_UP = T("跟进日期只影响列表的排序和筛选，不影响流程")


def _due(value: Term) -> str:
    if value.literal is not None and not re.match(r"\d{4}-\d\d-\d\d", value.literal):
        raise NotExact(T("期限不是日期或时间：{value}", value=value.literal))
    return value.text


def priority(setting: Setting) -> None:
    """Write a priority from 0 to 100, where 50 is normal as it is in the other products."""
    text = setting.get("priority") if setting.xml is not None else setting.text
    value = languages.value(text, setting.product)
    if value.literal is not None and value.kind == "string":
        if not value.literal.isdecimal() or int(value.literal[:9]) > _MOST:
            raise NotExact(T("优先级“{value}”不在 0 到 100 之间", value=value.literal))
        setting.translated(own(setting.owner, "priority", value.literal))
        return
    setting.translated(own(setting.owner, "priority", value.text))


def form(setting: Setting) -> None:
    """Write which form is filled in."""
    if setting.xml is None:
        named = setting.text
    else:
        named = setting.get("formId") or setting.get("formKey") or setting.get("externalReference")
    deployed = _DEPLOYED.fullmatch(named)
    name = deployed.group(1) if deployed else named
    if not _PLAIN.fullmatch(name):
        raise NotExact(T("表单“{form}”是另一个产品的页面，须在表单库中重做", form=named))
    forms = setting.work.forms
    if forms is not None and name not in forms:
        setting.work.note(
            setting.owner,
            "remains",
            setting.label,
            before=named,
            reason=T("表单库中没有表单“{form}”，须先建立", form=name),
        )
    setting.translated(own(setting.owner, "form", name))


def instructions(setting: Setting) -> None:
    """Write what to do; templates are not filled in here."""
    if _TEMPLATE.search(setting.text):
        raise NotExact(T("说明中的模板不会填写"))
    setting.translated(own(setting.owner, "instructions", setting.text))
