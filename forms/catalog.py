"""The forms that exist: the library in files, each form under the hash of its content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from engine.errors import NotFound
from engine.text import T
from forms.schema import Form, load

LIBRARY = Path(__file__).resolve().parent / "library"


class Catalog:
    """Forms by id and version; a version that was ever added stays."""

    def __init__(self, forms: Iterable[Form] = ()) -> None:
        self._current: dict[str, Form] = {}
        self._versions: dict[str, Form] = {}
        for form in forms:
            self.add(form)

    def add(self, form: Form) -> None:
        """Make `form` the current version of its id."""
        self._current[form.id] = form
        self._versions[form.reference] = form

    def get(self, form_id: str, version: str | None = None) -> Form:
        """Return a form, current when no version is asked for; raises `NotFound`."""
        known, name = (self._versions, f"{form_id}@{version}") if version else (self._current, form_id)
        found = known.get(name)
        if found is None:
            raise NotFound(T("没有表单 {form}", form=form_id), form=form_id, version=version)
        return found

    def find(self, form_id: str) -> Form | None:
        """Return the current form or nothing: the `form` of a `FormContext`."""
        return self._current.get(form_id)

    def ids(self) -> list[str]:
        """Return the ids of all forms, sorted."""
        return sorted(self._current)

    def sources(self) -> dict[str, Mapping[str, Any]]:
        """Return the JSON of the current forms by id, as the engine publishes and pins them."""
        return {form_id: self._current[form_id].source for form_id in self.ids()}


@cache
def library() -> Catalog:
    """Return the forms that come with the product; raises `FormRefused` when one has an error."""
    return Catalog(load(path.read_bytes()) for path in sorted(LIBRARY.glob("*.json")))
