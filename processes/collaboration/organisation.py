"""The sample organisation: departments, people, heads and roles, as value objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from engine.errors import NotFound
from engine.text import T

Lang = Literal["zh", "en"]
HEAD = "第一负责人"
ROLE_WORDS: Mapping[str, str] = {
    "审批人": "management",
    "协调员": "coordinator",
    "流程设计者": "designer",
    "审计员": "auditor",
    "系统管理员": "administrator",
}
FULL_TITLES = {"副总": "副总经理"}
TOP_DEPARTMENT = "总经办"


@dataclass(frozen=True, slots=True)
class SampleDepartment:
    """A department: its id is its Chinese name; the head of the parent is the head's superior."""

    id: str
    name_en: str
    head: str | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody of the sample organisation; `pinyin` is searched, e.g. `liu zhiyuan`."""

    name: str
    department: str | None
    title: str
    roles: frozenset[str]
    email: str
    pinyin: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """Departments and people in the order of the file."""

    departments: tuple[SampleDepartment, ...]
    people: tuple[SamplePerson, ...]

    def head_of(self, department: str) -> str:
        """Return the name of a department's head; raises `NotFound`."""
        head = next((d.head for d in self.departments if d.id == department), None)
        if head is None:
            raise NotFound(T("没有名为{name}的部门", name=department))
        return head

    def members(self, department: str) -> tuple[str, ...]:
        """Return the names of a department's people, the head first."""
        head = self.head_of(department)
        others = (p.name for p in self.people if p.department == department and p.name != head)
        return (head, *others)


def read_yaml(name: str) -> dict[str, Any]:
    """Return the content of a file of the samples folder."""
    source = files("processes.collaboration").joinpath("samples", f"{name}.yaml")
    content: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return content


@lru_cache(maxsize=1)
def supplement() -> dict[str, Any]:
    """Return what the samples leave open."""
    return read_yaml("supplement")


@lru_cache(maxsize=2)
def organisation(lang: Lang = "zh") -> Organisation:
    """Return the sample organisation with titles in `lang`; names stay as they are (D1)."""
    content = read_yaml("organisation")
    english: Mapping[str, str] = content["depts"]
    entries = {name: _words(text) for name, text in content["people"].items()}
    people = tuple(_person(name, words, english, lang) for name, words in entries.items())
    heads = {d: name for name, words in entries.items() if HEAD in words and (d := words[0]) in english}
    heads |= supplement()["heads"]
    departments = tuple(
        SampleDepartment(name, name_en, heads[name], None if name == TOP_DEPARTMENT else TOP_DEPARTMENT)
        for name, name_en in english.items()
    )
    return Organisation(departments, people)


def _words(text: str) -> list[str]:
    """Return the words of an entry without the English remarks the file carries."""
    return [word for word in str(text).split() if not word.isascii()]


def _person(name: str, words: list[str], english: Mapping[str, str], lang: Lang) -> SamplePerson:
    department = words[0] if words[0] in english else None
    roles = frozenset(ROLE_WORDS[word] for word in words if word in ROLE_WORDS)
    pinyin: str = supplement()["pinyin"][name]
    email = f"{pinyin.replace(' ', '.')}@{supplement()['email_domain']}"
    return SamplePerson(name, department, _title(words, department, english, lang), roles, email, pinyin)


def _title(words: list[str], department: str | None, english: Mapping[str, str], lang: Lang) -> str:
    if department and HEAD in words:
        return f"{department}负责人" if lang == "zh" else f"Head of {english[department]}"
    rest = words[1:] if department else words
    title = next(FULL_TITLES.get(word, word) for word in rest if word != "审批人")
    return title if lang == "zh" else str(supplement()["titles"][title])
