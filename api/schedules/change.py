"""Routes that schedule a decommission, move it, or take it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.changes import (
    Change,
    ChangeDep,
    Deed,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    Reply,
)
from api.decommissions.confirmation import require_fresh_login
from api.decommissions.refusals import (
    DecommissionBlocked,
    LoginTooOld,
    OccupierNameMismatch,
    OccupierNotActive,
    PlanDrifted,
    SecondPersonNeeded,
    refusal,
)
from api.dependencies import SettingsDep
from api.errors import invalid
from api.identity.caller import Caller, NotPermitted, identify
from api.identity.scope import occupier_in_sight, require_on_occupier
from api.problems import FieldErrorOut, NotFound, Problem, declared
from api.schedules.schemas import DueIn, ScheduleIn, ScheduleOut, shown_schedule
from api.start_rate import TooManyStarts
from api.versions import IfMatchDep, IfMatchMissing, IfMatchUnusable, VersionStale, etag
from models.domain.audit import AuditAction
from models.domain.permission import Action
from models.domain.schedule import ScheduleOverError
from models.stores.clock import database_now
from models.stores.schedule_views import ScheduleViewStore
from models.stores.schedules import DueInPastError, DueTooFarError, Requester, ScheduleStore
from models.stores.starts import StartRefusedError, StartRequest, StartStore

router = APIRouter(tags=["schedules"])


class ScheduleOver(Problem):
    """It has started or was cancelled; look at the occupier's decommission, or schedule it anew."""

    status = 409


_LIKE_A_START = (
    IdempotencyKeyMissing,
    LoginTooOld,
    NotPermitted,
    NotFound,
    DecommissionBlocked,
    IdempotencyKeyReused,
)
_VERSIONED = (IfMatchUnusable, IfMatchMissing, VersionStale, ScheduleOver)


@router.post(
    "/occupiers/{occupier_id}/decommission/schedule",
    status_code=201,
    summary="Schedule a decommission",
    response_model=ScheduleOut,
    responses=declared(
        *_LIKE_A_START,
        OccupierNotActive,
        OccupierNameMismatch,
        PlanDrifted,
        SecondPersonNeeded,
        TooManyStarts,
    ),
)
async def schedule_decommission(
    occupier_id: UUID, wanted: ScheduleIn, change: ChangeDep, settings: SettingsDep
) -> Response:
    """It starts by itself when it is due, if nothing blocks it then and you still may.

    Everything is checked now as for a start; contracts that start on the day when it is due
    block, those that start today do not.
    """

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        await occupier_in_sight(session, caller, occupier_id)
        await StartStore(session).lock(occupier_id)
        # Again, as something may have been revoked while this waited for the lock.
        caller = await identify(session, change.identity)
        await _require_login(session, change, settings.login_max_age_s)
        due, by = wanted.due, Requester(caller.grants, change.request_id)
        start = StartRequest(
            occupier_id=occupier_id,
            name=wanted.name,
            requested_by=by.actor,
            request_id=by.request_id,
            idempotency_key=change.key,
            grants=caller.grants,
            plan=wanted.plan,
            at=due.at,
        )
        with _refusing(occupier_id):
            schedule_id = await ScheduleStore(session).schedule(start, due, by)
        return await _reply(session, caller, schedule_id, created=True)

    deed = Deed(AuditAction.SCHEDULE_CREATE, "occupier", occupier_id)
    return await change.once(deed, act)


@router.patch(
    "/schedules/{schedule_id}",
    summary="Move a scheduled decommission",
    response_model=ScheduleOut,
    responses=declared(*_LIKE_A_START, *_VERSIONED),
)
async def reschedule_decommission(
    schedule_id: UUID,
    wanted: DueIn,
    change: ChangeDep,
    version: IfMatchDep,
    settings: SettingsDep,
) -> Response:
    """Also one that came due and was refused: it waits again, for the new moment.

    It starts then if you may start it; whoever asked first does not matter any more.
    """

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        caller, occupier_id = await _lock(session, caller, change, schedule_id)
        await _require_login(session, change, settings.login_max_age_s)
        by = Requester(caller.grants, change.request_id)
        with _refusing(occupier_id):
            await ScheduleStore(session).reschedule(schedule_id, wanted.due, version, by)
        return await _reply(session, caller, schedule_id)

    deed = Deed(AuditAction.SCHEDULE_RESCHEDULE, "schedule", schedule_id)
    return await change.once(deed, act)


@router.post(
    "/schedules/{schedule_id}/cancel",
    summary="Cancel a scheduled decommission",
    response_model=ScheduleOut,
    responses=declared(
        IdempotencyKeyMissing, NotPermitted, NotFound, IdempotencyKeyReused, *_VERSIONED
    ),
)
async def cancel_schedule(schedule_id: UUID, change: ChangeDep, version: IfMatchDep) -> Response:
    """The occupier is active again. Once it has started it cannot be taken back."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        caller, occupier_id = await _lock(session, caller, change, schedule_id)
        by = Requester(caller.grants, change.request_id)
        with _refusing(occupier_id):
            await ScheduleStore(session).cancel(schedule_id, version, by)
        return await _reply(session, caller, schedule_id)

    deed = Deed(AuditAction.SCHEDULE_CANCEL, "schedule", schedule_id)
    return await change.once(deed, act)


@contextmanager
def _refusing(occupier_id: UUID) -> Iterator[None]:
    """Refusals of the stores as problems."""
    try:
        yield
    except DueInPastError:
        raise _due("must be in the future") from None
    except DueTooFarError:
        raise _due("must be at most two years away") from None
    except ScheduleOverError as error:
        raise ScheduleOver(f"It is {error.state.value}; nothing moves it any more.") from None
    except StartRefusedError as refused:
        raise refusal(refused, occupier_id) from refused


def _due(message: str) -> Problem:
    return invalid([FieldErrorOut(field="body.due_at", message=message)])


async def _require_login(session: AsyncSession, change: Change, max_age_s: int) -> None:
    require_fresh_login(change.identity, await database_now(session), max_age_s)


async def _lock(
    session: AsyncSession, caller: Caller, change: Change, schedule_id: UUID
) -> tuple[Caller, UUID]:
    """The caller as they are once the occupier is locked, and the occupier."""
    view = await ScheduleViewStore(session, caller.grants).find(schedule_id)
    if view is None:
        raise NotFound
    await StartStore(session).lock(view.occupier_id)
    caller = await identify(session, change.identity)
    await require_on_occupier(session, caller, Action.SCHEDULE_DECOMMISSION, view.occupier_id)
    return caller, view.occupier_id


async def _reply(
    session: AsyncSession, caller: Caller, schedule_id: UUID, *, created: bool = False
) -> Reply:
    view = await ScheduleViewStore(session, caller.grants).find(schedule_id)
    if view is None:
        raise NotFound
    headers = {"ETag": etag(view.version)}
    if created:
        headers["Location"] = f"/api/v1/schedules/{schedule_id}"
    return Reply(shown_schedule(view), status=201 if created else 200, headers=headers)
