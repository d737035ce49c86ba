"""Validation against the standard's XML Schema, after harmless liberties were put right in a copy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import cast

from lxml import etree

from engine.bpmn.child_order import sort
from engine.bpmn.model import children, local
from engine.bpmn.namespaces import BPMN, BPMNDI, DC, DI, XSI
from engine.spiff.schema_files import bpmn_schema
from engine.text import T

MAX_PROBLEMS = 100
_ROUNDS = 12
_LOCK = Lock()
_ATTRIBUTE = re.compile(r"attribute '([^']+)'")
_MISSING = re.compile(r"The attribute '([^']+)' is required")
_TAG = re.compile(r"\{[^}]*\}")
_DRAWINGS = frozenset({BPMNDI, DC, DI})
_PATHS = {
    "correlationPropertyRetrievalExpression": "messagePath",
    "correlationPropertyBinding": "dataPath",
}
_EXPRESSIONS = {"tExpression", "tFormalExpression"}
# Content that XML Schema leaves to others, and that is never executed.
_OPEN = {"extensionElements", "documentation", "text", "partitionElement"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What the schema objects to, at an element of the original document."""

    xml: etree._Element
    text: T
    attribute: str = ""


def violations(root: etree._Element) -> list[Problem]:
    """Return what is not valid against the schema of BPMN 2.0 (§15.3), diagram interchange included.

    Put right beforehand, because no reader could take them for anything else: the order of
    children, a missing target namespace, prefixes of expression types, and content that the
    schema leaves open. Unknown elements are left out here; a rule of their own names them.
    """
    twin = _Twin(root)
    found = {(each.xml, each.attribute, each.text.message): each for each in twin.problems}
    for _ in range(_ROUNDS):
        strangers: list[etree._Element] = []
        entries = _log(twin.root)
        paths = twin.paths() if entries else {}
        for entry in entries:
            element = paths.get(entry.path or "", twin.root)
            alike = [element]
            if "This element is not expected" in entry.message and element is not twin.root:
                # The schema looks at nothing behind an element it does not expect, so that one is
                # taken out, and with it what is no more expected for being the same again.
                alike += element.itersiblings(element.tag)
                strangers += alike
            for each in alike:
                problem = _problem(entry, twin.original(each))
                found.setdefault((problem.xml, problem.attribute, problem.text.message), problem)
        if not strangers or len(found) >= MAX_PROBLEMS:
            break
        for element in strangers:
            _take_out(element)
    return list(found.values())[:MAX_PROBLEMS]


class _Twin:
    """A copy of the document that may be changed, with the way back to the original."""

    def __init__(self, root: etree._Element) -> None:
        self.root = deepcopy(root)
        self._originals = dict(zip(self.root.iter(), root.iter(), strict=True))
        self.problems: list[Problem] = []
        self._open_content()
        self._attributes()
        for element in list(self.root.iter(f"{{{BPMN}}}*")):
            sort(element)

    def original(self, element: etree._Element) -> etree._Element:
        """Return what `element` is a copy of."""
        return self._originals.get(element, self._originals[self.root])

    def paths(self) -> dict[str, etree._Element]:
        """Return the elements of the copy by the path that a log entry names."""
        tree = self.root.getroottree()
        return {tree.getpath(element): element for element in self.root.iter()}

    def _open_content(self) -> None:
        for element in list(self.root.iter()):
            parent = element.getparent()
            if parent is not None and not _validated(element, parent):
                _take_out(element)

    def _attributes(self) -> None:
        if self.root.get("targetNamespace") is None:
            self.root.set("targetNamespace", "urn:none")
        kind = f"{{{XSI}}}type"
        for element in self.root.iter():
            stated = element.get(kind, "").rpartition(":")[2]
            for name in [name for name in element.attrib if str(name).startswith("{")]:
                del element.attrib[name]
            if stated and stated not in _EXPRESSIONS and local(element):
                text = T("{tag} 的 xsi:type 不能是“{value}”", tag=local(element), value=stated)
                self.problems.append(Problem(self.original(element), text, "type"))
            elif stated == "tFormalExpression":
                prefix = element.prefix
                element.set(kind, f"{prefix}:{stated}" if prefix else stated)
        # bpmn-js writes the type of these children for their names.
        for tag, name in _PATHS.items():
            for part in self.root.iter(f"{{{BPMN}}}{tag}"):
                for expression in children(part, "formalExpression"):
                    expression.tag = f"{{{BPMN}}}{name}"


def _validated(element: etree._Element, parent: etree._Element) -> bool:
    if etree.QName(element).namespace in _DRAWINGS:
        return local(parent) not in _OPEN
    if not local(element):
        return False
    if local(parent) in _OPEN:
        return local(parent) == "extensionElements"
    return local(element) in known_tags()


def _take_out(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


@lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(bpmn_schema())))


@lru_cache(maxsize=1)
def known_tags() -> frozenset[str]:
    """Return every element name of the schema of BPMN."""
    names: set[str] = set()
    for path in bpmn_schema().parent.glob("*.xsd"):
        if path.name in {"BPMN20.xsd", "Semantic.xsd"}:
            tree = etree.parse(str(path))
            names |= {str(element.get("name")) for element in tree.iter("{*}element") if element.get("name")}
    return frozenset(names)


def _log(root: etree._Element) -> list[etree._LogEntry]:
    # One schema object keeps one log: two threads would read each other's.
    with _LOCK:
        schema = _schema()
        return (
            []
            if schema.validate(root)
            else list(cast("Iterable[etree._LogEntry]", schema.error_log))[: 2 * MAX_PROBLEMS]
        )


def _problem(entry: etree._LogEntry, xml: etree._Element) -> Problem:
    message = entry.message
    attribute = _first(_ATTRIBUTE, message) or _first(_MISSING, message)
    tag = etree.QName(xml).localname
    if "is required but missing" in message:
        return Problem(xml, T("{tag} 缺少属性 {attribute}", tag=tag, attribute=attribute), attribute)
    if "is not allowed" in message and attribute:
        return Problem(xml, T("{tag} 没有名为 {attribute} 的属性", tag=tag, attribute=attribute), attribute)
    if attribute:
        value = xml.get(attribute, "")
        return Problem(
            xml,
            T("{tag} 的属性 {attribute} 不能是“{value}”", tag=tag, attribute=attribute, value=value),
            attribute,
        )
    if "This element is not expected" in message:
        return Problem(xml, T("这里不能有元素 {tag}", tag=tag))
    if "Missing child element" in message:
        return Problem(xml, T("{tag} 缺少必需的子元素", tag=tag))
    if "is not a valid value" in message:
        return Problem(xml, T("{tag} 的内容“{value}”不合要求", tag=tag, value=(xml.text or "").strip()))
    return Problem(xml, T("{tag} 不合要求：{detail}", tag=tag, detail=_TAG.sub("", message)))


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group(1) if found else ""
