"""What a page shows of a form: a plain tree of texts in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class OptionView:
    """One option of a control; `group` is the heading it stands under."""

    value: str
    label: str
    selected: bool
    hint: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class FileView:
    """One stored file of a file field."""

    attachment: int
    name: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: its name in the page, its words, its control and what is wrong with it.

    `control` is `input textarea select radios checks box files signature stamp output hidden`;
    `values` are the texts standing in the control; `words` is the value as one reads it;
    `before` is the former value in words when it differs (`None` = no comparison).
    """

    name: str
    label: str
    control: str
    kind: str = "field"
    type: str = "text"
    help: str = ""
    required: bool = False
    readonly: bool = False
    values: tuple[str, ...] = ()
    words: str = ""
    options: tuple[OptionView, ...] = ()
    files: tuple[FileView, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    prefix: str = ""
    suffix: str = ""
    meaning: str = ""
    signer: str = ""
    columns: int = 12
    refreshes: bool = False
    marked: bool = False
    multiple: bool = False
    error: str = ""
    warning: str = ""
    before: str | None = None

    @property
    def value(self) -> str:
        """Return the first text of the control."""
        return self.values[0] if self.values else ""

    @property
    def touched(self) -> bool:
        """Tell whether something stands in the control."""
        return bool(self.values or self.files)

    @property
    def option_groups(self) -> list[tuple[str, list[OptionView]]]:
        """Return the options under their headings, in order of first appearance."""
        groups: dict[str, list[OptionView]] = {}
        for option in self.options:
            groups.setdefault(option.group, []).append(option)
        return list(groups.items())


@dataclass(frozen=True, slots=True)
class TextView:
    """A static text."""

    text: str
    columns: int = 12
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class ColumnView:
    """The heading of a table's column."""

    key: str
    label: str
    required: bool = False
    help: str = ""
    numeric: bool = False
    readonly: bool = False
    type: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    """One row: its items in the order of the columns; `title` names it where rows are cards."""

    name: str
    number: int
    title: str
    items: tuple[Any, ...]
    added: bool = False

    @property
    def hidden(self) -> list[FieldView]:
        """Return the fields nobody sees: the identity."""
        return [item for item in self.items if isinstance(item, FieldView) and item.control == "hidden"]

    @property
    def shown(self) -> list[Any]:
        """Return everything else."""
        return [item for item in self.items if not (isinstance(item, FieldView) and item.control == "hidden")]

    @property
    def faulty(self) -> bool:
        """Tell whether something in the row has an error."""
        return any(item.error for item in parts_of(self.items))

    @property
    def cells(self) -> dict[str, Any]:
        """Return the fields and inner lists of the row by their key, through groups."""
        return {item.name.rpartition("-")[2]: item for item in leaves_of(self.items)}


@dataclass(frozen=True, slots=True)
class RowsView:
    """A list of rows, shown as `table` or `cards`; `removed` names rows that are no longer there."""

    name: str
    label: str
    appearance: str
    columns_of: tuple[ColumnView, ...]
    rows: tuple[RowView, ...]
    removed: tuple[str, ...] = ()
    help: str = ""
    add: str = ""
    item: str = ""
    empty: str = ""
    required: bool = False
    readonly: bool = False
    can_add: bool = False
    fixed: bool = False
    columns: int = 12
    kind: str = "rows"
    error: str = ""
    warning: str = ""

    @property
    def touched(self) -> bool:
        """Tell whether there are rows."""
        return bool(self.rows)


@dataclass(frozen=True, slots=True)
class GroupView:
    """A section with a heading; a `folded` one opens on a click, and by itself when it holds something."""

    name: str
    label: str
    items: tuple[Any, ...]
    help: str = ""
    columns: int = 12
    folded: bool = False
    kind: str = "group"

    @property
    def open(self) -> bool:
        """Tell whether there is something inside that must not be overlooked."""
        return any(item.error or item.warning or item.touched for item in parts_of(self.items))


@dataclass(frozen=True, slots=True)
class RecordView:
    """Another form's values, only to read; `items` is its tree, `note` says whose it is."""

    name: str
    label: str
    items: tuple[Any, ...]
    note: str = ""
    open: bool = True
    columns: int = 12
    kind: str = "record"


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One line of the summary: the id to jump to, where it is, what is wrong."""

    target: str
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class FormView:
    """A whole form for one reader."""

    id: str
    reference: str
    title: str
    description: str
    submit: str
    language: str
    items: tuple[Any, ...]
    errors: tuple[ProblemLine, ...] = ()
    warnings: tuple[ProblemLine, ...] = ()
    readonly: bool = False
    multipart: bool = False
    refreshes: bool = False

    @property
    def blocks(self) -> list[Any]:
        """Return the sections of the page: groups, and between them tuples of items of no group."""
        found: list[Any] = []
        for item in self.items:
            if isinstance(item, GroupView):
                found.append(item)
            elif found and isinstance(found[-1], tuple):
                found[-1] = (*found[-1], item)
            else:
                found.append((item,))
        return found

    def fields(self) -> Iterator[FieldView]:
        """Yield every field of the tree, those in rows too."""
        yield from fields_of(self.items)


def fields_of(items: tuple[Any, ...]) -> Iterator[FieldView]:
    """Yield the fields under some items of a tree, records left out."""
    for item in items:
        if isinstance(item, FieldView):
            yield item
        elif isinstance(item, GroupView):
            yield from fields_of(item.items)
        elif isinstance(item, RowsView):
            for row in item.rows:
                yield from fields_of(row.items)


def leaves_of(items: tuple[Any, ...]) -> Iterator[Any]:
    """Yield fields and lists of one level, through groups."""
    for item in items:
        if isinstance(item, GroupView):
            yield from leaves_of(item.items)
        elif isinstance(item, (FieldView, RowsView)):
            yield item


def rows_of(items: tuple[Any, ...]) -> Iterator[RowsView]:
    """Yield the lists under some items of a tree."""
    for item in leaves_of(items):
        if isinstance(item, RowsView):
            yield item
            for row in item.rows:
                yield from rows_of(row.items)


def parts_of(items: tuple[Any, ...]) -> Iterator[FieldView | RowsView]:
    """Yield every field and every list under some items of a tree."""
    yield from fields_of(items)
    yield from rows_of(items)
