"""Starting a process: what there is, and the first step right away."""

from webui.start.views import blueprint

__all__ = ["blueprint"]
