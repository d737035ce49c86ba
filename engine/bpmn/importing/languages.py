"""Which language a text is written in, and the text as FEEL."""

from __future__ import annotations

import re

from engine import feel
from engine.bpmn.importing import juel, python
from engine.bpmn.importing.terms import ATOM, IF, NotExact, Term, as_value, checked, string
from engine.errors import WuxingError
from engine.feel.builtins import BUILTINS
from engine.text import T

CAMUNDA_8, SPIFF = "Camunda 8", "SpiffWorkflow"
_UNIFIED = re.compile(r"[$#]\{(.*)\}", re.DOTALL)
_MARK = re.compile(r"[$#]\{")
JAVASCRIPT = frozenset({"javascript", "js", "ecmascript", "graal.js", "text/javascript", "nashorn"})


def value(text: str, product: str) -> Term:
    """Return an attribute that is a text as it stands, or an expression when it is marked as one."""
    if product == CAMUNDA_8:
        return feel_of(text[1:]) if text.startswith("=") else string(text)
    return as_value(unified(text)) if _MARK.search(text) else string(text)


def expression(text: str, language: str, product: str) -> Term:
    """Return a text that is always an expression."""
    spoken = language.strip().lower()
    if "feel" in spoken:
        return feel_of(text.lstrip("= "))
    if spoken in JAVASCRIPT:
        return juel.to_feel(text.strip().rstrip(";"), "javascript")
    if spoken == "groovy":
        return juel.to_feel(text.strip().rstrip(";"), "groovy")
    if spoken in ("python", "jython"):
        return python.to_feel(text)
    if spoken and not is_unified(spoken) and not _MARK.match(text.strip()):
        raise NotExact(T("不会翻译语言“{language}”", language=language))
    if product == CAMUNDA_8:
        return feel_of(text.lstrip("= "))
    return python.to_feel(text) if product == SPIFF and not _MARK.match(text.strip()) else unified(text)


def is_unified(language: str) -> bool:
    """Return whether a stated language is that of `${…}`, or the one the schema states by itself."""
    return any(sign in language for sign in ("juel", "uel", "xpath"))


def unified(text: str) -> Term:
    """Return `${…}` or `#{…}` as FEEL; text around it would be joined with a number's Java spelling."""
    whole = _UNIFIED.fullmatch(text.strip())
    if whole is None:
        raise NotExact(T("${{…}} 前后还有文字：{text}", text=text.strip()[:80]))
    return juel.to_feel(whole.group(1))


def feel_of(text: str) -> Term:
    """Return FEEL as it is, if it parses here and calls what there is here."""
    text = checked(text.strip())
    try:
        called = feel.functions_in(text)
        names = feel.names_in(text)
    except WuxingError as error:
        raise NotExact(error.text) from error
    unknown = sorted(called - set(BUILTINS))
    if unknown:
        raise NotExact(T("没有对应函数“{name}”的函数", name=f"{unknown[0]}(…)"))
    bare = next(iter(names), "") if names == {text} else ""
    return Term(text, ATOM if bare else IF, name=bare if bare.isidentifier() else "")
