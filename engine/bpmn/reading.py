"""Reading a diagram that somebody sent, without trusting it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from engine.bpmn.model import Model
from engine.bpmn.namespaces import BPMN
from engine.errors import UnsafeDocument
from engine.text import T
from engine.xml.parsing import Bounds, parse, short

MAX_BYTES = 2 * 1024 * 1024
MAX_ELEMENTS = 5_000
MAX_DEPTH = 64
BOUNDS = Bounds(T("BPMN 流程图"), bytes=MAX_BYTES, elements=MAX_ELEMENTS, depth=MAX_DEPTH)

_OTHER_ROOTS: tuple[tuple[str, T], ...] = (
    ("/DMN/", T("DMN 决策表")),
    ("/CMMN/", T("CMMN 案例图")),
    ("wfmc.org", T("XPDL 流程")),
    ("w3.org/2000/svg", T("SVG 图片")),
    ("w3.org/1999/xhtml", T("HTML 网页")),
    ("/BPMN/", T("其他版本的 BPMN")),
)


@dataclass(frozen=True, slots=True)
class ProcessHead:
    """What a list of processes shows: `executable` is false only when the file says so."""

    id: str
    name: str
    executable: bool


@dataclass(frozen=True)
class Document:
    """A diagram that was read safely.

    `source` are the bytes as they were sent; `utf8` is the same text in UTF-8 without byte order
    mark and XML declaration, for readers that know fewer encodings.
    """

    tree: etree._ElementTree
    source: bytes
    utf8: bytes

    @property
    def root(self) -> etree._Element:
        """Return the `definitions` element."""
        return self.tree.getroot()

    @cached_property
    def model(self) -> Model:
        """Return the index of the diagram, built when it is first asked for."""
        return Model(self.root)

    def processes(self) -> list[ProcessHead]:
        """Return the heads of all processes in the order of the file."""
        return [
            ProcessHead(scope.id, scope.name, scope.xml.get("isExecutable", "true").strip() in {"true", "1"})
            for scope in self.model.processes
        ]

    def element(self, identifier: str) -> etree._Element | None:
        """Return the BPMN element with this id, or None."""
        found = self.model.ids.get(identifier)
        return found[0] if found else None


def read(xml: bytes) -> Document:
    """Return the document in `xml`; raises `UnsafeDocument` that names what is wrong and where."""
    root, utf8 = parse(xml, BOUNDS)
    _refuse_wrong_root(root)
    return Document(root.getroottree(), xml, utf8)


def _refuse_wrong_root(root: etree._Element) -> None:
    name = etree.QName(root)
    if name.namespace == BPMN and name.localname == "definitions":
        return
    for sign, kind in _OTHER_ROOTS:
        if name.namespace != BPMN and sign in (name.namespace or ""):
            raise UnsafeDocument(T("这是{kind}，不是 {wanted}", kind=kind, wanted=BOUNDS.wanted))
    raise UnsafeDocument(
        T("根元素是“{tag}”，应当是 BPMN 2.0 的 definitions", tag=short(name.localname)), line=root.sourceline
    )
