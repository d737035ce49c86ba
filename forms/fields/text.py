"""Texts: one line, several lines, and the hidden identity of a row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from engine.text import T
from forms.fields.kind import FieldType, Scope, first
from forms.schema import Limits

ABSOLUTE_LENGTH = 20_000
SURROGATES = re.compile(r"[\ud800-\udfff]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean(text: str) -> str:
    """Return text that every database and file can hold: NFC, `\\n` line ends, no control characters.

    Lone surrogates become U+FFFD; what is longer than 20,000 characters is cut at one more than that,
    so that the length check still sees that it is too long.
    """
    text = text[: ABSOLUTE_LENGTH + 1].replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", CONTROLS.sub("", SURROGATES.sub("\ufffd", text)))


def holdable(text: str) -> bool:
    """Tell whether a text that did not come through `clean` may be stored."""
    return not SURROGATES.search(text) and not CONTROLS.search(text)


class TextField(FieldType):
    """One line of text, at most 200 characters unless the form says otherwise."""

    longest = 200

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return the cleaned text on one line, or nothing."""
        return " ".join(clean(first(texts)).split("\n")).strip() or None

    def check(self, scope: Scope, value: Any) -> tuple[Any, T | None]:
        """Check kind, characters, length and pattern."""
        if not isinstance(value, str):
            return value, T("这里只能填写文字")
        if not holdable(value):
            return value, T("文字里有不能保存的控制字符")
        return value, self._length(scope.component.limits, value) or self._pattern(scope, value)

    def words(self, scope: Scope, value: Any) -> str:
        """Return the text itself."""
        return str(value)

    def _length(self, limits: Limits, value: str) -> T | None:
        longest = min(limits.max_length or self.longest, ABSOLUTE_LENGTH)
        if len(value) > longest:
            return T("最多 {limit} 个字，现在有 {n} 个", limit=longest, n=len(value))
        if limits.min_length and len(value) < limits.min_length:
            return T("至少 {limit} 个字", limit=limits.min_length)
        return None

    def _pattern(self, scope: Scope, value: str) -> T | None:
        pattern = scope.component.limits.pattern
        if pattern and not re.fullmatch(pattern, value):
            return T("格式不正确")
        return None


class LongTextField(TextField):
    """Several lines of text, at most 2,000 characters unless the form says otherwise."""

    longest = 2_000

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return the cleaned text with its line ends, or nothing."""
        return clean(texts[0]).strip() or None if texts else None


class IdentityField(FieldType):
    """Which thing a row is about; only an identity that was handed out comes back (see `merging`)."""

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return the text; `merging` replaces it by the identity that was handed out."""
        return clean(first(texts))[:80] or None

    def check(self, scope: Scope, value: Any) -> tuple[Any, T | None]:
        """Accept a number or a short text."""
        sound = isinstance(value, int) or (isinstance(value, str) and len(value) <= 80 and holdable(value))
        return value, None if sound else T("这一行的标识无效")

    def words(self, scope: Scope, value: Any) -> str:
        """Return the identity; it is not shown to people."""
        return str(value)
