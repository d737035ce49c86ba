"""Multiple instances over a collection (BPMN 2.0.2 §10.3.8)."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.importing import languages, terms
from engine.bpmn.importing.settings import Setting
from engine.bpmn.importing.terms import NotExact
from engine.bpmn.model import child, children, local
from engine.bpmn.namespaces import BPMN
from engine.text import T

_ORDER = (
    "documentation",
    "extensionElements",
    "loopCardinality",
    "loopDataInputRef",
    "loopDataOutputRef",
    "inputDataItem",
    "outputDataItem",
    "complexBehaviorDefinition",
    "completionCondition",
)


def collection(setting: Setting) -> None:
    """Write over which variable the instances go."""
    text = setting.text
    value = languages.value(text, setting.product)
    name = value.literal if value.literal is not None else value.name
    setting.translated(_reference(setting.owner, "loopDataInputRef", _variable(name, text)))


def element(setting: Setting) -> None:
    """Write what an instance calls its item."""
    setting.translated(_item(setting.owner, "inputDataItem", _variable(setting.text, setting.text)))


def characteristics(setting: Setting) -> None:
    """Write Zeebe's one element, which may stand at the loop or at the activity; all of it or nothing."""
    loop = setting.owner
    if local(loop) != "multiInstanceLoopCharacteristics":
        found = children(loop, "multiInstanceLoopCharacteristics")
        if not found:
            raise NotExact(T("这个活动不是多实例"))
        loop = found[0]
    parts = [
        (write, tag, _variable(_name_of(setting, name), setting.get(name)))
        for name, tag, write in _PARTS
        if setting.get(name)
    ]
    setting.translated("; ".join(write(loop, tag, name) for write, tag, name in parts))


def _name_of(setting: Setting, attribute: str) -> str:
    text = setting.get(attribute)
    return languages.feel_of(text[1:]).name if text.startswith("=") else text


def _variable(name: str, written: str) -> str:
    try:
        return terms.variable(name).text
    except NotExact as error:
        raise NotExact(T("“{text}”不是变量名：先用脚本任务把它存为变量", text=written)) from error


def _reference(loop: etree._Element, tag: str, name: str) -> str:
    _place(loop, tag).text = name
    return f"{tag}: {name}"


def _item(loop: etree._Element, tag: str, name: str) -> str:
    _place(loop, tag).set("name", name)
    return f"{tag}: {name}"


_PARTS = (
    ("inputCollection", "loopDataInputRef", _reference),
    ("inputElement", "inputDataItem", _item),
    ("outputCollection", "loopDataOutputRef", _reference),
    ("outputElement", "outputDataItem", _item),
)


def _place(loop: etree._Element, tag: str) -> etree._Element:
    """Return the part of a loop, put where the schema has it."""
    found = child(loop, tag)
    if found is not None:
        raise NotExact(T("已经有 {tag}", tag=tag))
    made = loop.makeelement(f"{{{BPMN}}}{tag}")
    before = [part for part in loop if local(part) not in _ORDER or _rank(part) < _ORDER.index(tag)]
    loop.insert(len(before), made)
    return made


def _rank(part: etree._Element) -> int:
    return _ORDER.index(local(part))
