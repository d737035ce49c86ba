"""Rules about the text of expressions (DMN 1.5 §7.3.1, §10.3)."""

from __future__ import annotations

from engine.dmn.nodes import Broken
from engine.dmn.rules.registry import Hit, Hits, Subject, rule
from engine.dmn.rules.walking import everything, logic
from engine.text import T


def _broken(subject: Subject, code: str) -> Hits:
    for _, tree in logic(subject.model):
        for node in everything(tree):
            if isinstance(node, Broken) and node.code == code:
                yield Hit(node.place, {"problem": node.reason}, spot=node.spot)


@rule(
    "expression.syntax",
    "DMN 1.5 §10.3.1",
    T("“{name}”的{what}不是 FEEL 表达式：{problem}"),
    T("按提示的位置改正；文字要写在英文引号里"),
)
def _syntax(subject: Subject) -> Hits:
    yield from _broken(subject, "syntax")


@rule(
    "expression.language",
    "DMN 1.5 §7.3.1",
    T("“{name}”的{what}不是用 FEEL 写的：{problem}"),
    T("把它改写成 FEEL，并删除 expressionLanguage"),
)
def _language(subject: Subject) -> Hits:
    yield from _broken(subject, "language")


@rule(
    "expression.missing",
    "DMN 1.5 §7.3.1",
    T("“{name}”的{what}没有内容"),
    T("写上表达式；没有值就写 null"),
)
def _missing(subject: Subject) -> Hits:
    yield from _broken(subject, "missing")
