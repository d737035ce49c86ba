"""Every name of SpiffWorkflow this package stands on, public or not, and the version they were read in."""

from __future__ import annotations

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.version import __version__ as installed
from SpiffWorkflow.workflow import Workflow

VERSION = "3.2.0"
if installed != VERSION:
    raise ImportError(f"the token layer was written against SpiffWorkflow {VERSION}, found {installed}")

FUTURE: int = TaskState.FUTURE
WAITING: int = TaskState.WAITING
READY: int = TaskState.READY
STARTED: int = TaskState.STARTED
COMPLETED: int = TaskState.COMPLETED
CANCELLED: int = TaskState.CANCELLED
LIVE: int = READY | WAITING | STARTED

__all__ = [
    "CANCELLED",
    "COMPLETED",
    "FUTURE",
    "LIVE",
    "READY",
    "STARTED",
    "VERSION",
    "WAITING",
    "Task",
    "TaskSpec",
    "Workflow",
    "WorkflowSpec",
]
