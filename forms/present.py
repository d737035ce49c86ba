"""From a form and its values to the tree a page shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.text import T
from forms.computed import Resolved, names_for, resolve
from forms.context import FormContext
from forms.controls import Place, field_view
from forms.listing import Level, rows_view
from forms.paths import join
from forms.schema import FILE_TYPE, IDENTITY_TYPE, RECORD_TYPE, ROWS_TYPE, Component, Form
from forms.texts import say
from forms.views import FieldView, FormView, GroupView, ProblemLine, RecordView, TextView

MOST_RECORD_DEPTH = 3

Texts = Mapping[str, T]


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
    tree = Tree(form, resolve(form, values, context), errors, warnings or {}, context, readonly)
    items = tree.all(values, before)
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


class Tree:
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

    def all(self, values: Mapping[str, Any], before: Mapping[str, Any] | None) -> tuple[Any, ...]:
        """Return the items of the whole form."""
        names = names_for(self.resolved.values, self.context)
        return self.level(self.form.components, Level("", values, names, before))

    def level(self, components: tuple[Component, ...], level: Level) -> tuple[Any, ...]:
        """Return the items of one level; what is hidden, silent or empty has none."""
        shown = (
            self._item(component, level)
            for component in components
            if not component.silent and not self.resolved.is_hidden(component, level.prefix)
        )
        return tuple(item for item in shown if item is not None)

    def say(self, problems: Texts, path: str) -> str:
        """Return the sentence about a path in the reader's language, or nothing."""
        found = problems.get(path)
        return say(found, self.context.language, self.context.translate) if found is not None else ""

    def note(self, path: str, level: Level, component: Component) -> None:
        """Remember how the summary calls a path."""
        words = (level.where, component.text(self.context.language))
        self.where[path] = " · ".join(part for part in words if part)

    def _item(self, component: Component, level: Level) -> Any:
        if component.type == "text":
            return TextView(component.text(self.context.language), component.columns)
        if component.type == "group":
            return self._group(component, self.level(component.components, level))
        if component.type == RECORD_TYPE:
            return self._record(component, level.values.get(component.key))
        if component.type == ROWS_TYPE:
            return rows_view(self, component, level)
        return self._field(component, level)

    def _group(self, component: Component, items: tuple[Any, ...]) -> GroupView | None:
        language = self.context.language
        if not items:
            return None
        return GroupView(
            name=self.root + component.id,
            label=component.text(language),
            items=items,
            help="" if self.readonly else component.text(language, "description"),
            columns=component.columns,
            folded=component.properties.get("folded") is True,
        )

    def _field(self, component: Component, level: Level) -> FieldView | None:
        path = join(level.prefix, component.key)
        value = level.values.get(component.key)
        if component.type == IDENTITY_TYPE and (self.readonly or value is None):
            return None
        self.note(path, level, component)
        spot = Place(
            component=component,
            name=self.root + path,
            value=value,
            computed=level.names.get(component.key),
            names=level.names,
            context=self.context,
            readonly=self.readonly or component.readonly,
            refreshes=component.key in self.form.watched,
        )
        former = None if level.before is None else (level.before.get(component.key),)
        return field_view(spot, self.say(self.errors, path), self.say(self.warnings, path), former)

    def _record(self, component: Component, shown: Any) -> RecordView | None:
        form = self.context.form(str(component.properties["form"]))
        if not isinstance(shown, Mapping) or form is None or self.depth >= MOST_RECORD_DEPTH:
            return None
        values, name = shown.get("values", {}), self.root + component.key
        resolved = resolve(form, values, self.context)
        tree = Tree(form, resolved, {}, {}, self.context, True, self.depth + 1, name + "-")
        return RecordView(
            name=name,
            label=component.text(self.context.language) or form.text(self.context.language),
            items=tree.all(values, shown.get("before")),
            note=str(shown.get("note", "")),
            open=component.properties.get("open") is not False,
            columns=component.columns,
        )

    def lines(self, problems: Texts) -> tuple[ProblemLine, ...]:
        """Return the summary in the order of the form; problems of no field come first."""
        order = {path: number for number, path in enumerate(self.where)}
        return tuple(
            ProblemLine(
                target=f"f-{path}" if path in self.where else "",
                where=self.where.get(path, ""),
                text=self.say(problems, path),
            )
            for path in sorted(problems, key=lambda path: order.get(path, -1))
        )
