"""Signatures over the digest of what is signed.

A signature binds a person, a moment and a statement of meaning to the values of the form, the digest
of every record shown beside them, and the subject it is about. Changing one of them breaks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.canonical import digest
from forms.computed import Resolved
from forms.context import FormContext
from forms.fields.sign import stamped
from forms.schema import RECORD_TYPE, SIGNATURE_TYPE, Component, Form, value_components

Values = dict[str, Any]


def sign(form: Form, stored: Values, resolved: Resolved, context: FormContext) -> Values:
    """Return the stored values with a signature for each stamped or typed signature field.

    A typed field left empty stays empty; without a signer (a system run) a stamp stays empty, too.
    """
    signed = dict(stored)
    payload = payload_of(form, stored, resolved.values, context.signed)
    for component in _signatures(form.components):
        if component.key in stored and context.signer and (stamped(component) or stored[component.key]):
            signed[component.key] = _signature(component, payload, context)
    return signed


def payload_of(
    form: Form, stored: Mapping[str, Any], shown: Mapping[str, Any], subject: Mapping[str, Any]
) -> Values:
    """Return what a signature is about: form and version, values, digests of records, subject."""
    signatures = {component.key for component in _signatures(form.components)}
    records = [component.key for component in form.fields() if component.type == RECORD_TYPE]
    return {
        "form": form.reference,
        "subject": dict(subject),
        "values": {key: value for key, value in stored.items() if key not in signatures},
        "records": {key: digest(shown[key]) for key in records if shown.get(key) is not None},
    }


def verify(payload: Mapping[str, Any], signature: Mapping[str, Any]) -> bool:
    """Tell whether a signature belongs to this payload, person, moment and meaning."""
    facts = {key: value for key, value in signature.items() if key != "digest"}
    return signature.get("digest") == digest({**payload, "signature": facts})


def _signature(component: Component, payload: Mapping[str, Any], context: FormContext) -> Values:
    signer = context.signer
    if signer is None:
        raise ValueError("a signature needs a signer")
    facts: Values = {
        "person": signer.person,
        "name": signer.name,
        "at": context.now.isoformat(timespec="seconds"),
        "meaning": component.text("zh", "meaning"),
    }
    if signer.on_behalf_of is not None:
        facts["on_behalf_of"] = signer.on_behalf_of
    return {**facts, "digest": digest({**payload, "signature": facts})}


def _signatures(components: tuple[Component, ...]) -> list[Component]:
    return [component for component in value_components(components) if component.type == SIGNATURE_TYPE]
