"""Hit policies: what a table answers when rules match (DMN 1.5 §8.2.8, §8.3.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.dmn.places import Place
from engine.dmn.run import Evaluating
from engine.feel.builtins import BUILTINS
from engine.feel.comparing import equal
from engine.feel.values import Undefined
from engine.text import T


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched: its place in the table, its value, its outputs and their ranks."""

    rule: int
    value: Any
    values: tuple[Any, ...]
    ranks: tuple[int, ...]


Policy = Callable[[list[Hit], Evaluating, Place], Any]
"""From the hits, in the order of the rules, to the value of the table."""


def policy_named(policy: str, aggregation: str) -> Policy:
    """Return the policy of that name; one that does not exist answers null."""
    if policy == "COLLECT" and aggregation:
        return _AGGREGATIONS.get(aggregation, _unknown)
    return _POLICIES.get(policy, _unknown)


def _unique(hits: list[Hit], run: Evaluating, place: Place) -> Any:
    if len(hits) > 1:
        text = T("规则 {numbers} 同时符合，而命中策略是“唯一”", numbers=_numbers(hits))
        return _conflict(run, place, text)
    return hits[0].value if hits else None


def _any(hits: list[Hit], run: Evaluating, place: Place) -> Any:
    if any(equal(hits[0].value, hit.value, run) is not True for hit in hits[1:]):
        text = T("规则 {numbers} 同时符合，给出的结果却不同", numbers=_numbers(hits))
        return _conflict(run, place, text)
    return hits[0].value if hits else None


def _first(hits: list[Hit], run: Evaluating, place: Place) -> Any:
    return hits[0].value if hits else None


def _priority(hits: list[Hit], run: Evaluating, place: Place) -> Any:
    """The output that is listed first; among several outputs the first decides first."""
    return min(hits, key=lambda hit: hit.ranks).value if hits else None


def _rule_order(hits: list[Hit], run: Evaluating, place: Place) -> list[Any]:
    return [hit.value for hit in hits]


def _output_order(hits: list[Hit], run: Evaluating, place: Place) -> list[Any]:
    return [hit.value for hit in sorted(hits, key=lambda hit: hit.ranks)]


def _unknown(hits: list[Hit], run: Evaluating, place: Place) -> None:
    run.note_at(place, "hit_policy", T("没有这样的命中策略"))


def _conflict(run: Evaluating, place: Place, text: T) -> None:
    run.note_at(place, "overlap", text)


def _numbers(hits: list[Hit]) -> str:
    return ", ".join(str(hit.rule + 1) for hit in hits[:10])


def _aggregated(function: str) -> Policy:
    """Return the policy that hands all outputs to a function of FEEL (§8.3.4, C+ C< C> C#)."""

    def aggregate(hits: list[Hit], run: Evaluating, place: Place) -> Any:
        if any(isinstance(hit.value, dict) for hit in hits):
            text = T("有几个输出的表不能汇总")
            run.note_at(place, "aggregation", text)
            return None
        try:
            return BUILTINS[function].call(run, [[hit.value for hit in hits]])
        except Undefined as reason:
            run.note_at(place, reason.code, reason.text)
            return None

    return aggregate


_AGGREGATIONS: dict[str, Policy] = {
    "SUM": _aggregated("sum"),
    "MIN": _aggregated("min"),
    "MAX": _aggregated("max"),
    "COUNT": _aggregated("count"),
}

_POLICIES: dict[str, Policy] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _priority,
    "RULE ORDER": _rule_order,
    "OUTPUT ORDER": _output_order,
    "COLLECT": _rule_order,
}
