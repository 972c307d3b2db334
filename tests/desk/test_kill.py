"""The real sweeper process, killed while a message is on its way, with no Temporal anywhere."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from models.database import Sessions
from models.domain.case import CasePriority
from models.settings import Settings
from tests.api.serving import free_port
from tests.desk.case_work import comment, open_case, pending, set_priority, switch_on
from tests.desk.outside_desk import Json, Mood, OutsideDesk, outside_desk
from tests.running_platform import until

_PROJECT = Path(__file__).resolve().parents[2]
HANG_S = 60  # for a slow machine


@asynccontextmanager
async def sweeper(settings: Settings, desk: OutsideDesk) -> AsyncIterator[Process]:
    """`python -m workflows.sweeper` as it is deployed."""
    variables = {
        "ENV": "dev",
        "DATABASE_URL": settings.libpq_url,
        "DATABASE_POOL": "4",
        "DESK_URL": desk.url,
        "DESK_SECRET": desk.secret,
        "OUTSIDE_TIMEOUT_S": "2",
        "PATIENCE": "0.01",
        "SWEEPER_HEALTH_PORT": str(free_port()),
        "TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
        "LOG_LEVEL": "DEBUG",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workflows.sweeper"),
        cwd=_PROJECT,
        env=os.environ | variables,
        stdout=DEVNULL,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_sender_that_is_killed_in_mid_delivery_loses_and_doubles_nothing(
    sessions: Sessions, settings: Settings, secret: str
) -> None:
    await switch_on(sessions)
    case_id = await open_case(sessions)
    for at in range(3):
        await comment(sessions, case_id, f"comment {at}")
    await set_priority(sessions, case_id, CasePriority.P1)
    hung = asyncio.Event()

    def hang_at_the_third(body: Json) -> Mood:
        if body["data"]["sequence"] == 3 and not hung.is_set():
            hung.set()
            return Mood.HANG  # taken, and no reply: the worst moment
        return Mood.TAKE

    async with outside_desk(secret, hang_at_the_third) as desk:
        async with sweeper(settings, desk) as first:
            await asyncio.wait_for(hung.wait(), HANG_S)
            first.send_signal(signal.SIGKILL)
            await first.wait()
        desk.over.set()
        async with sweeper(settings, desk) as second:

            async def none_waits() -> bool:
                return not await pending(sessions)

            await until(none_waits, HANG_S)
            second.terminate()
            assert second.stderr is not None
            log = (await second.stderr.read()).decode()

    assert [body["data"]["sequence"] for body in desk.of_case(case_id)] == [1, 2, 3, 4, 5]
    assert len(desk.arrivals) == 6  # the third came twice, under one id
    assert "desk.told" in log
    for hidden in (secret, "case-news-token", "comment 2"):
        assert hidden not in log
