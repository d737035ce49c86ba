"""Lists of rows as a page shows them, and which row continues which former one."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forms.controls import Place
from forms.fields import FIELD_TYPES
from forms.paths import join
from forms.schema import COMPUTED_TYPE, IDENTITY_TYPE, Component, value_components
from forms.views import ColumnView, RowsView, RowView

if TYPE_CHECKING:
    from forms.present import Tree

NUMERIC = frozenset({"number", "money", "percent"})

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Level:
    """Where the walk is: the path of the row, its values, names, former values and title."""

    prefix: str
    values: Row
    names: ChainMap[str, Any]
    before: Row | None
    where: str = ""


def rows_view(tree: Tree, component: Component, level: Level) -> RowsView:
    """Return a list with its rows, its headings and what may be done to it."""
    path, language = join(level.prefix, component.key), tree.context.language
    readonly = tree.readonly or component.readonly
    tree.note(path, level, component)
    rows = _rows(tree, component, path, level)
    return RowsView(
        name=tree.root + path,
        label=component.text(language),
        appearance=str(component.properties.get("appearance", "table")),
        columns_of=_columns(tree, component),
        rows=rows,
        removed=_removed(tree, component, level),
        help="" if readonly else component.text(language, "description"),
        add=component.text(language, "add"),
        item=component.text(language, "item"),
        empty=component.text(language, "empty"),
        required=component.least_rows > 0,
        readonly=readonly,
        can_add=not readonly and not component.fixed and len(rows) < component.row_limit,
        fixed=component.fixed or readonly,
        columns=component.columns,
        error=tree.say(tree.errors, path),
        warning=tree.say(tree.warnings, path),
    )


def _rows(tree: Tree, component: Component, path: str, level: Level) -> tuple[RowView, ...]:
    typed = row_maps(level.values.get(component.key))
    computed = row_maps(level.names.get(component.key))
    former = None if level.before is None else row_maps(level.before.get(component.key))
    built = []
    for number, row in enumerate(typed):
        scope = {**row, **(computed[number] if number < len(computed) else {})}
        match = None if former is None else match_row(row_key(component), row, number, former)
        names = level.names.new_child(scope)
        title = _title(tree, component, number, names)
        inner = Level(join(path, number), row, names, match, title)
        items = tree.level(component.components, inner)
        added = former is not None and match is None
        built.append(RowView(tree.root + inner.prefix, number, title, items, added))
    return tuple(built)


def _title(tree: Tree, component: Component, number: int, names: ChainMap[str, Any]) -> str:
    """Return "Task 3 · Finish the key visual": what a row is called and how the summary names it."""
    language = tree.context.language
    heading = f"{component.text(language, 'item') or component.text(language)} {number + 1}"
    named = str(component.properties.get("titleField", ""))
    column = next((c for c in value_components(component.components) if c.key == named), None)
    value = names.maps[0].get(named) if column is not None else None
    if column is None or value in (None, ""):
        return heading
    return f"{heading} · {Place(column, '', value, None, names, tree.context, readonly=True).words(value)}"


def _columns(tree: Tree, component: Component) -> tuple[ColumnView, ...]:
    language = tree.context.language
    return tuple(
        ColumnView(
            key=column.key,
            label=column.text(language),
            required=column.required and not column.readonly and not tree.readonly,
            help="" if tree.readonly else column.text(language, "description"),
            numeric=column.type in NUMERIC,
            readonly=tree.readonly or column.readonly or column.type == COMPUTED_TYPE,
            type=column.subtype or column.type,
        )
        for column in value_components(component.components)
        if column.type != IDENTITY_TYPE and not column.silent
    )


def _removed(tree: Tree, component: Component, level: Level) -> tuple[str, ...]:
    """Return the first words of each former row that no row continues."""
    if level.before is None:
        return ()
    key, now = row_key(component), row_maps(level.values.get(component.key))
    former = row_maps(level.before.get(component.key))
    kept = [match_row(key, row, number, former) for number, row in enumerate(now)]
    gone = (row for row in former if not any(row is one for one in kept))
    return tuple(_words(tree, component, row, level.names) for row in gone)


def _words(tree: Tree, component: Component, row: Row, names: ChainMap[str, Any]) -> str:
    """Return the first two values of a row as one reads them."""
    spots = [
        Place(column, "", row.get(column.key), None, names, tree.context, readonly=True)
        for column in value_components(component.components)
        if column.type in FIELD_TYPES and column.type != IDENTITY_TYPE and not column.silent
    ]
    return " · ".join([words for spot in spots if (words := spot.words(spot.value))][:2])


def row_maps(rows: Any) -> list[Row]:
    """Return the rows that are rows."""
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def row_key(component: Component) -> str | None:
    """Return the column that tells rows apart: the identity, else the one that titles a row."""
    columns = value_components(component.components)
    identity = next((column.key for column in columns if column.type == IDENTITY_TYPE), None)
    return identity or component.properties.get("titleField")


def match_row(key: str | None, row: Row, number: int, former: list[Row]) -> Row | None:
    """Return the former row that this row continues: by its key, without one by its number."""
    if key is None or row.get(key) is None:
        return former[number] if number < len(former) else None
    return next((other for other in former if other.get(key) == row.get(key)), None)
