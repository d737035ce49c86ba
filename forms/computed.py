"""What follows from the values: computed fields, values taken when a field is left empty, hidden fields.

The server's value always wins; nothing computed is ever taken from a browser.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.context import FormContext
from forms.expressions import is_true, value_of
from forms.fields import FIELD_TYPES
from forms.paths import join
from forms.schema import COMPUTED_TYPE, ROWS_TYPE, Component, Form, value_components

MOST_ROUNDS = 4

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The values with everything computed, and the paths of hidden components (by component id)."""

    values: Values
    hidden: frozenset[str]

    def is_hidden(self, component: Component, prefix: str = "") -> bool:
        """Tell whether a component is hidden at a place (`prefix` = path of its row, or empty)."""
        return place(component, prefix) in self.hidden


def place(component: Component, prefix: str) -> str:
    """Return the name of a component at a place; groups and static texts have one, too."""
    return f"{prefix}/{component.id}"


def resolve(form: Form, values: Mapping[str, Any], context: FormContext) -> Resolved:
    """Compute until nothing changes any more (at most four rounds), each in the order of the form."""
    resolved = Resolved(dict(values), frozenset())
    for _ in range(MOST_ROUNDS):
        again = _Round(context, resolved.hidden).run(form, values, resolved.values)
        if again == resolved:
            break
        resolved = again
    return resolved


def names_for(values: Mapping[str, Any], context: FormContext) -> ChainMap[str, Any]:
    """Return the FEEL names of the top level: the values before the context's own names."""
    return ChainMap(dict(values), dict(context.names))


class _Round:
    """One pass over the form in its order."""

    def __init__(self, context: FormContext, hidden_before: frozenset[str]) -> None:
        self.context = context
        self.hidden_before = hidden_before
        self.hidden: set[str] = set()

    def run(self, form: Form, typed: Mapping[str, Any], computed: Mapping[str, Any]) -> Resolved:
        names = names_for({**self._empty(form.components), **computed, **typed}, self.context)
        values = self.level(form.components, "", dict(typed), names)
        return Resolved(values, frozenset(self.hidden))

    def level(
        self,
        components: tuple[Component, ...],
        prefix: str,
        values: Values,
        names: ChainMap[str, Any],
    ) -> Values:
        for component in value_components(components):
            if place(component, prefix) in self.hidden_before:
                names[component.key] = None
        for component in components:
            if component.hide and is_true(component.hide, names, self.context.calls):
                self._hide(component, prefix, names)
            elif component.type == "group":
                self.level(component.components, prefix, values, names)
            elif component.type == ROWS_TYPE:
                self._rows(component, prefix, values, names)
            else:
                self._single(component, values, names)
        return values

    def _hide(self, component: Component, prefix: str, names: ChainMap[str, Any]) -> None:
        """Note it, and let later expressions see nothing where something is hidden."""
        self.hidden.add(place(component, prefix))
        if component.holds_value:
            names[component.key] = None
        for inner in component.components if component.type == "group" else ():
            self._hide(inner, prefix, names)

    def _single(self, component: Component, values: Values, names: ChainMap[str, Any]) -> None:
        key = component.key
        if component.type == COMPUTED_TYPE and component.expression:
            values[key] = names[key] = value_of(component.expression, names, self.context.calls)
        elif "fallback" in component.properties and self._is_empty(component, values.get(key)):
            taken = value_of(str(component.properties["fallback"]), names, self.context.calls)
            values[key] = names[key] = taken

    def _rows(self, component: Component, prefix: str, values: Values, names: ChainMap[str, Any]) -> None:
        rows = values.get(component.key)
        if not isinstance(rows, list):
            return
        done = []
        for number, row in enumerate(rows):
            if isinstance(row, Mapping):
                own = {**self._empty(component.components), **row}
                path = join(prefix, component.key, number)
                inner: ChainMap[str, Any] = names.new_child(own)
                done.append(self.level(component.components, path, dict(row), inner))
            else:
                done.append(row)
        values[component.key] = done
        names[component.key] = done

    def _empty(self, components: tuple[Component, ...]) -> Values:
        found: Values = {}
        for component in components:
            if component.type == "group":
                found.update(self._empty(component.components))
            elif component.holds_value:
                found[component.key] = [] if component.type == ROWS_TYPE else None
        return found

    def _is_empty(self, component: Component, value: Any) -> bool:
        kind = FIELD_TYPES.get(component.type)
        return kind.is_empty(value) if kind else value is None
