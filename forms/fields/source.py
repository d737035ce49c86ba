"""Persons, departments and references: values whose options come from a source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.text import T
from forms.fields.kind import FieldType, Scope, first
from forms.fields.text import clean
from forms.options import find

MOST = 200
DEPARTMENT_TYPES = frozenset({"department", "departments"})


class SourcedField(FieldType):
    """One option of a source; a person is stored as number, a department by its Chinese name."""

    def __init__(self, source: str, *, numeric: bool = False) -> None:
        self.source = source
        self.numeric = numeric

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return the number or text that was sent; `check` replaces it by the option's own value."""
        return self.read(first(texts))

    def read(self, text: str) -> Any:
        """Return what one text means."""
        text = clean(text)[:200]
        if self.numeric and text.isascii() and text.isdigit() and len(text) <= 15:
            return int(text)
        return text or None

    def check(self, scope: Scope, value: Any) -> tuple[Any, T | None]:
        """Check that the source offers it here."""
        option = find(scope.options(self.source), value) if _simple(value) else None
        return (option.value, None) if option else (value, T("请从列表中选择"))

    def words(self, scope: Scope, value: Any) -> str:
        """Return the option's label, also of one that is no longer offered."""
        option = find(scope.known(self.source), value)
        return self.label(scope, option.label if option else str(value))

    def label(self, scope: Scope, label: str) -> str:
        """Return how an option reads: names of departments have translations, other data have none."""
        return scope.context.translate(label) if scope.component.type in DEPARTMENT_TYPES else label

    def missing(self) -> T:
        """Ask for a choice."""
        return T("请选择")


class SourcedListField(SourcedField):
    """Several options of a source, each once."""

    empty: Any = ()

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return what was chosen, in the order sent."""
        read = (self.read(text) for text in texts[:MOST])
        return list(dict.fromkeys(value for value in read if value is not None))

    def check(self, scope: Scope, value: Any) -> tuple[Any, T | None]:
        """Check that the source offers each of them here."""
        if not isinstance(value, list) or len(value) > MOST or not all(map(_simple, value)):
            return value, T("请从列表中选择")
        offered = scope.options(self.source)
        found = [find(offered, item) for item in value]
        unknown = [item for item, option in zip(value, found, strict=True) if option is None]
        if unknown:
            names = "、".join(super(SourcedListField, self).words(scope, item) for item in unknown[:5])
            return value, T("{names} 不在可选范围内", names=names)
        return list(dict.fromkeys(option.value for option in found if option)), None

    def words(self, scope: Scope, value: Any) -> str:
        """Return the labels in a row."""
        separator = "、" if scope.context.language == "zh" else ", "
        listed = value if isinstance(value, (list, tuple)) else [value]
        return separator.join(super(SourcedListField, self).words(scope, item) for item in listed)

    def typed(self, scope: Scope, value: Any) -> list[str]:
        """Return the chosen values as texts."""
        return [str(item) for item in value] if isinstance(value, (list, tuple)) else []

    def missing(self) -> T:
        """Ask for at least one choice."""
        return T("请至少选择一项")


def _simple(value: Any) -> bool:
    return isinstance(value, (int, str)) and not isinstance(value, bool)
