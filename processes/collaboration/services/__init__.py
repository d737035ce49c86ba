"""The local services that service tasks call: domain rows, notices and messages, no I/O (D16)."""

from __future__ import annotations

from engine.handlers import Service
from processes.collaboration.services import approval, closing, delivery, execution, kickoff, lifecycle, plan

SERVICES: dict[str, Service] = {
    **lifecycle.SERVICES,
    **approval.SERVICES,
    **kickoff.SERVICES,
    **plan.SERVICES,
    **execution.SERVICES,
    **delivery.SERVICES,
    **closing.SERVICES,
}
"""Every service by the name its service tasks use."""
