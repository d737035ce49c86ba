"""How many completions a second many threads get through together, each on an instance of its own."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from pathlib import Path

from bench.report import Row
from bench.step import Bench

_SECONDS = 3.0


def measure(crowds: tuple[int, ...] = (1, 8, 32)) -> list[Row]:
    """Measure completions in process on SQLite; the ratio is the rate beside that of one thread."""
    rows, alone = [], 0.0
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(f"sqlite:///{Path(name) / 'crowd.db'}")
        for size in crowds:
            costs = _together(bench, size)
            rate = sum(map(len, costs)) / _SECONDS
            alone = alone or rate
            rows.append(_row(costs, rate, rate / alone))
        bench.database.close()
    return rows


def _row(costs: list[list[float]], rate: float, ratio: float) -> Row:
    every = sorted(cost for own in costs for cost in own)
    counts = [len(own) for own in costs]
    late = every[int(len(every) * 0.99)]
    what = (
        f"SQLite, {len(costs)} threads: {rate:.0f} completions a second, p99 {late:.1f} ms, "
        f"{min(counts)} to {max(counts)} each"
    )
    return Row(what, statistics.median(every), ratio)


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
