"""Boolean functions (DMN 1.5 §10.3.4.2)."""

from __future__ import annotations

from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.logic import negation


@builtin("not", "negand:any")
def opposite(negand: Any) -> bool | None:
    """True for false, false for true, null for anything else."""
    return negation(negand)
