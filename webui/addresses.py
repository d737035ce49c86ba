"""Addresses that came from outside and are about to be followed."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_path(address: str | None) -> str:
    """Return the address when it is a page of this server, otherwise the first page."""
    given = address or ""
    parts = urlsplit(given)
    foreign = parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//")
    return "/" if foreign or "\\" in given or any(ord(sign) < 32 for sign in given) else given
