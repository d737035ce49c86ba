"""The gate: may this decision model be published? All findings at once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from itertools import islice

from engine.bpmn.findings import Finding
from engine.bpmn.gate import MAX_PER_RULE
from engine.dmn.linking import key_of, link
from engine.dmn.reading import Document
from engine.dmn.rules.chapters import all_rules
from engine.dmn.rules.registry import Rule, Subject
from engine.text import T

_log = logging.getLogger(__name__)


def check(document: Document, others: Iterable[Document] = ()) -> list[Finding]:
    """Return every finding about a model, errors and warnings, in the order of the file.

    `others` are the models it may import. Pure; never raises for what a file says.
    """
    definitions = [document.definitions, *(other.definitions for other in others)]
    known = frozenset(key_of(each.namespace) for each in definitions)
    subject = Subject(document, link(document.definitions, definitions[1:]), known)
    found = [finding for each in all_rules() for finding in _examined(each, subject)]
    return sorted(dict.fromkeys(found), key=lambda finding: (finding.line, finding.severity, finding.code))


def _examined(each: Rule, subject: Subject) -> Iterator[Finding]:
    """Yield a rule's findings; a rule that fails itself refuses the model instead of passing it."""
    try:
        yield from islice(each.findings(subject), MAX_PER_RULE)
    except Exception:
        _log.exception("rule %s failed on a model of %d bytes", each.code, len(subject.document.source))
        yield Finding(
            code=each.code,
            severity="error",
            element="",
            rule=T("规则“{code}”无法检查这个模型", code=each.code),
            hint=T("请把文件交给管理员，由其查看日志"),
            source=each.source,
        )
