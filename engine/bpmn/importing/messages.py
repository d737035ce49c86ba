"""Message correlation: Zeebe writes the key once at the message, here it stands at who receives it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.importing import languages
from engine.bpmn.importing.settings import Setting, own
from engine.bpmn.importing.terms import NotExact
from engine.bpmn.model import children, local
from engine.bpmn.namespaces import BPMN
from engine.text import T

_RECEIVING = ("receiveTask", "intermediateCatchEvent", "boundaryEvent", "startEvent")


def correlation(setting: Setting) -> None:
    """Write the key at everything that waits for the message."""
    key = setting.get("correlationKey")
    if not key:
        raise NotExact(T("没有写关联值"))
    value = languages.value(key, setting.product)
    receivers = list(_receivers(setting.owner))
    for receiver in receivers:
        own(receiver, "correlation", value.text)
    named = ", ".join(receiver.get("id", "") for receiver in receivers)
    setting.translated(f"wuxing:correlation = {value.text} ({named or '-'})")


def _receivers(message: etree._Element) -> Iterator[etree._Element]:
    """Yield what waits for a message; a start event of a process waits for no particular one."""
    wanted = message.get("id", "")
    for tag in _RECEIVING:
        for xml in message.getroottree().iter(f"{{{BPMN}}}{tag}"):
            parent = xml.getparent()
            if tag == "startEvent" and parent is not None and local(parent) == "process":
                continue
            if wanted and wanted in (_bare(name) for name in _named(xml)):
                yield xml


def _named(xml: etree._Element) -> Iterator[str]:
    yield xml.get("messageRef", "")
    for definition in children(xml, "messageEventDefinition"):
        yield definition.get("messageRef", "")


def _bare(reference: str) -> str:
    return reference.strip().rpartition(":")[2]
