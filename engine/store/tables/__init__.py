"""The engine's tables; the content's tables hang on the same metadata."""

from __future__ import annotations

from engine.store.tables.definitions import decision_model, definition, definition_draft, form_version
from engine.store.tables.history import command, event, event_body
from engine.store.tables.instances import access, instance, link, scope, subject, token, variable
from engine.store.tables.later import (
    data_store,
    incident,
    job,
    message,
    message_key,
    retrieval,
    subscription,
)
from engine.store.tables.meta import metadata
from engine.store.tables.people import department, person, person_role, setting
from engine.store.tables.work import attachment, comment, draft, notice, work_candidate, work_item, work_offer
from engine.store.types import Id, Json, UtcDateTime

__all__ = [
    "Id",
    "Json",
    "UtcDateTime",
    "access",
    "attachment",
    "command",
    "comment",
    "data_store",
    "decision_model",
    "definition",
    "definition_draft",
    "department",
    "draft",
    "event",
    "event_body",
    "form_version",
    "incident",
    "instance",
    "job",
    "link",
    "message",
    "message_key",
    "metadata",
    "notice",
    "person",
    "person_role",
    "retrieval",
    "scope",
    "setting",
    "subject",
    "subscription",
    "token",
    "variable",
    "work_candidate",
    "work_item",
    "work_offer",
]
