"""Events of the history in words a person reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.replay import Spot, read_move
from engine.text import T

Body = Mapping[str, Any]

_PLAIN = {
    "instance.started": T("发起流程"),
    "instance.completed": T("流程完成"),
    "instance.failed": T("流程因错误结束"),
    "instance.cancelled": T("流程被取消"),
    "instance.suspended": T("暂停流程"),
    "instance.resumed": T("恢复流程"),
    "instance.migrated": T("迁移到另一个版本"),
    "project.light": T("定为轻量流程"),
    "baseline.frozen": T("冻结计划基线"),
    "archive.packaged": T("封存档案"),
    "approval.decided": T("审批有了结论"),
    "approval.overdue": T("审批超期上报"),
    "loop.escalated": T("返工超限上报"),
    "acceptance.escalated": T("验收上报"),
    "rule.broken": T("违反规则"),
}

_OF_STEP: dict[str, Callable[[T], T]] = {
    "work.opened": lambda step: T("待办：{step}", step=step),
    "work.completed": lambda step: T("办理：{step}", step=step),
    "work.claimed": lambda step: T("领取：{step}", step=step),
    "work.released": lambda step: T("退回待领：{step}", step=step),
    "work.reassigned": lambda step: T("改派：{step}", step=step),
    "work.delegated": lambda step: T("委托：{step}", step=step),
    "work.returned": lambda step: T("交还委托：{step}", step=step),
    "incident.opened": lambda step: T("出错：{step}", step=step),
    "incident.retried": lambda step: T("重试：{step}", step=step),
    "timer.fired": lambda step: T("到时：{step}", step=step),
    "message.received": lambda step: T("收到消息：{step}", step=step),
    "correlation.set": lambda step: T("关联键有了值：{step}", step=step),
    "store.written": lambda step: T("写入数据存储：{step}", step=step),
    "signal.received": lambda step: T("收到信号：{step}", step=step),
    "service.finished": lambda step: T("后台作业完成：{step}", step=step),
}

_FOR_PERSON: dict[str, Callable[[T, str], T]] = {
    "work.opened": lambda step, who: T("待办：{step} → {who}", step=step, who=T(who)),
    "work.reassigned": lambda step, who: T("改派：{step} → {who}", step=step, who=T(who)),
    "work.delegated": lambda step, who: T("委托：{step} → {who}", step=step, who=T(who)),
}

SIGNS = {
    "work.completed": "ok",
    "instance.completed": "ok",
    "incident.opened": "err",
    "instance.failed": "err",
    "instance.cancelled": "err",
    "rule.broken": "err",
    "work.opened": "now",
}
"""How an event is coloured in a list; the words say the same."""


def sentence(
    kind: str, step: T | None, body: Body | None, name_of: Callable[[str, str], T], person: str = ""
) -> T:
    """Return what happened; `step` is the element's name, `name_of` names other elements.

    `person` is whom it concerns besides the one who acted: the new assignee.
    """
    if kind in _PLAIN:
        return _PLAIN[kind]
    if person and step is not None and kind in _FOR_PERSON:
        return _FOR_PERSON[kind](step, person)
    if kind == "moved":
        return _moved(body or {}, name_of)
    say = _OF_STEP.get(kind)
    if say is not None:
        return say(step or T("（无名步骤）"))
    return T("记录：{kind}", kind=T(kind)) if step is None else T("{kind}：{step}", kind=T(kind), step=step)


def _moved(body: Body, name_of: Callable[[str, str], T]) -> T:
    """Say where the tokens went: what was entered last is what a reader wants to know."""
    moves = [read_move(row) for row in body.get("moves", ())]
    left = {move.token for move in moves if move.kind in ("leave", "cancel")}
    entered = [Spot.of(move) for move in moves if move.kind == "enter" and move.token not in left]
    waiting = list(dict.fromkeys(entered))
    touched = [Spot.of(move) for move in moves if move.kind in ("enter", "leave", "cancel")]
    passed = list(dict.fromkeys(touched))
    if waiting:
        return T("流转到：{steps}", steps=_joined(waiting, name_of))
    if passed:
        return T("经过：{steps}", steps=_joined(passed, name_of))
    return T("判断条件") if body.get("decisions") else T("令牌移动")


def _joined(elements: list[Spot], name_of: Callable[[str, str], T]) -> T:
    names = [name_of(*spot) for spot in elements[:3]]
    rest = len(elements) - len(names)
    match names:
        case [one]:
            return one
        case [one, two]:
            return T("{one}、{two}", one=one, two=two)
        case _ if rest:
            return T("{one}、{two} 等 {n} 处", one=names[0], two=names[1], n=len(elements))
        case _:
            return T("{one}、{two}、{three}", one=names[0], two=names[1], three=names[2])
