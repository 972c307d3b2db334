"""Tells waiting tasks that their hold is over, and lets one at a time try; runs in the sweeper.

What was released is told until somebody has heard it: a task keeps its moment until then.
"""

import asyncio

import structlog
from models.database import Sessions
from models.domain.orders import HoldNews
from models.stores.probes import ProbeStore
from models.stores.released_tasks import ReleasedTaskStore, Waiting
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from workflows.gateway import DecommissionGateway
from workflows.loops import stumbled, turned

log = structlog.get_logger()

LOOP = "hold_relay"
LOOK_EVERY_S = 0.5
AT_ONCE = 50


async def relay_holds(sessions: Sessions, gateway: DecommissionGateway, spread_s: float) -> None:
    """Relay until cancelled; tasks of a released hold go on over at most `spread_s`."""
    while True:
        try:
            await relay_once(sessions, gateway, spread_s)
            turned(LOOP)
        except (SQLAlchemyError, OSError) as error:
            stumbled(LOOP)
            log.warning("hold_relay.stumbled", failure=type(error).__name__)
        await asyncio.sleep(LOOK_EVERY_S)


async def relay_once(sessions: Sessions, gateway: DecommissionGateway, spread_s: float) -> None:
    """Tell everybody whose moment has come, until Temporal does not answer."""
    async with sessions.begin() as session:
        spread = await ReleasedTaskStore(session).spread(spread_s)
    if spread:
        log.info("hold.tasks_spread", tasks=spread)
    while await _tell_due(sessions, gateway):
        pass
    while await _probe_one(sessions, gateway):
        pass


async def _tell_due(sessions: Sessions, gateway: DecommissionGateway) -> bool:
    """Whether there may be more that can be told."""
    async with sessions() as session:
        due = await ReleasedTaskStore(session).due(AT_ONCE)
    heard = await asyncio.gather(*(_tell(gateway, task) for task in due))
    async with sessions.begin() as session:
        store = ReleasedTaskStore(session)
        for task, has_heard in zip(due, heard, strict=True):
            if has_heard:
                await store.told(task)
    return len(due) == AT_ONCE and all(heard)


async def _probe_one(sessions: Sessions, gateway: DecommissionGateway) -> bool:
    async with sessions.begin() as session:
        probe = await ProbeStore(session).pick()
    if probe is None:
        return False
    if await _tell(gateway, probe):  # after the commit: its attempt must see that it is the probe
        log.info("hold.probed", hold_id=str(probe.hold_id), task=probe.kind.value)
        return True
    async with sessions.begin() as session:
        await ProbeStore(session).unpick(probe)
    return False


async def _tell(gateway: DecommissionGateway, task: Waiting) -> bool:
    """Whether it need not be told again."""
    try:
        has_run = await gateway.tell_of_hold(
            task.decommission_id, task.site_id, HoldNews(kind=task.kind)
        )
    except RPCError as error:
        log.warning("hold_relay.delayed", task_id=str(task.id), failure=type(error).__name__)
        return False
    if not has_run:
        log.warning("hold_relay.run_gone", task_id=str(task.id))
    return True
