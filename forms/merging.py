"""Which value wins: what was handed out (prefill), what was typed before (draft), what is typed now.

Read-only values come from the prefill and never from a browser. A row that shows something given
(a criterion to be judged) is recognised by its `identity`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forms.actions import blank
from forms.fields.moment import with_seconds
from forms.schema import COMPUTED_TYPE, IDENTITY_TYPE, ROWS_TYPE, Component, Form, value_components

Values = dict[str, Any]


def merge(form: Form, prefill: Mapping[str, Any], typed: Mapping[str, Any] | None) -> Values:
    """Return the values to show and to check.

    Without `typed` (first opening) prefill wins over the defaults of the form; with it, typed values
    win wherever a person may type, and keys the form does not know stay, to be refused by `validate`.
    """
    if typed is None:
        return _opened(form.components, prefill)
    return _level(form.components, prefill, typed)


def extra_names(form: Form, prefill: Mapping[str, Any]) -> Values:
    """Return the prefilled values without a component: names for expressions only."""
    known = {component.key for component in form.fields()}
    return {key: with_seconds(value) for key, value in prefill.items() if key not in known}


def _opened(components: tuple[Component, ...], given: Mapping[str, Any]) -> Values:
    """Return what was handed out, with the form's defaults where nothing was, in rows as well."""
    values = blank(components)
    for component in value_components(components):
        if component.key not in given:
            continue
        value = given[component.key]
        if component.type == ROWS_TYPE and not component.readonly:
            value = [_opened(component.components, row) for row in _row_list(value)]
        values[component.key] = _settled(component, value)
    return values


def _level(components: tuple[Component, ...], given: Mapping[str, Any], typed: Mapping[str, Any]) -> Values:
    keys = {component.key for component in value_components(components)}
    values: Values = {key: value for key, value in typed.items() if key not in keys}
    for component in value_components(components):
        key = component.key
        if component.type == ROWS_TYPE and not component.readonly:
            values[key] = _rows(component, _row_list(given.get(key)), typed.get(key, given.get(key)))
        elif component.type == COMPUTED_TYPE:
            continue
        elif component.typed_by_person and component.type != IDENTITY_TYPE and key in typed:
            values[key] = _settled(component, typed[key])
        elif key in given:
            values[key] = _settled(component, given[key])
        elif component.default is not None:
            values[key] = component.default
    return values


def _settled(component: Component, value: Any) -> Any:
    """Return a value in the one way its type is written."""
    return with_seconds(value) if component.type == "datetime" else value


def _rows(component: Component, given: Sequence[Mapping[str, Any]], typed: Any) -> Any:
    if not isinstance(typed, list) or not all(isinstance(row, Mapping) for row in typed):
        return typed if typed is not None else list(given)
    identity = _identity_key(component)
    if component.fixed:
        return [
            _level(component.components, row, _typed_row(identity, row, number, typed))
            for number, row in enumerate(given)
        ]
    return [_level(component.components, _given_row(identity, row, given), row) for row in typed]


def _typed_row(
    identity: str | None, given: Mapping[str, Any], number: int, typed: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Return what was typed into a given row: by identity, else by its number."""
    if identity is None:
        return typed[number] if number < len(typed) else {}
    wanted = str(given.get(identity))
    return next((row for row in typed if str(row.get(identity)) == wanted), {})


def _given_row(
    identity: str | None, typed: Mapping[str, Any], given: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Return the row handed out that a typed row continues; a new row continues none."""
    if identity is None or typed.get(identity) is None:
        return {}
    claimed = typed[identity]
    return next((row for row in given if str(row.get(identity)) == str(claimed)), {})


def _identity_key(component: Component) -> str | None:
    columns = value_components(component.components)
    return next((column.key for column in columns if column.type == IDENTITY_TYPE), None)


def _row_list(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
