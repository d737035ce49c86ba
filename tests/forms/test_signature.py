"""Signatures: who, when, what it means, and over exactly what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from forms.canonical import canonical, digest
from forms.catalog import library
from forms.computed import resolve
from forms.context import Signer
from forms.filling import accept, receive, surroundings
from forms.merging import merge
from forms.signature import payload_of, verify
from tests.forms.samples import PREFILL, TYPED
from tests.forms.world import NOW, context, page

FORM = library().get("f02_approval")
GIVEN, CHOSEN = PREFILL["f02_approval"], TYPED["f02_approval"]


def signed(values=CHOSEN, given=GIVEN, **changes):
    return accept(FORM, values, context(**changes), given)


def payload(stored, given=GIVEN, subject=None):
    known = surroundings(FORM, context(), given)
    shown = resolve(FORM, merge(FORM, given, stored), known).values
    return payload_of(FORM, stored, shown, context().signed if subject is None else subject)


def test_submitting_an_approval_signs_it():
    signature = signed()["approver"]
    assert (signature["person"], signature["name"]) == (1, "王丽")
    assert signature["at"] == "2026-03-02T02:00:00+00:00"
    assert "审批意见负责" in signature["meaning"]
    assert verify(payload(signed()), signature)


def test_a_deputy_signs_on_behalf_of_somebody():
    signature = signed(signer=Signer(2, "陈涛", on_behalf_of=1))["approver"]
    assert (signature["person"], signature["on_behalf_of"]) == (2, 1)


@pytest.mark.parametrize(
    "change",
    [{"decision": "拒绝"}, {"comment": "同意立项。"}, {"light_ok": False}, {"cc": [3]}],
)
def test_changing_a_value_breaks_the_signature(change):
    stored = signed()
    assert not verify(payload({**stored, **change}), stored["approver"])


def test_changing_what_was_shown_or_the_subject_breaks_the_signature():
    stored = signed()
    other = {**GIVEN, "subject": {"values": {**GIVEN["subject"]["values"], "budget": 1}}}
    assert not verify(payload(stored, given=other), stored["approver"])
    assert not verify(payload(stored, subject={"instance": 8}), stored["approver"])


@pytest.mark.parametrize(
    "change",
    [
        {"name": "陈涛"},
        {"person": 2},
        {"at": "2026-03-02T03:00:00+00:00"},
        {"meaning": "看过"},
        {"digest": "0" * 64},
    ],
)
def test_changing_the_signature_itself_breaks_it(change):
    stored = signed()
    assert not verify(payload(stored), {**stored["approver"], **change})


def test_equal_content_gives_an_equal_digest_and_a_later_moment_another():
    assert signed()["approver"]["digest"] == signed(dict(reversed(CHOSEN.items())))["approver"]["digest"]
    later = signed(now=NOW + timedelta(seconds=1))["approver"]
    assert later["digest"] != signed()["approver"]["digest"]


def test_digests_do_not_change_from_release_to_release():
    """Stored signatures are checked for years: the canonical form is frozen by these two."""
    assert canonical({"b": [1.0, 2.5, None, True], "a": "中"}).decode() == '{"a":"中","b":[1,2.5,null,true]}'
    assert (
        digest({"a": "中", "n": 1500000})
        == "4a40d579c98a3597d337458fd030435a7316ee6422ca8300738df969590ea6c4"
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: 2}, object()])
def test_what_json_cannot_hold_has_no_digest(value):
    with pytest.raises((TypeError, ValueError)):
        digest(value)


CERTIFICATE = library().get("f16_certificate")


@pytest.mark.parametrize("typed", ["王丽", " 王 丽 "])
def test_a_typed_name_signs_the_certificate(typed):
    sent = page(("decision", "签署"), ("sign", typed))
    received = receive(CERTIFICATE, sent, None, context(), prefill=PREFILL["f16_certificate"])
    assert received.ok
    assert received.validated.values["sign"]["person"] == 1
    assert received.values["sign"].strip() == typed.strip()
    assert "sign" not in received.draft


@pytest.mark.parametrize("typed", ["陈涛", "王丽丽", "", "{}"])
def test_another_name_does_not_sign(typed):
    sent = page(("decision", "签署"), ("sign", typed))
    received = receive(CERTIFICATE, sent, None, context(), prefill=PREFILL["f16_certificate"])
    assert "sign" in received.errors
    assert next(field for field in received.view().fields() if field.name == "sign").value == typed


def test_a_ready_made_signature_is_refused():
    forged = {"person": 1, "name": "王丽", "at": "2026-01-01T00:00:00+00:00", "meaning": "x", "digest": "0"}
    judged = receive(CERTIFICATE, page(("decision", "签署")), None, context()).form
    from forms.validate import validate

    assert "sign" in validate(judged, {"decision": "签署", "sign": forged}, context()).errors


def test_refusing_needs_a_reason_and_no_signature():
    given = PREFILL["f16_certificate"]
    stored = accept(CERTIFICATE, {"decision": "拒签", "refuse": "缺陷没有修复"}, context(), given)
    assert "sign" not in stored
    received = receive(CERTIFICATE, page(("decision", "拒签")), None, context(), prefill=given)
    assert list(received.errors) == ["refuse"]


def test_without_a_signer_nothing_can_be_signed():
    nobody = replace(context(), signer=None)
    sent = page(("decision", "签署"), ("sign", "王丽"))
    assert "sign" in receive(CERTIFICATE, sent, None, nobody, prefill=PREFILL["f16_certificate"]).errors
    assert accept(FORM, CHOSEN, nobody, GIVEN)["approver"] is None
