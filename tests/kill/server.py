"""The demo's server as a process of its own, which can be killed like a power cut."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60.0


class Server:
    """Serves one data folder on one port of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._place = _free_place()
        self.port: int = self._place.getsockname()[1]
        self.kills = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        arguments = ["demo", "--folder", str(self.folder), "--port", str(self.port)]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "webui", *arguments], cwd=ROOT, stdout=log, stderr=log
            )
        end = time.monotonic() + _PATIENCE
        while not self._answers():
            assert self._process.poll() is None, f"ended with {self._process.returncode}: {self.log()}"
            assert time.monotonic() < end, self.log()
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill it without any warning; nothing is written, closed or flushed by it any more."""
        if self._process is not None and self._process.poll() is None:
            self.kills += 1
            os.kill(self._process.pid, signal.SIGKILL)

    def bury(self) -> None:
        """Wait for the end of the killed process; one that ends in any other way is a failure."""
        assert self._process is not None
        ended = self._process.wait(timeout=_PATIENCE)
        assert ended == -signal.SIGKILL, self.log()
        self._process = None

    def close(self) -> None:
        """End the server after a test, however that went."""
        self._place.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def log(self) -> str:
        """Return what the server has said."""
        return (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")

    def _answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


def _free_place() -> socket.socket:
    """Return a socket that keeps a port for us without listening: nobody gets it while the server is dead."""
    place = socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.bind(("127.0.0.1", 0))
    return place
