"""What a migration has done, or would do: a verdict per instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.migration.reasons import Reason
from engine.spiff.instance import Standing

Json = Any


@dataclass(slots=True)
class Verdict:
    """What became of one instance: where its tokens stood before and after, or the reasons why not."""

    instance: int
    key: str | None = None
    reasons: list[Reason] = field(default_factory=list)
    before: list[Standing] = field(default_factory=list)
    after: list[Standing] = field(default_factory=list)

    @property
    def migrates(self) -> bool:
        """Whether the instance goes on under the new version."""
        return not self.reasons

    def as_json(self) -> dict[str, Json]:
        """Return the verdict as plain values."""
        return {
            "instance": self.instance,
            "key": self.key,
            "migrates": self.migrates,
            "reasons": [reason.as_json() for reason in self.reasons],
            "tokens": {
                "before": [each._asdict() for each in self.before],
                "after": [each._asdict() for each in self.after],
            },
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The verdicts on the instances of a version; `mapping` is what does not keep its id.

    `unseen` counts running instances that the actor may not know of; they stay as they are.
    """

    process_id: str
    old: int
    new: int
    dry_run: bool
    mapping: Mapping[str, Mapping[str, str | None]]
    verdicts: tuple[Verdict, ...]
    unseen: int = 0

    @property
    def refused(self) -> list[Verdict]:
        """The verdicts on instances that cannot be migrated."""
        return [verdict for verdict in self.verdicts if not verdict.migrates]

    def as_json(self) -> dict[str, Json]:
        """Return the report as plain values."""
        return {
            "process": self.process_id,
            "from": self.old,
            "to": self.new,
            "dry_run": self.dry_run,
            "mapping": {process: dict(ids) for process, ids in self.mapping.items()},
            "instances": [verdict.as_json() for verdict in self.verdicts],
            "unseen": self.unseen,
        }
