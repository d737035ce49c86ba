"""Fixed options, yes or no, and a box to tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.text import T
from forms.fields.kind import FieldType, Scope, first
from forms.fields.text import clean


class SelectField(FieldType):
    """One of the form's own options."""

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return the chosen value as it was sent."""
        return clean(first(texts))[:200] or None

    def check(self, scope: Scope, value: Any) -> tuple[Any, T | None]:
        """Check that it is one of the options."""
        return value, None if _offered(scope, value) else T("请从选项中选择")

    def words(self, scope: Scope, value: Any) -> str:
        """Return the label of the option."""
        return _label(scope, value)

    def missing(self) -> T:
        """Ask for a choice."""
        return T("请选择")


class ChecklistField(FieldType):
    """Any number of the form's own options."""

    empty: Any = ()

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return the ticked values, each once, in the order of the options where they are known."""
        ticked = list(dict.fromkeys(clean(text)[:200] for text in texts if text.strip()))[:200]
        order = [choice.value for choice in scope.component.choices]
        return sorted(ticked, key=lambda value: order.index(value) if value in order else len(order))

    def check(self, scope: Scope, value: Any) -> tuple[Any, T | None]:
        """Check that each is one of the options."""
        sound = isinstance(value, list) and all(_offered(scope, item) for item in value)
        return value, None if sound else T("请从选项中选择")

    def words(self, scope: Scope, value: Any) -> str:
        """Return the labels in a row."""
        separator = "、" if scope.context.language == "zh" else ", "
        return separator.join(_label(scope, item) for item in _listed(value))

    def typed(self, scope: Scope, value: Any) -> list[str]:
        """Return the ticked values."""
        return [str(item) for item in _listed(value)]

    def missing(self) -> T:
        """Ask for at least one choice."""
        return T("请至少选择一项")


class CheckboxField(FieldType):
    """A box: ticked is true, otherwise false; required means it must be ticked."""

    empty: Any = False

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return whether the box was ticked."""
        return bool(first(texts))

    def is_empty(self, value: Any) -> bool:
        """A box that is not ticked counts as empty."""
        return value in (None, False, "")

    def check(self, scope: Scope, value: Any) -> tuple[Any, T | None]:
        """Check that it is true or false."""
        return value, None if isinstance(value, bool) else T("请从选项中选择")

    def words(self, scope: Scope, value: Any) -> str:
        """Return yes or no."""
        return yes_or_no(scope, value is True)

    def typed(self, scope: Scope, value: Any) -> list[str]:
        """Return the control's value when ticked."""
        return ["true"] if value is True else []

    def missing(self) -> T:
        """Ask to tick."""
        return T("请勾选此项")


class YesNoField(FieldType):
    """Yes or no, to be answered; unlike a box it can be left unanswered."""

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return the answer, or the text when it is none."""
        text = clean(first(texts))[:20]
        return {"true": True, "false": False, "": None}.get(text, text)

    def check(self, scope: Scope, value: Any) -> tuple[Any, T | None]:
        """Check that it is an answer."""
        return value, None if isinstance(value, bool) else T("请选择是或否")

    def words(self, scope: Scope, value: Any) -> str:
        """Return yes or no in the words of the form."""
        return yes_or_no(scope, value is True)

    def typed(self, scope: Scope, value: Any) -> list[str]:
        """Return the control's value of the answer."""
        return [str(value).lower()] if isinstance(value, bool) else super().typed(scope, value)

    def missing(self) -> T:
        """Ask for an answer."""
        return T("请选择是或否")


def yes_or_no(scope: Scope, answer: bool) -> str:
    """Return the form's own word for yes or no, else the general one."""
    own = scope.component.text(scope.context.language, "yes" if answer else "no")
    general = T("是") if answer else T("否")
    return own or general.render(scope.context.translate)


def _offered(scope: Scope, value: Any) -> bool:
    return isinstance(value, str) and any(value == choice.value for choice in scope.component.choices)


def _label(scope: Scope, value: Any) -> str:
    if _offered(scope, value):
        return scope.component.text(scope.context.language, value)
    return str(value)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []
