"""The task page: one step of one person, with everything needed to do it."""

from webui.tasks.views import blueprint

__all__ = ["blueprint"]
