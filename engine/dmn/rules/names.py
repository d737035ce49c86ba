"""Rules about the names expressions use (DMN 1.5 §6.3.11-13, §10.3.2.11)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.dmn.model import GraphElement
from engine.dmn.rules.registry import Hit, Hits, Subject, rule
from engine.dmn.rules.scopes import Use, undefined
from engine.dmn.rules.walking import logic
from engine.text import T


def _uses(subject: Subject) -> Iterator[tuple[GraphElement, Use]]:
    for element, tree in logic(subject.model):
        for use in undefined(tree, frozenset(subject.model.names_for(element))):
            yield element, use


def _exists(subject: Subject, element: GraphElement, name: str) -> bool:
    """Say whether the model has something of that name that the element only fails to require."""
    imports = subject.model.space_of(element).imports
    return name in imports or subject.model.has(name)


@rule(
    "names.requirement-missing",
    "DMN 1.5 §6.3.11",
    T("“{name}”的{what}用到“{used}”，却没有画出对它的需求"),
    T("从“{used}”画一条需求线到“{name}”"),
)
def _requirement_missing(subject: Subject) -> Hits:
    for element, use in _uses(subject):
        if _exists(subject, element, use.name):
            yield Hit(use.place, {"used": use.name}, spot=use.spot)


@rule(
    "names.unknown",
    "DMN 1.5 §10.3.2.11",
    T("“{name}”的{what}用到“{used}”，模型里没有这个名称"),
    T("改正名称，或加上这个输入并画出需求线；文字要写在英文引号里"),
)
def _unknown(subject: Subject) -> Hits:
    for element, use in _uses(subject):
        if not use.called and not _exists(subject, element, use.name):
            yield Hit(use.place, {"used": use.name}, spot=use.spot)


@rule(
    "names.function-unknown",
    "DMN 1.5 §10.3.2.13",
    T("“{name}”的{what}调用“{used}”，没有这个函数"),
    T("改正函数名，或加上这个业务知识模型并画出需求线"),
)
def _function_unknown(subject: Subject) -> Hits:
    for element, use in _uses(subject):
        if use.called and not _exists(subject, element, use.name):
            yield Hit(use.place, {"used": use.name}, spot=use.spot)
