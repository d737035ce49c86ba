"""`python -m tests.docs`: write the generated tables into their pages."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.docs.generated import application, write

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        write(application(Path(folder)))
