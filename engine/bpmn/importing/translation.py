"""From a diagram of another product to one of ours, and the list of what was done to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import cast

from lxml import etree

from engine.bpmn.expressions import EVALUATED
from engine.bpmn.importing import family, scripts, spiff, texts, zeebe
from engine.bpmn.importing.languages import CAMUNDA_8, SPIFF
from engine.bpmn.importing.notes import Imported
from engine.bpmn.importing.settings import UNKNOWN, Setting, Table, Work, entry_of
from engine.bpmn.model import children, local
from engine.bpmn.namespaces import BPMN, PRODUCTS, WUXING
from engine.bpmn.reading import read
from engine.text import T

TABLES: dict[str, Table] = {
    "Camunda 7": family.TABLE,
    "Activiti": family.TABLE,
    "Flowable": family.TABLE,
    CAMUNDA_8: zeebe.TABLE,
    SPIFF: spiff.TABLE,
}
"""What is translated, by the product."""
_MODELER = "http://camunda.org/schema/modeler"
_STORES = "autoStoreVariables"


def translate(xml: bytes, forms: Collection[str] | None = None) -> Imported:
    """Return a diagram with the settings of other products rewritten as ours.

    `forms` are the ids of the forms there are. Raises `UnsafeDocument` for what cannot be read.
    A file in which there is nothing to translate comes back as it was sent.
    """
    document = read(xml)
    root = _with_own_prefix(document.root)
    work = Work(root, tuple(_products(root)), forms)
    product = work.products[0] if work.products else ""
    for element in list(root.iter(f"{{{BPMN}}}*")):
        _translate(work, element, product)
    _tidy(work)
    if work.products:
        _say_what_is_executable(work)
    notes = tuple(sorted(work.notes, key=lambda note: note.line))
    found = Imported(xml, work.products, notes)
    if not found.changed:
        return found
    content = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    return Imported(content, work.products, notes)


def _with_own_prefix(root: etree._Element) -> etree._Element:
    """Return the same tree with our prefix declared, so that our attributes are written with it."""
    if "wuxing" in root.nsmap:
        return root
    spaces = cast("dict[str, str]", {**root.nsmap, "wuxing": WUXING})
    made: etree._Element = etree.Element(root.tag, nsmap=spaces)
    for name in root.attrib:
        made.set(name, root.get(name, ""))
    made.text = root.text
    made.extend(list(root))
    return made


def _products(root: etree._Element) -> Iterator[str]:
    """Yield the products whose namespaces are used, first the one that is used first."""
    found: dict[str, None] = {}
    declared = [uri for uri in root.nsmap.values() if uri]
    used = [str(name)[1:] for element in root.iter(etree.Element) for name in (element.tag, *element.attrib)]
    for uri in [*(name for name in used if not name.startswith(BPMN)), *declared]:
        product = product_of(uri)
        if product in TABLES:
            found.setdefault(product)
    yield from found


def product_of(namespace: str) -> str:
    """Return the product a namespace belongs to, or the empty string."""
    return next((title for sign, title in PRODUCTS if namespace.startswith(sign)), "")


def _translate(work: Work, element: etree._Element, product: str) -> None:
    if local(element) == "scriptTask":
        _script(work, element, product)
    texts.translate(work, element, product)
    for setting in list(_settings(work, element)):
        table = family.MODELER if setting.product == "" else TABLES[setting.product]
        name = setting.label.rpartition(":")[2]
        found = entry_of(table, local(element), name, attribute=setting.xml is None)
        (found or UNKNOWN).handler(setting)


def _settings(work: Work, element: etree._Element) -> Iterator[Setting]:
    for attribute in map(str, element.attrib):
        product = _known_product(attribute)
        if product is not None:
            yield Setting(work, product, element, _label(element, attribute), attribute)
    for extended in children(element, "extensionElements"):
        for part in extended:
            product = _known_product(str(part.tag))
            if product is not None:
                yield Setting(work, product, element, _label(part, str(part.tag)), xml=part)


def _known_product(name: str) -> str | None:
    """Return the product of a setting we have a table for; the modeler of Camunda has no name of its own."""
    if not name.startswith("{") or name.startswith(f"{{{WUXING}"):
        return None
    if name.startswith("{" + _MODELER):
        return ""
    product = product_of(name[1:])
    return product if product in TABLES else None


def _label(xml: etree._Element, name: str) -> str:
    uri, _, bare = name[1:].rpartition("}")
    prefix = next((prefix for prefix, each in xml.nsmap.items() if each == uri and prefix), "")
    return f"{prefix}:{bare}" if prefix else bare


def _script(work: Work, task: etree._Element, product: str) -> None:
    names = {str(name).rpartition("}")[2]: str(name) for name in task.attrib if str(name).startswith("{")}
    result = next((names[each] for each in ("resultVariable", "resultVariableName") if each in names), None)
    stored = _STORES in names and task.get(names[_STORES], "") == "true"
    variable = task.get(result, "").strip() if result else ""
    if scripts.translate(work, task, product, variable, stored) and result:
        del task.attrib[result]


def _tidy(work: Work) -> None:
    """Take out what has become empty, and a default language nothing is written in any more."""
    for extended in list(work.root.iter(f"{{{BPMN}}}extensionElements")):
        parent = extended.getparent()
        if parent is not None and len(extended) == 0 and not (extended.text or "").strip():
            parent.remove(extended)
    stated = work.root.get("expressionLanguage", "")
    left = any(note.outcome == "remains" and note.setting in EVALUATED for note in work.notes)
    done = any(note.outcome == "translated" and note.setting in EVALUATED for note in work.notes)
    if stated and done and not left and "feel" not in stated.lower():
        del work.root.attrib["expressionLanguage"]
        work.note(work.root, "dropped", "expressionLanguage", before=stated, reason=T("表达式已改写成 FEEL"))


def _say_what_is_executable(work: Work) -> None:
    for process in work.root.iter(f"{{{BPMN}}}process"):
        stated = process.get("isExecutable", "").strip()
        if stated not in ("true", "1"):
            reason = T("文件没有说这个流程可以执行，保持原样；要运行请设为 true")
            work.note(process, "remains", "isExecutable", before=stated, reason=reason)
