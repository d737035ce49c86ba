"""`python -m migrations "what changes"` writes the next revision."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from engine.store.database import open_database
from webui.migrating import migrate, newest, revise
from webui.serving import file_address

with tempfile.TemporaryDirectory() as folder:
    database = open_database(file_address(Path(folder) / "empty.db"))
    if newest() != "0000":
        migrate(database)
    revise(database, sys.argv[1])
    database.close()
