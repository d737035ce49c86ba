"""Projects: the list, and one project with its stages, plan, people, documents and history."""

from webui.projects.views import blueprint

__all__ = ["blueprint"]
