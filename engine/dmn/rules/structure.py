"""Rules about the form of the file: what may stand where, by the standard's XML Schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from engine.dmn.forms import EXPRESSIONS, FORMS, SERVICE_INPUT, Form
from engine.dmn.namespaces import DRAWINGS, VERSIONS
from engine.dmn.places import Place
from engine.dmn.rules.registry import Hit, Hits, Subject, rule
from engine.dmn.xml import identifier, line_of, local, named
from engine.text import T

_OPEN = ("extensionElements", "extensionAttribute")
_OWNERS = frozenset(
    {
        "decision",
        "inputData",
        "businessKnowledgeModel",
        "decisionService",
        "knowledgeSource",
        "itemDefinition",
    }
)


def _elements(subject: Subject) -> Iterator[etree._Element]:
    """Yield the elements of the standard, without drawings and extensions."""
    waiting = [subject.document.root]
    while waiting:
        xml = waiting.pop()
        yield xml
        waiting.extend(child for child in reversed(xml) if local(child) not in ("", *_OPEN))


def _form(xml: etree._Element) -> Form | None:
    """Return what an element may hold, None for one the standard does not know: its parent is told."""
    parent = xml.getparent()
    if local(xml) == "inputData" and parent is not None and local(parent) == "decisionService":
        return SERVICE_INPUT
    return FORMS.get(local(xml))


def _place(xml: etree._Element) -> Place:
    """Return the place of an element: the decision or the like around it, and its line."""
    owner = xml
    while local(owner) not in _OWNERS and (parent := owner.getparent()) is not None and local(parent):
        owner = parent
    part = identifier(xml)
    return Place(identifier(owner) or named(owner), named(owner), part, line_of(xml), "", local(owner))


@rule(
    "structure.element-unknown",
    "DMN 1.5 XSD",
    T("{parent} 里不能有元素 {tag}"),
    T("删除它，或放到它该在的地方"),
)
def _element_unknown(subject: Subject) -> Hits:
    for xml in _elements(subject):
        form = _form(xml)
        for part in xml:
            if local(part) and form is not None and local(part) not in form.children:
                yield Hit(_place(part), {"parent": local(xml), "tag": local(part)})


@rule(
    "structure.element-foreign",
    "DMN 1.5 §6.3.1",
    T("{parent} 里的元素 {tag} 不是 DMN 的，不会执行"),
    T("放进 extensionElements，或删除它"),
    severity="warning",
)
def _element_foreign(subject: Subject) -> Hits:
    for xml in _elements(subject):
        for part in xml:
            name = etree.QName(part)
            drawn = any(sign in (name.namespace or "") for sign in DRAWINGS)
            if name.namespace not in VERSIONS and not drawn:
                yield Hit(_place(xml), {"parent": local(xml), "tag": name.localname})


@rule(
    "structure.attribute-unknown",
    "DMN 1.5 XSD",
    T("{tag} 没有属性 {attribute}"),
    T("删除它，或改正拼写"),
)
def _attribute_unknown(subject: Subject) -> Hits:
    for xml in _elements(subject):
        form = _form(xml)
        if form is None:
            continue
        for name in map(str, xml.attrib):
            if not name.startswith("{") and name not in form.attributes:
                yield Hit(_place(xml), {"tag": local(xml), "attribute": name})


@rule(
    "structure.attribute-missing",
    "DMN 1.5 XSD",
    T("{tag} 缺少属性 {attribute}"),
    T("补上它"),
)
def _attribute_missing(subject: Subject) -> Hits:
    for xml in _elements(subject):
        form = _form(xml)
        for name in form.required if form is not None else ():
            if xml.get(name) is None:
                yield Hit(_place(xml), {"tag": local(xml), "attribute": name})


@rule(
    "structure.element-missing",
    "DMN 1.5 XSD",
    T("{tag} 缺少子元素 {child}"),
    T("补上它"),
)
def _element_missing(subject: Subject) -> Hits:
    for xml in _elements(subject):
        form = _form(xml)
        present = {local(part) for part in xml}
        for one_of in form.needed if form is not None else ():
            if not present & one_of:
                child = sorted(one_of)[0] if one_of != EXPRESSIONS else "literalExpression"
                yield Hit(_place(xml), {"tag": local(xml), "child": child})


@rule(
    "structure.element-twice",
    "DMN 1.5 XSD",
    T("{tag} 只能有一个 {child}"),
    T("删除多余的"),
)
def _element_twice(subject: Subject) -> Hits:
    for xml in _elements(subject):
        form = _form(xml)
        counts = Counter(local(part) for part in xml)
        for one_of in form.single if form is not None else ():
            found = [tag for tag in one_of if counts[tag]]
            if sum(counts[tag] for tag in found) > 1:
                yield Hit(_place(xml), {"tag": local(xml), "child": found[0]})


@rule(
    "structure.id-twice",
    "XML Schema, ID",
    T("编号“{id}”出现了 {count} 次"),
    T("让每个元素有自己的编号：引用按编号找到元素"),
)
def _id_twice(subject: Subject) -> Hits:
    ids = [(identifier(xml), xml) for xml in _elements(subject) if identifier(xml)]
    counts = Counter(found for found, _ in ids)
    for found, xml in ids:
        if counts[found] > 1:
            yield Hit(_place(xml), {"id": found, "count": counts[found]})
