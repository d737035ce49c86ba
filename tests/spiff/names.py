"""Messages, signals, errors and escalations that test diagrams refer to."""

from __future__ import annotations

NAMES = (
    '<message id="m" name="paid" wuxing:correlation="order"/><signal id="sig" name="alarm"/>'
    '<error id="err" errorCode="E1"/><error id="err2" errorCode="E2"/>'
    '<escalation id="esc" escalationCode="late"/>'
)
