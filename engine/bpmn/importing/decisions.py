"""Which decision a business rule task asks for, and the variable that takes its result.

Here a result is the value of the decision: one output is that value, several are a context. Other
products shape it first, so only the shapes that mean the same are translated.
"""

from __future__ import annotations

import re

from engine.bpmn.importing.settings import Setting, own
from engine.bpmn.importing.terms import NotExact
from engine.bpmn.namespaces import own as ours
from engine.text import T

_PLAIN = re.compile(r"[^\W\d][\w.-]*")
_SAME_SHAPE = frozenset({"singleEntry", "collectEntries"})
_SHAPED = T(
    "决策结果会先改变形状：决策在这里的结果就是它的值，请核对后在 wuxing:decision 和 wuxing:result 中写明"
)


def called(setting: Setting) -> None:
    """Write Zeebe's called decision: its result is the value of the decision, as here."""
    _write(setting, setting.get("decisionId"), setting.get("resultVariable"))


def reference(setting: Setting) -> None:
    """Write Camunda's decision when its result comes as the bare value."""
    if _beside(setting, "mapDecisionResult") not in _SAME_SHAPE:
        raise NotExact(_SHAPED)
    _write(setting, setting.text, _beside(setting, "resultVariable"))


def part(setting: Setting) -> None:
    """Take out what `reference` has read with the decision; without it there is nothing to say."""
    if not ours(setting.owner, "decision"):
        raise NotExact(_SHAPED)
    setting.translated(f"wuxing:decision = {ours(setting.owner, 'decision')}")


def _write(setting: Setting, decision: str, result: str) -> None:
    if not _PLAIN.fullmatch(decision):
        raise NotExact(T("决策写成了表达式：请写明一个决策的编号"))
    if not result:
        raise NotExact(T("没有写明结果存入哪个变量"))
    own(setting.owner, "result", result)
    setting.translated(own(setting.owner, "decision", decision) + f", wuxing:result = {result}")


def _beside(setting: Setting, name: str) -> str:
    """Return another attribute of the same product at the same element."""
    namespace = setting.attribute.rpartition("}")[0]
    return setting.owner.get(f"{namespace}}}{name}", "").strip()
