"""The gate: may this diagram be published? All findings at once."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from engine.bpmn.findings import NOTHING_KNOWN, Finding, Known
from engine.bpmn.reading import Document
from engine.bpmn.rules.chapters import all_rules
from engine.bpmn.rules.registry import Rule
from engine.errors import PublishRefused
from engine.text import T

__all__ = ["Finding", "Known", "check", "obstacles", "raise_for_errors", "refused"]

NOTHING_TO_EXECUTE = frozenset({"process.none", "process.not-executable", "process.empty"})
"""Warnings for whoever checks a drawing; nothing of the kind is published."""

EVERY_WARNING = frozenset({"*"})
"""Confirms whatever the gate warns of: for rehearsals and tests, where nobody is asked."""

MAX_PER_RULE = 200
"""So many hits of one rule are shown; more would hide the other rules."""

_log = logging.getLogger(__name__)


def check(document: Document, known: Known = NOTHING_KNOWN, *, publishing: bool = False) -> list[Finding]:
    """Return every finding, errors and warnings, in the order of the file.

    Pure: the diagram and `known` decide. Never raises for what a file says. `publishing` takes
    what does not say whether it is executable for executable, as it is then going to be.
    """
    found = [finding for each in all_rules() for finding in _examined(each, document, known, publishing)]
    unique = dict.fromkeys(found)
    return sorted(unique, key=lambda finding: (finding.line, finding.severity, finding.code))


def refused(findings: Sequence[Finding]) -> bool:
    """Return whether an error is among the findings."""
    return any(finding.severity == "error" for finding in findings)


def obstacles(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with which a diagram cannot be published."""
    return [each for each in findings if each.severity == "error" or each.code in NOTHING_TO_EXECUTE]


def raise_for_errors(findings: Sequence[Finding]) -> None:
    """Raise `PublishRefused` with all findings when one of them is an error."""
    errors = sum(finding.severity == "error" for finding in findings)
    if errors:
        raise PublishRefused(T("流程图有 {n} 处错误，不能发布", n=errors), findings)


def raise_unless_confirmed(findings: Sequence[Finding], confirmed: Collection[str]) -> None:
    """Raise `PublishRefused` for what forbids publishing, and for warnings nobody has confirmed."""
    refused = obstacles(findings)
    if refused:
        raise PublishRefused(T("图中有{n}处需要修改，未发布", n=len(refused)), findings)
    open_ones = [finding for finding in findings if finding.key not in confirmed]
    if open_ones and not set(confirmed) >= EVERY_WARNING:
        raise PublishRefused(T("图中有{n}处提醒还没有确认，未发布", n=len(open_ones)), findings)


def _examined(each: Rule, document: Document, known: Known, publishing: bool) -> Iterator[Finding]:
    """Yield a rule's findings; a rule that fails itself refuses the diagram instead of passing it."""
    try:
        yield from islice(each.findings(document.model, known, publishing), MAX_PER_RULE)
    except Exception:
        _log.exception("rule %s failed on a diagram of %d bytes", each.code, len(document.source))
        yield Finding(
            code=each.code,
            severity="error",
            element="",
            rule=T("规则“{code}”无法检查这张图", code=each.code),
            hint=T("请把文件交给管理员，由其查看日志"),
            source=each.source,
        )
