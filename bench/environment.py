"""The peers' environments under `var/bench`, made by the bench itself and thrown away with the folder."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "var" / "bench"
PEERS = Path(__file__).parent / "peers"
MINUTES = 6


class Missing(Exception):
    """A peer's environment cannot be made here; the text says why."""


def python() -> Path:
    """Return the interpreter that has the Python peers; raises `Missing`."""
    folder, locked = FOLDER / "python", ROOT / "requirements" / "bench.txt"
    script = ROOT / "requirements" / "install.sh"
    _once(folder, [locked], lambda: _run("sh", script, sys.executable, folder, locked))
    return folder / "bin" / "python"


def node() -> Path:
    """Return the folder that has the Node peers with their libraries; raises `Missing`."""
    return packages(FOLDER / "node", PEERS, *(script.name for script in PEERS.glob("*.mjs")))


def packages(folder: Path, source: Path, *scripts: str) -> Path:
    """Return `folder` with the packages that `source` locks and its scripts; raises `Missing`."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Missing("there is no Node with npm")
    locked = [source / "package.json", source / "package-lock.json"]

    def install() -> None:
        folder.mkdir(parents=True)
        for file in locked:
            shutil.copy(file, folder)
        _run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", cwd=folder)

    _once(folder, locked, install)
    # Imports are looked up from where the file lies.
    for script in scripts:
        shutil.copy(source / script, folder)
    return folder


def _once(folder: Path, locked: list[Path], install: Callable[[], None]) -> None:
    """Install anew when what is locked has changed since, or the last time did not come to its end."""
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in locked)).hexdigest()
    stamp = folder / "locked.sha256"
    if stamp.exists() and stamp.read_text() == digest:
        return
    shutil.rmtree(folder, ignore_errors=True)
    install()
    stamp.write_text(digest)


def _run(*command: str | Path, cwd: Path = ROOT) -> None:
    try:
        subprocess.run(
            command,
            cwd=cwd,
            check=True,
            timeout=60 * MINUTES,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except subprocess.TimeoutExpired as error:
        raise Missing(f"installing took more than {MINUTES} minutes") from error
    except OSError as error:
        raise Missing(str(error)) from error
    except subprocess.CalledProcessError as error:
        raise Missing(_complaint(error.output.decode(errors="replace"))) from error


def _complaint(said: str) -> str:
    """Return the first line of an installer that speaks of an error, or else its last one."""
    lines = said.strip().splitlines() or ["the installer failed and said nothing"]
    return next((line for line in lines if "error" in line.lower()), lines[-1])
