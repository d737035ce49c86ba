"""Operations, messages and calls: the data of both sides fits (BPMN 2.0.2 §8.5, §10.3, §10.4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.findings import Known
from engine.bpmn.items import Item, item_of, texts
from engine.bpmn.model import GLOBAL_TASKS, Model, child, children, reference
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_TASKS = "BPMN 2.0.2 §10.3.3"
_ITEMS = "BPMN 2.0.2 §10.4.1"
# What a task that exchanges messages may have at most one of.
_SINGLE: dict[str, tuple[str, tuple[str, ...]]] = {
    "serviceTask": ("operationRef", ("inputSet", "outputSet")),
    "sendTask": ("messageRef", ("inputSet", "dataInput")),
    "receiveTask": ("messageRef", ("outputSet", "dataOutput")),
}


@rule(
    "operation.single",
    _TASKS,
    T("“{name}”收发一个消息，却有 {n} 个 {tag}"),
    T("只留一个 {tag}：它装着消息的内容"),
)
def single(model: Model, known: Known) -> Hits:
    """A task that sends or receives one message has one set of data for it."""
    for kind, (key, limited) in _SINGLE.items():
        for xml in model.tags(kind):
            data = child(xml, "ioSpecification")
            if not xml.get(key, "").strip() or data is None:
                continue
            for tag in limited:
                count = len(children(data, tag))
                if count > 1 or (tag == "inputSet" and kind == "serviceTask" and not count):
                    yield hit(xml, n=count, tag=tag)


@rule(
    "operation.item",
    _TASKS,
    T("“{name}”的 {tag} 与它收发的消息类型不同"),
    T("数据和消息用同一个 itemDefinition"),
)
def item(model: Model, known: Known) -> Hits:
    """The data of a task has the type of the message it sends or receives."""
    for xml, tag, message in _exchanges(model):
        data = child(xml, "ioSpecification")
        held = [] if data is None else [item_of(model, each) for each in children(data, tag)]
        if data is not None and message is not None and not _carried(item_of(model, message), held):
            yield hit(xml, tag=tag)


def _carried(message: Item, held: list[Item]) -> bool:
    """Return whether some data takes the message; data of a message without type is anybody's."""
    if message.xml is None:
        return True
    return any(each.agrees(message) for each in held)


def _exchanges(model: Model) -> Iterator[tuple[etree._Element, str, etree._Element | None]]:
    """Yield each task that exchanges messages, the data it does it with, and the message."""
    for kind, tag in (("sendTask", "dataInput"), ("receiveTask", "dataOutput")):
        for xml in model.tags(kind):
            if xml.get("messageRef", "").strip() and _has(xml, tag):
                yield xml, tag, model.tagged(reference(xml.get("messageRef")), "message")
    for xml in model.tags("serviceTask"):
        operation = model.tagged(reference(xml.get("operationRef")), "operation")
        if operation is not None:
            if _has(xml, "dataInput"):
                yield xml, "dataInput", _message(model, operation, "inMessageRef")
            yield xml, "dataOutput", _message(model, operation, "outMessageRef")


@rule(
    "operation.binding-missing",
    _ITEMS,
    T("“{name}”对外提供服务接口，却没有输入输出绑定"),
    T("写上 ioBinding：哪个输入、哪个输出对应接口的哪个操作"),
)
def binding_missing(model: Model, known: Known) -> Hits:
    """What is exposed as a service says how its data becomes messages."""
    for xml in model.tags("process", *GLOBAL_TASKS):
        if children(xml, "supportedInterfaceRef") and not children(xml, "ioBinding"):
            yield hit(xml)


@rule(
    "operation.binding-item",
    _ITEMS,
    T("“{name}”的输入输出绑定：{key} 的类型与操作的消息不同"),
    T("绑定自己的一个输入和一个输出，类型与操作的消息相同"),
)
def binding_item(model: Model, known: Known) -> Hits:
    """A binding ties an input and an output of its own to the messages of an operation."""
    for xml in model.tags("ioBinding"):
        operation = model.tagged(reference(xml.get("operationRef")), "operation")
        for key, data_tag, message_key in (
            ("inputDataRef", "dataInput", "inMessageRef"),
            ("outputDataRef", "dataOutput", "outMessageRef"),
        ):
            data = model.tagged(reference(xml.get(key)), data_tag)
            message = None if operation is None else _message(model, operation, message_key)
            if data is None or message is None:
                continue
            carried = item_of(model, message)
            if carried.xml is not None and not item_of(model, data).agrees(carried):
                yield hit(xml, key=key)


def _message(model: Model, operation: etree._Element, key: str) -> etree._Element | None:
    return next((model.tagged(name, "message") for name in texts(operation, key)), None)


def _has(xml: etree._Element, tag: str) -> bool:
    data = child(xml, "ioSpecification")
    return data is not None and child(data, tag) is not None
