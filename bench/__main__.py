"""`python -m bench`: every measurement in one table, written to `bench/results.md`.

`python -m bench step fan` prints some sections only; `--alone` leaves the peers out.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench import crowd, dmn, feel, growth, inbox, step, web
from bench.field import Field, field
from bench.machine import busy, machine
from bench.report import Section, table

SECTIONS: dict[str, Callable[[Field], list[Section]]] = {
    "step": step.measure,
    "postgres": step.measure_postgres,
    "fan": growth.fan_out,
    "loop": growth.rounds,
    "load": growth.loads,
    "crowd": crowd.measure,
    "web": web.measure,
    "inbox": inbox.measure,
    "feel": feel.measure,
    "dmn": dmn.measure,
}
WITH_PEERS = {"step", "fan", "loop", "load", "feel"}

_HEAD = """# Figures

`make bench` writes this page. Medians of one run; ratios are to what was measured in the same round.
Floor: one durable transaction of one insert and one update by the bare driver. Whatever is on SQLite is
equally durable, peers included, unless its name says otherwise: WAL with `synchronous=FULL`. PostgreSQL
runs with `fsync`. The targets are those of the architecture; "a second" includes the starts of instances.
"""

_NOTES = """
**How the peers were run.** Each alone in a process of its own, without people, permissions, work items or a
history; ours writes all of these. A peer with one document per step is measured with the instance kept in
memory, as ours keeps it, and read back before every step, as a server of several processes must. Two peers
were helped: SpiffWorkflow looks no deeper than 1,000 tasks and stops in silence at round 334 of the loop
unless that default is lifted; bpmn-engine opens no more than 50 parallel items unless its batch is made as
large as the fan-out. django-viewflow runs below its pages (lock, transaction, activation), with a split of
our own, because its release lacks the one it documents.
"""


def main() -> None:
    """Measure what was asked for; all of it writes the page."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", help=f"{', '.join(SECTIONS)}; all when none is named")
    parser.add_argument("--alone", action="store_true", help="leave the peers out")
    options = parser.parse_args()
    names = options.sections or list(SECTIONS)
    if unknown := set(names) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    load = busy()
    with field(peers=not options.alone and not WITH_PEERS.isdisjoint(names)) as contenders:
        sections = [section for name in names for section in _measured(name, contenders)]
        missing = [f"Not measured, for it could not be installed: {name}." for name in contenders.missing]
        page = "\n".join([_HEAD, machine(load), "", table(sections), _NOTES, *missing])
    if options.sections or options.alone:
        print(table(sections))
    else:
        Path(__file__).with_name("results.md").write_text(page.rstrip() + "\n", encoding="utf-8")
        print(page)


def _measured(name: str, contenders: Field) -> list[Section]:
    began = time.perf_counter()
    sections = SECTIONS[name](contenders)
    print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return sections


if __name__ == "__main__":
    main()
