"""FEEL (DMN 1.5): the one expression language of diagrams, forms and decisions.

`parse` once, `evaluate` often. An evaluation never raises for what an expression does: where the
language has no value the result is null, and `problems` say why and where. Only errors of the
host's own functions pass through.
"""

from engine.feel.api import (
    Evaluation,
    Expression,
    evaluate,
    functions_in,
    names_in,
    parse,
    parse_unary_tests,
    required_names_in,
    unary_tests,
)
from engine.feel.errors import FeelSyntaxError
from engine.feel.json import from_json, to_json
from engine.feel.limits import DEFAULT, Limits
from engine.feel.run import Problem
from engine.feel.values import Function

__all__ = [
    "DEFAULT",
    "Evaluation",
    "Expression",
    "FeelSyntaxError",
    "Function",
    "Limits",
    "Problem",
    "evaluate",
    "from_json",
    "functions_in",
    "names_in",
    "parse",
    "parse_unary_tests",
    "required_names_in",
    "to_json",
    "unary_tests",
]
