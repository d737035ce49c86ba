"""The two diagrams in plain BPMN; each engine has its own way to say when a review agrees."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def approval(agreed: str) -> bytes:
    """Return the approval; `agreed` is the condition of the way to the end."""
    return (FOLDER / "approval.bpmn").read_text().replace("@AGREED@", agreed).encode()


def fan(items: int) -> bytes:
    """Return the fan-out of that many parallel items."""
    return (FOLDER / "fan.bpmn").read_text().replace("@ITEMS@", str(items)).encode()
