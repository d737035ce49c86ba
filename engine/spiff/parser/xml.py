"""Diagrams as XML trees: read without entities, DOCTYPE or network, and small helpers to look around."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.namespaces import BPMN, WUXING
from engine.errors import UnsafeDocument
from engine.text import T

Xml = etree._Element


def read(xml: bytes) -> Xml:
    """Return the root of a diagram; raises `UnsafeDocument` when it cannot be read safely.

    The gate has its own, stricter limits; these hold for diagrams that come from anywhere else.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise UnsafeDocument(T("流程图不是有效的 XML：第{line}行", line=error.lineno)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnsafeDocument(T("流程图不能带 DOCTYPE"))
    return root


def tag(node: Xml) -> str:
    """Return the local name of a BPMN element, '' for anything else."""
    name = node.tag
    return name[len(BPMN) + 2 :] if isinstance(name, str) and name.startswith(f"{{{BPMN}}}") else ""


def children(node: Xml, *names: str) -> Iterator[Xml]:
    """Yield the children that are BPMN elements of these names."""
    for child in node:
        if tag(child) in names:
            yield child


def child(node: Xml, *names: str) -> Xml | None:
    """Return the first child of these names."""
    return next(children(node, *names), None)


def text(node: Xml | None) -> str:
    """Return the text inside an element, without the space around it."""
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()


def child_text(node: Xml, name: str) -> str | None:
    """Return the text of the first child of this name; None when there is none or it is empty."""
    return text(child(node, name)) or None


def wuxing(node: Xml) -> dict[str, str]:
    """Return our extension attributes by their local names."""
    prefix = f"{{{WUXING}}}"
    return {
        str(name)[len(prefix) :]: str(value)
        for name, value in node.attrib.items()
        if str(name).startswith(prefix)
    }


def local(reference: str) -> str:
    """Return the id in a reference, which the standard allows to be a qualified name."""
    return reference.strip().rpartition(":")[2]
