"""Carries changes of cases to an outside support desk; runs in the sweeper process.

What was committed is told until the desk says that it has it, or until it is given up: then it is
listed as dead and the case's next messages go on. A dead message must not silence a case: each
message holds the whole case, so the next one repairs what the lost one would have said.
"""

import asyncio
import random  # noqa: TID251 - no workflow runs here
import time

import structlog
from activities.support_desk import DeskError, SupportDesk, described
from models.database import Sessions
from models.domain.desk import TellFailure, is_given_up, wait_s
from models.stores.desk_messages import DeskMessageStore, Letter, Mishap
from sqlalchemy.exc import DataError, ProgrammingError, SQLAlchemyError

from workflows.loops import stumbled, turned

log = structlog.get_logger()

LOOP = "desk_relay"  # turns only where there is an outside desk
LOOK_EVERY_S = 0.5
CASES_AT_ONCE = 8
FORGET_EVERY_S = 3600.0


class DeskRelay:
    """Tells one desk."""

    def __init__(
        self, sessions: Sessions, desk: SupportDesk, *, api_url: str, patience: float
    ) -> None:
        self._sessions = sessions
        self._desk = desk
        self._api_url = api_url
        self._patience = patience
        self._running: set[asyncio.Task[None]] = set()
        self._quiet_until = 0.0  # monotonic; the desk asked for a pause
        self._forget_at = 0.0

    async def run(self) -> None:
        """Relay until cancelled; without an outside desk, only say so to the triggers."""
        try:
            await self._switch()
            while self._desk.is_outside:
                await self._look()
                await self._wait()
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)
            await self._desk.aclose()

    async def _switch(self) -> None:
        while True:
            try:
                async with self._sessions.begin() as session:
                    is_new = await DeskMessageStore(session).switch(is_on=self._desk.is_outside)
            except (SQLAlchemyError, OSError) as error:
                _stumble(error)
                await asyncio.sleep(LOOK_EVERY_S)
            else:
                if is_new:
                    log.info("desk.switched", is_outside=self._desk.is_outside)
                return

    async def _look(self) -> None:
        free = CASES_AT_ONCE - len(self._running)
        if not free or time.monotonic() < self._quiet_until:
            turned(LOOP)
            return
        try:
            for letter in await self._claim(free):
                task = asyncio.create_task(self._carry(letter))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            turned(LOOP)
        except (SQLAlchemyError, OSError) as error:
            _stumble(error)
            await asyncio.sleep(LOOK_EVERY_S)

    async def _wait(self) -> None:
        """Until a delivery has ended, as its case may have more; or a moment."""
        if self._running:
            timeout = LOOK_EVERY_S
            await asyncio.wait(  # noqa: TID251 - not a workflow
                self._running, timeout=timeout, return_when=asyncio.FIRST_COMPLETED
            )
        else:
            await asyncio.sleep(LOOK_EVERY_S)

    async def _claim(self, limit: int) -> list[Letter]:
        # Twice the longest attempt: who has it so long is dead, and it may go out again.
        lease_s = 2 * self._desk.timeout_s + 1
        async with self._sessions.begin() as session:
            store = DeskMessageStore(session, self._api_url)
            if time.monotonic() >= self._forget_at:
                await store.forget_old()
                self._forget_at = time.monotonic() + FORGET_EVERY_S
            return list(await store.claim(limit, lease_s))

    async def _carry(self, letter: Letter) -> None:
        mishap: Mishap | None = None
        try:
            await self._desk.tell(letter)
            log.info("desk.told", **described(letter))
        except DeskError as error:
            mishap = self._mishap(letter, error)
        try:
            async with self._sessions.begin() as session:
                store = DeskMessageStore(session)
                await (store.failed(letter, mishap) if mishap else store.delivered(letter))
        except (SQLAlchemyError, OSError) as error:  # it goes out again; the desk knows its id
            _stumble(error)

    def _mishap(self, letter: Letter, error: DeskError) -> Mishap:
        asked_s = error.asked_s or 0.0
        wait = wait_s(letter.attempts, random.random(), self._patience, asked_s)
        is_dead = is_given_up(error.failure, letter.attempts)
        # The desk as a whole asks for a pause, not one case.
        if error.asked_s and error.failure in {TellFailure.THROTTLED, TellFailure.BROKEN}:
            self._quiet_until = max(self._quiet_until, time.monotonic() + min(asked_s, wait))
        level = log.error if is_dead else log.warning
        level(
            "desk.message_died" if is_dead else "desk.message_delayed",
            failure=error.failure.value,
            status=error.status,
            attempts=letter.attempts,
            **described(letter),
        )
        return Mishap(error.failure, error.status, wait, is_dead)


def _stumble(error: Exception) -> None:
    """A database that is away comes back; any other error is a defect, and a person should look."""
    stumbled(LOOP)
    level = log.error if isinstance(error, ProgrammingError | DataError) else log.warning
    code = getattr(getattr(error, "orig", None), "sqlstate", None)  # drivers' own attribute
    level("desk_relay.stumbled", failure=type(error).__name__, sqlstate=code)
