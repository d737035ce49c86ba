"""One byte sequence for equal values: the ground of versions, digests and signatures."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any


def canonical(value: Any) -> bytes:
    """Return UTF-8 JSON with sorted keys, no spaces and numbers written one way (after RFC 8785).

    In: JSON values, Decimals allowed. A float that is integral is written as an integer, so that
    `1` and `1.0` have one digest. Raises `TypeError` or `ValueError` for what JSON cannot hold.
    """
    text = json.dumps(
        _plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8")


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical bytes in hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _plain(int(value) if value == value.to_integral_value() else float(value))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {_text_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _text_key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key of an object is a text, not {type(key).__name__}")
    return key
