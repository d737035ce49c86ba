"""What does not go smoothly in a sample, so that returns, objections and refusals can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from processes.collaboration.organisation import Lang

Sentence = Mapping[Lang, str]


@dataclass(frozen=True, slots=True)
class FilingReturn:
    """The first F01 names too high a budget (yuan) and is returned for change."""

    budget: int
    comment: Sentence


@dataclass(frozen=True, slots=True)
class Objection:
    """A department does not agree with the scope at the kickoff; the initiator resolves it."""

    department: str
    objection: Sentence
    resolution: Sentence


@dataclass(frozen=True, slots=True)
class PlanRefusal:
    """The joint plan first lacks a dependency; the successor's department refuses it."""

    department: str
    predecessor: str
    successor: str
    comment: Sentence


@dataclass(frozen=True, slots=True)
class ResultRefusal:
    """A key result is reported done a day early and returned once; the next day it is confirmed."""

    task: str
    comment: Sentence


@dataclass(frozen=True, slots=True)
class Twists:
    """All that does not go smoothly in one sample."""

    filing: FilingReturn | None = None
    objection: Objection | None = None
    plan: PlanRefusal | None = None
    result: ResultRefusal | None = None
    light: bool = False


TWISTS: Mapping[str, Twists] = {
    "A": Twists(),
    "B": Twists(
        filing=FilingReturn(
            1_800_000,
            {
                "zh": "预算超出年度额度，请压到150万元以内后再报",
                "en": "The budget exceeds this year's limit; please bring it below 1.5M CNY",
            },
        ),
        objection=Objection(
            "物流部",
            {
                "zh": "节前运力紧张，现有范围没有写明备用承运商由谁签约",
                "en": "Transport is short before the holiday; nobody is named to contract reserve carriers",
            },
            {
                "zh": "备用承运商由物流部签约，费用列入活动预算",
                "en": "Logistics contracts the reserve carriers; the cost is part of the event's budget",
            },
        ),
        plan=PlanRefusal(
            "客服部",
            "B04",
            "B08",
            {
                "zh": "培训要等促销政策定稿才能开始，请补上前置任务",
                "en": "Training can start only when the offers are final; please add the predecessor",
            },
        ),
        result=ResultRefusal(
            "B03",
            {
                "zh": "会员价字号太小，请补一版移动端尺寸",
                "en": "The member price is too small; please add a version for phones",
            },
        ),
    ),
    "C": Twists(light=True),
    "D": Twists(),
}
