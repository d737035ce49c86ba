"""Keeping it running: people and departments, accounts, due jobs, incidents, health."""

from webui.admin import accounts, operations, people
from webui.admin.rooms import blueprint

__all__ = ["accounts", "blueprint", "operations", "people"]
