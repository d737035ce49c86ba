"""Who does a task: people and groups by name become resource roles, which BPMN has for it.

BPMN 2.0.2 §10.3.1: `humanPerformer` is who does it, `potentialOwner` who may take it.
"""

from __future__ import annotations

from lxml import etree

from engine.bpmn.child_order import sort
from engine.bpmn.importing import languages
from engine.bpmn.importing.settings import Setting
from engine.bpmn.importing.terms import NotExact, Term
from engine.bpmn.namespaces import BPMN
from engine.text import T

_BRACKETS = frozenset('(),"')


def assignee(setting: Setting) -> None:
    """Write who does the task."""
    setting.translated(write_assignee(setting.owner, languages.value(setting.text, setting.product)))


def candidate_users(setting: Setting) -> None:
    """Write which people may take the task."""
    setting.translated(write_candidates(setting.owner, setting.text, setting.product, "user"))


def candidate_groups(setting: Setting) -> None:
    """Write which groups may take the task."""
    setting.translated(write_candidates(setting.owner, setting.text, setting.product, "group"))


def definition(setting: Setting) -> None:
    """Write the three of them from Zeebe's one element; all of it or nothing."""
    person = setting.get("assignee")
    found: list[tuple[str, str]] = []
    if person:
        found.append(("humanPerformer", _one(languages.value(person, setting.product))))
    for name, kind in (("candidateUsers", "user"), ("candidateGroups", "group")):
        text = setting.get(name)
        if text:
            found.append(("potentialOwner", _several(text, setting.product, kind)))
    setting.translated("; ".join(_role(setting.owner, tag, text) for tag, text in found))


def write_assignee(owner: etree._Element, who: Term) -> str:
    """Write one person and return how it reads."""
    return _role(owner, "humanPerformer", _one(who))


def write_candidates(owner: etree._Element, text: str, product: str, kind: str) -> str:
    """Write a list of people or groups and return how it reads."""
    return _role(owner, "potentialOwner", _several(text, product, kind))


def _one(who: Term) -> str:
    return who.text if who.literal is None else f"user({_plain(who.literal)})"


def _several(text: str, product: str, kind: str) -> str:
    """Return a list by names, or an expression; names between which expressions stand are refused."""
    value = languages.value(text, product)
    if value.literal is None:
        return value.text
    named = [_plain(each.strip()) for each in value.literal.split(",") if each.strip()]
    if not named:
        raise NotExact(T("没有写是谁"))
    return ", ".join(f"{kind}({name})" for name in named)


def _plain(name: str) -> str:
    if not name or _BRACKETS & set(name):
        raise NotExact(T("“{name}”不是人员或组的名称", name=name))
    return name


def _role(owner: etree._Element, tag: str, text: str) -> str:
    role = etree.SubElement(owner, f"{{{BPMN}}}{tag}")
    assignment = etree.SubElement(role, f"{{{BPMN}}}resourceAssignmentExpression")
    etree.SubElement(assignment, f"{{{BPMN}}}formalExpression").text = text
    sort(owner)
    return f"{tag}: {text}"
