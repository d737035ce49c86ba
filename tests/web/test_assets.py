"""Bundles and vendored files: what is committed is what the lock says, light enough and licensed."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess

import pytest

from tests.web.messages import ROOT

STATIC = ROOT / "webui" / "static"
ASSETS = ROOT / "webui" / "assets"
LOCK = json.loads((STATIC / "assets.lock.json").read_text())
MOST = {"bundles/studio.js": 300, "bundles/replay.js": 64, "vendor/htmx.min.js": 20}
"""KiB packed by gzip; only the designer's page loads the first, only the replay the second."""


@pytest.mark.parametrize("name", LOCK)
def test_every_file_is_the_one_that_was_locked(name: str) -> None:
    content = (STATIC / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == LOCK[name]["sha256"]
    assert len(content) == LOCK[name]["bytes"]


def test_nothing_unlocked_lies_among_the_bundles() -> None:
    folders = [path for folder in ("bundles", "vendor") for path in (STATIC / folder).iterdir()]
    names = {path.relative_to(STATIC).as_posix() for path in folders}
    assert names - {"bundles/LICENCES.txt"} == set(LOCK)


@pytest.mark.parametrize(("name", "most"), MOST.items())
def test_bundles_stay_light(name: str, most: int) -> None:
    assert len(gzip.compress((STATIC / name).read_bytes(), 9)) <= most * 1024


def test_every_package_inside_has_its_licence() -> None:
    text = (STATIC / "bundles" / "LICENCES.txt").read_text()
    for entry in LOCK.values():
        for package, version in entry["packages"].items():
            assert re.search(rf"^{re.escape(package)} {re.escape(version)} \((?!undefined)", text, re.M), (
                package
            )
    assert not re.search(r"\((A?GPL|LGPL|SSPL)", text)


def test_versions_are_exact_and_the_lock_names_no_address() -> None:
    project = json.loads((ASSETS / "studio" / "package.json").read_text())
    versions = {**project["dependencies"], **project["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values()), versions
    locked = json.loads((ASSETS / "studio" / "package-lock.json").read_text())["packages"]
    assert not [name for name, entry in locked.items() if "resolved" in entry]
    assert all(entry.get("integrity") for name, entry in locked.items() if name)


def test_bundles_call_no_other_host() -> None:
    for name in ("bundles/studio.css", "bundles/replay.css"):
        for address in re.findall(r"url\(([^)]*)", (STATIC / name).read_text()):
            assert not re.match(r"['\"]?(https?:)?//", address), (name, address)
        assert "@import" not in (STATIC / name).read_text()


def test_the_check_says_loudly_when_it_cannot_run_and_fails_in_ci() -> None:
    shell = shutil.which("sh")
    assert shell is not None
    command = [shell, str(ASSETS / "check.sh")]
    environment = {"PATH": "/nowhere"}
    outside = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "SKIPPED" in outside.stderr
    in_ci = subprocess.run(
        command, env={**environment, "CI": "true"}, capture_output=True, text=True, check=False
    )
    assert (outside.returncode, in_ci.returncode) == (0, 1)
