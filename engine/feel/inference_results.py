"""The types that calls of the standard's functions yield (DMN 1.5 §10.3.4), for inference.

`argument` stands for the type all arguments have; a function that is not here may yield anything.
"""

from __future__ import annotations

from collections.abc import Mapping

_OF = {
    "number": (
        "ceiling count day-of-year decimal exp floor log modulo number product round-down "
        "round-half-down round-half-up round-up sqrt stddev string-length"
    ),
    "string": "day-of-week lower-case month-of-year replace string string-join substring "
    "substring-after substring-before upper-case",
    "boolean": "after all any before coincides contains during ends-with even finished-by finishes "
    "includes is list-contains matches meets met-by not odd overlaps overlaps-after overlaps-before "
    "started-by starts starts-with",
    "date": "date today",
    "time": "time",
    "date and time": "date-and-time now",
    "years and months duration": "years-and-months-duration",
    "argument": "abs max mean median min sum",
}
RESULTS: Mapping[str, str] = {
    name.replace("-", " "): kind for kind, names in _OF.items() for name in names.split()
}
"""The result by the name of the function."""
