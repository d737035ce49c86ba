"""Expressions, timers and scripts: everything that is evaluated is FEEL or ISO-8601, and parses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from engine import feel
from engine.bpmn.expressions import EVALUATED, SCRIPTS, Spot, spots
from engine.bpmn.findings import Known
from engine.bpmn.iso8601 import TimerKind, is_valid
from engine.bpmn.model import Model, child, everything, local
from engine.bpmn.namespaces import XSI
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.errors import WuxingError
from engine.feel.assign import parse_script
from engine.text import T

_FEEL = "DMN 1.5 §10.3"
_STRING = re.compile(r'"(?:\\.|[^"\\])*"')
_TEMPLATE = re.compile(r"[$#]\{")
_CRON = re.compile(r"\S+( \S+){4,6}")
_DEFAULT_LANGUAGES = ("feel", "http://www.w3.org/1999/xpath")
# How other languages write what FEEL writes differently; looked for only where FEEL does not parse.
_HABITS: tuple[tuple[re.Pattern[str], T], ...] = (
    (re.compile(r"=="), T("FEEL 用一个等号比较：a = b")),
    (re.compile(r"&&|\|\|"), T("FEEL 写 and 和 or")),
    (re.compile(r"!(?!=)"), T("FEEL 写 not(…)")),
    (re.compile(r"'"), T("FEEL 的文字用双引号")),
    (re.compile(r"\bnot\s+(?!\()\w"), T("FEEL 写 not(…)")),
    (re.compile(r"\b(?:is|None|lambda)\b"), T("这像是 Python；FEEL 用 = null 判断空值")),
    (re.compile(r"\belse\s*if\b.*\{|;\s*$|\bvar\b"), T("这像是脚本语言；FEEL 只写表达式")),
)
_FORMAL = frozenset({"dataPath", "messagePath", "transformation", "formalExpression"})
_MIME = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?", re.ASCII)
_URIS = {
    "definitions": ("expressionLanguage", "typeLanguage", "targetNamespace"),
    "import": ("namespace", "importType"),
}
_NO_URI = re.compile(r"[\s<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")
_TIMER_KINDS: dict[str, TimerKind] = {
    "timeDate": "timeDate",
    "timeDuration": "timeDuration",
    "timeCycle": "timeCycle",
}


@rule(
    "expression.language",
    "BPMN 2.0.2 §8.4.6",
    T("“{name}”的{what}用的语言是“{language}”"),
    T("表达式和脚本只用 FEEL：改写后删除语言声明，或写 feel"),
    to_execute=True,
)
def language(model: Model, known: Known) -> Hits:
    """No language but FEEL is evaluated."""
    for spot in spots(model):
        if spot.text and spot.language and "feel" not in spot.language.lower():
            yield hit(spot.xml, what=spot.what, language=spot.language)


@rule(
    "expression.default-language",
    "BPMN 2.0.2 §8.2.1",
    T("文件声明表达式的语言是“{language}”"),
    T("表达式只用 FEEL：改写后删除 definitions 的 expressionLanguage"),
    to_execute=True,
)
def default_language(model: Model, known: Known) -> Hits:
    """The file does not promise another language; XPath is what the schema says when nobody chose."""
    stated = model.root.get("expressionLanguage", "").strip()
    tolerated = not stated or any(sign in stated.lower() for sign in _DEFAULT_LANGUAGES)
    if not tolerated and any(spot.text and spot.is_feel for spot in spots(model)):
        yield hit(model.root, language=stated)


@rule(
    "expression.empty",
    _FEEL,
    T("“{name}”的{what}是空的"),
    T("写一个 FEEL 表达式，或把它整个删除"),
    to_execute=True,
)
def empty(model: Model, known: Known) -> Hits:
    """An expression that is there says something; events have rules of their own for it."""
    for spot in spots(model):
        in_event = local(spot.xml) in {*_TIMER_KINDS, "condition"}
        if not spot.text and spot.kind != "assignments" and not in_event:
            yield hit(spot.xml, what=spot.what)


@rule(
    "expression.body",
    "BPMN 2.0.2 §8.4.6",
    T("“{name}”的 {tag} 是空的"),
    T("形式表达式要有内容：写上它，或把它整个删除"),
)
def body(model: Model, known: Known) -> Hits:
    """A formal expression has a body, also where nothing is executed."""
    judged = {spot.xml for spot in spots(model)}
    for xml in model.elements:
        formal = (
            local(xml) in _FORMAL or xml.get(f"{{{XSI}}}type", "").rpartition(":")[2] == "tFormalExpression"
        )
        if formal and xml not in judged and not everything(xml):
            yield hit(xml, tag=local(xml))


@rule(
    "text.format",
    "BPMN 2.0.2 §8.4.1",
    T("“{name}”的 textFormat“{format}”不是 MIME 类型"),
    T("写成 text/plain 这样的类型，或删除它"),
)
def text_format(model: Model, known: Known) -> Hits:
    """The format of a note is named by its MIME type."""
    for xml in model.tags("textAnnotation", "documentation"):
        named = xml.get("textFormat")
        if named is not None and not _MIME.fullmatch(named.strip()):
            yield hit(xml, format=named)


@rule(
    "text.uri",
    "BPMN 2.0.2 §8.2.1",
    T("“{name}”的 {key}“{text}”不是 URI"),
    T("改正写法：不含空格，百分号后面是两位十六进制数"),
)
def uri(model: Model, known: Known) -> Hits:
    """Languages and namespaces are named by URIs."""
    for xml in model.elements:
        for key in _URIS.get(local(xml), ("language",)):
            text = xml.get(key)
            if text is not None and _NO_URI.search(text.strip()):
                yield hit(xml, key=key, text=text)


@rule(
    "expression.template",
    _FEEL,
    T("“{name}”的{what}“{text}”是其他产品的写法"),
    T("去掉 ${{…}} 或 #{{…}}，改写成 FEEL，例如：金额 > 1000；导入时能自动翻译一部分"),
    to_execute=True,
)
def template(model: Model, known: Known) -> Hits:
    """Unified EL of Camunda 7, Activiti and Flowable is not FEEL."""
    for spot in spots(model):
        if spot.text and _is_template(spot.text):
            yield hit(spot.xml, what=spot.what, text=spot.text)


@rule(
    "expression.syntax",
    _FEEL,
    T("“{name}”的{what}“{text}”有误：{problem}"),
    T("改成 FEEL 表达式"),
    to_execute=True,
)
def syntax(model: Model, known: Known) -> Hits:
    """Expressions parse."""
    for spot in spots(model):
        if spot.is_feel and spot.text and not _is_template(spot.text):
            error = _syntax_error(spot.text)
            if error is not None:
                found = (error.line, error.column) if isinstance(error, feel.FeelSyntaxError) else None
                named: dict[str, Any] = {"what": spot.what, "text": spot.text, "problem": error.text}
                yield hit(spot.xml, advice=_habit(spot), spot=found, **named)


@rule(
    "expression.script",
    "Wuxing D16",
    T("“{name}”的{what}不是“变量 = 表达式”的行：{problem}"),
    T("每行写一个赋值，右边是 FEEL 表达式；其他语言的脚本不会执行"),
    to_execute=True,
)
def script(model: Model, known: Known) -> Hits:
    """Scripts and mappings are lines of assignments."""
    for spot in spots(model):
        if spot.kind == "assignments" and spot.text and not _is_template(spot.text):
            try:
                parse_script(spot.text)
            except WuxingError as error:
                found = (error.line, error.column) if isinstance(error, feel.FeelSyntaxError) else None
                yield hit(spot.xml, what=spot.what, problem=error.text, spot=found)


@rule(
    "expression.content",
    "BPMN 2.0.2 §8.4.6",
    T("“{name}”的{what}里有 XML 元素"),
    T("这里只写文字；说明写到活动自己的 documentation 里"),
)
def content(model: Model, known: Known) -> Hits:
    """What is evaluated is text, all of it."""
    for spot in spots(model):
        body = child(spot.xml, "script") if local(spot.xml) in SCRIPTS else spot.xml
        if body is not None and len(body) and local(body) in EVALUATED:
            yield hit(spot.xml, what=spot.what)


@rule(
    "expression.timer",
    "ISO 8601, BPMN 2.0.2 §10.5.5",
    T("定时事件“{name}”的{what}“{text}”写法有误"),
    T("时刻写 2026-01-05T09:00:00，时长写 PT36H 或 P2D，周期写 R3/PT1H；也可以写 FEEL"),
    to_execute=True,
)
def timer(model: Model, known: Known) -> Hits:
    """What looks like ISO-8601 has the shape its kind of timer asks for."""
    for spot in spots(model):
        kind = _TIMER_KINDS.get(local(spot.xml))
        if spot.kind == "timer" and kind and spot.text and not spot.is_feel and not is_valid(kind, spot.text):
            yield hit(spot.xml, what=spot.what, text=spot.text)


@rule(
    "expression.function-unknown",
    "Wuxing D17, D19",
    T("“{name}”的{what}用到不存在的函数“{function}”"),
    T("检查函数名；可用的是 FEEL 自带的函数和已登记的查询"),
    to_execute=True,
)
def function_unknown(model: Model, known: Known) -> Hits:
    """Functions that are called are FEEL's own or registered."""
    if known.functions is None:
        return
    registered = {*known.functions, *(known.queries or ())}
    for spot in spots(model):
        own = {"throw error"} if local(spot.xml) in SCRIPTS else set()
        here = own if spot.of_message else registered | own
        for name in sorted(_functions(spot) - here):
            yield hit(spot.xml, what=spot.what, function=name, spot=position_of(name, spot.text))


def _is_template(text: str) -> bool:
    return bool(_TEMPLATE.search(_STRING.sub('""', text)))


def position_of(name: str, text: str) -> tuple[int, int] | None:
    """Return the line and column, both from 1, at which a name stands in a text."""
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    if found is None:
        return None
    before = text[: found.start()]
    return before.count("\n") + 1, found.start() - before.rfind("\n")


def _syntax_error(text: str) -> WuxingError | None:
    """Return what says why a text does not parse and at which character."""
    try:
        feel.parse(text)
    except WuxingError as error:
        return error
    return None


def _habit(spot: Spot) -> T | None:
    if spot.kind == "timer" and _CRON.fullmatch(spot.text):
        return T("不支持 cron 写法：周期写 R/2026-01-05T09:00:00/P1D 这样的 ISO-8601")
    bare = _STRING.sub('""', spot.text)
    return next((text for pattern, text in _HABITS if pattern.search(bare)), None)


def _functions(spot: Spot) -> frozenset[str]:
    called: set[str] = set()
    for text in _expressions(spot):
        try:
            called |= feel.functions_in(text)
        except WuxingError:
            # Text that does not parse is the business of the rule about syntax.
            continue
    return frozenset(called)


def _expressions(spot: Spot) -> Iterator[str | feel.Expression]:
    if spot.is_feel:
        yield spot.text
    elif spot.kind == "assignments":
        try:
            yield from (line.expression for line in parse_script(spot.text))
        except WuxingError:
            return
