"""Signatures: stamped when the form is submitted, or typed by the signer."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from engine.text import T
from forms.fields.kind import FieldType, Scope, first
from forms.fields.moment import DatetimeField
from forms.fields.text import clean
from forms.schema import Component


class SignatureField(FieldType):
    """`{"person", "name", "at", "meaning", "digest"}`, made by `signature.sign` after all checks.

    `properties.mode` is `stamp` (submitting is signing) or `typed` (the signer types the own name).
    What a page sends is only the typed name; a ready signature from outside is refused.
    """

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return the typed name."""
        return clean(first(texts))[:100] or None

    def check(self, scope: Scope, value: Any) -> tuple[Any, T | None]:
        """Check that the typed name is the signer's."""
        signer = scope.context.signer
        if signer is None:
            return value, T("请先登录再签署")
        if not isinstance(value, str) or same_name(value) != same_name(signer.name):
            return value, T("请输入您的姓名“{name}”以签署", name=signer.name)
        return value, None

    def words(self, scope: Scope, value: Any) -> str:
        """Return name and moment of a signature."""
        if not isinstance(value, dict):
            return str(value)
        moment = DatetimeField().words(scope, value.get("at", ""))
        return f"{value.get('name', '')} · {moment}"

    def missing(self) -> T:
        """Ask to sign."""
        return T("请签署")


def stamped(component: Component) -> bool:
    """Tell whether submitting is signing."""
    return bool(component.properties.get("mode", "stamp") == "stamp")


def same_name(name: str) -> str:
    """Return a name as it is compared: without spaces, in compatibility form, lower case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
