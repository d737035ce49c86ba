"""Stored files: handed out to those who may read them, never shown inline."""

from webui.files.views import blueprint

__all__ = ["blueprint"]
