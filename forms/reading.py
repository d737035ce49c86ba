"""From form-js JSON to the form model; every fault becomes a finding, nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.text import T
from forms.canonical import digest
from forms.expressions import names_of
from forms.findings import expressions_of, findings_of
from forms.schema import Choice, Component, Finding, Form, Limits, Rule, walk
from forms.texts import FormText, translations_of

MAX_BYTES = 512 * 1024
MAX_DEPTH = 6
MAX_COMPONENTS = 500

Findings = list[Finding]


def read(source: Mapping[str, Any] | str | bytes) -> tuple[Form | None, Findings]:
    """Read a form; return it, unless it is illegible, with all findings."""
    document = _document(source)
    if document is None or not _well_formed(document):
        return None, [Finding("unreadable", "", T("不是有效的表单 JSON，或者太大、嵌套太深"))]
    form = _form(document)
    return form, findings_of(form)


def _document(source: Mapping[str, Any] | str | bytes) -> dict[str, Any] | None:
    if isinstance(source, Mapping):
        return dict(source)
    if len(source) > MAX_BYTES:
        return None
    try:
        document = json.loads(source)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _well_formed(document: Mapping[str, Any]) -> bool:
    """Tell whether the shape is one that `_form` can read without guessing."""
    counted = 0
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH + 1):
        inner: list[Any] = []
        for item in level:
            if not isinstance(item, Mapping) or not isinstance(item.get("components", []), list):
                return False
            inner.extend(item.get("components", []))
        counted += len(inner)
        if not inner:
            return _texts_well_formed(document)
        level = inner
        if counted > MAX_COMPONENTS:
            return False
    return False


def _texts_well_formed(document: Mapping[str, Any]) -> bool:
    i18n = document.get("i18n", {})
    if not isinstance(i18n, Mapping) or not isinstance(document.get("properties", {}), Mapping):
        return False
    return all(
        isinstance(entries, Mapping) and all(isinstance(text, str) for text in entries.values())
        for entries in i18n.values()
    )


def _form(document: Mapping[str, Any]) -> Form:
    properties = _mapping(document, "properties")
    i18n = _mapping(document, "i18n")
    identifier = str(document.get("id", ""))
    components = _components(document, i18n)
    return Form(
        id=identifier,
        version=digest(document)[:16],
        title=str(properties.get("title", "")),
        description=str(properties.get("description", "")),
        components=components,
        rules=_rules(properties, i18n),
        properties=properties,
        translations=translations_of(i18n, identifier),
        source=document,
        watched=_watched(components),
    )


def _watched(components: tuple[Component, ...]) -> frozenset[str]:
    texts = (text for component in walk(components) for text in expressions_of(component))
    return frozenset(name for text in texts for name in names_of(text))


def _components(holder: Mapping[str, Any], i18n: Mapping[str, Any]) -> tuple[Component, ...]:
    return tuple(_component(item, i18n) for item in holder.get("components", []))


def _component(item: Mapping[str, Any], i18n: Mapping[str, Any]) -> Component:
    properties, checks = _mapping(item, "properties"), _mapping(item, "validate")
    identifier = str(item.get("id", ""))
    return Component(
        id=identifier,
        type=str(item.get("type", "")),
        key=str(item.get("key", item.get("path", ""))),
        label=str(item.get("label", item.get("text", ""))),
        help=str(item.get("description", "")),
        required=checks.get("required") is True,
        limits=_limits(checks),
        hide=_text_or_none(_mapping(item, "conditional").get("hide")),
        readonly=properties.get("readonly") is True,
        default=item.get("defaultValue"),
        choices=_choices(item),
        subtype=str(item.get("subtype", "")),
        expression=_text_or_none(item.get("expression")),
        accept=str(item.get("accept", "")),
        multiple=item.get("multiple") is True,
        columns=_columns(_mapping(item, "layout").get("columns")),
        fixed=item.get("allowAddRemove") is False,
        start_rows=_whole(item.get("defaultRepetitions"), 0),
        properties=properties,
        components=_components(item, i18n),
        rules=_rules(properties, i18n),
        translations=translations_of(i18n, identifier),
    )


def _limits(checks: Mapping[str, Any]) -> Limits:
    return Limits(
        minimum=_number(checks.get("min")),
        maximum=_number(checks.get("max")),
        min_length=_whole(checks.get("minLength"), None),
        max_length=_whole(checks.get("maxLength"), None),
        pattern=_text_or_none(checks.get("pattern")),
    )


def _rules(properties: Mapping[str, Any], i18n: Mapping[str, Any]) -> tuple[Rule, ...]:
    listed = properties.get("rules", [])
    return tuple(_rule(item, i18n) for item in listed if isinstance(item, Mapping))


def _rule(item: Mapping[str, Any], i18n: Mapping[str, Any]) -> Rule:
    identifier = str(item.get("id", ""))
    words = {language: texts.get("", "") for language, texts in translations_of(i18n, identifier).items()}
    return Rule(
        id=identifier,
        when=str(item.get("when", "")),
        field=str(item.get("field", "")),
        message=FormText(str(item.get("message", "")), words),
        severity=str(item.get("severity", "error")),
    )


def _choices(item: Mapping[str, Any]) -> tuple[Choice, ...]:
    listed = item.get("values", [])
    if not isinstance(listed, list):
        return ()
    return tuple(
        Choice(str(entry.get("value", "")), str(entry.get("label", "")))
        for entry in listed
        if isinstance(entry, Mapping)
    )


def _mapping(item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = item.get(name)
    return found if isinstance(found, Mapping) else {}


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _number(value: Any) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _whole(value: Any, otherwise: Any) -> Any:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def _columns(value: Any) -> int:
    return value if isinstance(value, int) and 1 <= value <= 12 else 12
