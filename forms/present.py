"""From a form and its values to the tree a page shows."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from engine.text import T
from forms.computed import Resolved, names_for, place, resolve
from forms.context import FormContext
from forms.controls import Place, field_view
from forms.paths import join
from forms.schema import FILE_TYPE, IDENTITY_TYPE, RECORD_TYPE, ROWS_TYPE, Component, Form, value_components
from forms.texts import say
from forms.views import (
    ColumnView,
    FieldView,
    FormView,
    GroupView,
    ProblemLine,
    RecordView,
    RowsView,
    RowView,
    TextView,
)

NUMERIC = frozenset({"number", "money", "percent"})
MOST_RECORD_DEPTH = 3

Texts = Mapping[str, T]
Names = ChainMap[str, Any]


def present(
    form: Form,
    values: Mapping[str, Any],
    errors: Texts,
    context: FormContext,
    *,
    warnings: Texts | None = None,
    readonly: bool = False,
    before: Mapping[str, Any] | None = None,
) -> FormView:
    """Return the tree of a form for the reader of the context.

    `values` are merged values (also half valid ones: what was typed is shown as it was typed);
    `before` are values to compare with, differing fields then carry the former words.
    """
    tree = _Tree(form, resolve(form, values, context), errors, warnings or {}, context, readonly)
    items = tree.level(form.components, "", values, names_for(tree.resolved.values, context), before)
    language = context.language
    return FormView(
        id=form.id,
        reference=form.reference,
        title=form.text(language),
        description=form.text(language, "description"),
        submit=form.text(language, "submit"),
        language=language,
        items=items,
        errors=tree.lines(errors),
        warnings=tree.lines(warnings or {}),
        readonly=readonly,
        multipart=any(component.type == FILE_TYPE for component in form.walk()),
        refreshes=bool(form.watched),
    )


class _Tree:
    """One walk that builds the tree and remembers where each path is, for the summary."""

    def __init__(
        self,
        form: Form,
        resolved: Resolved,
        errors: Texts,
        warnings: Texts,
        context: FormContext,
        readonly: bool,
        depth: int = 0,
        root: str = "",
    ) -> None:
        self.form, self.resolved, self.context, self.depth = form, resolved, context, depth
        self.errors, self.warnings, self.readonly, self.root = errors, warnings, readonly, root
        self.where: dict[str, str] = {}

    def level(
        self,
        components: tuple[Component, ...],
        prefix: str,
        values: Mapping[str, Any],
        names: Names,
        before: Mapping[str, Any] | None,
        where: str = "",
    ) -> tuple[Any, ...]:
        items = []
        for component in components:
            if place(component, prefix) in self.resolved.hidden:
                continue
            item = self._item(component, prefix, values, names, before, where)
            if item is not None:
                items.append(item)
        return tuple(items)

    def _item(
        self,
        component: Component,
        prefix: str,
        values: Mapping[str, Any],
        names: Names,
        before: Mapping[str, Any] | None,
        where: str,
    ) -> Any:
        if component.type == "text":
            return TextView(component.text(self.context.language), component.columns)
        if component.type == "group":
            items = self.level(component.components, prefix, values, names, before, where)
            return self._group(component, items) if items else None
        if component.type == RECORD_TYPE:
            return self._record(component, values.get(component.key))
        if component.type == ROWS_TYPE:
            return self._rows(component, prefix, values, names, before, where)
        return self._field(component, prefix, values, names, before, where)

    def _group(self, component: Component, items: tuple[Any, ...]) -> GroupView:
        language = self.context.language
        return GroupView(
            self.root + component.id,
            component.text(language),
            items,
            component.text(language, "description"),
            component.columns,
            component.properties.get("folded") is True,
        )

    def _field(
        self,
        component: Component,
        prefix: str,
        values: Mapping[str, Any],
        names: Names,
        before: Mapping[str, Any] | None,
        where: str,
    ) -> FieldView | None:
        path = join(prefix, component.key)
        if component.type == IDENTITY_TYPE and (self.readonly or values.get(component.key) is None):
            return None
        self.where[path] = join_words(where, component.text(self.context.language))
        spot = Place(
            component=component,
            name=self.root + path,
            value=values.get(component.key),
            computed=names.get(component.key),
            names=names,
            context=self.context,
            readonly=self.readonly or component.readonly,
            refreshes=component.key in self.form.watched,
        )
        former = None if before is None else (before.get(component.key),)
        return field_view(spot, self._say(self.errors, path), self._say(self.warnings, path), former)

    def _rows(
        self,
        component: Component,
        prefix: str,
        values: Mapping[str, Any],
        names: Names,
        before: Mapping[str, Any] | None,
        where: str,
    ) -> RowsView:
        path, language = join(prefix, component.key), self.context.language
        readonly = self.readonly or component.readonly
        self.where[path] = join_words(where, component.text(language))
        rows = self._row_list(component, path, values, names, before)
        return RowsView(
            name=self.root + path,
            label=component.text(language),
            appearance=str(component.properties.get("appearance", "table")),
            columns_of=self._columns(component),
            rows=rows,
            help="" if readonly else component.text(language, "description"),
            add=component.text(language, "add"),
            item=component.text(language, "item"),
            empty=component.text(language, "empty"),
            required=component.least_rows > 0,
            readonly=readonly,
            can_add=not readonly and not component.fixed and len(rows) < component.row_limit,
            fixed=component.fixed or readonly,
            columns=component.columns,
            error=self._say(self.errors, path),
            warning=self._say(self.warnings, path),
        )

    def _row_list(
        self,
        component: Component,
        path: str,
        values: Mapping[str, Any],
        names: Names,
        before: Mapping[str, Any] | None,
    ) -> tuple[RowView, ...]:
        typed = row_maps(values.get(component.key))
        computed = row_maps(names.get(component.key))
        former = None if before is None else row_maps(before.get(component.key))
        key = row_key(component)
        built = []
        for number, row in enumerate(typed):
            scope = {**row, **(computed[number] if number < len(computed) else {})}
            match = None if former is None else match_row(key, row, number, former)
            title = self._row_title(component, number, scope, names.new_child(scope))
            items = self.level(
                component.components,
                join(path, number),
                row,
                names.new_child(scope),
                None if former is None else (match or {}),
                title,
            )
            state = "added" if former is not None and match is None else ""
            built.append(RowView(self.root + join(path, number), number, title, items, state))
        return tuple(built)

    def _row_title(self, component: Component, number: int, row: Mapping[str, Any], names: Names) -> str:
        item = component.text(self.context.language, "item") or component.text(self.context.language)
        heading = f"{item} {number + 1}"
        named = component.properties.get("titleField")
        column = next((c for c in value_components(component.components) if c.key == named), None)
        if column is None or row.get(column.key) in (None, ""):
            return heading
        spot = Place(column, "", row.get(column.key), None, names, self.context, readonly=True)
        return f"{heading} · {spot.words(row.get(column.key))}"

    def _columns(self, component: Component) -> tuple[ColumnView, ...]:
        language = self.context.language
        return tuple(
            ColumnView(
                column.key,
                column.text(language),
                column.required and not column.readonly and not self.readonly,
                "" if self.readonly else column.text(language, "description"),
                column.type in NUMERIC,
                column.subtype or column.type,
            )
            for column in value_components(component.components)
            if column.type != IDENTITY_TYPE
        )

    def _record(self, component: Component, shown: Any) -> RecordView | None:
        form = self.context.form(str(component.properties["form"]))
        if not isinstance(shown, Mapping) or form is None or self.depth >= MOST_RECORD_DEPTH:
            return None
        values, before = shown.get("values", {}), shown.get("before")
        resolved = resolve(form, values, self.context)
        name = self.root + component.key
        tree = _Tree(form, resolved, {}, {}, self.context, True, self.depth + 1, name + "-")
        items = tree.level(form.components, "", values, names_for(resolved.values, self.context), before)
        return RecordView(
            name=name,
            label=component.text(self.context.language) or form.text(self.context.language),
            items=items,
            note=str(shown.get("note", "")),
            open=component.properties.get("open") is not False,
            columns=component.columns,
        )

    def lines(self, problems: Texts) -> tuple[ProblemLine, ...]:
        """Return the summary in the order of the form; problems of no field come first."""
        order = {path: number for number, path in enumerate(self.where)}
        paths = sorted(problems, key=lambda path: order.get(path, -1))
        return tuple(
            ProblemLine(
                f"f-{path}" if path in self.where else "",
                self.where.get(path, ""),
                self._say(problems, path),
            )
            for path in paths
        )

    def _say(self, problems: Texts, path: str) -> str:
        found = problems.get(path)
        return say(found, self.context.language, self.context.translate) if found is not None else ""


def row_maps(rows: Any) -> list[Mapping[str, Any]]:
    """Return the rows that are rows."""
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def row_key(component: Component) -> str | None:
    """Return the column that tells rows apart: the identity, else the one that titles a row."""
    columns = value_components(component.components)
    identity = next((column.key for column in columns if column.type == IDENTITY_TYPE), None)
    return identity or component.properties.get("titleField")


def match_row(
    key: str | None, row: Mapping[str, Any], number: int, former: list[Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """Return the former row that this row continues: by its key, without one by its number."""
    if key is None or row.get(key) is None:
        return former[number] if number < len(former) else None
    return next((other for other in former if other.get(key) == row.get(key)), None)


def join_words(outer: str, inner: str) -> str:
    """Return "row · field" for the summary."""
    return " · ".join(part for part in (outer, inner) if part)
