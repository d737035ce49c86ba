"""Keeping it running: people and departments, due jobs, incidents, health."""

from webui.admin.views import blueprint

__all__ = ["blueprint"]
