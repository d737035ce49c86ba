"""What a model asks of a type beside what FEEL asks (DMN 1.5 §7.3.2)."""

from __future__ import annotations

from engine.feel.types import ANY, SIMPLE, FeelType, FunctionOf, bare


def results_of(kind: FeelType) -> FeelType:
    """Return the type of what functions of a type answer; a type that is none of functions is that itself."""
    plain = bare(kind)
    if isinstance(plain, FunctionOf):
        return plain.result
    return ANY if plain == SIMPLE["function"] else kind


def parameters_of(kind: FeelType, count: int) -> tuple[FeelType, ...]:
    """Return the types of the parameters of functions of a type; anything where it says nothing."""
    plain = bare(kind)
    if isinstance(plain, FunctionOf) and len(plain.parameters) == count:
        return plain.parameters
    return (ANY,) * count
