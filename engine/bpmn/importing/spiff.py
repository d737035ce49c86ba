"""What becomes of the settings of SpiffWorkflow and spiff-arena.

Source: the documentation of SpiffWorkflow and of spiff-arena, chapters on their extensions.
"""

from __future__ import annotations

from engine.bpmn.importing import work_items
from engine.bpmn.importing.settings import Setting, Table, drops, leaves, translates
from engine.bpmn.importing.terms import NotExact
from engine.text import T

_HARMLESS = drops(T("不影响流程怎样执行"))
_SCRIPT = leaves(T("前后脚本不会执行：用脚本任务改写"))
_SERVICE = leaves(T("由代码完成：须有人在 wuxing:service 中选择一个服务"))
_MESSAGE = leaves(T("消息内容和关联值写在 wuxing:payload 和 wuxing:correlation"))
_GUEST = leaves(T("没有访客任务"))


def properties(setting: Setting) -> None:
    """Refuse the properties that name a form; any other is a note of the editor."""
    parts = setting.xml if setting.xml is not None else ()
    named = {part.get("name", ""): part.get("value", "") for part in parts}
    schema = named.get("formJsonSchemaFilename", "")
    if schema:
        raise NotExact(T("表单“{form}”是另一个产品的页面，须在表单库中重做", form=schema))
    setting.dropped(T("不影响流程怎样执行"))


TABLE: Table = {
    "userTask/instructionsForEndUser": translates(work_items.instructions, "`wuxing:instructions`"),
    "manualTask/instructionsForEndUser": translates(work_items.instructions, "`wuxing:instructions`"),
    "/instructionsForEndUser": leaves(T("说明只在用户任务上显示")),
    "/properties": translates(properties, "dropped; left to a person where it names a form"),
    "/preScript": _SCRIPT,
    "/postScript": _SCRIPT,
    "/serviceTaskOperator": _SERVICE,
    "/calledDecisionId": leaves(T("发布决策模型后，在 wuxing:decision 中选择决策")),
    "/messagePayload": _MESSAGE,
    "/messageVariable": _MESSAGE,
    "/processVariableCorrelation": _MESSAGE,
    "/allowGuest": _GUEST,
    "/guestConfirmation": _GUEST,
    "/signalButtonLabel": leaves(T("待办上没有发信号的按钮")),
    "/payloadExpression": _MESSAGE,
    "/variableName": _MESSAGE,
    "/unitTests": _HARMLESS,
    "/category": _HARMLESS,
    "@isOutputSynced": leaves(T("多实例的结果写在 loopDataOutputRef")),
    "@scriptsOnInstances": _SCRIPT,
}
"""Attributes and extension elements of `spiffworkflow:`."""
