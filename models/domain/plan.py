"""The plan in short: how much of what goes where, and what has drifted between two readings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from models.domain.outside import ResourceKind


@dataclass(frozen=True, slots=True)
class PlanLine:
    """The resources of one kind at one site; equal digests mean the same resources."""

    site_id: UUID
    kind: ResourceKind
    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class Drift:
    """A line that changed; with equal counts, other resources took the place of some."""

    site_id: UUID
    kind: ResourceKind
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class SeenPlan:
    """The plan that a person has read and means: its hash, and perhaps its lines."""

    hash: str
    lines: Sequence[PlanLine] | None = None


def drifts(seen: Iterable[PlanLine], now: Iterable[PlanLine]) -> list[Drift]:
    """What changed between two readings, by site and kind."""
    before = {(line.site_id, line.kind): line for line in seen}
    after = {(line.site_id, line.kind): line for line in now}
    found = []
    for site_id, kind in sorted(before.keys() | after.keys()):
        old, new = before.get((site_id, kind)), after.get((site_id, kind))
        if (old and (old.count, old.digest)) != (new and (new.count, new.digest)):
            found.append(Drift(site_id, kind, old.count if old else 0, new.count if new else 0))
    return found
