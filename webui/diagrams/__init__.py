"""Diagrams drawn on the server, for pages without JavaScript, for paper and for reading aloud."""

from __future__ import annotations

from webui.diagrams.drawing import draw, draw_definition, instance_picture, outline_of, process_name
from webui.diagrams.views import blueprint

__all__ = ["blueprint", "draw", "draw_definition", "instance_picture", "outline_of", "process_name"]
