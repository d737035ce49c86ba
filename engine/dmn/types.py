"""What a model asks of a type beside what FEEL asks (DMN 1.5 §7.3.2)."""

from __future__ import annotations

from engine.feel.types import SIMPLE, FeelType, FunctionOf, bare


def is_function(kind: FeelType) -> bool:
    """Say whether a type is one of functions."""
    plain = bare(kind)
    return isinstance(plain, FunctionOf) or plain == SIMPLE["function"]
