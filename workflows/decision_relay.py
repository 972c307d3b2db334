"""Carries people's decisions to the workflows that carry them out; runs in the sweeper process.

Apart from the relay of starts: a decision needs a worker to answer, and one that cannot be carried
must not hold up a start. What was accepted was committed, so it is told until somebody answers.
"""

import asyncio

import structlog
from models.database import Sessions
from models.domain.decision import DecisionAction, DecisionRefusal, Taken
from models.domain.orders import DecisionOrder
from models.stores.decision_ends import DecisionEndStore
from models.stores.outbox import OutboxStore
from models.stores.restarts import RestartStore
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError

from workflows.gateway import DecisionRefusedError, DecommissionGateway
from workflows.loops import delivered, stumbled, turned

log = structlog.get_logger()

LOOP = "decision_relay"
LOOK_EVERY_S = 0.5  # a person waits


async def relay_decisions(sessions: Sessions, gateway: DecommissionGateway) -> None:
    """Relay until cancelled."""
    while True:
        try:
            while await carry_one(sessions, gateway):
                pass
            turned(LOOP)
        except (SQLAlchemyError, OSError) as error:
            stumbled(LOOP)
            log.warning("decision_relay.stumbled", failure=type(error).__name__)
        await asyncio.sleep(LOOK_EVERY_S)


async def carry_one(sessions: Sessions, gateway: DecommissionGateway) -> bool:
    """Carry the next decision; whether another one may be tried at once."""
    async with sessions.begin() as session:
        ends, outbox = DecisionEndStore(session), OutboxStore(session)
        claimed = await ends.claim()
        if claimed is None:
            return False
        order = claimed.order
        try:
            taken = await gateway.decide(order)
        except DecisionRefusedError as refused:
            await _refused(session, order, refused.because)
        except (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            await outbox.mark_failed(claimed.outbox_id, type(error).__name__)
            log.warning("decision.delayed", decision_id=str(order.decision_id))
            return False
        else:
            await ends.taken(order, taken)
            log.info("decision.relayed", decision_id=str(order.decision_id), how=taken)
        delivered("decision", await outbox.mark_sent(claimed.outbox_id))
    return True


async def _refused(session: AsyncSession, order: DecisionOrder, because: DecisionRefusal) -> None:
    """Somebody who retries a task whose workflow is gone wants it to go on: it is begun anew."""
    ends, restarts = DecisionEndStore(session), RestartStore(session)
    is_retry = order.action is DecisionAction.RETRY
    if because is DecisionRefusal.WORKFLOW_GONE and is_retry and await restarts.is_left(order):
        await restarts.restart(order.decommission_id)
        await ends.taken(order, Taken.BY_RESTART)
        log.warning("decommission.restarted", decommission_id=str(order.decommission_id))
        return
    await ends.refused(order.decision_id, because)
    log.info("decision.refused", decision_id=str(order.decision_id), because=because)
