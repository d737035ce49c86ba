"""Reading a diagram that somebody sent, without trusting it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from lxml import etree

from engine.bpmn.decoding import decode
from engine.bpmn.model import Model
from engine.bpmn.namespaces import BPMN, XINCLUDE
from engine.errors import UnsafeDocument
from engine.text import T

MAX_BYTES = 2 * 1024 * 1024
MAX_ELEMENTS = 5_000
MAX_DEPTH = 64
MAX_ATTRIBUTES = 200
MAX_ATTRIBUTE = 16_384
MAX_TEXT = 131_072
_CHUNK = 65_536

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
    """Return the document in `xml`; raises `UnsafeDocument` that names what is wrong and where.

    The text is decoded and its prolog searched for a DOCTYPE by us; the parser then gets plain
    UTF-8, so that no difference between two readers' ideas of an encoding can hide one.
    """
    if len(xml) > MAX_BYTES:
        raise UnsafeDocument(T("文件有 {size} 字节，超过上限 {limit} 字节", size=len(xml), limit=MAX_BYTES))
    utf8 = decode(xml).encode("utf-8")
    root = _parse(utf8)
    _refuse_wrong_root(root)
    _refuse_oversize(root)
    return Document(root.getroottree(), xml, utf8)


def _parse(content: bytes) -> etree._Element:
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    limits = _Limits()
    try:
        for start in range(0, len(content), _CHUNK):
            parser.feed(content[start : start + _CHUNK])
            limits.count(parser.read_events())
        root: etree._Element = parser.close()
    except etree.XMLSyntaxError as error:
        limits.count(_events_before(parser))
        raise _malformed(parser, error) from error
    limits.count(parser.read_events())
    return root


def _events_before(parser: etree.XMLPullParser) -> Iterator[Any]:
    """Yield what was read before the error: a depth beyond our limit is the better explanation."""
    try:
        yield from parser.read_events()
    except etree.XMLSyntaxError:
        return


class _Limits:
    """Counts elements and depth while the file is still being parsed."""

    def __init__(self) -> None:
        self.elements = 0
        self.depth = 0

    def count(self, events: Iterable[Any]) -> None:
        """Raise `UnsafeDocument` as soon as a limit is passed."""
        for event, element in events:
            if event == "end":
                self.depth -= 1
                continue
            self.elements += 1
            self.depth += 1
            line = element.sourceline
            if self.depth > MAX_DEPTH:
                raise UnsafeDocument(
                    T("第 {line} 行的嵌套超过 {limit} 层", line=line, limit=MAX_DEPTH), line=line
                )
            if self.elements > MAX_ELEMENTS:
                raise UnsafeDocument(
                    T("元素超过 {limit} 个（在第 {line} 行）", line=line, limit=MAX_ELEMENTS), line=line
                )


def _malformed(parser: etree.XMLPullParser, error: etree.XMLSyntaxError) -> UnsafeDocument:
    """Say what the parser met first; the error it raises in the end may only be a consequence."""
    first = next(iter(cast("Iterable[etree._LogEntry]", parser.feed_error_log)), None)
    line, message = (first.line, first.message) if first is not None else (error.lineno, error.msg)
    problem = next((text for sign, text in _PROBLEMS if sign in (message or "")), T("格式有误"))
    return UnsafeDocument(
        T("第 {line} 行不是格式良好的 XML：{problem}", line=line or 1, problem=problem),
        line=line or 1,
        detail=message,
    )


_PROBLEMS: tuple[tuple[str, T], ...] = (
    ("Opening and ending tag mismatch", T("开始标签与结束标签不配对")),
    ("Premature end", T("文件不完整，结尾缺失")),
    ("EndTag: '</' not found", T("文件不完整，结尾缺失")),
    ("Couldn't find end of Start Tag", T("文件不完整，结尾缺失")),
    ("Entity", T("引用了未定义的实体")),
    ("entity", T("引用了未定义的实体")),
    ("Namespace prefix", T("使用了未声明的命名空间前缀")),
    ("redefined", T("同一属性出现两次")),
    ("Extra content", T("根元素之后还有多余内容")),
    ("Excessive depth", T("嵌套过深")),
    ("Document is empty", T("文件里没有元素")),
    ("attributes construct error", T("属性写法有误")),
    ("AttValue", T("属性写法有误")),
    ("Unescaped '<'", T("属性写法有误")),
    ("too long", T("内容过长")),
    ("huge", T("内容过长")),
)


def _refuse_wrong_root(root: etree._Element) -> None:
    name = etree.QName(root)
    if name.namespace == BPMN and name.localname == "definitions":
        return
    for sign, kind in _OTHER_ROOTS:
        if name.namespace != BPMN and sign in (name.namespace or ""):
            raise UnsafeDocument(T("这是{kind}，不是 BPMN 流程图", kind=kind))
    raise UnsafeDocument(
        T("根元素是“{tag}”，应当是 BPMN 2.0 的 definitions", tag=_short(name.localname)), line=root.sourceline
    )


def _refuse_oversize(root: etree._Element) -> None:
    for element in root.iter():
        if not isinstance(element.tag, str):
            raise UnsafeDocument(
                T("第 {line} 行含有实体引用", line=element.sourceline), line=element.sourceline
            )
        tag = _short(etree.QName(element).localname)
        line = element.sourceline
        longest = max((len(value) for value in element.attrib.values()), default=0)
        if etree.QName(element).namespace == XINCLUDE:
            raise UnsafeDocument(T("第 {line} 行含有 XInclude，流程图不得引入其他文件", line=line), line=line)
        if len(element.attrib) > MAX_ATTRIBUTES or longest > MAX_ATTRIBUTE:
            raise UnsafeDocument(
                T("第 {line} 行的元素“{tag}”属性过多或属性值过长", line=line, tag=tag), line=line
            )
        if len(element.text or "") > MAX_TEXT or len(element.tail or "") > MAX_TEXT:
            raise UnsafeDocument(
                T("第 {line} 行的元素“{tag}”文字超过 {limit} 字", line=line, tag=tag, limit=MAX_TEXT),
                line=line,
            )


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:60] + "…"
