"""The inbox: everything that waits for a person, over all projects."""

from webui.inbox.views import blueprint

__all__ = ["blueprint"]
