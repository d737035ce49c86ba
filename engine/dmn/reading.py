"""Reading a decision model that somebody sent, without trusting it."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from engine.dmn.elements import read_definitions
from engine.dmn.model import Definitions
from engine.dmn.namespaces import VERSIONS
from engine.errors import UnsafeDocument
from engine.text import T
from engine.xml.parsing import Bounds, parse, short

BOUNDS = Bounds(T("DMN 决策模型"), bytes=4 * 1024 * 1024, elements=30_000)

_OTHER_ROOTS: tuple[tuple[str, T], ...] = (
    ("/BPMN/", T("BPMN 流程图")),
    ("/CMMN/", T("CMMN 案例图")),
    ("PMML", T("PMML 模型")),
    ("w3.org/2000/svg", T("SVG 图片")),
    ("w3.org/1999/xhtml", T("HTML 网页")),
    ("/DMN/", T("其他版本的 DMN")),
)


@dataclass(frozen=True)
class Document:
    """A decision model that was read safely: its elements, the bytes as sent, and what they define."""

    root: etree._Element
    source: bytes
    definitions: Definitions


def read(xml: bytes) -> Document:
    """Return the document in `xml`; raises `UnsafeDocument` that names what is wrong and where."""
    root, _ = parse(xml, BOUNDS)
    name = etree.QName(root)
    version = VERSIONS.get(name.namespace or "")
    if version is None or name.localname != "definitions":
        raise _wrong_root(root)
    return Document(root, xml, read_definitions(root, version))


def _wrong_root(root: etree._Element) -> UnsafeDocument:
    name = etree.QName(root)
    for sign, kind in _OTHER_ROOTS:
        if name.namespace not in VERSIONS and sign in (name.namespace or ""):
            return UnsafeDocument(T("这是{kind}，不是 {wanted}", kind=kind, wanted=BOUNDS.wanted))
    text = T("根元素是“{tag}”，应当是 DMN 1.1 至 1.5 的 definitions", tag=short(name.localname))
    return UnsafeDocument(text, line=root.sourceline)
