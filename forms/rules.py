"""Rules of a form's author: FEEL sentences that are true when something is wrong."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import Any

from engine.text import T
from forms.computed import Resolved, names_for, place
from forms.context import FormContext
from forms.expressions import is_true
from forms.paths import join
from forms.schema import ROWS_TYPE, Component, Form, Rule, value_components


class Problems:
    """Errors and warnings by path; the first of a path stays."""

    def __init__(self) -> None:
        self.errors: dict[str, T] = {}
        self.warnings: dict[str, T] = {}

    def error(self, path: str, text: T) -> None:
        """Note an error unless the path has one."""
        self.errors.setdefault(path, text)

    def warning(self, path: str, text: T) -> None:
        """Note a warning unless the path has one."""
        self.warnings.setdefault(path, text)


def apply_rules(form: Form, resolved: Resolved, context: FormContext, problems: Problems) -> None:
    """Evaluate the rules of the form and, for each row, those of its lists.

    A rule that is neither true nor false (a value is missing) is not broken. A rule about a hidden
    field, or about a field that already has an error, is silent.
    """
    names = names_for(resolved.values, context)
    _check(form.rules, "", form.components, names, resolved, context, problems)
    _rows(form.components, "", resolved.values, names, resolved, context, problems)


def _rows(
    components: tuple[Component, ...],
    prefix: str,
    values: Mapping[str, Any],
    names: ChainMap[str, Any],
    resolved: Resolved,
    context: FormContext,
    problems: Problems,
) -> None:
    for component in value_components(components):
        rows = values.get(component.key)
        if component.type != ROWS_TYPE or place(component, prefix) in resolved.hidden:
            continue
        for number, row in enumerate(rows if isinstance(rows, list) else []):
            if not isinstance(row, Mapping):
                continue
            path = join(prefix, component.key, number)
            inner = names.new_child(dict(row))
            _check(component.rules, path, component.components, inner, resolved, context, problems)
            _rows(component.components, path, row, inner, resolved, context, problems)


def _check(
    rules: Iterable[Rule],
    prefix: str,
    components: tuple[Component, ...],
    names: ChainMap[str, Any],
    resolved: Resolved,
    context: FormContext,
    problems: Problems,
) -> None:
    by_key = {component.key: component for component in value_components(components)}
    for rule in rules:
        component = by_key.get(rule.field)
        if component is not None and place(component, prefix) in resolved.hidden:
            continue
        path = join(prefix, rule.field)
        if path in problems.errors or not is_true(rule.when, names, context.calls):
            continue
        note = problems.warning if rule.severity == "warning" else problems.error
        note(path, rule.message)
