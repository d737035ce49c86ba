"""The expressions of `bench/feel.py` as simpleeval and cel-python have them, each parsed before.

Reads one JSON object with `context`, `calls`, `rounds` and `texts` (by library) and prints, by library, the
median CPU milliseconds of each text. The context is given to cel-python already converted.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import timeit
from collections.abc import Callable
from typing import Any

import celpy
import simpleeval


def simple(text: str, context: dict[str, Any]) -> Callable[[], Any]:
    evaluator = simpleeval.EvalWithCompoundTypes(
        names=context, functions={"len": len, "sum": sum, "all": all, "all_confirmed": lambda: True}
    )
    parsed = evaluator.parse(text)
    return lambda: evaluator.eval(text, previously_parsed=parsed)


def cel(text: str, context: dict[str, Any]) -> Callable[[], Any]:
    environment = celpy.Environment()
    functions = {"all_confirmed": lambda: celpy.celtypes.BoolType(True)}
    program = environment.program(environment.compile(text), functions=functions)
    converted = celpy.json_to_cel(context)
    return lambda: program.evaluate(converted)


LIBRARIES = {"simpleeval": simple, "cel-python": cel}


def median(call: Callable[[], Any], calls: int, rounds: int) -> float:
    found = [timeit.timeit(call, timer=time.process_time, number=calls) / calls for _ in range(rounds)]
    return statistics.median(found) * 1000


def main() -> None:
    asked = json.load(sys.stdin)
    answer = {
        library: {
            text: median(LIBRARIES[library](text, asked["context"]), asked["calls"], asked["rounds"])
            for text in texts
        }
        for library, texts in asked["texts"].items()
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
