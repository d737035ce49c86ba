"""What the content plugs into the engine, in one place."""

from __future__ import annotations

from engine.handlers import Handlers
from processes.collaboration import choices, handlers, people, queries, services
from processes.collaboration.services.lifecycle import ended_without_closing


def register(registry: Handlers) -> None:
    """Register forms, services, queries, people functions and choices of collaboration projects."""
    for form_id, form in handlers.FORMS.items():
        registry.form(form_id, prefill=form.prefill, check=form.check, complete=form.complete)
    for name, service in services.SERVICES.items():
        registry.service(name, service)
    for name, query in queries.QUERIES.items():
        registry.query(name, query)
    for name, function in people.FUNCTIONS.items():
        registry.function(name, function)
    for name, source in choices.CHOICES.items():
        registry.options(name, source)
    registry.on_end("project_lifecycle", ended_without_closing)
    registry.not_startable("task_execution")
