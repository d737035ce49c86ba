"""What every type of field can do, and where a field stands while it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.text import T
from forms.context import FormContext
from forms.expressions import value_of
from forms.options import Option
from forms.schema import Component


@dataclass(frozen=True, slots=True)
class Scope:
    """One component at one place: its surroundings and the FEEL names visible there."""

    component: Component
    context: FormContext
    names: Mapping[str, Any]

    def evaluate(self, expression: str) -> Any:
        """Return the value of a FEEL text with the names of this place."""
        return value_of(expression, self.names, self.context.calls)

    def options(self, default_source: str) -> Sequence[Option]:
        """Return what may be chosen here, narrowed by the component's filters."""
        source = str(self.component.properties.get("source", default_source))
        filters = self.component.properties.get("filter", {})
        narrowing = {name: _plain(self.evaluate(str(text))) for name, text in filters.items()}
        return self.context.options.choose(source, narrowing)

    def known(self, default_source: str) -> Sequence[Option]:
        """Return everything the component's source has a label for."""
        return self.context.options.known(str(self.component.properties.get("source", default_source)))


def _plain(value: Any) -> Any:
    """Return what a source can compare with: texts, numbers and lists of them; nothing for the rest."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, (str, int))]
    return value if isinstance(value, (str, int)) else None


class FieldType:
    """A type of field; a value is JSON, and text a page sent that cannot be read stays text."""

    empty: Any = None

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return the value of what a page sent; text that is no such value is returned as it is."""
        raise NotImplementedError

    def is_empty(self, value: Any) -> bool:
        """Tell whether nothing was entered."""
        return value is None or value == "" or value == []

    def check(self, scope: Scope, value: Any) -> tuple[Any, T | None]:
        """Return the value to store and what is wrong with it; never called with an empty value."""
        raise NotImplementedError

    def words(self, scope: Scope, value: Any) -> str:
        """Return a value as a reader of the context's language would write it."""
        raise NotImplementedError

    def typed(self, scope: Scope, value: Any) -> list[str]:
        """Return the texts that stand in the page's control for this value."""
        return [] if self.is_empty(value) else [str(value)]

    def missing(self) -> T:
        """Return what to say when a required value is missing."""
        return T("请填写此项")


def first(texts: Sequence[str]) -> str:
    """Return the first text of a control, without blanks around it."""
    return texts[0].strip() if texts else ""
