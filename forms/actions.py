"""The buttons of a form: submit, save, refresh, and what can be done to rows without JavaScript."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.fields.file import files_of
from forms.paths import split
from forms.schema import FILE_TYPE, ROWS_TYPE, Component, Form, value_components

SIMPLE = frozenset({"submit", "save", "refresh"})
ROW_ACTION = re.compile(r"^(add|del|up|down|drop):([a-z][a-z0-9_-]{0,200})(?::(\d{1,15}))?$")

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """What the pressed button asks: `kind`, the list or file field, the row or attachment number."""

    kind: str
    path: str = ""
    number: int = -1

    @property
    def changes_rows(self) -> bool:
        """Tell whether the form is to be shown again with rows or files changed."""
        return self.kind in ("add", "del", "up", "down", "drop")


def read_action(texts: Sequence[str]) -> Action:
    """Read the value of the `_do` button; anything unknown only shows the form again.

    Besides the form's own buttons a page may have more (`claim`): their word is the kind.
    """
    text = texts[0] if texts else "submit"
    match = ROW_ACTION.match(text)
    if match:
        return Action(match[1], match[2], int(match[3]) if match[3] else -1)
    return Action(text if re.fullmatch(r"[a-z][a-z_]{0,30}", text) else "refresh")


def apply(form: Form, values: Mapping[str, Any], action: Action) -> Values:
    """Return the values after a row or file button; a button that fits nothing changes nothing."""
    changed: Values = copy.deepcopy(dict(values))
    found = _find(form, changed, action.path) if action.changes_rows else None
    if found is None:
        return changed
    component, holder = found
    if component.type == ROWS_TYPE and not component.readonly and not component.fixed:
        _change_rows(component, holder, action)
    elif component.type == FILE_TYPE and action.kind == "drop":
        kept = [item for item in files_of(holder.get(component.key)) if item["attachment"] != action.number]
        holder[component.key] = kept if component.multiple else None
    return changed


def blank_row(component: Component) -> Values:
    """Return a new row of a list with the defaults of its columns."""
    return blank(component.components)


def blank(components: tuple[Component, ...]) -> Values:
    """Return the values of untouched components: their defaults and the first rows of their lists."""
    values: Values = {}
    for component in value_components(components):
        if component.type == ROWS_TYPE:
            values[component.key] = [blank_row(component) for _ in range(component.start_rows)]
        elif component.default is not None:
            values[component.key] = copy.deepcopy(component.default)
    return values


def _change_rows(component: Component, holder: Values, action: Action) -> None:
    rows = holder.setdefault(component.key, [])
    at = action.number
    if action.kind == "add" and len(rows) < component.row_limit:
        rows.insert(at + 1 if 0 <= at < len(rows) else len(rows), blank_row(component))
    elif action.kind == "del" and 0 <= at < len(rows):
        del rows[at]
    elif action.kind == "up" and 1 <= at < len(rows):
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    elif action.kind == "down" and 0 <= at < len(rows) - 1:
        rows[at + 1], rows[at] = rows[at], rows[at + 1]


def _find(form: Form, values: Values, path: str) -> tuple[Component, Values] | None:
    """Return the component a path names and the values it stands in."""
    components, holder = form.components, values
    parts = split(path)
    while parts:
        key = parts.pop(0)
        component = next((c for c in value_components(components) if c.key == key), None)
        if component is None or not parts:
            return (component, holder) if component else None
        rows, number = holder.get(component.key), parts.pop(0)
        if not isinstance(rows, list) or not isinstance(number, int) or number >= len(rows):
            return None
        components, holder = component.components, rows[number]
    return None
