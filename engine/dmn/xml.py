"""Small questions to the elements of a decision model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from lxml import etree

from engine.dmn.model import TypeRef
from engine.dmn.namespaces import FEEL, VERSIONS


def local(xml: etree._Element) -> str:
    """Return the tag of an element of the standard; empty for others."""
    name = etree.QName(xml)
    return name.localname if name.namespace in VERSIONS else ""


def children(xml: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """Yield the children with one of these tags, in the order of the file."""
    return (child for child in xml if local(child) in tags)


def child(xml: etree._Element, tag: str) -> etree._Element | None:
    """Return the first child with this tag."""
    return next(children(xml, tag), None)


def text_of(xml: etree._Element | None, tag: str = "text") -> str:
    """Return the text within a child; empty when there is none."""
    found = None if xml is None else child(xml, tag)
    return "" if found is None else "".join(map(str, found.itertext()))


def identifier(xml: etree._Element) -> str:
    """Return the id of an element."""
    return xml.get("id", "").strip()


def named(xml: etree._Element, attribute: str = "name") -> str:
    """Return a name with any space within it as one space (DMN 1.5 §10.3.1.3)."""
    return " ".join(xml.get(attribute, "").split())


def line_of(xml: etree._Element) -> int:
    """Return the line an element stands in, from 1."""
    line = cast("int | None", xml.sourceline)
    return line or 0


def true(xml: etree._Element, attribute: str) -> bool:
    """Say whether an attribute is true in the sense of XML Schema."""
    return xml.get(attribute, "").strip() in ("true", "1")


def type_of(xml: etree._Element, attribute: str = "typeRef") -> TypeRef | None:
    """Return the type an attribute or, as DMN 1.1 and item definitions have it, a child names."""
    text = xml.get(attribute)
    if text is None:
        found = child(xml, attribute)
        text = None if found is None else "".join(map(str, found.itertext()))
    text = " ".join((text or "").split())
    return _type(text, xml) if text else None


def _type(text: str, xml: etree._Element) -> TypeRef:
    """Read a qualified name: the prefix of FEEL or of the model itself says nothing more."""
    prefix, colon, name = text.partition(":")
    if not colon:
        return TypeRef(text)
    namespace = xml.nsmap.get(prefix, "")
    own = xml.getroottree().getroot().get("namespace", "")
    if namespace in FEEL or prefix == "feel" or namespace in (own, ""):
        return TypeRef(name.strip())
    return TypeRef(name.strip(), namespace)
