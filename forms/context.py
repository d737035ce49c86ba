"""What a form needs to know of the world: the time, the reader, the signer, the options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from engine import clock
from forms.options import Options, OptionTable
from forms.schema import Form
from forms.texts import BASE_LANGUAGE, Translate, unchanged

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the person signed in, and on whose behalf when it is a deputy."""

    person: int
    name: str
    on_behalf_of: int | None = None


def _no_attachment(identifier: int) -> Mapping[str, Any] | None:
    return None


def _no_form(identifier: str) -> Form | None:
    return None


@dataclass(frozen=True)
class FormContext:
    """The surroundings of one form for one reader; a value, made anew for each request.

    `names` are extra FEEL names, `functions` extra FEEL functions, `signed` says what a signature
    is about (instance, element, subject). `attachment(id)` returns the file value of an attachment
    this reader may refer to, `form(id)` the form shown by a `record`.
    """

    now: datetime = field(default_factory=clock.now)
    language: str = BASE_LANGUAGE
    translate: Translate = unchanged
    options: Options = field(default_factory=lambda: OptionTable({}))
    signer: Signer | None = None
    names: Mapping[str, Any] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    attachment: Callable[[int], Mapping[str, Any] | None] = _no_attachment
    form: Callable[[str], Form | None] = _no_form
    signed: Mapping[str, Any] = field(default_factory=dict)
    zone: tzinfo = SHANGHAI

    @cached_property
    def calls(self) -> Mapping[str, Callable[..., Any]]:
        """Return the functions an expression may call: `now()`, `today()` and the extra ones."""
        return {"now": lambda: self.now, "today": lambda: self.today, **self.functions}

    @property
    def today(self) -> date:
        """Return the day it is where the organisation works."""
        return self.now.astimezone(self.zone).date()
