"""Numbers, amounts of money in yuan, and percentages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.text import T
from forms.fields.kind import FieldType, Scope, first
from forms.fields.text import clean

PLAIN = re.compile(r"^([+-]?)(\d{1,15})(?:\.(\d{1,10}))?([万亿]?)$")
LARGEST = 10**15
MULTIPLES = {"": 1, "万": 10**4, "亿": 10**8}


def read_number(text: str) -> int | float | None:
    """Return the number a person wrote, or nothing: `1,500`, `１２．５`, `150万` are numbers.

    Only digits, one point, a sign, grouping marks and 万 or 亿 count, so that `NaN`, `1e999` and the
    like are no numbers.
    """
    text = re.sub(r"[,\s_]", "", unicodedata.normalize("NFKC", text))
    match = PLAIN.match(text)
    if not match:
        return None
    sign, whole, fraction, multiple = match.groups()
    number = Decimal(f"{sign}{whole}.{fraction or 0}") * MULTIPLES[multiple]
    return int(number) if number == number.to_integral_value() else float(number)


class NumberField(FieldType):
    """A number; `properties.decimals` allows that many digits after the point (default 0)."""

    default_decimals = 0
    least: float | None = None
    most: float | None = None

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return the number, or the text when it is none."""
        text = clean(first(texts))[:200]
        if not text:
            return None
        number = read_number(text)
        return text if number is None else number

    def check(self, scope: Scope, value: Any) -> tuple[Any, T | None]:
        """Check that it is a number within its limits and digits."""
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not _finite(value):
            return value, T("请填写数字")
        return value, self._digits(scope, value) or self._range(scope, value)

    def words(self, scope: Scope, value: Any) -> str:
        """Return the number with groups of three digits and its unit."""
        text = grouped(value)
        unit = scope.component.text(scope.context.language, "suffix")
        return f"{text} {unit}".strip()

    def typed(self, scope: Scope, value: Any) -> list[str]:
        """Return the number without grouping, as a number control wants it."""
        return [] if self.is_empty(value) else [plain(value)]

    def missing(self) -> T:
        """Ask for a number."""
        return T("请填写数字")

    def _digits(self, scope: Scope, value: float) -> T | None:
        allowed = int(scope.component.properties.get("decimals", self.default_decimals))
        if round(value, allowed) == value:
            return None
        return T("最多 {n} 位小数", n=allowed) if allowed else T("请填写整数")

    def _range(self, scope: Scope, value: float) -> T | None:
        limits = scope.component.limits
        least = self.least if limits.minimum is None else limits.minimum
        most = self.most if limits.maximum is None else limits.maximum
        if abs(value) > LARGEST:
            return T("数字太大")
        if least is not None and value < least:
            return T("不能小于 {limit}", limit=grouped(least))
        if most is not None and value > most:
            return T("不能大于 {limit}", limit=grouped(most))
        return None


class MoneyField(NumberField):
    """An amount in yuan with at most two decimals, not negative unless the form allows it."""

    default_decimals = 2
    least = 0

    def words(self, scope: Scope, value: Any) -> str:
        """Return the amount in the form of the reader's language."""
        amount = grouped(value)
        return f"{amount} 元" if scope.context.language == "zh" else f"CNY {amount}"


class PercentField(NumberField):
    """A whole percentage between 0 and 100."""

    least = 0
    most = 100

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Read the number with or without its percent sign."""
        return super().parse(scope, [first(texts).rstrip("%％")])

    def words(self, scope: Scope, value: Any) -> str:
        """Return the number with a percent sign."""
        return f"{grouped(value)}%"


def plain(value: Any) -> str:
    """Return a number without exponent and needless zeros; anything else as text."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not _finite(value):
        return str(value)
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped(value: Any) -> str:
    """Return a number with commas between groups of three digits; anything else as text."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not _finite(value):
        return str(value)
    whole, point, fraction = plain(value).partition(".")
    return f"{int(whole):,}{point}{fraction}" if whole not in ("-0",) else f"-0{point}{fraction}"


def _finite(value: float) -> bool:
    return -1e300 < value < 1e300
