"""What becomes of the settings of Camunda 8 (Zeebe).

Source: Camunda 8 documentation, BPMN, and the public schema of the extension elements.
"""

from __future__ import annotations

from engine.bpmn.importing import calls, decisions, languages, loops, messages, people, terms, work_items
from engine.bpmn.importing.settings import Setting, Table, drops, leaves, translates
from engine.bpmn.importing.terms import NotExact
from engine.bpmn.model import child, local
from engine.bpmn.namespaces import BPMN
from engine.text import T

_HARMLESS = drops(T("不影响流程怎样执行"))
_SERVICE = leaves(T("由代码完成：须有人在 wuxing:service 中选择一个服务"))
_LISTENER = leaves(T("监听器不会执行：它做的事须画成图中的一步"))
_VALUES = leaves(T("传入传出变量不会执行：用脚本任务或数据关联改写"))
_CONNECTOR = leaves(T("连接器不会调用"))


def script(setting: Setting) -> None:
    """Write the one expression of a script task as the line that keeps its result."""
    task = setting.owner
    if local(task) != "scriptTask" or child(task, "script") is not None:
        raise NotExact(T("脚本只能是赋值：{text}", text=setting.get("expression")[:60]))
    value = languages.feel_of(setting.get("expression").removeprefix("="))
    line = f"{terms.variable(setting.get('resultVariable')).text} = {' '.join(value.text.split())}"
    made = task.makeelement(f"{{{BPMN}}}script")
    made.text = line
    task.append(made)
    task.set("scriptFormat", "feel")
    setting.translated(line)


TABLE: Table = {
    "userTask/assignmentDefinition": translates(people.definition, "`humanPerformer`, `potentialOwner`"),
    "userTask/taskSchedule": translates(work_items.schedule, "`wuxing:due`"),
    "userTask/priorityDefinition": translates(work_items.priority, "`wuxing:priority`"),
    "userTask/formDefinition": translates(work_items.form, "`wuxing:form`"),
    "userTask/userTask": drops(T("用户任务本来就由引擎管理")),
    "startEvent/formDefinition": leaves(T("表单不在流程图里：须在表单库中建立")),
    "/userTaskForm": leaves(T("表单不在流程图里：须在表单库中建立")),
    "callActivity/calledElement": translates(calls.called, "`calledElement`"),
    "callActivity/ioMapping": translates(calls.mapping, "`wuxing:in`, `wuxing:out`"),
    "/ioMapping": _VALUES,
    "scriptTask/script": translates(script, "`script`"),
    "/loopCharacteristics": translates(loops.characteristics, "`loopDataInputRef`, `inputDataItem`, …"),
    "message/subscription": translates(messages.correlation, "`wuxing:correlation`"),
    "/taskDefinition": _SERVICE,
    "/taskHeaders": _SERVICE,
    "businessRuleTask/calledDecision": translates(decisions.called, "`wuxing:decision`, `wuxing:result`"),
    "/publishMessage": leaves(T("消息内容和关联值写在 wuxing:payload 和 wuxing:correlation")),
    "/adHoc": leaves(T("特设子流程中先做哪些活动由人决定")),
    "/executionListeners": _LISTENER,
    "/taskListeners": _LISTENER,
    "@modelerTemplate": _CONNECTOR,
    "@modelerTemplateVersion": _HARMLESS,
    "@modelerTemplateIcon": _HARMLESS,
    "/properties": _HARMLESS,
    "/versionTag": _HARMLESS,
}
"""Attributes and extension elements of `zeebe:`."""
