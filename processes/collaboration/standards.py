"""A delivery standard written as a sentence, read into criteria that can be checked (D3, R43)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Operator = Literal["≥", "≤", "=", "是否", "文字"]

_MEASURE = re.compile(
    r"^(?P<subject>[^≥≤=]*?)\s*(?P<operator>[≥≤=])\s*(?P<reference>[^\d]*?)(?P<number>\d+(?:\.\d+)?)\s*(?P<rest>.*)$"
)
_UNIT = re.compile(r"^(?:%|℃|万[^\W\d_]?|[份人家次只秒台元日天件]|[sM](?![A-Za-z]))")
_SEPARATORS = re.compile(r"且|，|；|[,;]\s+")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One checkable demand: `subject operator target unit`; a text criterion has only its sentence."""

    subject: str
    operator: Operator
    target: str
    unit: str = ""

    @property
    def measured(self) -> bool:
        """Say whether it is judged by a number."""
        return self.operator in ("≥", "≤", "=")


def criteria(sentence: str, *, met: str = "达到") -> tuple[Criterion, ...]:
    """Return the criteria of a standard: structured where a part holds ≥, ≤ or = with a number, else text.

    `met` is the target of a text criterion, in the language of the sentence.
    """
    parts = (part.strip() for part in _SEPARATORS.split(sentence))
    return tuple(_criterion(part, met) for part in parts if part)


def _criterion(part: str, met: str) -> Criterion:
    match = _MEASURE.match(part)
    if match is None:
        return Criterion(part, "文字", met)
    unit, remark = _unit_of(match["rest"])
    subject = match["subject"].strip()
    if not subject:
        subject, unit, remark = (remark or unit), (unit if remark else ""), ""
    remarks = [text for text in (match["reference"].strip(), remark) if text]
    if remarks:
        subject = f"{subject}（{'，'.join(remarks)}）"
    operator: Operator = "≥" if match["operator"] == "≥" else "≤" if match["operator"] == "≤" else "="
    return Criterion(subject, operator, match["number"], unit)


def _unit_of(rest: str) -> tuple[str, str]:
    """Return the unit at the beginning of `rest` and what remains; one lone word is a unit too."""
    rest = rest.strip()
    known = _UNIT.match(rest)
    if known is None:
        return (rest, "") if rest.isalpha() and rest.isascii() else ("", rest)
    return known.group(), rest[known.end() :].strip().removeprefix("的").removeprefix("of ")
