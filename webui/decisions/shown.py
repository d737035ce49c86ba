"""A decision as the page shows it: a table with its rules, an expression, or a word for another form."""

from __future__ import annotations

from dataclasses import dataclass

from engine import dmn
from engine.decisions import DECIDABLE, Executable
from engine.text import T

_FORMS: dict[type, T] = {
    dmn.Context: T("语境"),
    dmn.Relation: T("关系表"),
    dmn.ListOf: T("列表"),
    dmn.Invocation: T("调用"),
    dmn.FunctionDefinition: T("函数"),
    dmn.Conditional: T("条件判断"),
    dmn.Filter: T("筛选"),
    dmn.Iterator: T("循环"),
}
_POLICIES = {
    "UNIQUE": T("唯一：只能有一条规则成立"),
    "ANY": T("任意：成立的规则结果相同"),
    "PRIORITY": T("优先：结果最优先的一条"),
    "FIRST": T("首条：从上往下第一条"),
    "RULE ORDER": T("按规则顺序列出全部"),
    "OUTPUT ORDER": T("按结果优先顺序列出全部"),
    "COLLECT": T("收集全部结果"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One decision: what it needs, and its logic in the form people read."""

    id: str
    name: str
    inputs: tuple[str, ...]
    table: dmn.DecisionTable | None = None
    policy: T | None = None
    text: str = ""
    form: T | None = None


def shown(of: Executable) -> list[Shown]:
    """Return the decisions of a model that can be asked for, in the order of its file."""
    elements = of.model.definitions.elements
    return [_shown(of, each) for each in elements if isinstance(each, DECIDABLE) and each.id]


def _shown(of: Executable, element: dmn.GraphElement) -> Shown:
    inputs = tuple(sorted(of.inputs_of(element.id)))
    logic = element.expression if isinstance(element, dmn.Decision) else None
    if isinstance(logic, dmn.DecisionTable):
        return Shown(element.id, element.name, inputs, logic, _POLICIES.get(logic.hit_policy))
    if isinstance(logic, dmn.LiteralExpression):
        return Shown(element.id, element.name, inputs, text=logic.text)
    form = T("决策服务") if logic is None else _FORMS.get(type(logic))
    return Shown(element.id, element.name, inputs, form=form)
