"""Numbers of 34 decimal digits, rounded half to even (DMN 1.5 §10.3.2.3.1).

Python integers are numbers too, so that stored values need no conversion; booleans are not.
"""

from __future__ import annotations

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

#: All arithmetic goes through this context by name: nobody's thread-wide settings matter.
DECIMAL = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)

NUMBERS = frozenset({int, Decimal})

Number = int | Decimal


def number_from(text: str) -> Decimal | None:
    """Return the number `text` writes, rounded to 34 digits; None when it is too large."""
    try:
        return DECIMAL.create_decimal(text)
    except DecimalException:
        return None


def plain(value: Number) -> str:
    """Return a number as FEEL writes it: no exponent, no minus before zero."""
    if not value:
        return format(abs(value), "f")
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def cut(value: Number) -> int:
    """Return `value` without its fraction; one too large for any position or scale stays just too large."""
    if isinstance(value, Decimal) and value.adjusted() > 18:
        return 10**18 if value > 0 else -(10**18)
    return int(value)


def whole(value: object) -> int | None:
    """Return `value` as an int when it is a whole number of reasonable size, else None."""
    if type(value) is int:
        return value
    if isinstance(value, Decimal) and value.adjusted() < 40 and value == value.to_integral_value():
        return int(value)
    return None
