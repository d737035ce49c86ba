from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.collaboration.naming import (
    MATERIAL_KINDS,
    FileName,
    Naming,
    corrected,
    judge,
    normalise,
    parse,
    propose,
)

FESTIVAL = Naming(
    project="2026中秋会员节",
    start=date(2026, 8, 17),
    today=date(2026, 9, 26),
    departments=("市场部", "销售部"),
)
ARCHIVED = replace(FESTIVAL, kinds=MATERIAL_KINDS)


def codes(name: str, naming: Naming = FESTIVAL, *, archive: bool = False) -> list[str]:
    return [finding.code for finding in judge(name, naming, archive=archive).findings]


def test_a_proposed_name_is_a_good_name() -> None:
    assert propose(FESTIVAL, "策划方案", extension="docx") == "2026中秋会员节-策划方案-20260926.docx"
    assert codes(propose(FESTIVAL, "策划方案", extension="docx")) == []
    archive = propose(ARCHIVED, "合同", extension="pdf", department="市场部")
    assert archive == "2026中秋会员节-市场部-合同-20260926.pdf"
    assert codes(archive, ARCHIVED, archive=True) == []


@pytest.mark.parametrize(
    "typed",
    [
        "2026中秋会员节-策划方案-2026-09-25.docx",
        "2026中秋会员节－策划方案－20260925.docx",
        "2026中秋会员节 — 策划方案 – 2026.9.25.docx",
        "2026中秋会员节_策划方案_20260925.docx",
        "  2026中秋会员节-策划方案-2026年9月25日.docx ",
        unicodedata.normalize("NFD", "2026中秋会员节-策划方案-20260925.docx"),
    ],
)
def test_separators_and_dates_people_type_are_rewritten(typed: str) -> None:
    verdict = judge(typed, FESTIVAL)
    assert verdict.name == "2026中秋会员节-策划方案-20260925.docx"
    assert verdict.good
    assert verdict.parts == FileName("2026中秋会员节", "策划方案", date(2026, 9, 25), extension="docx")


def test_a_date_without_extension_is_not_taken_for_one() -> None:
    assert normalise("2026中秋会员节-方案-2026.9.25") == "2026中秋会员节-方案-20260925"


def test_a_trailing_version_stays_and_other_underscores_separate() -> None:
    assert normalise("2026中秋会员节_方案_2026-9-5_V12.pdf") == "2026中秋会员节-方案-20260905_v12.pdf"
    parts = parse("2026中秋会员节-方案-20260905_v12.pdf")
    assert parts is not None
    assert parts.version == 12
    assert str(parts) == "2026中秋会员节-方案-20260905_v12.pdf"


def test_the_example_of_the_method_lacks_its_date_and_is_told_so() -> None:
    verdict = judge("2026中秋会员节-策划方案", FESTIVAL)
    assert [finding.code for finding in verdict.findings] == ["no_date"]
    assert verdict.parts is None
    assert "20260925" in str(verdict.findings[0].text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2025中秋会员节-方案-20260925.pdf", ["project"]),
        ("2026中秋会员节-草稿-20260925.pdf", ["kind"]),
        ("2026中秋会员节-方案-20260931.pdf", ["date"]),
        ("2026中秋会员节-方案-20260927.pdf", ["future"]),
        ("2026中秋会员节-方案-20260717.pdf", ["early"]),
        ("2026中秋会员节-方案-20260718.pdf", []),
        ("2026中秋会员节-市场部-方案-20260925.pdf", ["shape"]),
        ("2026中秋会员节-方/案-20260925.pdf", ["characters"]),
        ("方案20260925.pdf", ["shape"]),
        ("另一个项目-草稿-20260927.pdf", ["project", "kind", "future"]),
    ],
)
def test_each_broken_rule_of_a_document_name_is_found(name: str, expected: list[str]) -> None:
    assert codes(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026中秋会员节-市场部-合同-20260925.pdf", []),
        ("2026中秋会员节-财务部-合同-20260925.pdf", ["department"]),
        ("2026中秋会员节-合同-20260925.pdf", ["shape"]),
        ("2026中秋会员节-市场部-策划方案-20260925.pdf", ["kind"]),
        ("2026中秋会员节-市场部-合同", ["no_date"]),
    ],
)
def test_each_broken_rule_of_an_archive_name_is_found(name: str, expected: list[str]) -> None:
    assert codes(name, ARCHIVED, archive=True) == expected


def test_a_name_above_two_hundred_bytes_is_too_long() -> None:
    naming = Naming("长" * 40, date(2026, 8, 17), date(2026, 9, 26), ("市" * 20,), ("合" * 20,))
    name = f"{naming.project}-{'市' * 20}-{'合' * 20}-20260925.pdf"
    assert codes(name, naming, archive=True) == ["long"]


def test_a_name_with_a_line_break_is_refused() -> None:
    assert parse("2026中秋会员节-方案-20260925.pdf\n") is None


def test_the_projects_own_dashes_separate_nothing() -> None:
    naming = Naming("新品_上市—华东", date(2026, 8, 17), date(2026, 9, 26))
    assert judge("新品_上市—华东-方案-20260925.pdf", naming).name == "新品上市华东-方案-20260925.pdf"
    assert judge("新品_上市—华东-方案-20260925.pdf", naming).good


def test_one_click_corrects_project_and_kind_and_keeps_a_date_that_may_stand() -> None:
    assert corrected("旧名 - 草稿 - 2026.9.20.PDF", FESTIVAL, "方案") == "2026中秋会员节-方案-20260920.PDF"
    assert corrected("IMG_2041.jpeg", FESTIVAL, "设计稿") == "2026中秋会员节-设计稿-20260926.jpeg"
    assert corrected("x-y-20300101", FESTIVAL, "方案") == "2026中秋会员节-方案-20260926"
    renamed = corrected("合同扫描件.pdf", ARCHIVED, "合同", department="销售部", on=date(2026, 9, 1))
    assert renamed == "2026中秋会员节-销售部-合同-20260901.pdf"
    assert codes(renamed, ARCHIVED, archive=True) == []


@given(st.text(max_size=60), st.sampled_from(["方案", "合同"]), st.sampled_from([None, "市场部"]))
def test_the_one_click_name_of_any_file_is_good(name: str, kind: str, department: str | None) -> None:
    renamed = corrected(name, ARCHIVED, kind, department=department)
    assert codes(renamed, ARCHIVED, archive=department is not None) == []


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_more(name: str) -> None:
    assert normalise(normalise(name)) == normalise(name)
