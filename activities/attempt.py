"""One attempt of a task: its row is kept true, and it waits where a hold stands in its way.

`activities/progress.py` puts one around every task activity.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from time import monotonic
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from models.database import Sessions
from models.domain.attempt import Author, FailedAttempt
from models.domain.hold import ANSWERS, TRIPPING, Breaker
from models.domain.orders import TaskOrder, TaskReport
from models.domain.outside import FailureKind, System
from models.stores.attempts import AttemptStore
from models.stores.decision_ends import DecisionEndStore
from models.stores.held_tasks import HeldTaskStore
from models.stores.probes import ProbeStore
from models.stores.strikes import StrikeStore
from models.stores.task_cases import TaskCaseStore
from models.stores.task_progress import TaskProgressStore
from models.stores.task_statements import Look

log = structlog.get_logger()

HEARTBEAT_S = 1.0  # well under every policy's heartbeat timeout
ROW_EVERY_S = 1.0  # a row written more often than this helps nobody who looks
ALIVE_EVERY_S = 10.0  # how old the row's sign of life may be; for when Temporal cannot be asked


@dataclass(frozen=True, slots=True)
class Setting:
    """What the attempts of one worker process have in common."""

    sessions: Sessions
    breaker: Breaker
    worker: str
    code_version: str


class HoldMetError(Exception):
    """A hold was placed on a system that the running attempt needs."""

    def __init__(self, hold_id: UUID) -> None:
        super().__init__("the task waits for a hold")
        self.hold_id = hold_id


class Attempt:
    """One attempt of a task activity, as seen by its row and by the engine."""

    def __init__(self, setting: "Setting", order: TaskOrder, number: int, author: Author) -> None:
        self._sessions = setting.sessions
        self._breaker = setting.breaker
        self._order = order
        self._number = number
        self._author = author
        self._look = Look(None, None)
        self._met: UUID | None = None
        self._began_at = monotonic()
        self._report = TaskReport(done=0, total=0)
        self._written_at = monotonic()

    async def start(self) -> UUID | None:
        """Note the attempt; the hold that it has met, if any, and then nothing may be tried."""
        async with self._sessions.single() as session:
            self._look = await TaskProgressStore(session).started(
                self._order, self._number, self._author
            )
        return self._look.hold_id

    async def advance(self, report: TaskReport) -> None:
        """Note how far the attempt came, at most once a second.

        Raises `HoldMetError` when a hold was placed meanwhile and something is left to be done.
        """
        self._report = report
        if monotonic() - self._written_at < ROW_EVERY_S:
            return
        self._written_at = monotonic()
        await self._pass_probe_of_site()
        async with self._sessions.single() as session:
            look = await TaskProgressStore(session).advanced(self._order, report)
        if report.done < report.total:
            self._met = look.hold_id
            self.halt_if_held()

    def halt_if_held(self) -> None:
        """Raises `HoldMetError` when `advance` has met a hold, perhaps in another coroutine."""
        if self._met is not None:
            raise HoldMetError(self._met)

    async def wait(self, hold_id: UUID) -> TaskReport:
        """End the attempt without an effect: the task waits for this hold.

        If the hold was released just now, the next attempt may follow at once.
        """
        async with self._sessions.begin() as session:
            waits = await HeldTaskStore(session).hold(self._order, hold_id)
        return self._waiting(hold_id if waits else None)

    async def finish(self, report: TaskReport) -> None:
        """Note the end of the attempt, and of the task when nothing remains."""
        await self._pass_probe()
        async with self._sessions.single() as session:
            store = TaskProgressStore(session)
            if report.remaining:
                await store.advanced(self._order, report)
                return
            task_id = await store.completed(self._order, report)
            if task_id is not None:
                if self._look.is_struck:
                    await StrikeStore(session, self._breaker).forget(task_id)
                return
        async with self._sessions.begin() as session:  # it has a case, or was done before
            task_id = await TaskProgressStore(session).recovered(self._order, report)
            if task_id is not None:
                await TaskCaseStore(session).release(task_id)
                await StrikeStore(session, self._breaker).forget(task_id)
            if self._order.decision_id is not None:  # of a task that parked, so it had a case
                await DecisionEndStore(session).carried_out(self._order.decision_id)

    async def stumble(self, error: ApplicationError) -> TaskReport | None:
        """Note why the attempt failed; when even that fails, the engine still knows.

        A report instead of `None` says that the system is held by now: the task waits. What the
        breaker could not count is raised as a failure of ours, so that it is tried again.
        """
        kind, system = FailureKind.named(error.type), _system_of(error)
        if kind in TRIPPING and system is not None:
            return await self._trip(error, kind, system)
        with suppress(Exception):
            async with self._sessions.single() as session:
                await self._note(session, error)
            if kind in ANSWERS:
                await self._pass_probe()
        return None

    async def _trip(
        self, error: ApplicationError, kind: FailureKind, system: System
    ) -> TaskReport | None:
        """Count the failure; whoever finds the system held, or has it held, waits."""
        order = self._order
        async with self._sessions.begin() as session:
            task_id = await self._note(session, error)
            if task_id is None:
                return None
            if self._look.is_probe:
                await ProbeStore(session).failed(task_id, self._breaker)
            # Asked first without the lock: once it is held, nobody has to wait for one another.
            hold_id = await HeldTaskStore(session).covering(order)
            if hold_id is None and order.site_id is not None:
                strikes = StrikeStore(session, self._breaker)
                hold_id = await strikes.strike(task_id, order, system, kind)
            if hold_id is None or not await HeldTaskStore(session).hold(order, hold_id):
                return None
        log.info("task.held", hold_id=str(hold_id), system=system.value)
        return self._waiting(hold_id)

    async def _note(self, session: AsyncSession, error: ApplicationError) -> UUID | None:
        """Keep the failure; returns the task's id, or `None` for a late attempt."""
        kind = FailureKind.named(error.type)
        store = TaskProgressStore(session)
        task_id = await store.stumbled(
            self._order, self._number, kind, error.message, self._report.done
        )
        await AttemptStore(session).failed(self._order, self._number, self._failed(error))
        return task_id

    async def _pass_probe_of_site(self) -> None:
        """At a site, each batch shows that the system is back; a verification needs all of it."""
        if self._order.site_id is not None:
            await self._pass_probe()

    async def _pass_probe(self) -> None:
        if not self._look.is_probe or self._look.task_id is None:
            return
        async with self._sessions.begin() as session:
            await ProbeStore(session).passed(self._look.task_id)
        self._look = replace(self._look, is_probe=False)

    def _waiting(self, hold_id: UUID | None) -> TaskReport:
        return self._report.model_copy(update={"remaining": 1, "hold_id": hold_id})

    def _failed(self, error: ApplicationError) -> FailedAttempt:
        return FailedAttempt(
            failure=FailureKind.named(error.type),
            message=error.message,
            took_s=monotonic() - self._began_at,
            author=self._author,
            system=_system_of(error),
        )

    async def show_alive(self) -> None:
        """Let the row say now and then that a worker has the task; apart from the heartbeats,
        which must not wait for a database."""
        while True:
            await asyncio.sleep(ALIVE_EVERY_S)
            with suppress(Exception):
                async with self._sessions.single() as session:
                    await TaskProgressStore(session).alive(self._order)

    async def beat(self) -> None:
        """Tell the engine every second that this attempt is alive, and how far it is."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)  # first: most attempts are over by then
            activity.heartbeat(self._report.done, self._report.total)


def _system_of(error: ApplicationError) -> System | None:
    """The outside system that has failed us; our own database is none."""
    return System(error.details[0]) if error.details else None
