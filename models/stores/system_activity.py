"""Counts what became of the work with each outside system lately, as far as somebody may see it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Interval, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import Function

from models.domain.decommission import TaskState
from models.domain.hold import kinds_needing
from models.domain.outside import FailureKind, System
from models.domain.permission import Grants
from models.stores.sight import visible_tasks
from models.tables.attempt import TaskAttemptRow
from models.tables.task import TaskRow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Window(StrEnum):
    """How far back the activity is counted."""

    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class _Cut:
    bucket_s: int
    buckets: int


_CUTS: Mapping[Window, _Cut] = {Window.HOUR: _Cut(60, 60), Window.DAY: _Cut(900, 96)}


@dataclass(frozen=True, slots=True)
class Bucket:
    """What ended within one stretch of time."""

    at: datetime  # its beginning
    completed: int
    failures: Mapping[FailureKind, int]


@dataclass(frozen=True, slots=True)
class SystemActivity:
    """The work with one system; buckets in which nothing ended are left out."""

    system: System
    buckets: Sequence[Bucket]


@dataclass(frozen=True, slots=True)
class Activity:
    """The work with all systems, from `since` on, in buckets of `bucket_s` seconds."""

    since: datetime
    until: datetime
    bucket_s: int
    systems: Sequence[SystemActivity]


@dataclass(slots=True)
class _Counts:
    completed: Counter[datetime] = field(default_factory=Counter)
    failures: defaultdict[datetime, dict[FailureKind, int]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def buckets(self) -> tuple[Bucket, ...]:
        moments = sorted(self.completed.keys() | self.failures.keys())
        return tuple(Bucket(at, self.completed[at], self.failures.get(at, {})) for at in moments)


class SystemActivityStore:
    """Counts attempts of tasks in sight.

    A task that had nothing to remove says nothing of a system, nor does one that was waived. Of
    each task only its newest failed attempts are kept, so counts of a long outage are low.
    """

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def of(self, window: Window) -> Activity:
        """Every outside system; the last bucket is the one that has just begun."""
        cut = _CUTS[window]
        step = timedelta(seconds=cut.bucket_s)
        now: datetime = (await self._session.execute(select(func.now()))).scalar_one()
        until = _EPOCH + ((now - _EPOCH) // step + 1) * step
        since = until - cut.buckets * step
        counts = {system: _Counts() for system in System}
        await self._count_completed(counts, since, step)
        await self._count_failed(counts, since, step)
        systems = [SystemActivity(system, counts[system].buckets()) for system in System]
        return Activity(since, until, cut.bucket_s, systems)

    async def _count_completed(
        self, counts: Mapping[System, _Counts], since: datetime, step: timedelta
    ) -> None:
        needing = {system: kinds_needing(system) for system in System}
        at = _bucket(TaskRow.finished_at, step)
        rows = await self._session.execute(
            select(TaskRow.kind, at.label("at"), func.count().label("tasks"))
            .where(
                TaskRow.kind.in_({kind for kinds in needing.values() for kind in kinds}),
                TaskRow.state == TaskState.COMPLETED,
                TaskRow.waived_by.is_(None),
                TaskRow.total > 0,
                TaskRow.finished_at >= since,
                visible_tasks(self._grants),
            )
            .group_by(TaskRow.kind, "at")
        )
        for row in rows:
            for system, kinds in needing.items():
                if row.kind in kinds:
                    counts[system].completed[row.at] += row.tasks

    async def _count_failed(
        self, counts: Mapping[System, _Counts], since: datetime, step: timedelta
    ) -> None:
        attempt = TaskAttemptRow
        at = _bucket(attempt.ended_at, step)
        rows = await self._session.execute(
            select(attempt.system, attempt.failure, at.label("at"), func.count().label("attempts"))
            .join(TaskRow, TaskRow.id == attempt.task_id)
            .where(
                attempt.ended_at >= since,
                attempt.system.is_not(None),
                visible_tasks(self._grants),
            )
            .group_by(attempt.system, attempt.failure, "at")
        )
        for row in rows:
            counts[row.system].failures[row.at][row.failure] = row.attempts


def _bucket(
    moment: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    step: timedelta,
) -> Function[datetime]:
    return func.date_bin(bindparam(None, step, Interval), moment, bindparam(None, _EPOCH))
