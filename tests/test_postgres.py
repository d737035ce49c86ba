"""The folders of the tests' own PostgreSQL."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests import postgres


def test_what_a_killed_run_leaves_goes_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    mine, unmarked = postgres.own_folder(), tmp_path / "wuxing-pg-new"
    unmarked.mkdir()
    code = f"import os, tempfile; tempfile.tempdir = {str(tmp_path)!r}; from tests import postgres;"
    code += "print(postgres.own_folder()); os.kill(os.getpid(), 9)"
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    left = set(tmp_path.iterdir())
    assert len(left) == 3
    postgres.sweep()
    assert set(tmp_path.iterdir()) == {mine, unmarked}
