"""What one evaluation of an expression costs, beside the same condition in Python and in other languages.

The floor is a Python function with the same look-ups and the same comparison on numbers of the same
kind. The peers evaluate what comes nearest in their languages, parsed before where they can. All are
measured in CPU time, for a busy machine would tell of its other work.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import timeit
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from bench import environment
from bench.field import Field
from bench.report import Row, Section, at_most
from engine.feel import evaluate, parse, unary_tests
from engine.feel.parser import parse_expression

ROUNDS, CALLS, PEER_CALLS = 25, 2_000, 100
MINUTES = 5

CONTEXT: dict[str, Any] = {
    "amount": 6000,
    "approved": True,
    "level": "management",
    "project": {"budget": 12.5, "phase": "执行", "team": [{"dept": "市场部", "confirmed": True}] * 5},
    "items": [{"name": f"t{n}", "amount": n, "done": n % 2 == 0} for n in range(100)],
}
FUNCTIONS: dict[str, Callable[..., Any]] = {"all_confirmed": lambda: True}


class Case(NamedTuple):
    """An expression of FEEL, the same in Python, and what comes nearest in simpleeval and CEL if any."""

    text: str
    floor: Callable[[dict[str, Any]], Any]
    simple: str
    cel: str = ""


CASES = (
    Case("approved", lambda c: c["approved"], "approved", "approved"),
    Case(
        "amount > 5000 and approved = true",
        lambda c: c["amount"] > Decimal(5000) and c["approved"] is True,
        "amount > 5000 and approved == True",
        "amount > 5000 && approved == true",
    ),
    Case(
        'project.budget >= 10 and project.phase = "执行"',
        lambda c: Decimal(repr(c["project"]["budget"])) >= 10 and c["project"]["phase"] == "执行",
        'project["budget"] >= 10 and project["phase"] == "执行"',
        'project.budget >= 10.0 && project.phase == "执行"',
    ),
    Case(
        'level in ("head", "management")',
        lambda c: c["level"] in ("head", "management"),
        'level in ("head", "management")',
        'level in ["head", "management"]',
    ),
    Case(
        "every d in project.team satisfies d.confirmed",
        lambda c: all(d["confirmed"] is True for d in c["project"]["team"]),
        'all([d["confirmed"] for d in project["team"]])',
        "project.team.all(d, d.confirmed)",
    ),
    Case(
        "count(items[done]) = 50",
        lambda c: len([i for i in c["items"] if i["done"] is True]) == 50,
        'len([i for i in items if i["done"]]) == 50',
        "items.filter(i, i.done).size() == 50",
    ),
    Case(
        "sum(items.amount)",
        lambda c: sum((Decimal(i["amount"]) for i in c["items"]), Decimal(0)),
        'sum([i["amount"] for i in items])',
    ),
    Case("all_confirmed()", lambda c: FUNCTIONS["all_confirmed"](), "all_confirmed()", "all_confirmed()"),
)
GATEWAY = CASES[1]


def median_milliseconds(call: Callable[[], Any], calls: int = CALLS) -> float:
    """Return the median CPU cost of one call over all rounds."""
    rounds = [timeit.timeit(call, timer=time.process_time, number=calls) / calls for _ in range(ROUNDS)]
    return statistics.median(rounds) * 1e3


def measure(contenders: Field, calls: int = CALLS) -> list[Section]:
    """Measure every case, one unary test from its text, and parsing; then the peers, when there are any."""
    rows = [measured(case, calls) for case in CASES]
    cell = median_milliseconds(lambda: unary_tests("[1000..5000), > 10000", 6000, CONTEXT), calls)
    parsing = median_milliseconds(lambda: parse_expression(GATEWAY.text), max(1, calls // 20))
    more = [
        Row("unary tests of a cell, from text", cell),
        Row(f"parsing `{GATEWAY.text}`, not seen before", parsing),
    ]
    sections = [Section("One FEEL expression, parsed before", [*rows, *more], "the same condition in Python")]
    if not contenders.peers:
        return sections
    return [*sections, Section("The same in other languages", [*_peers(rows)], "ours")]


def measured(case: Case, calls: int) -> Row:
    """Measure one case."""
    calls = max(1, calls // 10) if "items" in case.text else calls
    expression = parse(case.text)
    parsed = median_milliseconds(lambda: evaluate(expression, CONTEXT, FUNCTIONS), calls)
    python = median_milliseconds(lambda: case.floor(CONTEXT), calls)
    goals = (at_most("≤ 5 µs", parsed, 0.005),) if case is GATEWAY else ()
    return Row(f"`{case.text}`", parsed, beside=parsed / python, goals=goals)


# ── peers ───────────────────────────────────────────────────────────────────────────────────────

Texts = dict[str, list[str]]
"""What each library evaluates, case by case; empty where it has nothing like it."""

PYTHON_TEXTS: Texts = {
    "simpleeval": [case.simple for case in CASES],
    "cel-python": [case.cel for case in CASES],
}
NODE_TEXTS: Texts = {"feelin": [case.text for case in CASES]}


def _peers(rows: list[Row]) -> Iterator[Row]:
    script = Path(__file__).parent / "peers" / "expressions.py"
    yield from _beside(rows, PYTHON_TEXTS, lambda: [environment.python(), script])
    yield from _beside(rows, NODE_TEXTS, lambda: ["node", environment.node() / "expressions.mjs"])


def _beside(rows: list[Row], texts: Texts, command: Callable[[], list[str | Path]]) -> Iterator[Row]:
    """Give what the libraries need for each case; those that cannot be installed are named and left out."""
    try:
        answers = _ask(command(), texts)
    except environment.Missing as error:
        print(f"!!! not measured: {', '.join(texts)}: {error}", file=sys.stderr)
        return
    for library, found in answers.items():
        for text, ours in zip(texts[library], rows, strict=True):
            if text:
                beside = found[text] / float(ours.milliseconds)
                yield Row(f"{library}: `{text}`", found[text], beside=beside)


def _ask(command: list[str | Path], texts: Texts) -> dict[str, dict[str, float]]:
    """Return the median CPU milliseconds of each text, by library."""
    wanted = {library: [*filter(None, found)] for library, found in texts.items()}
    asked = {"context": CONTEXT, "calls": PEER_CALLS, "rounds": ROUNDS, "texts": wanted}
    done = subprocess.run(
        command, input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True, timeout=60 * MINUTES
    )
    answers: dict[str, dict[str, float]] = json.loads(done.stdout)
    return answers
