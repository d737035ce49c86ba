"""Texts that would be dear if nothing held them, and what each costs here: `python -m tests.feel.hostile`.

Prints one JSON object: for each name the CPU milliseconds of parsing and evaluating it (the best of
three times, nothing cached), and the megabytes it holds at most.
"""

from __future__ import annotations

import json
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

from engine.feel import FeelSyntaxError, evaluate, lexical, parse, regex, to_json


def chain(step: str, count: int, first: int = 1) -> str:
    """Return entries in which `{n}` is the number of the entry and `{m}` that of the one before."""
    return ", ".join(step.format(n=n, m=n - 1) for n in range(first, count))


ITEMS = "for i in 1..50000 return "
SIGNS = "x" * 1000
LONG = '{s0: "' + "a" * 1500 + '", ' + chain("s{n}: s{m} + s{m}", 8)
TWO_LONG = LONG + ', t: s7 + "b", u: s7 + "c"'
DOUBLING, TWICE = chain("a{n}: [a{m}, a{m}]", 40), chain("b{n}: [b{m}, b{m}]", 40)
SHARED = "{a0: [1], b0: [1], " + DOUBLING + ", " + TWICE
WIDE = "[" + ", ".join(["1"] * 2700) + "]"
CATEGORIES = (
    *("Lu", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe"),
    *("Pi", "Pf", "Po", "Zs", "Zl", "Zp", "Sm", "Sc", "Sk", "So", "Cc", "Cf", "Co", "Cn"),
)
NAMES_OF_NAMES = ", ".join(f'"{"a+" * n}a": a' for n in range(1, 98))
DOUBLER = "f: function(l, n) if n = 0 then l else f(concatenate(l, l), n - 1)"
IS_ANY = "".join(f"\\p{{{name}}}" for name in CATEGORIES[1:])
IS_NONE = IS_ANY.replace("p", "P")
NUMBERS = "{x: for i in 1..20000 return i"
LETTERS = '"' + "a" * 5000 + '!"'

SYNTAX = {
    "deep brackets": "[" * 5000,
    "deep parentheses": "(" * 3000 + "1" + ")" * 3000,
    "deep intervals": "(" * 50 + "1" + "..2 z)" * 50,
    "deep negation": "-" * 10_000 + "1",
    "spaced negation": "- " * 9000 + "1",
    "deep not": "not(" * 2000 + "true" + ")" * 2000,
    "deep if": "if true then " * 1500 + "1",
    "deep types": "1 instance of " + "list<" * 3000,
    "deep functions": "function(a) " * 1600 + "a",
    "mixed brackets": "([{" * 3000,
    "long sum": " + ".join(["1"] * 4900),
    "long path": "a" + ".a" * 9000,
    "long filter": "a" + "[1]" * 6000,
    "long conjunction": " and ".join(["true"] * 2200),
    "long between": "1 between 1 and " * 1000 + "1",
    "long instance": "a instance of number " * 900,
    "long text": '"' + "x" * 30_000 + '"',
    "text of animals": '"' + "\U0001f40e" * 18_000 + '"',
    "text of escapes": '"' + "\\u0041" * 3000 + '"',
    "list of numbers": "[" + "1," * 3990 + "1]",
    "list of texts": "[" + '"a",' * 3900 + "1]",
    "list of names": "[" + "a," * 3990 + "1]",
    "list of intervals": "[" + "(1..2)," * 1800 + "1]",
    "list of dates": "[" + '@"2026-01-01",' * 1300 + "1]",
    "list of exponents": "[" + ", ".join(f"1e{n}" for n in range(1000)) + "]",
    "wide context": "{" + chain("k{n}: 1", 1900) + "}",
    "wide type": "1 instance of context<" + chain("k{n}: number", 1300) + ">",
    "many parameters": "function(" + chain("k{n}", 3000) + ") k1",
    "many iterators": "for " + chain("k{n} in x", 1700) + " return k1",
    "many tests": "1 in (" + ", ".join(["< 5"] * 1900) + ")",
    "many names": "a " * 9000,
    "long name": "五" * 19_000,
    "many comments": "1 " + "/* */" * 3000,
    "open comment": "/*" * 9000 + "1",
    "only spaces": " " * 19_000 + "1",
    "huge number": "1" * 19_000,
    "huge exponent": "1e" + "9" * 1000,
    "names alike": "{" + chain('"a-{n}": a-{m}', 900) + "}",
    "names of names": "{"
    + ", ".join(f'"{"a+" * n}a": a' for n in range(1, 98))
    + ", r: "
    + "a+a-" * 1500
    + "a}",
    "name never found": '{"' + "a+" * 95 + 'b": 1, r: ' + ", ".join(["a+a+a+a+a+a+a"] * 700) + "}",
    "loops around a list": "for i in [1] return " * 50 + WIDE,
    "filters around a list": "a" + "[a" * 50 + " = " + WIDE + "]" * 50,
    "functions around a list": "function(a) " * 50 + WIDE,
}

LOOPS = {
    "endless range": "for i in 1..1000000000 return i",
    "nested loops": "for a in 1..1000, b in 1..1000, c in 1..1000 return a",
    "cross product": "for a in 1..300, b in 1..300 return [a, b]",
    "nested quantifiers": "every a in 1..300 satisfies " * 5 + "true",
    "two quantifiers": "some a in 1..50000, b in 1..50000 satisfies a + b = -1",
    "fifty iterators": "for " + chain("a{n} in [1]", 50) + ", b in 1..50000 return a1 + a1 + a1",
    "fifty contexts": "{a: 1, r: " + "{b: " * 50 + ITEMS + "a + a + a" + "}" * 50 + "}",
    "dates for ever": 'for d in @"0001-01-01"..@"9999-12-31" return d',
    "dates of a century": 'for d in @"2000-01-01"..@"2100-01-01" return d',
    "partial counted": ITEMS + "count(partial)",
    "partial kept": "for i in 1..300 return [partial, partial]",
    "partial as text": ITEMS + "string(partial)",
    "recursion": "{f: function(n) f(n + 1), r: f(0)}.r",
    "branching recursion": "{f: function(n) f(n + 1) + f(n + 1), r: f(0)}.r",
    "bounded branching": "{f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), r: f(30)}.r",
    "mutual recursion": "{f: function(g, n) g(g, n), r: f(f, 0)}.r",
    "ackermann": "{f: function(m, n) if m = 0 then n + 1 else if n = 0 then f(m - 1, 1) "
    "else f(m - 1, f(m, n - 1)), r: f(3, 9)}.r",
    "recursion in a comparator": "{f: function(a, b) count(sort([3, 2, 1], f)) > 1, r: sort([1, 2, 3], f)}.r",
    "recursion that doubles": "{" + DOUBLER + ", r: f([1], 30)}.r",
    "named calls": ITEMS + 'substring(string: "abc", start position: 2)',
    "closures": ITEMS + "(function(a, b, c, d) a)(1, 2, 3, 4)",
    "closures with types": ITEMS + "(function(a: context<a: list<number>>) a)({a: [1]})",
    "reasons": ITEMS + "null + i",
    "unknown names": ITEMS + "missing",
    "refused conversions": ITEMS + 'date("x")',
}

NUMERIC = {
    "huge power": "9 ** 9 ** 9 ** 9",
    "many powers": ITEMS + "1.0000001234567 ** 12345.678",
    "many powers that are too large": ITEMS + "1.234 ** 1234567890123.456",
    "many exponentials": ITEMS + "exp(1234.567)",
    "many logarithms": ITEMS + "log(1e6000)",
    "scales": "round up(1/3, 6176) + decimal(1e6000, 10)",
    "huge scales": ITEMS + "decimal(1e6000, 1e6000)",
    "huge positions": ITEMS + 'substring("abc", 1e6000)',
    "huge numbers as text": ITEMS + "string(1e6000)",
    "huge durations": ITEMS + '@"PT1S" * 1e6000',
    "huge seconds": ITEMS + "time(1, 1, 1e6000)",
    "far dates": '@"999999999-12-31" + @"P999999999Y" * 99999999999',
    "long duration": 'duration("P' + "9" * 10_000 + 'D")',
    "moments in regions": ITEMS + '(@"2026-01-01T00:00:00@Europe/Paris" + @"PT1S" * i).time offset',
    "moments from text": ITEMS + 'date and time("2026-01-01T00:00:00@Europe/Paris")',
    "unknown regions": ITEMS + 'time("10:00:00@Nowhere/X" + string(i))',
    "statistics": NUMBERS + ", r: for j in 1..1000 return stddev(x) + median(x) + mode(x)[1]}.r",
}

TEXTS = {
    "growing string": '{s0: "xxxxxxxx", ' + chain("s{n}: s{m} + s{m}", 30) + "}.s29",
    "many strings": f'for i in 1..5000 return string join(for j in 1..20 return "{SIGNS}")',
    "numbered strings": f'for i in 1..50000 return "{SIGNS}" + string(i)',
    "joined again and again": NUMBERS + ", y: x, r: for j in 1..1000 return string join(y, string(j))}.r",
    "capitals": LONG + ", r: " + ITEMS + "upper case(s7)}.r",
    "substrings": LONG + ", r: " + ITEMS + "substring(s7, 2)}.r",
    "searches": LONG + ", r: " + ITEMS + 'contains(s7, "aaab")}.r',
    "numbers in long texts": LONG.replace("a" * 1500, "1" * 1500) + ", r: " + ITEMS + "number(s7)}.r",
    "long texts equal": TWO_LONG + ", r: " + ITEMS + "t = u}.r",
    "long texts ordered": TWO_LONG + ", r: " + ITEMS + "t < u}.r",
    "long texts in a range": TWO_LONG + ", r: " + ITEMS + "t in [s7..u]}.r",
    "long texts sorted": TWO_LONG + ", r: sort(for i in 1..8000 return if odd(i) then t else u)}.r",
    "long texts found": TWO_LONG + ", l: for i in 1..8000 return t, r: list contains(l, u)}.r",
    "greatest long text": TWO_LONG + ", l: for i in 1..8000 return if odd(i) then t else u, r: max(l)}.r",
    "replacing": 'replace("' + "a" * 9000 + '", "a", "' + "b" * 9000 + '")',
    "replacing groups": 'replace("' + "ab" * 4000 + '", "(a)(b)", "$2$1$2$1$2$1$2$1$2$1$1")',
    "replacing twice": '{s: "' + "a" * 1000 + '", t: replace(s, "a", s), u: replace(t, "a", s)}.u',
    "splitting": 'count(split("' + "a" * 15_000 + '", "a"))',
    "splitting long texts": LONG + ", r: for i in 1..100 return split(s7, string(i))}.r",
    "ranges in texts": ITEMS + 'range("[" + string(i) + "..50000]")',
    "deep ranges in texts": ITEMS + 'range("[1..' + "(" * 40 + "5" + ")" * 40 + ']")',
}

PATTERNS = {
    "nested repetition": f'matches({LETTERS}, "^(a+)+$")',
    "alternatives alike": f'matches({LETTERS}, "(a|a)*b")',
    "nested stars": f'matches({LETTERS}, "' + "(" * 45 + "a" + ")*" * 45 + 'b")',
    "optional letters": 'matches("' + "a" * 100 + '", "' + "a?" * 100 + "a" * 100 + '")',
    "counted repetition": 'matches("a", "((a{100}){100}){100}")',
    "counted twice": f'matches({LETTERS}, "(a{{1,30}}){{1,30}}b")',
    "many alternatives": f'matches({LETTERS}, "(' + "|".join(f"b{n}" for n in range(200)) + ')*c")',
    "empty alternatives": f'matches({LETTERS}, "(' + "|" * 900 + ')*c")',
    "many groups": f'matches({LETTERS}, "(' + "()" * 190 + 'a)*b")',
    "deep groups": 'matches("a", "' + "(" * 900 + "a" + ")" * 900 + '")',
    "wide class": f'matches({LETTERS}, "[' + "".join(chr(0x4E00 + 2 * n) for n in range(4800)) + ']")',
    "class of categories": f'matches({LETTERS}, "['
    + "".join(f"\\p{{{c}}}" for c in CATEGORIES[1:])
    + ']{9}b")',
    "class of what is not": f'matches({LETTERS}, "[^' + IS_NONE + ']b")',
    "deep class": 'matches("a", "' + "[a-" * 900 + '")',
    "class less classes": f'matches({LETTERS}, "' + "[a-z-" * 48 + "[b]" + "]" * 48 + 'b")',
    "a pattern each time": ITEMS + 'matches("a", string(i))',
    "a long pattern each time": ITEMS + 'matches("a", "' + "(ab|cd)*[x-z]" * 150 + '" + string(i))',
}

CONTAINERS = {
    "growing list": "{a0: [1], " + chain("a{n}: concatenate(a{m}, a{m})", 40) + "}.a39",
    "shared lists written out": SHARED + "}.a39",
    "shared lists compared": SHARED + ", r: a39 = b39}.r",
    "shared lists the same": SHARED + ", r: is(a39, b39)}.r",
    "shared lists in ranges": SHARED + ", r: (=a39) = (=b39), q: b39 in (=a39)}.r",
    "shared lists as text": SHARED + ", r: string(a39)}.r",
    "shared lists flattened": SHARED + ", r: flatten(a39)}.r",
    "shared lists distinct": SHARED + ", r: distinct values([a39, b39, a39])}.r",
    "shared lists of a type": SHARED + ", r: a39 instance of " + "list<" * 39 + "number" + ">" * 39 + "}.r",
    "shared lists lent": SHARED + ", r: host(a39)}.r",
    "shared lists searched": SHARED + ", r: a39...x}.r",
    "path through shared lists": SHARED.replace("[1]", "{x: 1}") + ", r: a39.x}.r",
    "sorted by a function": "sort(for i in 1..20000 return 20000 - i, function(a, b) a < b)",
    "sorted by a lie": "sort(for i in 1..5000 return -i, function(a, b) true)",
    "sorted numbers": "sort(for i in 1..12000 return modulo(i * 7919, 30011))",
    "sorted again and again": NUMBERS + ", r: for j in 1..50 return sort(x)}.r",
    "sorted durations": 'sort(for i in 1..6000 return @"PT1S" * modulo(i * 7919, 30011))',
    "least again and again": NUMBERS + ", r: for j in 1..5000 return min(x)}.r",
    "sums of durations": '{x: for i in 1..4000 return @"PT1S", r: for j in 1..5000 return sum(x)}.r',
    "distinct lists": "count(distinct values(for i in 1..3000 return [i]))",
    "places of lists": "{x: for i in 1..3000 return [i], r: for j in 1..1000 return index of(x, [j])}.r",
    "unions": NUMBERS + ", r: for j in 1..1000 return union(x, x)}.r",
    "appended": NUMBERS + ", r: for j in 1..1000 return append(x, j)}.r",
    "sublists": NUMBERS + ", r: for j in 1..1000 return sublist(x, 2)}.r",
    "removed": NUMBERS + ", r: for j in 1..1000 return remove(x, 2)}.r",
    "flattened": "{x: for i in 1..100 return 1..100, r: for j in 1..1000 return flatten([x, x])}.r",
    "context of contexts": "{c0: {}, " + chain('c{n}: context put(c{m}, "k", c{m})', 300) + "}.c299",
    "context that grows": "{f: function(c, n) if n = 0 then c else f(context put(c, string(n), n), n - 1), "
    "r: f({}, 500)}.r",
    "entries": "{c: context(for i in 1..1500 return {key: string(i), value: i}), "
    "r: for i in 1..5000 return get entries(c)}.r",
    "merged contexts": ITEMS + "context merge([{a: 1}, {b: i}])",
    "way of keys": "context put({}, for i in 1..5000 return string(i), 1)",
}

TABLES = {"syntax": SYNTAX, "loops": LOOPS, "numbers": NUMERIC, "texts": TEXTS, "patterns": PATTERNS}
EXPENSIVE: dict[str, str] = {
    name: text for table in (*TABLES.values(), CONTAINERS) for name, text in table.items()
}

CACHES = (regex._compiled, lexical.parse_temporal)


def outcome(text: str) -> Any:
    """Return the value of a text as JSON, or why it is refused."""
    try:
        return to_json(evaluate(text, {"a": [1], "x": [1, 2]}, {"host": lambda value: 1}).value)
    except FeelSyntaxError as error:
        return error


def anew(text: str, turn: int) -> None:
    """Parse and evaluate a text that nobody remembers: a space more at its end each turn makes it another."""
    for cached in CACHES:
        cached.cache_clear()
    outcome(text + " " * turn)


def milliseconds(text: str) -> float:
    """Return the CPU time a text takes, the best of three times."""
    found = []
    for turn in range(3):
        started = time.process_time()
        anew(text, turn)
        found.append((time.process_time() - started) * 1000)
    return min(found)


def megabytes(text: str) -> float:
    """Return how much memory a text holds at most."""
    tracemalloc.start()
    anew(text, 3)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def deeper(depth: int, work: Callable[[], Any]) -> None:
    """Do something `depth` calls deeper in Python's stack."""
    if depth:
        deeper(depth - 1, work)
    else:
        work()


def unevenness() -> float:
    """Return how much longer a loop takes at the worst depth of Python's stack than at the usual one."""
    loop = parse("for i in 1..2000 return i + i + i")
    found = []
    for depth in range(260):
        started = time.process_time()
        deeper(depth, lambda: evaluate(loop, {}))
        found.append(time.process_time() - started)
    return max(found) / statistics.median(found)


def pace() -> float:
    """Return how many milliseconds a loop takes that takes some 20 on a machine of 2024."""
    started = time.process_time()
    total = 0
    for number in range(600_000):
        total += number & 7
    return (time.process_time() - started) * 1000


def measured() -> Iterator[tuple[str, dict[str, float]]]:
    """Measure every text."""
    for name, text in EXPENSIVE.items():
        yield name, {"ms": milliseconds(text), "mb": megabytes(text)}


if __name__ == "__main__":
    print(json.dumps({"pace": pace(), "unevenness": unevenness(), "costs": dict(measured())}))
