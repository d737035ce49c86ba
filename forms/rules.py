"""Rules of a form's author: FEEL sentences that are true when something is wrong."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import Any

from engine.text import T
from forms.computed import Resolved, names_for
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
    walk = _Walk(resolved, context, problems)
    names = names_for(resolved.values, context)
    walk.check(form.rules, "", form.components, names)
    walk.rows(form.components, "", resolved.values, names)


class _Walk:
    """One walk over the rules of a form and of its rows."""

    def __init__(self, resolved: Resolved, context: FormContext, problems: Problems) -> None:
        self.resolved, self.context, self.problems = resolved, context, problems

    def rows(
        self,
        components: tuple[Component, ...],
        prefix: str,
        values: Mapping[str, Any],
        names: ChainMap[str, Any],
    ) -> None:
        """Check the rows of every visible list of this level."""
        for component in value_components(components):
            rows = values.get(component.key)
            if component.type != ROWS_TYPE or self.resolved.is_hidden(component, prefix):
                continue
            for number, row in enumerate(rows if isinstance(rows, list) else []):
                if isinstance(row, Mapping):
                    path, inner = join(prefix, component.key, number), names.new_child(dict(row))
                    self.check(component.rules, path, component.components, inner)
                    self.rows(component.components, path, row, inner)

    def check(
        self,
        rules: Iterable[Rule],
        prefix: str,
        components: tuple[Component, ...],
        names: ChainMap[str, Any],
    ) -> None:
        """Note each rule that is true, at the field it names."""
        by_key = {component.key: component for component in value_components(components)}
        for rule in rules:
            component, path = by_key.get(rule.field), join(prefix, rule.field)
            if component is not None and self.resolved.is_hidden(component, prefix):
                continue
            if path in self.problems.errors or not is_true(rule.when, names, self.context.calls):
                continue
            note = self.problems.warning if rule.severity == "warning" else self.problems.error
            note(path, rule.message)
