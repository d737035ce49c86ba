"""The words people use for the kinds of elements."""

from __future__ import annotations

from engine.text import T

KINDS: dict[str, T] = {
    "startEvent": T("开始事件"),
    "endEvent": T("结束事件"),
    "intermediateCatchEvent": T("等待事件"),
    "intermediateThrowEvent": T("抛出事件"),
    "boundaryEvent": T("边界事件"),
    "task": T("任务"),
    "userTask": T("用户任务"),
    "manualTask": T("人工任务"),
    "serviceTask": T("服务任务"),
    "scriptTask": T("脚本任务"),
    "sendTask": T("发送任务"),
    "receiveTask": T("接收任务"),
    "businessRuleTask": T("规则任务"),
    "callActivity": T("调用活动"),
    "subProcess": T("子流程"),
    "transaction": T("事务子流程"),
    "adHocSubProcess": T("即席子流程"),
    "exclusiveGateway": T("排他网关"),
    "parallelGateway": T("并行网关"),
    "inclusiveGateway": T("包容网关"),
    "complexGateway": T("复杂网关"),
    "eventBasedGateway": T("事件网关"),
    "process": T("流程"),
    "sequenceFlow": T("顺序流"),
}


def kind_name(tag: str) -> T:
    """Return the word for a BPMN tag."""
    return KINDS.get(tag, T("元素"))
