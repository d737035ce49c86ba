"""Under which name a data store keeps its value, and what a diagram calls it (BPMN 2.0.2 §10.4.1)."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.model import local, reference


def stores(root: etree._Element) -> dict[str, str]:
    """Return the data stores of a file by the ids of what means them: references and stores.

    A value is kept under the name of the store, else its id; a reference to none stands for a store
    of its own name.
    """
    named = {xml.get("id", ""): _name(xml) for xml in root if local(xml) == "dataStore"}
    found = {id: name for id, name in named.items() if id}
    for xml in root.iter():
        if local(xml) == "dataStoreReference":
            found[xml.get("id", "")] = named.get(reference(xml.get("dataStoreRef"))) or _name(xml)
    return found


def called(root: etree._Element) -> dict[str, str]:
    """Return the data stores of a file by all they may be called in expressions: ids and names."""
    found = stores(root)
    names = {
        xml.get("name", ""): found[xml.get("id", "")] for xml in root.iter() if xml.get("id", "") in found
    }
    return {**{name: store for name, store in names.items() if name}, **found}


def _name(xml: etree._Element) -> str:
    return xml.get("name") or xml.get("id") or ""
