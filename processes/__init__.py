"""The content that runs on the engine: diagrams, domain tables and the services they call."""

from __future__ import annotations

from engine.handlers import Handlers
from engine.runtime import Engine
from engine.store.database import Database
from forms.catalog import library
from processes import formwork
from processes.catalog import publish_packaged
from processes.collaboration.registration import register

__all__ = ["build_engine", "handlers"]


def handlers() -> Handlers:
    """Return the registry with all content and the forms of the library."""
    registry = Handlers()
    registry.form_library = {form_id: dict(body) for form_id, body in library().sources().items()}
    register(registry)
    registry.validate = formwork.validator(registry)
    registry.form_values = formwork.value_types_of(registry)
    return registry


def build_engine(database: Database) -> Engine:
    """Return the engine over a database with all content, its diagrams published when they changed."""
    engine = Engine(database, handlers())
    publish_packaged(engine)
    return engine
