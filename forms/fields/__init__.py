"""The types of values people enter: how each is read from a page, checked and put into words."""

from __future__ import annotations

from forms.fields.choice import CheckboxField, ChecklistField, SelectField, YesNoField
from forms.fields.file import FileField
from forms.fields.kind import FieldType, Scope
from forms.fields.moment import DatetimeField
from forms.fields.number import MoneyField, NumberField, PercentField
from forms.fields.sign import SignatureField
from forms.fields.source import SourcedField, SourcedListField
from forms.fields.text import IdentityField, LongTextField, TextField
from forms.options import DEPARTMENTS, PERSONS

FIELD_TYPES: dict[str, FieldType] = {
    "textfield": TextField(),
    "textarea": LongTextField(),
    "number": NumberField(),
    "money": MoneyField(),
    "percent": PercentField(),
    "checkbox": CheckboxField(),
    "yesno": YesNoField(),
    "select": SelectField(),
    "radio": SelectField(),
    "checklist": ChecklistField(),
    "datetime": DatetimeField(),
    "person": SourcedField(PERSONS, numeric=True),
    "persons": SourcedListField(PERSONS, numeric=True),
    "department": SourcedField(DEPARTMENTS),
    "departments": SourcedListField(DEPARTMENTS),
    "reference": SourcedField(""),
    "references": SourcedListField(""),
    "filepicker": FileField(),
    "signature": SignatureField(),
    "identity": IdentityField(),
}

__all__ = ["FIELD_TYPES", "FieldType", "Scope"]
