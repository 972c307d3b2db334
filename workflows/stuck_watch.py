"""Looks for stuck tasks; runs in the sweeper process, so also when every worker is dead.

Each look takes the tasks that are overdue, and in turn some workflows of which nothing was heard
for a while; asks the engine about them; and marks what is stuck. When Temporal does not answer,
that is the answer.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import structlog
from models.database import Sessions
from models.domain.decommission import TaskKind
from models.domain.stuck import StuckBecause
from models.stores.stuck_tasks import StuckTaskStore, Verdict
from models.stores.suspects import Run, Suspect, SuspectStore
from models.stores.watches import STUCK, WatchStore
from prometheus_client import Counter, Gauge
from sqlalchemy.exc import SQLAlchemyError

from workflows.engine_sight import EngineAwayError, EngineSight
from workflows.inspection import GRACE, RunSight, Scene, classify
from workflows.loops import stumbled, turned
from workflows.names import (
    WORKFLOW_QUEUE,
    activity_queues,
    decommission_workflow_id,
    site_workflow_id,
)

log = structlog.get_logger()

LOOP = "stuck_watch"
OVERDUE_AT_ONCE = 300
QUIET_AT_ONCE = 200  # workflows a look, so that 10,000 are seen within minutes
ASKED_AT_ONCE = 20

LOOK_SECONDS = Gauge("stuck_watch_look_seconds", "How long the last look for stuck tasks took.")
SUSPECTS = Gauge("stuck_watch_suspects", "Tasks that the last look inspected.")
ENGINE_AWAY = Gauge("stuck_watch_engine_away_seconds", "For how long Temporal has not answered.")
MARKED = Counter("stuck_watch_marked", "Tasks that were found stuck, by reason.", ["because"])
WELL = Counter("stuck_watch_well", "Stuck tasks that got well again before they were done.")


@dataclass(frozen=True, slots=True)
class Look:
    """What came of a look."""

    suspects: int
    marked: int
    well: int
    is_away: bool


class StuckWatch:
    """Remembers from look to look where it was, and since when something has been missing."""

    def __init__(self, sessions: Sessions, sight: EngineSight, floor_s: float) -> None:
        self._sessions = sessions
        self._sight = sight
        self._floor_s = floor_s
        self._last_quiet: Run | None = None
        self._absent_since: dict[str, float] = {}
        self._away_since: float | None = None

    async def run(self, every_s: float) -> None:
        """Look until cancelled; a look that fails is followed by the next one."""
        while True:
            began = time.monotonic()
            try:
                await self.look()
                turned(LOOP)
            except (SQLAlchemyError, OSError) as error:
                stumbled(LOOP)
                log.warning("stuck_watch.stumbled", failure=type(error).__name__)
            await asyncio.sleep(max(every_s - (time.monotonic() - began), every_s / 10))

    async def look(self) -> Look:
        """Look once."""
        began = time.monotonic()
        well = await self._mark_well()
        suspects: list[Suspect] = []
        marked = 0
        answers = await self._sight.answers()
        if answers:
            try:
                suspects = await self._suspects(at_most_s=1e9)
                marked = await self._mark(await self._verdicts(suspects))
            except EngineAwayError:
                answers = False
        self._note_answer(answers=answers)
        if not answers and self.away_s > self._floor_s * GRACE:
            suspects = await self._suspects(at_most_s=self._floor_s)
            marked = await self._mark(self._verdicts_without_engine(suspects))
        look = Look(len(suspects), marked, well, not answers)
        await self._note_look(look, time.monotonic() - began)
        return look

    @property
    def away_s(self) -> float:
        """For how long Temporal has not answered; 0 when it does."""
        return 0.0 if self._away_since is None else time.monotonic() - self._away_since

    def _note_answer(self, *, answers: bool) -> None:
        if answers:
            self._away_since = None
        elif self._away_since is None:
            self._away_since = time.monotonic()

    async def _note_look(self, look: Look, took_s: float) -> None:
        async with self._sessions.single() as session:
            await WatchStore(session).looked(STUCK, took_s, look.suspects, is_away=look.is_away)
        LOOK_SECONDS.set(took_s)
        SUSPECTS.set(look.suspects)
        ENGINE_AWAY.set(self.away_s)

    async def _suspects(self, *, at_most_s: float) -> list[Suspect]:
        """What is overdue, and all pending tasks of the next workflows that are quiet."""
        async with self._sessions() as session:
            store = SuspectStore(session, self._floor_s)
            overdue = await store.overdue(OVERDUE_AT_ONCE, at_most_s=at_most_s)
            quiet = await store.quiet_runs(self._last_quiet, QUIET_AT_ONCE)
            self._last_quiet = quiet[-1] if len(quiet) == QUIET_AT_ONCE else None
            others = await store.of_runs(quiet)
        return list({task.id: task for task in [*overdue, *others]}.values())

    async def _verdicts(self, suspects: list[Suspect]) -> list[tuple[Suspect, Verdict]]:
        sights = await self._sights(suspects)
        untaken = await self._untaken(suspects, sights)
        found = []
        for task in suspects:
            parent = sights[_parent_of(task)] if task.site_id else None
            scene = Scene(sights[_workflow_of(task)], parent, untaken, self._floor_s)
            if verdict := classify(task, scene):
                found.append((task, verdict))
        return found

    def _verdicts_without_engine(self, suspects: list[Suspect]) -> list[tuple[Suspect, Verdict]]:
        verdict = Verdict(StuckBecause.ENGINE_AWAY, seen={"away_s": round(self.away_s, 1)})
        return [
            (task, verdict)
            for task in suspects
            if (task.is_active and task.active_s > self._floor_s)
            or (task.ready_s is not None and task.ready_s > self._floor_s)
        ]

    async def _sights(self, suspects: Iterable[Suspect]) -> Mapping[str, RunSight]:
        """The workflows of the suspects and, for sites, those of their decommissions."""
        wanted = {name for task in suspects for name in (_workflow_of(task), _parent_of(task))}
        gate = asyncio.Semaphore(ASKED_AT_ONCE)

        async def see(workflow_id: str) -> tuple[str, RunSight]:
            async with gate:
                return workflow_id, await self._sight.run(workflow_id)

        seen = dict(await asyncio.gather(*(see(workflow_id) for workflow_id in sorted(wanted))))
        now = time.monotonic()
        for workflow_id, sight in seen.items():
            if sight.is_open:
                self._absent_since.pop(workflow_id, None)
            else:
                since = self._absent_since.setdefault(workflow_id, now)
                seen[workflow_id] = replace(sight, absent_s=now - since)
        return seen

    async def _untaken(
        self, suspects: Iterable[Suspect], sights: Mapping[str, RunSight]
    ) -> frozenset[str]:
        """The queues from which nobody takes what lies there."""
        lying: dict[str, float] = {}
        for sight in sights.values():
            for each in sight.activities:
                lying[each.queue] = max(lying.get(each.queue, 0.0), each.queued_s or 0.0)
            step = sight.workflow_task
            if step is not None and not step.is_taken:
                lying[WORKFLOW_QUEUE] = max(lying.get(WORKFLOW_QUEUE, 0.0), step.age_s)
        least_s = 0.0 if any(task.is_overdue for task in suspects) else self._floor_s
        return frozenset(
            [
                queue
                for queue, lies_s in sorted(lying.items())
                if lies_s > least_s and await self._is_untaken(queue, lies_s)
            ]
        )

    async def _is_untaken(self, queue: str, lies_s: float) -> bool:
        """By what the engine says or, which is sooner, as our rows show no attempt from it."""
        if await self._sight.is_untaken(queue):
            return True
        # Whatever begins or ends has its workflow go on.
        kinds = tuple(TaskKind) if queue == WORKFLOW_QUEUE else activity_queues().get(queue, ())
        if lies_s <= self._floor_s or not kinds:
            return False
        async with self._sessions.single() as session:
            store = SuspectStore(session, self._floor_s)
            return not await store.has_begun_lately(kinds, self._floor_s)

    async def _mark(self, verdicts: Iterable[tuple[Suspect, Verdict]]) -> int:
        marked = 0
        for task, verdict in verdicts:
            async with self._sessions.begin() as session:
                is_marked = await StuckTaskStore(session).mark(task, verdict)
            if is_marked:
                marked += 1
                MARKED.labels(verdict.because).inc()
                log.warning("task.stuck", task_id=str(task.id), because=verdict.because)
        return marked

    async def _mark_well(self) -> int:
        async with self._sessions() as session:
            found = await StuckTaskStore(session).well(OVERDUE_AT_ONCE)
        well = 0
        for task_id in found:
            async with self._sessions.begin() as session:
                if await StuckTaskStore(session).mark_well(task_id):
                    well += 1
                    WELL.inc()
                    log.info("task.well", task_id=str(task_id))
        return well


def _workflow_of(task: Suspect) -> str:
    if task.site_id is None:
        return _parent_of(task)
    return site_workflow_id(task.decommission_id, task.site_id)


def _parent_of(task: Suspect) -> str:
    return decommission_workflow_id(task.decommission_id)
