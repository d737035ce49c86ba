"""Our own rules: names people read, and extensions that are ours or somebody else's."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.findings import Known
from engine.bpmn.kinds import kind_name
from engine.bpmn.model import ACTIVITIES, Model, local
from engine.bpmn.namespaces import PRODUCTS, WUXING
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

MAX_ID = 200
_OURS = frozenset(
    {
        "assignee",
        "calendar",
        "candidates",
        "correlation",
        "decision",
        "due",
        "execution",
        "form",
        "in",
        "instructions",
        "out",
        "payload",
        "priority",
        "reminders",
        "result",
        "rule",
        "service",
        "sla",
        "title",
    }
)


@rule(
    "name.missing",
    "Wuxing",
    T("{tag}“{id}”没有名称"),
    T("写一个办理人看得懂的名称"),
    severity="warning",
)
def name_missing(model: Model, known: Known) -> Hits:
    """People meet activities by their names."""
    for node in model.running_nodes:
        if node.kind in ACTIVITIES and not node.name:
            yield hit(node.xml, tag=kind_name(node.kind), id=node.id)
    pools = {pool.get("processRef", "").rpartition(":")[2] for pool in model.participants}
    for process in model.running:
        if not process.name and process.id not in pools:
            yield hit(process.xml, tag=kind_name("process"), id=process.id)


@rule(
    "id.too-long",
    "Wuxing",
    T("编号“{id}”超过 {limit} 个字符"),
    T("换一个短一些的编号"),
)
def id_too_long(model: Model, known: Known) -> Hits:
    """Ids are stored with every step."""
    for identifier, elements in model.ids.items():
        if len(identifier) > MAX_ID:
            yield hit(elements[0], id=identifier, limit=MAX_ID)


@rule(
    "extension.unknown",
    "Wuxing D19",
    T("“{name}”的 wuxing:{attribute} 不是已知的属性"),
    T("检查拼写；它不会起作用"),
    severity="warning",
)
def unknown_extension(model: Model, known: Known) -> Hits:
    """A misspelt attribute of ours would silently do nothing; services may read any of their own."""
    for xml in model.elements:
        for attribute in xml.attrib:
            namespace, _, name = str(attribute).rpartition("}")
            if namespace == "{" + WUXING and name not in _OURS and local(xml) != "serviceTask":
                yield hit(xml, attribute=name)


@rule(
    "extension.foreign",
    "Wuxing",
    T("“{name}”带有 {product} 的扩展（{what}），不会执行"),
    T("导入（wuxing process import 或上传时选择翻译）会改写能改写的；其余的用 wuxing 属性重写"),
    severity="warning",
)
def foreign_extension(model: Model, known: Known) -> Hits:
    """What other products would do here, and we do not, is said before publishing."""
    for xml in model.executed:
        for product, what in _foreign(xml).items():
            yield hit(xml, product=product, what=", ".join(sorted(what)))


def _foreign(xml: etree._Element) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    names = [str(attribute) for attribute in xml.attrib]
    for part in xml:
        if local(part) == "extensionElements":
            names += [str(each.tag) for each in part]
    for name in names:
        namespace, _, short = name[1:].rpartition("}")
        product = next((title for sign, title in PRODUCTS if namespace.startswith(sign)), None)
        if product and name.startswith("{"):
            found.setdefault(product, set()).add(short)
    return found
