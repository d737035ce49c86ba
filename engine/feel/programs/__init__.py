"""Trees compiled to Python closures: one function per kind of node, nothing looked up twice."""

from engine.feel.programs import access, calls, comparisons, iteration, literals, logic, operators, unary
from engine.feel.programs.registry import build

__all__ = ["access", "build", "calls", "comparisons", "iteration", "literals", "logic", "operators", "unary"]
