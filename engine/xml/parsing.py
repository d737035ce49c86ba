"""Parsing XML that somebody sent: no DTD, no entities, no network, and bounds on everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from lxml import etree

from engine.errors import UnsafeDocument
from engine.text import T
from engine.xml.decoding import decode

_XINCLUDE = "http://www.w3.org/2001/XInclude"
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Bounds:
    """What people call the kind of file that is asked for, and how large one may be."""

    wanted: T
    bytes: int
    elements: int
    depth: int = 64
    attributes: int = 200
    attribute: int = 16_384
    text: int = 131_072


def parse(content: bytes, bounds: Bounds) -> tuple[etree._Element, bytes]:
    """Return the root element and the text in UTF-8; raises `UnsafeDocument` that says what is wrong.

    The text is decoded and its prolog searched for a DOCTYPE by us; the parser then gets plain
    UTF-8, so that no difference between two readers' ideas of an encoding can hide one.
    """
    if len(content) > bounds.bytes:
        raise UnsafeDocument(
            T("文件有 {size} 字节，超过上限 {limit} 字节", size=len(content), limit=bounds.bytes)
        )
    utf8 = decode(content, bounds.wanted).encode("utf-8")
    root = _parse(utf8, bounds)
    for element in root.iter():
        _refuse_oversize(element, bounds)
    return root, utf8


def short(name: str) -> str:
    """Return a name from a foreign file, cut where it is too long to be shown."""
    return name if len(name) <= 60 else name[:60] + "…"


def _parse(content: bytes, bounds: Bounds) -> etree._Element:
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
    limits = _Limits(bounds)
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

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self.elements = 0
        self.depth = 0

    def count(self, events: Iterable[Any]) -> None:
        """Raise `UnsafeDocument` as soon as a limit is passed."""
        deepest, most = self._bounds.depth, self._bounds.elements
        for event, element in events:
            if event == "end":
                self.depth -= 1
                continue
            self.elements += 1
            self.depth += 1
            line = element.sourceline
            if self.depth > deepest:
                raise UnsafeDocument(
                    T("第 {line} 行的嵌套超过 {limit} 层", line=line, limit=deepest), line=line
                )
            if self.elements > most:
                raise UnsafeDocument(
                    T("元素超过 {limit} 个（在第 {line} 行）", line=line, limit=most), line=line
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


def _refuse_oversize(element: etree._Element, bounds: Bounds) -> None:
    line = element.sourceline
    if not isinstance(element.tag, str):
        raise UnsafeDocument(T("第 {line} 行含有实体引用", line=line), line=line)
    tag = short(etree.QName(element).localname)
    longest = max((len(value) for value in element.attrib.values()), default=0)
    if etree.QName(element).namespace == _XINCLUDE:
        raise UnsafeDocument(T("第 {line} 行含有 XInclude，文件不得引入其他文件", line=line), line=line)
    if len(element.attrib) > bounds.attributes or longest > bounds.attribute:
        raise UnsafeDocument(
            T("第 {line} 行的元素“{tag}”属性过多或属性值过长", line=line, tag=tag), line=line
        )
    if len(element.text or "") > bounds.text or len(element.tail or "") > bounds.text:
        raise UnsafeDocument(
            T("第 {line} 行的元素“{tag}”文字超过 {limit} 字", line=line, tag=tag, limit=bounds.text),
            line=line,
        )
