"""The authoritative check of a submission: what may be stored, and what is wrong at which field."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.text import T
from forms.computed import Resolved, names_for, resolve
from forms.context import FormContext
from forms.expressions import is_true
from forms.fields import FIELD_TYPES, Scope
from forms.fields.sign import stamped
from forms.paths import join
from forms.rules import Problems, apply_rules
from forms.schema import (
    COMPUTED_TYPE,
    IDENTITY_TYPE,
    RECORD_TYPE,
    ROWS_TYPE,
    SIGNATURE_TYPE,
    Component,
    Form,
    value_components,
)
from forms.signature import sign

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Validated:
    """What may be stored (complete only without errors), and the sentences by path."""

    values: Values
    errors: dict[str, T] = field(default_factory=dict)
    warnings: dict[str, T] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Tell whether the values may be stored."""
        return not self.errors


def validate(form: Form, values: Mapping[str, Any], context: FormContext) -> Validated:
    """Check merged values (see `merging.merge`) and return what may be stored.

    Every visible field is in the result, empty ones as `None`, `False` or `[]`; hidden fields are
    dropped; records are left out, their digest is part of what is signed. Rows nobody filled in are
    dropped from lists that a person may extend. Errors lie under the path the page uses.
    """
    resolved = resolve(form, values, context)
    check = _Check(context, resolved)
    stored = check.level(form.components, "", resolved.values, names_for(resolved.values, context))
    check.refuse_unknown(form.components, "", values)
    apply_rules(form, resolved, context, check.problems)
    if not check.problems.errors:
        stored = sign(form, stored, resolved, context)
    return Validated(stored, check.problems.errors, check.problems.warnings)


class _Check:
    """One walk over the values."""

    def __init__(self, context: FormContext, resolved: Resolved) -> None:
        self.context, self.resolved = context, resolved
        self.problems = Problems()

    def level(
        self,
        components: tuple[Component, ...],
        prefix: str,
        values: Mapping[str, Any],
        names: ChainMap[str, Any],
    ) -> Values:
        stored: Values = {}
        for component in value_components(components):
            if self.resolved.is_hidden(component, prefix) or component.type == RECORD_TYPE:
                continue
            path = join(prefix, component.key)
            if component.type == ROWS_TYPE:
                stored[component.key] = self._list(component, path, values.get(component.key), names)
            else:
                stored[component.key] = self._single(component, path, values.get(component.key), names)
        return stored

    def _single(self, component: Component, path: str, value: Any, names: ChainMap[str, Any]) -> Any:
        if component.type == COMPUTED_TYPE or component.readonly:
            return value
        kind = FIELD_TYPES[component.type]
        scope = Scope(component, self.context, names)
        if component.type == SIGNATURE_TYPE and stamped(component):
            return None
        if kind.is_empty(value):
            if self._is_required(component, names):
                self.problems.error(path, kind.missing())
            return list(kind.empty) if isinstance(kind.empty, tuple) else kind.empty
        stored, fault = kind.check(scope, value)
        if fault:
            self.problems.error(path, fault)
        return stored

    def _is_required(self, component: Component, names: ChainMap[str, Any]) -> bool:
        condition = component.properties.get("requiredWhen")
        if condition and is_true(str(condition), names, self.context.calls):
            return True
        return component.required

    def _list(self, component: Component, path: str, rows: Any, names: ChainMap[str, Any]) -> Any:
        if component.readonly:
            return rows or []
        if rows is None:
            rows = []
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            self.problems.error(path, T("这里应当是多行内容"))
            return []
        if len(rows) > component.row_limit:
            self.problems.error(path, T("最多 {limit} 行", limit=component.row_limit))
            return []
        stored = [
            self.level(component.components, join(path, number), row, names.new_child(dict(row)))
            for number, row in enumerate(rows)
            if component.fixed or not is_blank(component.components, row)
        ]
        if len(stored) < component.least_rows:
            self.problems.error(path, T("请至少填写 {n} 行", n=component.least_rows))
        return stored

    def refuse_unknown(
        self, components: tuple[Component, ...], prefix: str, values: Mapping[str, Any]
    ) -> None:
        """Add an error for each key that no component has; nothing foreign is stored silently."""
        known = {component.key: component for component in value_components(components)}
        for key, value in values.items():
            component = known.get(key)
            if component is None:
                self.problems.error(prefix, T("表单里没有名为“{name}”的项目", name=str(key)[:40]))
            elif component.type == ROWS_TYPE and not component.readonly and isinstance(value, list):
                for number, row in enumerate(value[: component.row_limit]):
                    if isinstance(row, Mapping):
                        self.refuse_unknown(component.components, join(prefix, key, number), row)


def is_blank(components: tuple[Component, ...], row: Mapping[str, Any]) -> bool:
    """Tell whether nobody filled in this row: everything a person may type is empty or the default."""
    for component in value_components(components):
        value = row.get(component.key)
        if component.type == IDENTITY_TYPE and value is not None:
            return False
        if component.type == ROWS_TYPE:
            if not _all_blank(component, value):
                return False
        elif component.typed_by_person and component.type != IDENTITY_TYPE and value != component.default:
            kind = FIELD_TYPES.get(component.type)
            if kind and not kind.is_empty(value):
                return False
    return True


def _all_blank(component: Component, rows: Any) -> bool:
    if not isinstance(rows, list):
        return rows is None
    return all(isinstance(row, Mapping) and is_blank(component.components, row) for row in rows)
