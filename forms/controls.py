"""From one field and its value to its control on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.context import FormContext
from forms.expressions import is_true
from forms.fields import FIELD_TYPES, Scope
from forms.fields.file import files_of
from forms.fields.moment import DatetimeField
from forms.fields.number import NumberField, grouped
from forms.fields.sign import stamped
from forms.fields.source import SourcedField
from forms.options import find
from forms.schema import COMPUTED_TYPE, FILE_TYPE, Component
from forms.views import FieldView, FileView, OptionView

INPUT_TYPES = {"date": "date", "datetime": "datetime-local", "time": "time"}
CONTROLS = {
    "textfield": "input",
    "textarea": "textarea",
    "number": "input",
    "money": "input",
    "percent": "input",
    "datetime": "input",
    "select": "select",
    "radio": "radios",
    "yesno": "radios",
    "checkbox": "box",
    "checklist": "checks",
    "person": "select",
    "department": "select",
    "reference": "select",
    "persons": "checks",
    "departments": "checks",
    "references": "checks",
    "filepicker": "files",
    "identity": "hidden",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One field at one place of the page; `value` is what was typed, `computed` what follows."""

    component: Component
    name: str
    value: Any
    computed: Any
    names: Mapping[str, Any]
    context: FormContext
    readonly: bool = False
    refreshes: bool = False

    @property
    def scope(self) -> Scope:
        """Return the place as the field types know it."""
        return Scope(self.component, self.context, self.names)

    def words(self, value: Any) -> str:
        """Return a value as one reads it; an empty one is an empty text."""
        if self.component.type == COMPUTED_TYPE:
            return computed_words(self, value)
        kind = FIELD_TYPES[self.component.type]
        if kind.is_empty(value) and not isinstance(value, bool):
            return ""
        return kind.words(self.scope, value)


def field_view(spot: Place, error: str, warning: str, former: tuple[Any] | None) -> FieldView:
    """Return the view of a field; `former` holds the value to compare with."""
    component, language = spot.component, spot.context.language
    value = spot.computed if component.type == COMPUTED_TYPE else spot.value
    words = spot.words(value)
    before = spot.words(former[0]) if former is not None else None
    control = control_of(spot)
    return FieldView(
        name=spot.name,
        label=component.text(language),
        control=control,
        type=input_type(spot),
        help="" if spot.readonly else component.text(language, "description"),
        required=is_required(spot),
        readonly=control == "output",
        values=() if control == "output" else tuple(typed(spot)),
        words=words,
        options=options_of(spot) if control in ("select", "radios", "checks") else (),
        files=tuple(file_view(spot, item) for item in files_of(value)) if component.type == FILE_TYPE else (),
        attributes=attributes_of(spot),
        prefix=component.text(language, "prefix"),
        suffix=suffix_of(spot),
        meaning=component.text(language, "meaning"),
        signer=spot.context.signer.name if spot.context.signer else "",
        columns=component.columns,
        refreshes=spot.refreshes and control != "output",
        marked=control in ("radios", "checks", "box", "files"),
        multiple=component.multiple,
        error=error,
        warning=warning,
        before=before if before is not None and before != words else None,
    )


def control_of(spot: Place) -> str:
    """Return which control the page uses."""
    component = spot.component
    if component.type == "signature" and not spot.readonly:
        return "stamp" if stamped(component) else "signature"
    if spot.readonly or component.type == COMPUTED_TYPE:
        return "output"
    if component.type == "select" and component.properties.get("appearance") == "radios":
        return "radios"
    return CONTROLS[component.type]


def is_required(spot: Place) -> bool:
    """Tell whether the field must be filled in as things stand."""
    if spot.readonly or spot.component.type == COMPUTED_TYPE:
        return False
    condition = spot.component.properties.get("requiredWhen")
    if condition and is_true(str(condition), spot.names, spot.context.calls):
        return True
    return spot.component.required


def typed(spot: Place) -> list[str]:
    """Return the texts that stand in the control."""
    if spot.component.type == "signature":
        return [spot.value] if isinstance(spot.value, str) else []
    return FIELD_TYPES[spot.component.type].typed(spot.scope, spot.value)


def input_type(spot: Place) -> str:
    """Return the `type` of an input; what the browser's own control would lose is shown as text."""
    kind = FIELD_TYPES.get(spot.component.type)
    if isinstance(kind, DatetimeField):
        readable = spot.value is None or kind.words(spot.scope, spot.value) != spot.value
        subtype = spot.component.subtype
        return INPUT_TYPES[subtype] if readable or subtype == "time" else "text"
    return spot.component.type


def attributes_of(spot: Place) -> dict[str, str]:
    """Return the attributes of the control that say its limits to browser and keyboard."""
    component, limits = spot.component, spot.component.limits
    kind = FIELD_TYPES.get(component.type)
    found: dict[str, str] = {}
    if isinstance(kind, NumberField):
        whole = int(component.properties.get("decimals", kind.default_decimals)) == 0
        found["inputmode"] = "numeric" if whole else "decimal"
    if limits.max_length and component.type in ("textfield", "textarea"):
        found["maxlength"] = str(limits.max_length)
    if component.accept:
        found["accept"] = component.accept
    placeholder = component.text(spot.context.language, "placeholder")
    if placeholder:
        found["placeholder"] = placeholder
    if component.type == "textarea":
        found["rows"] = str(component.properties.get("lines", 3))
    return found


def options_of(spot: Place) -> tuple[OptionView, ...]:
    """Return the options; a chosen value that is no longer offered stays visible."""
    component = spot.component
    kind = FIELD_TYPES[component.type]
    chosen = set(typed(spot))
    if component.type == "yesno":
        answers = {"true": True, "false": False}
        listed = [
            OptionView(text, kind.words(spot.scope, yes), text in chosen) for text, yes in answers.items()
        ]
    elif isinstance(kind, SourcedField):
        listed = _sourced(spot, kind, chosen)
    else:
        listed = [
            OptionView(
                choice.value, component.text(spot.context.language, choice.value), choice.value in chosen
            )
            for choice in component.choices
        ]
    known = {option.value for option in listed}
    gone = [
        OptionView(text, _gone_label(spot, kind, text), True) for text in typed(spot) if text not in known
    ]
    return tuple(listed + gone)


def _sourced(spot: Place, kind: SourcedField, chosen: set[str]) -> list[OptionView]:
    translate = spot.context.translate
    return [
        OptionView(
            value=str(option.value),
            label=kind.label(spot.scope, option.label),
            selected=str(option.value) in chosen,
            hint=translate(option.hint),
            group=translate(option.heading or option.group),
        )
        for option in spot.scope.options(kind.source)
    ]


def _gone_label(spot: Place, kind: Any, text: str) -> str:
    if not isinstance(kind, SourcedField):
        return text
    option = find(spot.scope.known(kind.source), text)
    return option.label if option else text


def suffix_of(spot: Place) -> str:
    """Return the unit behind the control."""
    own = spot.component.text(spot.context.language, "suffix")
    if own or spot.component.type not in ("percent", "money"):
        return own
    if spot.component.type == "percent":
        return "%"
    return "元" if spot.context.language == "zh" else "CNY"


def file_view(spot: Place, item: Mapping[str, Any]) -> FileView:
    """Return a stored file as the page shows it; a value without a name gets it from the attachment."""
    number = int(item["attachment"])
    facts = item if item.get("name") else spot.context.attachment(number) or {}
    size = facts.get("size")
    return FileView(number, str(facts.get("name") or f"#{number}"), size if isinstance(size, int) else None)


def computed_words(spot: Place, value: Any) -> str:
    """Return a computed value in words: yes or no, a number, an option of the component, a text."""
    component = spot.component
    if value is None:
        return ""
    if isinstance(value, bool):
        return FIELD_TYPES["yesno"].words(spot.scope, value)
    if isinstance(value, str) and any(choice.value == value for choice in component.choices):
        return component.text(spot.context.language, value)
    shown_as = component.properties.get("shownAs")
    if shown_as in FIELD_TYPES:
        return FIELD_TYPES[shown_as].words(spot.scope, value)
    if isinstance(value, list):
        separator = "、" if spot.context.language == "zh" else ", "
        return separator.join(str(item) for item in value)
    return grouped(value)
