"""How many completions a second many threads get through together, each on an instance of its own."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from pathlib import Path

from bench.field import Field
from bench.ours import Bench
from bench.report import Row, Section, at_least

_SECONDS = 3.0


def measure(_: Field, crowds: tuple[int, ...] = (1, 8, 32)) -> list[Section]:
    """Measure completions in process on SQLite, each thread on an instance of its own."""
    rows, alone = [], 0.0
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(f"sqlite:///{Path(name) / 'crowd.db'}")
        for size in crowds:
            costs = _together(bench, size)
            rate = sum(map(len, costs)) / _SECONDS
            alone = alone or rate
            rows.append(_row(costs, rate, rate / alone))
        bench.database.close()
    return [Section("Many threads at once, in process, SQLite", rows, "the rate of one thread")]


def _row(costs: list[list[float]], rate: float, ratio: float) -> Row:
    every = sorted(cost for own in costs for cost in own)
    counts = [len(own) for own in costs]
    late = every[int(len(every) * 0.99)]
    what = f"{len(costs)} threads: p99 {late:.1f} ms, {min(counts)} to {max(counts)} completions each"
    goals = (at_least("≥ 1,000 a second", rate, 1_000),) if len(costs) > 1 else ()
    return Row(what, statistics.median(every), beside=ratio, rate=rate, goals=goals)


def _together(bench: Bench, size: int) -> list[list[float]]:
    costs: list[list[float]] = [[] for _ in range(size)]
    instances = [bench.start("loop") for _ in range(size)]
    until = time.perf_counter() + _SECONDS
    threads = [
        threading.Thread(target=_work, args=(bench, instance, until, own))
        for instance, own in zip(instances, costs, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return costs


def _work(bench: Bench, instance: int, until: float, costs: list[float]) -> None:
    (item,) = bench.first_items(instance)
    while (began := time.perf_counter()) < until:
        (item,) = bench.complete(item, decision="back")
        costs.append((time.perf_counter() - began) * 1000)
