"""What becomes of the settings of Activiti and its children, Camunda 7 and Flowable.

Sources: the user guides of the three products, chapters on BPMN extensions.
"""

from __future__ import annotations

from engine.bpmn.importing import calls, decisions, loops, people, work_items
from engine.bpmn.importing.settings import Table, drops, leaves, translates
from engine.text import T

_QUEUE = drops(T("每一步本来就是一个事务，失败后可以重试"))
_HARMLESS = drops(T("不影响流程怎样执行"))
_LATEST = leaves(T("调用的总是发布时最新的版本"))
_SERVICE = leaves(T("由代码完成：须有人在 wuxing:service 中选择一个服务"))
_LISTENER = leaves(T("监听器不会执行：它做的事须画成图中的一步"))
_VALUES = leaves(T("传入传出变量不会执行：用脚本任务或数据关联改写"))
_FORM = leaves(T("表单不在流程图里：须在表单库中建立"))
_DECISION = leaves(T("发布决策模型后，在 wuxing:decision 中选择决策"))
_CODE = leaves(T("错误和上报的代码不会存为变量"))
_PEOPLE = leaves(T("谁可以发起流程由权限决定，不写在图里"))
_CASE = leaves(T("不执行 CMMN 案例"))
_CONNECTOR = leaves(T("连接器不会调用"))

TABLE: Table = {
    "userTask@assignee": translates(people.assignee, "`humanPerformer`"),
    "userTask@candidateUsers": translates(people.candidate_users, "`potentialOwner`, `user(…)`"),
    "userTask@candidateGroups": translates(people.candidate_groups, "`potentialOwner`, `group(…)`"),
    "userTask@dueDate": translates(work_items.due, "`wuxing:due`"),
    "userTask@followUpDate": drops(work_items.FOLLOW_UP),
    "userTask@priority": translates(work_items.priority, "`wuxing:priority`"),
    "userTask@formKey": translates(work_items.form, "`wuxing:form`"),
    "userTask@formRef": translates(work_items.form, "`wuxing:form`"),
    "userTask@formRefBinding": drops(T("表单总是发布时最新的版本")),
    "startEvent@formKey": _FORM,
    "startEvent@formRef": _FORM,
    "/formData": _FORM,
    "/formProperty": _FORM,
    "startEvent@initiator": leaves(T("不会存为变量：发起人用 initiator() 取得")),
    "multiInstanceLoopCharacteristics@collection": translates(loops.collection, "`loopDataInputRef`"),
    "multiInstanceLoopCharacteristics@elementVariable": translates(loops.element, "`inputDataItem`"),
    "callActivity/in": translates(calls.passed_in, "`wuxing:in`"),
    "callActivity/out": translates(calls.passed_out, "`wuxing:out`"),
    "/in": leaves(T("信号和消息带去的变量写在 wuxing:payload")),
    "@calledElementBinding": _LATEST,
    "@calledElementVersion": _LATEST,
    "@calledElementVersionTag": _LATEST,
    "@calledElementTenantId": leaves(T("没有租户")),
    "@variableMappingClass": _VALUES,
    "@variableMappingDelegateExpression": _VALUES,
    "@caseRef": _CASE,
    "@caseBinding": _CASE,
    "/inputOutput": _VALUES,
    "/executionListener": _LISTENER,
    "/taskListener": _LISTENER,
    "/eventListener": _LISTENER,
    "@class": _SERVICE,
    "@expression": _SERVICE,
    "@delegateExpression": _SERVICE,
    "@type": _SERVICE,
    "@topic": _SERVICE,
    "@resultVariable": _SERVICE,
    "@resultVariableName": _SERVICE,
    "/field": _SERVICE,
    "/connector": _CONNECTOR,
    "/errorEventDefinition": _SERVICE,
    "/mapException": _SERVICE,
    "businessRuleTask@decisionRef": translates(decisions.reference, "`wuxing:decision`, `wuxing:result`"),
    "businessRuleTask@mapDecisionResult": translates(decisions.part, "`wuxing:decision`"),
    "businessRuleTask@resultVariable": translates(decisions.part, "`wuxing:result`"),
    "@decisionRef": _DECISION,
    "@decisionRefBinding": drops(T("用到的总是发布流程时最新的决策模型")),
    "@decisionRefVersion": leaves(T("用到的总是发布流程时最新的决策模型")),
    "@mapDecisionResult": _DECISION,
    "@ruleVariablesInput": _DECISION,
    "@rules": _DECISION,
    "@resource": leaves(T("脚本在文件之外")),
    "@errorCodeVariable": _CODE,
    "@errorMessageVariable": _CODE,
    "@errorVariableName": _CODE,
    "@escalationCodeVariable": _CODE,
    "@variableName": leaves(T("条件在每次变量改变时检查，不限于一个变量")),
    "@variableEvents": leaves(T("条件在每次变量改变时检查，不限于一个变量")),
    "@skipExpression": leaves(T("跳过一步须画成网关")),
    "@candidateStarterUsers": _PEOPLE,
    "@candidateStarterGroups": _PEOPLE,
    "/potentialStarter": _PEOPLE,
    "@async": _QUEUE,
    "@asyncBefore": _QUEUE,
    "@asyncAfter": _QUEUE,
    "@asyncLeave": _QUEUE,
    "@exclusive": _QUEUE,
    "@jobPriority": _QUEUE,
    "@taskPriority": _QUEUE,
    "/failedJobRetryTimeCycle": _QUEUE,
    "@historyTimeToLive": _HARMLESS,
    "@versionTag": _HARMLESS,
    "@isStartableInTasklist": _HARMLESS,
    "@formFieldValidation": _HARMLESS,
    "@category": _HARMLESS,
    "@autoStoreVariables": _HARMLESS,
    "/properties": _HARMLESS,
    "/localization": _HARMLESS,
}
"""Attributes and extension elements of `camunda:`, `activiti:` and `flowable:`."""

MODELER: Table = {
    "@executionPlatform": _HARMLESS,
    "@executionPlatformVersion": _HARMLESS,
}
"""What Camunda's modeler notes for itself."""
