"""A file packed into a page, so that a second answer about it need not send it again."""

from __future__ import annotations

import base64
import binascii
import zlib

from engine.errors import InvalidInput
from engine.text import T


def packed(content: bytes) -> str:
    """Return a file as text for a hidden field."""
    return base64.b64encode(zlib.compress(content, 9)).decode("ascii")


def unpacked(text: str, most: int, otherwise: T) -> bytes:
    """Return the file a page sends back, of at most `most` bytes and one more, so that its reader refuses it.

    Raises `InvalidInput` with the sentence `otherwise` for what is no packed file.
    """
    try:
        return zlib.decompressobj().decompress(base64.b64decode(text, validate=True), most + 1)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise InvalidInput(otherwise, {"file": otherwise}) from error
