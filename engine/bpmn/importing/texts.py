"""Conditions, timers and other texts that BPMN itself says are evaluated."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.expressions import EVALUATED
from engine.bpmn.importing import languages, python
from engine.bpmn.importing.languages import CAMUNDA_8, SPIFF
from engine.bpmn.importing.settings import Work
from engine.bpmn.importing.terms import NotExact
from engine.bpmn.iso8601 import looks_like
from engine.bpmn.model import local

TIMERS = ("timeDate", "timeDuration", "timeCycle")
_TEXTS = EVALUATED - {"script", "from", "transformation", "expression"}


def translate(work: Work, xml: etree._Element, product: str) -> None:
    """Rewrite one text, or note why it was left as it is."""
    text = (xml.text or "").strip()
    if local(xml) not in _TEXTS or len(xml) or not _foreign(xml, text, product):
        return
    try:
        after = _rewritten(xml, text, product)
    except NotExact as error:
        work.note(xml, "remains", local(xml), before=text, reason=error.reason)
        return
    if after == text and "language" not in xml.attrib:
        return
    if "language" in xml.attrib:
        del xml.attrib["language"]
    xml.text = after
    work.note(xml, "translated", local(xml), before=text, after=after)


def _foreign(xml: etree._Element, text: str, product: str) -> bool:
    if not text:
        return False
    if "${" in text or "#{" in text:
        return True
    timer = local(xml) in TIMERS
    if xml.get("language") is not None and product:
        return not (timer and looks_like(text))
    if timer and looks_like(text):
        return False
    return product == SPIFF or (product == CAMUNDA_8 and text.startswith("="))


def _rewritten(xml: etree._Element, text: str, product: str) -> str:
    if local(xml) in TIMERS and product == SPIFF:
        found = python.to_feel(text)
        return found.literal if found.kind == "string" and found.literal else found.text
    return languages.expression(text, xml.get("language", ""), product).text
