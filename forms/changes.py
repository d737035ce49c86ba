"""What changed between two submissions of a form, in words: for the history and for the next round."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms.computed import names_for, resolve
from forms.context import FormContext
from forms.controls import Place
from forms.listing import match_row, row_key, row_maps
from forms.paths import join
from forms.schema import RECORD_TYPE, ROWS_TYPE, Component, Form, value_components

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, how it is called, the former and the present words.

    `kind` is `changed`, `added` or `removed` (a whole row; `label` then names the row).
    """

    path: str
    label: str
    before: str
    after: str
    kind: str = "changed"


def differences(form: Form, before: Values, after: Values, context: FormContext) -> list[Change]:
    """Return the differences in the order of the form, in the language of the context.

    Rows are recognised by their identity or title, else by their number; records are left out.
    """
    old, new = resolve(form, before, context).values, resolve(form, after, context).values
    names = names_for(new, context)
    return list(_level(form.components, "", "", old, new, names, context))


def _level(
    components: tuple[Component, ...],
    prefix: str,
    where: str,
    before: Values,
    after: Values,
    names: ChainMap[str, Any],
    context: FormContext,
) -> Iterator[Change]:
    for component in value_components(components):
        old, new = before.get(component.key), after.get(component.key)
        path = join(prefix, component.key)
        if component.type == RECORD_TYPE or component.silent or old == new:
            continue
        label = " · ".join(part for part in (where, component.text(context.language)) if part)
        if component.type == ROWS_TYPE:
            yield from _rows(component, path, label, row_maps(old), row_maps(new), names, context)
            continue
        spot = Place(component, path, None, None, names, context, readonly=True)
        words = spot.words(old), spot.words(new)
        if words[0] != words[1]:
            yield Change(path, label, *words)


def _rows(
    component: Component,
    path: str,
    label: str,
    before: list[Values],
    after: list[Values],
    names: ChainMap[str, Any],
    context: FormContext,
) -> Iterator[Change]:
    key, kept = row_key(component), []
    for number, row in enumerate(after):
        match, here = match_row(key, row, number, before), join(path, number)
        name = f"{label} {number + 1}"
        inner = names.new_child(dict(row))
        if match is None:
            yield Change(here, name, "", _summary(component, row, inner, context), "added")
        else:
            kept.append(match)
            yield from _level(component.components, here, name, match, row, inner, context)
    for number, row in enumerate(before):
        if not any(row is one for one in kept):
            inner = names.new_child(dict(row))
            words = _summary(component, row, inner, context)
            yield Change(join(path, number), f"{label} {number + 1}", words, "", "removed")


def _summary(component: Component, row: Values, names: ChainMap[str, Any], context: FormContext) -> str:
    """Return the values of a row in one line."""
    found = []
    for column in value_components(component.components):
        if column.type in (ROWS_TYPE, RECORD_TYPE, "identity") or column.silent:
            continue
        words = Place(column, "", None, None, names, context, readonly=True).words(row.get(column.key))
        if words:
            found.append(words)
    return " · ".join(found)
