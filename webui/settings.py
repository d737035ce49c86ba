"""What an operator decides about one running server."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1", "[::1]")


@dataclass(frozen=True)
class Settings:
    """Settings of a server; the defaults are those of tests."""

    folder: Path | None = None
    secret_key: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    demo: bool = False
    https: bool = False
    behind_proxy: bool = False
    max_upload_bytes: int = 32 * 1024 * 1024
    session_idle_hours: int = 8
    session_days: int = 7
    zone: str = "Asia/Shanghai"


def read_secret(folder: Path) -> str:
    """Return the secret of a data folder, made at the first start and readable by its owner alone."""
    path = folder / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
