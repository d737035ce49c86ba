"""What a browser sent: typed values, the button that was pressed, names nobody asked for.

Text that cannot be read as its type stays text in the values: it is shown again as it was typed and
`validate` says what is wrong with it. Nothing here raises for anything a browser can send.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

from engine.text import T
from forms.actions import Action, read_action
from forms.context import FormContext
from forms.fields import FIELD_TYPES, Scope
from forms.fields.file import upload_fault
from forms.paths import INDEX, join
from forms.schema import FILE_TYPE, IDENTITY_TYPE, ROWS_TYPE, Component, Form, value_components

MOST_NAMES = 20_000
ROW_MARK = "_row"
SHOWN_MARK = "_shown"
FRAMEWORK_NAMES = frozenset({"csrf_token"})

Values = dict[str, Any]


class Texts(Protocol):
    """A multi-dict of texts, as web frameworks hand out."""

    def keys(self) -> Iterable[str]:
        """Return the names that were sent."""

    def getlist(self, key: str) -> list[str]:
        """Return all texts of a name."""


class Upload(Protocol):
    """A file as web frameworks hand it out."""

    @property
    def filename(self) -> str | None:
        """Return the name the browser gave."""

    @property
    def stream(self) -> BinaryIO:
        """Return the bytes."""


class Files(Protocol):
    """A multi-dict of uploads."""

    def getlist(self, key: str) -> Sequence[Upload]:
        """Return all uploads of a name."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What was sent: values, the pressed button, problems by path, names no component has."""

    values: Values
    action: Action
    problems: dict[str, T] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    uploads: dict[str, list[Upload]] = field(default_factory=dict)


def parse(
    form: Form,
    texts: Texts,
    files: Files | None,
    context: FormContext,
    previous: Mapping[str, Any] | None = None,
) -> Submission:
    """Read what a page sent.

    `previous` holds the values known before (draft); a field the page did not show keeps its value
    from there. Names beginning with `_` and the CSRF token belong to the page, not to the form.
    """
    names = list(texts.keys())
    reader = _Reader(texts, files, context, names[:MOST_NAMES])
    values = reader.level(form.components, "", previous or {})
    if len(names) > MOST_NAMES:
        reader.problems[""] = T("提交的内容太多，只收下了一部分")
    action = read_action(texts.getlist("_do"))
    return Submission(values, action, reader.problems, reader.unknown(), reader.uploads)


def _ours(name: str) -> bool:
    return name.startswith("_") or name in FRAMEWORK_NAMES


class _Reader:
    """One pass over the names of a page."""

    def __init__(self, texts: Texts, files: Files | None, context: FormContext, names: list[str]) -> None:
        self.texts, self.files, self.context, self.names = texts, files, context, names
        self.rows = _row_numbers(names)
        self.seen: set[str] = set()
        self.cut: set[str] = set()
        self.problems: dict[str, T] = {}
        self.uploads: dict[str, list[Upload]] = {}

    def level(self, components: tuple[Component, ...], prefix: str, previous: Mapping[str, Any]) -> Values:
        values: Values = {}
        for component in value_components(components):
            if component.type == ROWS_TYPE:
                if self._rows_shown(component, prefix):
                    values[component.key] = self._list(component, join(prefix, component.key))
                elif component.key in previous:
                    values[component.key] = previous[component.key]
            elif component.typed_by_person or component.type == IDENTITY_TYPE:
                values.update(self._value(component, join(prefix, component.key), previous))
        return values

    def unknown(self) -> tuple[str, ...]:
        """Return the names that belong neither to the form, nor to the page, nor to a list cut short."""
        cut = tuple(self.cut)
        strange = (name for name in set(self.names) - self.seen if not _ours(name))
        return tuple(sorted(name[:80] for name in strange if not (cut and name.startswith(cut))))

    def _rows_shown(self, component: Component, prefix: str) -> bool:
        return bool(self.texts.getlist(join(prefix, component.key, SHOWN_MARK))) or bool(
            self.rows.get(join(prefix, component.key))
        )

    def _value(self, component: Component, name: str, previous: Mapping[str, Any]) -> Values:
        """Return the field's value under its key; nothing when the page did not show the field."""
        key, mark = component.key, join(name, SHOWN_MARK)
        self.seen |= {name, mark}
        texts = self.texts.getlist(name)
        if component.type == FILE_TYPE:
            self._collect_uploads(component, name)
        if not texts and not self.texts.getlist(mark) and name not in self.uploads:
            return {key: previous[key]} if key in previous else {}
        return {key: FIELD_TYPES[component.type].parse(Scope(component, self.context, {}), texts)}

    def _list(self, component: Component, path: str) -> list[Values]:
        numbers = self.rows.get(path, [])
        self.seen.add(join(path, SHOWN_MARK))
        if len(numbers) > component.row_limit:
            self.problems[path] = T("最多 {limit} 行，多出的没有收下", limit=component.row_limit)
            self.cut.add(path + "-")
        rows = []
        for number in numbers[: component.row_limit]:
            prefix = join(path, number)
            self.seen.add(join(prefix, ROW_MARK))
            rows.append(self.level(component.components, prefix, {}))
        return rows

    def _collect_uploads(self, component: Component, name: str) -> None:
        offered = self.files.getlist(name) if self.files else []
        for upload in offered:
            if not upload.filename:
                continue
            fault = upload_fault(component, upload.filename, _size(upload))
            if fault:
                self.problems[name] = fault
            else:
                self.uploads.setdefault(name, []).append(upload)


def _size(upload: Upload) -> int:
    upload.stream.seek(0, 2)
    size = upload.stream.tell()
    upload.stream.seek(0)
    return size


def _row_numbers(names: list[str]) -> dict[str, list[int]]:
    """Return the row numbers that occur under each list path, ascending."""
    found: dict[str, set[int]] = {}
    for name in names:
        parts = name.split("-", 9)
        for position, part in enumerate(parts[1:], start=1):
            if INDEX.match(part):
                found.setdefault("-".join(parts[:position]), set()).add(int(part))
    return {path: sorted(numbers) for path, numbers in found.items()}
