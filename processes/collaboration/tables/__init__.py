"""The domain tables of projects, on the engine's metadata; statuses are derived from their facts."""

from __future__ import annotations

from processes.collaboration.tables.approval import approval, approval_seat, approval_signer
from processes.collaboration.tables.delivery import (
    acceptance_call,
    acceptance_item,
    acceptance_round,
    archive_submission,
    certificate,
    certificate_signature,
    correction,
    document,
    measure,
    retrospective,
)
from processes.collaboration.tables.plan import (
    baseline,
    confirmation,
    dependency,
    plan_consent,
    progress,
    task,
    task_standard,
)
from processes.collaboration.tables.project import (
    deliverable,
    goal,
    kickoff,
    kickoff_confirmation,
    project,
    project_department,
    project_executor,
    reminder,
    rework_round,
)

__all__ = [
    "acceptance_call",
    "acceptance_item",
    "acceptance_round",
    "approval",
    "approval_seat",
    "approval_signer",
    "archive_submission",
    "baseline",
    "certificate",
    "certificate_signature",
    "confirmation",
    "correction",
    "deliverable",
    "dependency",
    "document",
    "goal",
    "kickoff",
    "kickoff_confirmation",
    "measure",
    "plan_consent",
    "progress",
    "project",
    "project_department",
    "project_executor",
    "reminder",
    "retrospective",
    "rework_round",
    "task",
    "task_standard",
]
