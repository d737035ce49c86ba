"""The form model: what a component, a rule and a form are, and how to load one.

The format is form-js JSON restricted to the documented types, with `i18n`, `properties` and types of
our own (docs/reference/forms.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine.errors import WuxingError
from engine.text import T
from forms.texts import BASE_LANGUAGE, FormText

LAYOUT_TYPES = frozenset({"group", "text"})
ROWS_TYPE = "dynamiclist"
RECORD_TYPE = "record"
COMPUTED_TYPE = "expression"
IDENTITY_TYPE = "identity"
SIGNATURE_TYPE = "signature"
FILE_TYPE = "filepicker"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a form: which component, what is wrong, and how bad it is."""

    code: str
    component: str
    text: T
    severity: str = "error"


class FormRefused(WuxingError):
    """The form cannot be used; `findings` name each fault."""

    code: ClassVar[str] = "form_refused"

    def __init__(self, findings: list[Finding], form_id: str) -> None:
        super().__init__(T("表单{form}有 {n} 处错误", form=form_id, n=len(findings)), form=form_id)
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Choice:
    """One fixed option: the stored value and its Chinese label."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The static limits of a value; `None` means the type's own default."""

    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A FEEL sentence that is true when the values are wrong, and what to say then."""

    id: str
    when: str
    field: str
    message: FormText
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a form; what does not apply to its type is empty."""

    id: str
    type: str
    key: str = ""
    label: str = ""
    help: str = ""
    required: bool = False
    limits: Limits = Limits()
    hide: str | None = None
    readonly: bool = False
    default: Any = None
    choices: tuple[Choice, ...] = ()
    subtype: str = ""
    expression: str | None = None
    accept: str = ""
    multiple: bool = False
    columns: int = 12
    fixed: bool = False
    start_rows: int = 0
    properties: Mapping[str, Any] = field(default_factory=dict)
    components: tuple[Component, ...] = ()
    rules: tuple[Rule, ...] = ()
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def text(self, language: str, suffix: str = "") -> str:
        """Return the label, or the text named `suffix` (`description`, `add`, an option's value)."""
        own = self.translations.get(language, {}) if language != BASE_LANGUAGE else {}
        if suffix in own:
            return own[suffix]
        return self._source_text(suffix)

    def _source_text(self, suffix: str) -> str:
        if suffix == "":
            return self.label
        if suffix == "description":
            return self.help
        for choice in self.choices:
            if choice.value == suffix:
                return choice.label
        return str(self.properties.get(suffix, ""))

    @property
    def holds_value(self) -> bool:
        """Tell whether the component has a place among the values of the form."""
        return self.type not in LAYOUT_TYPES

    @property
    def typed_by_person(self) -> bool:
        """Tell whether a browser may send this component's value."""
        return self.holds_value and not self.readonly and self.type not in (COMPUTED_TYPE, RECORD_TYPE)

    @property
    def silent(self) -> bool:
        """Tell whether the value is used and kept, but not shown (a part of another column's words)."""
        return self.properties.get("silent") is True

    @property
    def row_limit(self) -> int:
        """Return how many rows a list may hold."""
        return int(self.properties.get("maxRows", 100))

    @property
    def least_rows(self) -> int:
        """Return how many filled rows a list needs."""
        return int(self.properties.get("minRows", 1 if self.required else 0))


@dataclass(frozen=True, slots=True)
class Form:
    """A form of one version: its components, rules and words.

    `watched` are the keys whose change may show, hide, compute or offer something else.
    """

    id: str
    version: str
    title: str
    description: str
    components: tuple[Component, ...]
    rules: tuple[Rule, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    watched: frozenset[str] = frozenset()

    def text(self, language: str, suffix: str = "") -> str:
        """Return the title ("") or another text of the form (`description`, `submit`)."""
        own = self.translations.get(language, {}) if language != BASE_LANGUAGE else {}
        if suffix in own:
            return own[suffix]
        return {"": self.title, "description": self.description}.get(
            suffix, str(self.properties.get(suffix, ""))
        )

    @property
    def reference(self) -> str:
        """Return `id@version`, the name under which values are stored."""
        return f"{self.id}@{self.version}"

    def fields(self) -> tuple[Component, ...]:
        """Return the components with a value on the top level, through groups, in order."""
        return tuple(value_components(self.components))

    def walk(self) -> Iterator[Component]:
        """Yield every component, outer before inner, in order."""
        yield from walk(self.components)


def walk(components: tuple[Component, ...]) -> Iterator[Component]:
    """Yield the components and everything inside them."""
    for component in components:
        yield component
        yield from walk(component.components)


def value_components(components: tuple[Component, ...]) -> Iterator[Component]:
    """Yield the components that hold a value on this level; groups are looked through, rows are not."""
    for component in components:
        if component.type == "group":
            yield from value_components(component.components)
        elif component.holds_value:
            yield component


def load(source: Mapping[str, Any] | str | bytes) -> Form:
    """Read a form and refuse it with all findings when one of them is an error."""
    from forms.reading import read

    form, findings = read(source)
    errors = [finding for finding in findings if finding.severity == "error"]
    if form is None or errors:
        raise FormRefused(errors, form.id if form else "?")
    return form
