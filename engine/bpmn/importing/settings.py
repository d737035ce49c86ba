"""The settings of other products, one by one, and the notes of what became of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from engine.bpmn.importing.notes import Note, Outcome
from engine.bpmn.importing.terms import NotExact
from engine.bpmn.model import local
from engine.bpmn.namespaces import WUXING
from engine.text import T

MAX_SHOWN = 300
_SELF_EXPLAINING = ("definitions", "extensionElements")


@dataclass
class Work:
    """One import while it goes on."""

    root: etree._Element
    products: tuple[str, ...]
    forms: Collection[str] | None = None
    notes: list[Note] = field(default_factory=list)

    def note(
        self,
        xml: etree._Element,
        outcome: Outcome,
        setting: str,
        *,
        before: str = "",
        after: str = "",
        reason: T | None = None,
    ) -> None:
        """Write down what became of a setting at an element."""
        known = _named(xml)
        line = _line(xml) or _line(known)
        self.notes.append(
            Note(
                known.get("id", ""),
                line,
                outcome,
                setting,
                _short(before),
                _short(after),
                reason,
                name=" ".join(known.get("name", "").split()),
            )
        )


def _named(xml: etree._Element) -> etree._Element:
    """Return the nearest element that people know by its id."""
    found: etree._Element | None = xml
    while found is not None:
        inner = local(found).endswith(("Definition", "Expression", "Characteristics")) or not local(found)
        if found.get("id") and not inner:
            return found
        found = found.getparent()
    return xml


def _line(xml: etree._Element) -> int:
    return cast("int | None", xml.sourceline) or 0


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


@dataclass
class Setting:
    """One attribute or extension element of another product.

    `owner` is the BPMN element it belongs to; `xml` is the extension element, or None for an attribute.
    """

    work: Work
    product: str
    owner: etree._Element
    label: str
    attribute: str = ""
    xml: etree._Element | None = None

    @property
    def text(self) -> str:
        """Return the value of an attribute, or the text of an element."""
        if self.xml is not None:
            return "".join(map(str, self.xml.itertext())).strip()
        return self.owner.get(self.attribute, "").strip()

    def get(self, name: str) -> str:
        """Return an attribute of the extension element."""
        return "" if self.xml is None else self.xml.get(name, "").strip()

    @property
    def before(self) -> str:
        """Return how the setting was written, for the note."""
        if self.xml is None:
            return self.text
        written = ", ".join(f'{_bare(name)}="{self.get(str(name))}"' for name in self.xml.attrib)
        return written or self.text or ", ".join(_bare(str(part.tag)) for part in self.xml)

    def translated(self, after: str) -> None:
        """Take the setting out: ours stands in its place."""
        before = self.before
        self._remove()
        self.work.note(self.owner, "translated", self.label, before=before, after=after)

    def dropped(self, reason: T) -> None:
        """Take the setting out: nothing needs it here."""
        before = self.before
        self._remove()
        self.work.note(self.owner, "dropped", self.label, before=before, reason=reason)

    def remains(self, reason: T) -> None:
        """Leave the setting as it is, for a person."""
        self.work.note(self.owner, "remains", self.label, before=self.before, reason=reason)

    def _remove(self) -> None:
        if self.xml is None:
            if self.attribute in self.owner.attrib:
                del self.owner.attrib[self.attribute]
            return
        parent = self.xml.getparent()
        if parent is not None:
            parent.remove(self.xml)


def _bare(name: object) -> str:
    return str(name).rpartition("}")[2]


Handler = Callable[[Setting], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """What becomes of a setting, for the reference page and for the import."""

    handler: Handler
    becomes: str
    reason: T | None = None
    dropped: bool = False


Table = Mapping[str, Entry]
"""Settings by their names; an attribute begins with `@`, and the kind of the owner may stand before it:
`userTask@assignee`, `callActivity/in`."""


def entry_of(table: Table, owner: str, name: str, *, attribute: bool) -> Entry | None:
    """Return what a table says of a setting at an element of this kind."""
    sign = "@" if attribute else "/"
    return table.get(f"{owner}{sign}{name}") or table.get(f"{sign}{name}")


def translates(handler: Handler, becomes: str) -> Entry:
    """A setting that has its like here; what cannot be translated exactly remains."""

    def careful(setting: Setting) -> None:
        try:
            handler(setting)
        except NotExact as error:
            setting.remains(error.reason)
            _have_refused(setting)

    return Entry(careful, becomes)


# Ours for settings that are expressions; the last two stand for lists of candidates.
_OURS = {
    "assignee": "assignee",
    "dueDate": "due",
    "priority": "priority",
    "candidateUsers": "candidates",
    "candidateGroups": "candidates",
}


def _have_refused(setting: Setting) -> None:
    """Write an expression nobody could translate where ours would stand, for the gate to refuse it."""
    named = {setting.attribute.rpartition("}")[2]: setting.text} if setting.xml is None else {}
    for name, ours in _OURS.items():
        text = named.get(name, "") or setting.get(name)
        if text.startswith("=") or "${" in text or "#{" in text:
            own(setting.owner, ours, text)


def drops(reason: T) -> Entry:
    """A setting that changes nothing here."""
    return Entry(lambda setting: setting.dropped(reason), "", reason, dropped=True)


def leaves(reason: T) -> Entry:
    """A setting somebody has to decide about."""
    return Entry(lambda setting: setting.remains(reason), "", reason)


UNKNOWN = leaves(T("这里没有对应的设置，不会执行"))


def own(xml: etree._Element, attribute: str, value: str) -> str:
    """Write one of our attributes and return how it reads."""
    xml.set(f"{{{WUXING}}}{attribute}", value)
    return f"wuxing:{attribute} = {value}"


def own_line(xml: etree._Element, attribute: str, line: str) -> str:
    """Add a line to one of our attributes that has lines."""
    before = xml.get(f"{{{WUXING}}}{attribute}", "")
    xml.set(f"{{{WUXING}}}{attribute}", f"{before}\n{line}" if before else line)
    return f"wuxing:{attribute}: {line}"
