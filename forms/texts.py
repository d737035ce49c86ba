"""Words of a form: Chinese in the component, other languages beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.text import T

BASE_LANGUAGE = "zh"
LANGUAGES = ("zh", "en")

Translate = Callable[[str], str]


class FormText(T):
    """A sentence written by the form's author, carrying its own translations.

    The catalogue does not know it; `in_language` picks the translation, `render` falls back on the
    catalogue and then on the Chinese sentence.
    """

    __slots__ = ("translations",)

    def __init__(self, message: str, translations: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.translations: dict[str, str] = dict(translations or {})

    def in_language(self, language: str) -> str:
        """Return the sentence in `language`, or in Chinese when nobody translated it."""
        return self.translations.get(language, self.message)


def say(text: T | str, language: str, translate: Translate) -> str:
    """Return `text` for a reader of `language`; a plain string is returned as it is."""
    if isinstance(text, FormText):
        return text.in_language(language)
    return text.render(translate) if isinstance(text, T) else text


def unchanged(message: str) -> str:
    """Translate nothing: the reader reads Chinese."""
    return message


def translations_of(i18n: Mapping[str, Any], identifier: str) -> dict[str, dict[str, str]]:
    """Collect `i18n.<language>.<identifier>[.suffix]` as language → suffix → text ("" = the label)."""
    found: dict[str, dict[str, str]] = {}
    for language, entries in i18n.items():
        own = {
            name[len(identifier) + 1 :]: text
            for name, text in entries.items()
            if name == identifier or name.startswith(identifier + ".")
        }
        if own:
            found[language] = own
    return found
