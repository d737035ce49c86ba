"""A decision as the page shows it: a table with its rules, an expression, or a word for another form."""

from __future__ import annotations

from dataclasses import dataclass

from engine.decisions import DECIDABLE, Executable
from engine.dmn import model
from engine.text import T

_FORMS: dict[type, T] = {
    model.Context: T("语境"),
    model.Relation: T("关系表"),
    model.ListOf: T("列表"),
    model.Invocation: T("调用"),
    model.FunctionDefinition: T("函数"),
    model.Conditional: T("条件判断"),
    model.Filter: T("筛选"),
    model.Iterator: T("循环"),
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
    table: model.DecisionTable | None = None
    policy: T | None = None
    text: str = ""
    form: T | None = None


def shown(of: Executable) -> list[Shown]:
    """Return the decisions of a model that can be asked for, in the order of its file."""
    elements = of.model.definitions.elements
    return [_shown(of, each) for each in elements if isinstance(each, DECIDABLE) and each.id]


def _shown(of: Executable, element: model.GraphElement) -> Shown:
    inputs = tuple(sorted(of.inputs_of(element.id)))
    logic = element.expression if isinstance(element, model.Decision) else None
    if isinstance(logic, model.DecisionTable):
        return Shown(element.id, element.name, inputs, logic, _POLICIES.get(logic.hit_policy))
    if isinstance(logic, model.LiteralExpression):
        return Shown(element.id, element.name, inputs, text=logic.text)
    form = T("决策服务") if logic is None else _FORMS.get(type(logic))
    return Shown(element.id, element.name, inputs, form=form)
