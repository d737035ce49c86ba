"""Where the XML Schema of BPMN 2.0 lies that the library below brings along."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def bpmn_schema() -> Path:
    """Return the path of `BPMN20.xsd`; its neighbours are what it includes.

    Raises `FileNotFoundError` when the installed library does not carry it.
    """
    package = find_spec("SpiffWorkflow")
    folder = Path(package.origin).parent if package and package.origin else Path()
    path = folder / "bpmn" / "parser" / "schema" / "BPMN20.xsd"
    if not path.is_file():
        raise FileNotFoundError(path)
    return path
