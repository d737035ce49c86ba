"""Forms with faults: each is found, named and refused; hostile documents are refused whole."""

from __future__ import annotations

import json

import pytest

from forms.catalog import Catalog, library
from forms.findings import safe_pattern
from forms.reading import read
from forms.schema import FormRefused, load
from tests.forms.world import form_of

GOOD = {"id": "c", "type": "textfield", "key": "x", "label": "L"}


def document(*components, i18n=None, **properties):
    return {
        "id": "made",
        "properties": {"title": "made", **properties},
        "components": list(components),
        "i18n": {"en": {"made": "made", **(i18n or {})}},
    }


def codes(source):
    return [finding.code for finding in read(source)[1]]


def test_a_sound_form_has_no_findings():
    assert codes(document(GOOD)) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "button"}, "type"),
        ({"type": ""}, "type"),
        ({"key": "a-b"}, "key"),
        ({"key": ""}, "key"),
        ({"id": ""}, "double_id"),
        ({"label": ""}, "label"),
        ({"label": "标签"}, "i18n"),
        ({"description": "说明"}, "i18n"),
        ({"type": "select"}, "choices"),
        ({"type": "datetime"}, "subtype"),
        ({"type": "expression"}, "expression"),
        ({"type": "reference"}, "source"),
        ({"type": "record"}, "record"),
        ({"type": "dynamiclist", "path": "x"}, "appearance"),
        (
            {"type": "dynamiclist", "path": "x", "properties": {"appearance": "table", "maxRows": 9999}},
            "rows",
        ),
        ({"conditional": {"hide": "=a >"}}, "feel"),
        ({"conditional": {"hide": "=__import__('os')"}}, "feel"),
        ({"conditional": {"hide": "=exec(a)"}}, "feel"),
        ({"properties": {"requiredWhen": "=("}}, "feel"),
        ({"properties": {"filter": {"group": "=)"}}}, "feel"),
        ({"validate": {"pattern": "("}}, "pattern"),
        ({"validate": {"pattern": "(a+)+b"}}, "pattern"),
    ],
)
def test_a_fault_of_a_component_is_found(change, code):
    assert code in codes(document({**GOOD, **change}))


def test_a_key_used_twice_on_one_level_is_found_and_on_two_is_not():
    assert "double_key" in codes(document(GOOD, {**GOOD, "id": "d"}))
    inner = {
        "id": "l",
        "type": "dynamiclist",
        "path": "rows",
        "label": "R",
        "properties": {"appearance": "table"},
    }
    assert codes(document(GOOD, {**inner, "components": [{**GOOD, "id": "d"}]})) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"when": "=x >"}, "feel"),
        ({"when": ""}, "feel"),
        ({"field": "other"}, "field"),
        ({"message": ""}, "i18n"),
        ({"id": "untranslated"}, "i18n"),
        ({"severity": "fatal"}, "severity"),
    ],
)
def test_a_fault_of_a_rule_is_found(rule, code):
    good = {"id": "r", "when": "=x = null", "field": "x", "message": "M", "severity": "error"}
    assert codes(document(GOOD, rules=[good], i18n={"r": "M"})) == []
    assert codes(document(GOOD, rules=[{**good, **rule}], i18n={"r": "M"})) == [code]


def nested(depth):
    inner = dict(GOOD)
    for level in range(depth):
        inner = {"id": f"g{level}", "type": "group", "label": "G", "components": [inner]}
    return inner


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"null",
        b'{"components": 3}',
        b'{"components": [3]}',
        b'{"i18n": []}',
        b'{"i18n": {"en": {"a": 1}}}',
        b'{"properties": "x"}',
        b"[" * 100_000,
        b" " * 600_000,
        json.dumps(document(nested(40))).encode(),
        json.dumps(document(*[{**GOOD, "id": f"c{n}", "key": f"k{n}"} for n in range(501)])).encode(),
    ],
)
def test_illegible_documents_are_refused_whole(source):
    form, findings = read(source)
    assert form is None
    assert [finding.code for finding in findings] == ["unreadable"]


def test_loading_a_form_with_errors_names_them_all():
    with pytest.raises(FormRefused) as refused:
        load(document({**GOOD, "type": "button"}, {**GOOD, "id": "d", "key": "A"}))
    assert [finding.code for finding in refused.value.findings] == ["type", "key"]


@pytest.mark.parametrize(
    "pattern", [r"(a|aa)+", r"(\d+)*x", r"a*a*a*a*b", r"(a)\1", r"(?=a)b", "a" * 301, "["]
)
def test_patterns_that_could_stall_the_server(pattern):
    assert not safe_pattern(pattern)


@pytest.mark.parametrize("pattern", [r"PRJ-[0-9]{4}", r"[^-\\/:*?\"<>|]+", r"(?:a|b)c", r"\d{1,3}(\.\d+)?"])
def test_patterns_that_are_accepted(pattern):
    assert safe_pattern(pattern)


def test_catalog_keeps_every_version_and_hands_out_the_current_one():
    first, second = form_of({"type": "textfield", "key": "a"}), form_of({"type": "textfield", "key": "b"})
    catalog = Catalog([first, second])
    assert catalog.get("made") is second
    assert catalog.get("made", first.version) is first
    assert catalog.ids() == ["made"]
    with pytest.raises(Exception, match="没有表单"):
        catalog.get("made", "0" * 16)
    assert library().sources()["f09_daily_update"]["id"] == "f09_daily_update"
