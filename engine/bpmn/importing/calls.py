"""What a call activity passes to the process it calls, and what comes back."""

from __future__ import annotations

from engine.bpmn.importing import languages, terms
from engine.bpmn.importing.settings import Setting, own_line
from engine.bpmn.importing.terms import NotExact, Term
from engine.text import T

EVERYTHING = T("须逐个写明变量：被调用的流程有自己的变量")
_EVERYTHING = (
    ("propagateAllParentVariables", ("true", "1", "")),
    ("propagateAllChildVariables", ("true", "1")),
)
"""What hands over all variables, and how it is written; an empty text stands for what is not said."""


def passed_in(setting: Setting) -> None:
    """Write one variable that goes in."""
    setting.translated(own_line(setting.owner, "in", _line(setting)))


def passed_out(setting: Setting) -> None:
    """Write one variable that comes back."""
    setting.translated(own_line(setting.owner, "out", _line(setting)))


def _line(setting: Setting) -> str:
    if setting.get("variables") or setting.get("businessKey"):
        raise NotExact(EVERYTHING)
    if setting.get("local") in ("true", "1"):
        raise NotExact(T("没有只取局部变量的传递"))
    return f"{terms.variable(_target(setting)).text} = {_source(setting).text}"


def _target(setting: Setting) -> str:
    target = setting.get("target")
    if not target or setting.get("targetExpression"):
        raise NotExact(T("没有写明目标变量"))
    return target


def _source(setting: Setting) -> Term:
    written = setting.get("sourceExpression")
    if written:
        return terms.as_value(languages.expression(written, "", setting.product))
    return terms.variable(setting.get("source"))


def mapping(setting: Setting) -> None:
    """Write Zeebe's mappings at a call activity; all of them or none."""
    lines: list[tuple[str, str]] = []
    for part in setting.xml if setting.xml is not None else ():
        kind = str(part.tag).rpartition("}")[2]
        target = terms.variable(part.get("target", "").strip()).text
        value = languages.value(part.get("source", "").strip(), setting.product)
        lines.append(("in" if kind == "input" else "out", f"{target} = {value.text}"))
    setting.translated("; ".join(own_line(setting.owner, kind, line) for kind, line in lines))


def called(setting: Setting) -> None:
    """Write which process is called; Zeebe hands over all variables unless told otherwise."""
    process = languages.value(setting.get("processId"), setting.product)
    if process.literal is None or not process.literal:
        raise NotExact(T("被调用的流程须写明，不能算出来"))
    if setting.get("bindingType") not in ("", "latest"):
        raise NotExact(T("调用的总是发布时最新的版本"))
    setting.owner.set("calledElement", process.literal)
    everything = [name for name, meant in _EVERYTHING if setting.get(name) in meant]
    if everything:
        names = ", ".join(everything)
        setting.work.note(setting.owner, "remains", names, reason=EVERYTHING)
    setting.translated(f"calledElement = {process.literal}")
