"""From the bytes of a file to the text of its XML, before any XML parser sees it."""

from __future__ import annotations

import re

from engine.errors import UnsafeDocument
from engine.text import T

_MAGIC: tuple[tuple[bytes, T], ...] = (
    (b"PK\x03\x04", T("ZIP 压缩包")),
    (b"PK\x05\x06", T("ZIP 压缩包")),
    (b"\x1f\x8b", T("GZIP 压缩包")),
    (b"7z\xbc\xaf\x27\x1c", T("7z 压缩包")),
    (b"Rar!", T("RAR 压缩包")),
    (b"%PDF", T("PDF 文件")),
    (b"\x89PNG", T("图片")),
    (b"GIF8", T("图片")),
    (b"\xff\xd8\xff", T("图片")),
    (b"\xd0\xcf\x11\xe0", T("Office 旧版文件")),
    (b"\x7fELF", T("可执行文件")),
    (b"MZ", T("可执行文件")),
    (b"SQLite format 3", T("数据库文件")),
)

_BYTE_ORDER_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

_FIRST_BYTES: tuple[tuple[bytes, str], ...] = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)

# What a file may declare, and how it is decoded; GB 18030 contains its two predecessors.
_DECLARABLE = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "shift_jis": "shift_jis",
    "euc-kr": "euc_kr",
}

_SPACE = re.compile(r"\s*")
_DECLARATION = re.compile(r"<\?xml\s[^>]*?\?>")
_WELL_FORMED = re.compile(
    r"""<\?xml\s+version\s*=\s*(["'])1\.\d\1(\s+encoding\s*=\s*(["'])[A-Za-z0-9._-]+\3)?"""
    r"""(\s+standalone\s*=\s*(["'])(yes|no)\5)?\s*\?>"""
)
_ENCODING = re.compile(r"""encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']""")
# XML 1.0 §2.2: every other character below U+0020, and the two non-characters, are forbidden.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def decode(content: bytes, wanted: T) -> str:
    """Return the text of an XML file without its byte order mark and XML declaration.

    `wanted` is what people call the kind of file that was asked for. Lines keep their numbers.
    Raises `UnsafeDocument` when the bytes are another kind of file, are not in the encoding they
    claim, carry characters XML forbids, or carry a DOCTYPE.
    """
    _refuse_other_files(content, wanted)
    encoding, mark = _encoding_of(content)
    text = _decoded(content[mark:], encoding)
    _refuse_contradiction(text, encoding)
    _refuse_forbidden_characters(text)
    _refuse_other_texts(text, wanted)
    _refuse_doctype(text)
    # A declaration that is not well-formed stays, for the parser to refuse.
    return _WELL_FORMED.sub(_blank, text, count=1) if _WELL_FORMED.match(text) else text


def line_at(text: str, offset: int) -> int:
    """Return the number of the line (from 1) that holds the character at `offset`."""
    return text.count("\n", 0, offset) + 1


def _refuse_other_files(content: bytes, wanted: T) -> None:
    if not content.strip(b" \t\r\n"):
        raise UnsafeDocument(T("文件是空的，不是 {wanted}", wanted=wanted))
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            raise UnsafeDocument(T("这是{kind}，不是 {wanted}", kind=kind, wanted=wanted))


def _encoding_of(content: bytes) -> tuple[str, int]:
    """Return the encoding of the file and the length of its byte order mark (XML 1.0 appendix F)."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return encoding, len(mark)
    for start, encoding in _FIRST_BYTES:
        if content.startswith(start):
            return encoding, 0
    if content.startswith(b"\x4c\x6f\xa7\x94"):
        raise UnsafeDocument(T("不支持文件的编码“{encoding}”，请另存为 UTF-8", encoding="EBCDIC"))
    declared = _declared_encoding(content[:512].decode("latin-1"))
    if declared in {None, "utf-16", "utf-16le", "utf-16be", "utf-32"}:
        return "utf-8", 0
    if declared not in _DECLARABLE:
        raise UnsafeDocument(T("不支持文件的编码“{encoding}”，请另存为 UTF-8", encoding=declared))
    return _DECLARABLE[declared], 0


def _declared_encoding(head: str) -> str | None:
    declaration = _DECLARATION.match(head)
    found = _ENCODING.search(declaration.group()) if declaration else None
    return found.group(1).lower() if found else None


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnsafeDocument(
            T("第 {line} 行的内容不是“{encoding}”编码，文件可能已损坏", line=line, encoding=encoding),
            line=line,
        ) from error


def _refuse_contradiction(text: str, encoding: str) -> None:
    """A parser that believed the declaration would read other text than we do, so it is refused."""
    declared = _declared_encoding(text[:512])
    if declared is None:
        return
    wide = encoding[:6] if encoding.startswith(("utf-16", "utf-32")) else None
    said_wide = declared[:6] if declared.startswith(("utf-16", "utf-32")) else None
    contradicts = wide != said_wide if wide or said_wide else _DECLARABLE.get(declared) != encoding
    if contradicts:
        raise UnsafeDocument(
            T("文件声明的编码“{declared}”与实际编码“{encoding}”不符", declared=declared, encoding=encoding)
        )


def _refuse_forbidden_characters(text: str) -> None:
    found = _FORBIDDEN.search(text)
    if found:
        line = line_at(text, found.start())
        sign = f"U+{ord(found.group()):04X}"
        raise UnsafeDocument(T("第 {line} 行含有 XML 不允许的字符 {sign}", line=line, sign=sign), line=line)


def _refuse_other_texts(text: str, wanted: T) -> None:
    start = text.lstrip()[:64].lower()
    if start.startswith(("{", "[")):
        raise UnsafeDocument(T("这是{kind}，不是 {wanted}", kind=T("JSON 文件"), wanted=wanted))
    if start.startswith(("<!doctype html", "<html")):
        raise UnsafeDocument(T("这是{kind}，不是 {wanted}", kind=T("HTML 网页"), wanted=wanted))
    if not start.startswith("<"):
        raise UnsafeDocument(T("文件不是 XML：第一个字符不是“<”"))


def _refuse_doctype(text: str) -> None:
    """Refuse any markup declaration in the prolog; behind the root element it is not well-formed."""
    position = 0
    while True:
        position = _after_space(text, position)
        if text.startswith("<?", position):
            end = text.find("?>", position)
        elif text.startswith("<!--", position):
            end = text.find("-->", position + 4)
        else:
            break
        if end < 0:
            return
        position = end + (3 if text.startswith("-->", end) else 2)
    if text.startswith("<!", position):
        line = line_at(text, position)
        raise UnsafeDocument(
            T("第 {line} 行含有 DOCTYPE 声明，文件不得带 DOCTYPE，请删除后再上传", line=line), line=line
        )


def _after_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _blank(declaration: re.Match[str]) -> str:
    return "\n" * declaration.group().count("\n")
