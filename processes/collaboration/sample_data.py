"""The four sample projects as value objects in one language, their gaps filled (specification §2, D1–D6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from processes.collaboration.network import Dependency, Network, PlannedTask
from processes.collaboration.organisation import Lang, organisation, read_yaml, supplement
from processes.collaboration.sample_values import (
    SampleChange,
    SampleDeliverable,
    SampleGoal,
    SampleIssue,
    SampleProject,
    SampleResource,
    SampleRisk,
    SampleState,
    SampleTask,
)
from processes.collaboration.standards import criteria

FILES: Mapping[str, str] = {"A": "a-new-product", "B": "b-campaign", "C": "c-complaint", "D": "d-budget"}
ESCALATE = "需管理层审批"
MET: Mapping[Lang, str] = {"zh": "达到", "en": "met"}
LAST_PURPOSE: Mapping[Lang, str] = {"zh": "项目验收", "en": "the acceptance of the project"}


@lru_cache(maxsize=8)
def sample(key: str, lang: Lang = "zh") -> SampleProject:
    """Return sample A, B, C or D in one language; raises `KeyError` for any other."""
    content: dict[str, Any] = read_yaml(FILES[key])[key]
    extra: dict[str, Any] = supplement()["projects"][key]
    lead_department: str = content["lead"]
    tasks = _tasks(content, extra, lang)
    departments = dict.fromkeys([lead_department, *(task.department for task in tasks)])
    return SampleProject(
        key=key,
        type=content["type"],
        name=content["name"][lang],
        initiating_department=lead_department,
        lead=organisation().head_of(lead_department),
        departments=tuple(departments),
        unit=content["unit"],
        start=_start(extra["start"]),
        now=content["now"],
        length=content["len"],
        critical=tuple(content["cp"]),
        goals=tuple(SampleGoal(content["goal"][lang], *goal[lang]) for goal in extra["goals"]),
        deliverables=_deliverables(content, extra, lang),
        scope=extra["scope"][lang],
        out_of_scope=extra["out_of_scope"][lang],
        background=extra["background"][lang],
        budget=extra["budget"],
        tasks=tasks,
        state={id: _state(row, lang) for id, row in content["state"].items()},
        risks=tuple(
            SampleRisk(row["task"], row["level"], row[lang], in_language(row["plan"], lang))
            for row in content["risks"]
        ),
        issues=tuple(_issue(row, lang) for row in content["issues"]),
        resources=tuple(_resource(row, lang) for row in content["resources"]),
        change=_change(content["change"], lang),
    )


def in_language(text: str, lang: Lang) -> str:
    """Return the half of `中文 / English` or `中文 English` in one language; a lone half stands for both."""
    if " / " in text:
        chinese, english = text.split(" / ", 1)
    else:
        chinese, english = _halves(text)
    return (english or chinese) if lang == "en" else chinese


def _halves(text: str) -> tuple[str, str]:
    """Split before the first word that begins a purely ASCII rest."""
    words = text.split(" ")
    cut = next((n for n in range(1, len(words)) if all(word.isascii() for word in words[n:])), len(words))
    return " ".join(words[:cut]), " ".join(words[cut:])


def _start(written: date) -> date:
    return written.astimezone(UTC) if isinstance(written, datetime) else written


def _tasks(content: Mapping[str, Any], extra: Mapping[str, Any], lang: Lang) -> tuple[SampleTask, ...]:
    rows: list[dict[str, Any]] = content["tasks"]
    stages = _stages(rows, extra["stages"])
    made = {id: place for place, ids in enumerate(extra["deliverables"]) for id in ids}
    names = [in_language(text, lang) for text in content["deliverables"]]
    return tuple(
        _task(row, content, stages[row["id"]], names[made[row["id"]]] if row["id"] in made else None, lang)
        for row in rows
    )


def _task(
    row: Mapping[str, Any],
    content: Mapping[str, Any],
    stage: Mapping[str, Any],
    deliverable: str | None,
    lang: Lang,
) -> SampleTask:
    follower = next((other for other in content["tasks"] if row["id"] in other["dep"]), None)
    risk = next((risk for risk in content["risks"] if risk["task"] == row["id"]), None)
    level = row.get("risk") or (risk["level"] if risk else None)
    return SampleTask(
        id=row["id"],
        name=row[lang],
        department=row["dept"],
        owner=row["who"],
        start=row["s"],
        duration=row["d"],
        predecessors=tuple(row["dep"]),
        standard=criteria(in_language(row["std"], lang), met=MET[lang]),
        stage=stage[lang],
        milestone=stage["milestone"][lang] if row.get("ms") else None,
        key_result=bool(row.get("key") or row.get("ms") or deliverable),
        deliverable=deliverable,
        receiver=follower["dept"] if follower else content["lead"],
        purpose=follower[lang] if follower else LAST_PURPOSE[lang],
        risk_level=level,
        risk_note=risk[lang] if risk else _slip_note(row, lang) if level else None,
    )


def _slip_note(row: Mapping[str, Any], lang: Lang) -> str:
    if lang == "zh":
        return f"如果“{row['zh']}”延期，后续任务将顺延"
    return f"If “{row['en']}” slips, the tasks after it slip too"


def _stages(rows: list[dict[str, Any]], stages: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the stage of each task: that of the first milestone it leads to, else of the last behind it.

    So every stage has a milestone (D6).
    """
    links = [Dependency(before, row["id"]) for row in rows for before in row["dep"]]
    network = Network.of([PlannedTask(row["id"], row["d"]) for row in rows], links)
    named = {stage["milestone"]["zh"]: stage for stage in stages}
    reached = {row["id"]: row["s"] + row["d"] for row in rows if row.get("ms")}
    stage_of = {row["id"]: named[row["ms"]] for row in rows if row.get("ms")}
    return {
        row["id"]: stage_of[
            min(
                _connected(network, row["id"], forward=True) & reached.keys(),
                key=reached.__getitem__,
                default="",
            )
            or max(_connected(network, row["id"], forward=False) & reached.keys(), key=reached.__getitem__)
        ]
        for row in rows
    }


def _connected(network: Network, task: str, *, forward: bool) -> set[str]:
    """Return the task with all its successors, or with all its predecessors."""
    found, open_ends = {task}, [task]
    while open_ends:
        id = open_ends.pop()
        links = network.outgoing[id] if forward else network.incoming[id]
        ends = {link.successor if forward else link.predecessor for link in links} - found
        found |= ends
        open_ends += ends
    return found


def _deliverables(
    content: Mapping[str, Any], extra: Mapping[str, Any], lang: Lang
) -> tuple[SampleDeliverable, ...]:
    standards = {row["id"]: in_language(row["std"], lang) for row in content["tasks"]}
    return tuple(
        SampleDeliverable(in_language(text, lang), standards[ids[-1]], content["lead"], tuple(ids))
        for text, ids in zip(content["deliverables"], extra["deliverables"], strict=True)
    )


def _state(row: list[Any], lang: Lang) -> SampleState:
    status, percent, *rest = row
    if not rest:
        return SampleState(status, percent)
    reason, expected = rest
    found = re.search(r"\d+", expected)
    return SampleState(status, percent, in_language(reason, lang), int(found.group()) if found else None)


def _issue(row: Mapping[str, Any], lang: Lang) -> SampleIssue:
    return SampleIssue(
        id=row["id"],
        task=row["task"],
        urgent=row["urgent"],
        description=row[lang],
        departments=tuple(row["depts"]),
        plan=in_language(row["plan"], lang),
        owner=row["who"],
        due=row["due"],
        result=in_language(row["result"], lang),
        review=in_language(row["review"], lang) if "review" in row else None,
    )


def _resource(row: str, lang: Lang) -> SampleResource:
    department, _, rest = row.partition(" ")
    item = in_language(rest.replace(ESCALATE, "").strip(), lang)
    return SampleResource(department, item, ESCALATE in rest)


def _change(row: Mapping[str, Any], lang: Lang) -> SampleChange:
    impact = in_language(str(row["impact"]), lang)
    return SampleChange(row[lang], impact, str(row["decision"]).split(" ")[0])
