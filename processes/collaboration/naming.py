"""File names of a project: proposed, read, judged and corrected (R31, R46, specification §6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from engine.text import T

LONGEST_NAME = 200
EARLIEST_BEFORE_START = timedelta(days=30)
MATERIAL_KINDS = ("设计稿", "测试报告", "会议纪要", "合同", "方案", "数据", "其他")
DOCUMENT_KINDS = ("策划方案", "周报", "验收确认单", "复盘报告", *MATERIAL_KINDS)

_PART = r'[^-\\/:*?"<>|\x00-\x1f]'
_TAIL = r"(?P<date>[0-9]{8})(?:_v(?P<version>[0-9]{1,3}))?(?:\.(?P<extension>[A-Za-z0-9]{1,8}))?\Z"
DOCUMENT = re.compile(rf"^(?P<project>{_PART}{{2,40}})-(?P<kind>{_PART}{{1,20}})-{_TAIL}")
ARCHIVE = re.compile(
    rf"^(?P<project>{_PART}{{2,40}})-(?P<department>{_PART}{{1,20}})-(?P<kind>{_PART}{{1,20}})-{_TAIL}"
)
_DASH = "－—–‐‑−﹣_-"
_DASHES = re.compile(rf"\s*[{_DASH}][\s{_DASH}]*")
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,8})$")
_VERSION = re.compile(r"_v([0-9]{1,3})$", re.IGNORECASE)
_SPOKEN_DATE = re.compile(r"(?<![0-9])([0-9]{4})\s*[-.年]\s*([0-9]{1,2})\s*[-.月]\s*([0-9]{1,2})\s*日?$")


@dataclass(frozen=True, slots=True)
class FileName:
    """The parts of a name; `department` only in the archive, `version` only in downloads."""

    project: str
    kind: str
    date: date
    department: str | None = None
    version: int | None = None
    extension: str | None = None

    def __str__(self) -> str:
        parts = [self.project, self.department, self.kind, f"{self.date:%Y%m%d}"]
        name = "-".join(part for part in parts if part)
        version = f"_v{self.version}" if self.version is not None else ""
        return name + version + (f".{self.extension}" if self.extension else "")


@dataclass(frozen=True, slots=True)
class Naming:
    """What names of one project are judged against; `kinds` are the configured document types."""

    project: str
    start: date
    today: date
    departments: Collection[str] = ()
    kinds: Collection[str] = DOCUMENT_KINDS


@dataclass(frozen=True, slots=True)
class NameFinding:
    """One thing wrong with a name: a stable code for programs and a sentence for people."""

    code: str
    text: T


@dataclass(frozen=True, slots=True)
class NameVerdict:
    """A name as judged: in normal form, with its parts when readable, and everything wrong with it.

    `changed` says that normalising altered the name, which then is renamed without asking.
    """

    name: str
    parts: FileName | None
    findings: tuple[NameFinding, ...]
    changed: bool

    @property
    def good(self) -> bool:
        """Say whether the name keeps every rule."""
        return not self.findings


def propose(naming: Naming, kind: str, *, extension: str | None = None, department: str | None = None) -> str:
    """Return the name a new file of `kind` should have today; with a department that of the archive."""
    parts = FileName(
        _clean(naming.project), _clean(kind), naming.today, _clean(department or "") or None, None, extension
    )
    return str(parts)


def normalise(name: str) -> str:
    """Return `name` in NFC with trimmed parts, ASCII hyphens between them and the date as YYYYMMDD.

    A trailing `_v` + digits stays (D24), other `_` separate; 2026-09-25, 2026.9.25 and 2026年9月25日
    become 20260925. Nothing else is guessed.
    """
    stem, version, extension = _split_tail(_trimmed(unicodedata.normalize("NFC", name)))
    stem = _trimmed(_DASHES.sub("-", stem))
    spoken = _SPOKEN_DATE.search(stem)
    if spoken:
        year, month, day = spoken.groups()
        stem = _trimmed(f"{_trimmed(stem[: spoken.start()])}-{year}{int(month):02}{int(day):02}")
    return stem + version + extension


def parse(name: str, *, archive: bool = False) -> FileName | None:
    """Return the parts of a name in normal form; None when it has not their shape or no real date."""
    match = (ARCHIVE if archive else DOCUMENT).match(name)
    day = _real_day(match["date"]) if match else None
    if match is None or day is None:
        return None
    version = match["version"]
    return FileName(
        match["project"],
        match["kind"],
        day,
        match["department"] if archive else None,
        int(version) if version else None,
        match["extension"],
    )


def judge(name: str, naming: Naming, *, archive: bool = False) -> NameVerdict:
    """Return the verdict on a name: R31 for documents, R46 for the archive; all findings at once."""
    tidy = normalise(_own_project(name, naming))
    match = (ARCHIVE if archive else DOCUMENT).match(tidy)
    parts = parse(tidy, archive=archive)
    findings = [] if match else [_shape(tidy, archive=archive)]
    if match and parts is None:
        findings.append(NameFinding("date", T("“{date}”不是真实的日期", date=match["date"])))
    if parts is not None:
        findings += _content(parts, naming, archive=archive)
    if len(tidy.encode()) > LONGEST_NAME:
        findings.append(NameFinding("long", T("文件名太长，最多 {n} 字节（约 66 个汉字）", n=LONGEST_NAME)))
    return NameVerdict(tidy, parts, tuple(findings), tidy != name)


def corrected(
    name: str, naming: Naming, kind: str, *, department: str | None = None, on: date | None = None
) -> str:
    """Return the one-click name of an uploaded file: right project and kind, its own date if it has one."""
    tidy = normalise(_own_project(name, naming))
    _, _, extension = _split_tail(tidy)
    found = parse(tidy, archive=department is not None)
    day = found.date if found else on or naming.today
    in_time = naming.start - EARLIEST_BEFORE_START <= day <= naming.today
    parts = FileName(
        _clean(naming.project),
        _clean(kind),
        day if in_time else naming.today,
        _clean(department or "") or None,
        None,
        extension.lstrip(".") or None,
    )
    return str(parts)


def _content(parts: FileName, naming: Naming, *, archive: bool) -> list[NameFinding]:
    """Return what is wrong with the values of a name that has the right shape."""
    found: list[NameFinding] = []
    if parts.project != _clean(naming.project):
        found.append(NameFinding("project", T("项目名称应为“{project}”", project=_clean(naming.project))))
    if archive and parts.department not in naming.departments:
        found.append(NameFinding("department", T("“{dept}”不是本项目的参与部门", dept=parts.department)))
    if parts.kind not in naming.kinds:
        kinds = "、".join(naming.kinds)
        found.append(NameFinding("kind", T("“{kind}”不在类型清单里：{kinds}", kind=parts.kind, kinds=kinds)))
    if parts.date > naming.today:
        found.append(NameFinding("future", T("日期 {date} 还没到", date=f"{parts.date:%Y%m%d}")))
    if parts.date < naming.start - EARLIEST_BEFORE_START:
        found.append(NameFinding("early", T("日期 {date} 早于项目开始前 30 天", date=f"{parts.date:%Y%m%d}")))
    return found


def _shape(tidy: str, *, archive: bool) -> NameFinding:
    """Return the most useful sentence about a name that has not the shape of the rule."""
    stem, _, _ = _split_tail(tidy)
    if _FORBIDDEN.search(tidy):
        return NameFinding("characters", T('文件名不能含 \\ / : * ? " < > | 这些字符'))
    if not re.search(r"[0-9]{8}$", stem):
        return NameFinding("no_date", T("末尾缺少日期，如 -20260925"))
    if archive:
        return NameFinding("shape", T("应为“项目名称-部门-资料类型-日期”"))
    return NameFinding("shape", T("应为“项目名称-文档类型-日期”"))


def _split_tail(name: str) -> tuple[str, str, str]:
    """Return stem, `_v` suffix and extension; a dot inside a date is no extension."""
    extension = _EXTENSION.search(name)
    ending = extension.group() if extension and not _SPOKEN_DATE.search(_DASHES.sub("-", name)) else ""
    stem = name[: len(name) - len(ending)]
    version = _VERSION.search(stem)
    suffix = f"_v{version.group(1)}" if version else ""
    return stem[: version.start()] if version else stem, suffix, ending


def _trimmed(name: str) -> str:
    """Return `name` without spaces and dashes around it."""
    return re.sub(rf"^[\s{_DASH}]+|[\s{_DASH}]+\Z", "", name)


def _real_day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _own_project(name: str, naming: Naming) -> str:
    """Return `name` with this project's name made clean first: its own dashes and `_` separate nothing."""
    name = unicodedata.normalize("NFC", name).strip()
    project = unicodedata.normalize("NFC", naming.project)
    return _clean(project) + name[len(project) :] if name.startswith(project) else name


def _clean(part: str) -> str:
    """Return a part without what may not stand inside it: NFC, trimmed, no hyphen, no forbidden sign."""
    return _FORBIDDEN.sub("", _DASHES.sub("", unicodedata.normalize("NFC", part))).strip()
