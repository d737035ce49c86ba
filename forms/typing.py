"""The types of the values a form leaves behind, as expressions of diagrams meet them.

A date is stored as text, so to an expression it is text: `date(due)` makes a date of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel.types import SIMPLE, ContextOf, FeelType, ListOf
from forms.schema import RECORD_TYPE, ROWS_TYPE, Component, Form, value_components

_NUMBER, _STRING, _BOOLEAN = SIMPLE["number"], SIMPLE["string"], SIMPLE["boolean"]
_TYPES: Mapping[str, FeelType] = {
    "textfield": _STRING,
    "textarea": _STRING,
    "select": _STRING,
    "radio": _STRING,
    "datetime": _STRING,
    "department": _STRING,
    "departments": ListOf(_STRING),
    "checklist": ListOf(_STRING),
    "number": _NUMBER,
    "money": _NUMBER,
    "percent": _NUMBER,
    "person": _NUMBER,
    "persons": ListOf(_NUMBER),
    "checkbox": _BOOLEAN,
    "yesno": _BOOLEAN,
}


def value_types(form: Form) -> dict[str, FeelType | None]:
    """Return the type of every value of a form by its key; None where it may be of several."""
    return {component.key: _type_of(component) for component in form.fields()}


def _type_of(component: Component) -> FeelType | None:
    if component.type == ROWS_TYPE:
        return ListOf(_row(component))
    if component.type == RECORD_TYPE:
        return None
    return _TYPES.get(component.type)


def _row(component: Component) -> ContextOf:
    columns = ((each.key, _type_of(each)) for each in value_components(component.components))
    return ContextOf(tuple((key, kind) for key, kind in columns if kind is not None))
