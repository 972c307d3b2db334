"""Routes that close a site: preview, start, read, pause and resume."""

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
from api.closures.schemas import (
    ClosureIn,
    ClosureOut,
    ClosurePreviewOut,
    shown_candidate,
    shown_closure,
)
from api.decommissions.confirmation import require_fresh_login
from api.decommissions.refusals import LoginTooOld
from api.dependencies import CallerDep, SessionDep, SettingsDep
from api.identity.caller import Caller, NotPermitted
from api.identity.scope import require
from api.problems import NotFound, Problem, declared
from api.start_rate import TooManyStarts
from api.versions import IfMatchDep, IfMatchMissing, IfMatchUnusable, VersionStale, etag
from models.domain.audit import AuditAction
from models.domain.confirmation import is_same_name
from models.domain.permission import Action
from models.stores.clock import database_now
from models.stores.closure_views import ClosureView, ClosureViewStore
from models.stores.closures import (
    AlreadyClosingError,
    ClosureMovedError,
    ClosureOverError,
    ClosureRequest,
    ClosureStore,
)
from models.stores.schedules import Requester
from models.stores.scopes import ScopeStore
from models.stores.sites import SiteStore, SiteView

router = APIRouter(tags=["closures"])


class SiteNameMismatch(Problem):
    """`name` is not the site's name; type it exactly as shown, capitals and spaces too."""

    status = 422


class SiteClosing(Problem):
    """The site is being closed already; its preview names the closure."""

    status = 409


class ClosureOver(Problem):
    """The closure is done; there is nothing to pause or resume."""

    status = 409


_TURNED = (
    IdempotencyKeyMissing,
    IfMatchUnusable,
    NotPermitted,
    NotFound,
    ClosureOver,
    VersionStale,
    IdempotencyKeyReused,
    IfMatchMissing,
)


@router.get(
    "/sites/{site_id}/closure/preview",
    summary="Preview the closing of a site",
    responses=declared(NotPermitted, NotFound),
)
async def preview_closure(
    site_id: UUID, session: SessionDep, caller: CallerDep
) -> ClosurePreviewOut:
    """Who lives only there and would go, and who would stay, with why."""
    site = await _site(session, caller, site_id)
    store = ClosureViewStore(session, caller.grants)
    found = await store.candidates(site_id)
    return ClosurePreviewOut(
        site_id=site_id,
        site_name=site.name,
        closure_id=await store.latest_of(site_id),
        goes=[shown_candidate(one, caller.grants) for one in found if one.goes],
        stays=[shown_candidate(one, caller.grants) for one in found if not one.goes],
    )


@router.post(
    "/sites/{site_id}/closure",
    status_code=202,
    summary="Decommission every occupier that lives only at a site",
    response_model=ClosureOut,
    responses=declared(
        IdempotencyKeyMissing,
        LoginTooOld,
        NotPermitted,
        NotFound,
        SiteClosing,
        SiteNameMismatch,
        IdempotencyKeyReused,
        TooManyStarts,
    ),
)
async def close_site(
    site_id: UUID, wanted: ClosureIn, change: ChangeDep, settings: SettingsDep
) -> Response:
    """Irreversible. Each is checked as for a start at its turn; one refusal stops no other."""

    async def act(session: AsyncSession, caller: Caller) -> Reply:
        site = await _site(session, caller, site_id)
        now = await database_now(session)
        require_fresh_login(change.identity, now, settings.login_max_age_s)
        if not is_same_name(wanted.name, site.name):
            raise SiteNameMismatch
        found = await ClosureViewStore(session, caller.grants).candidates(site_id)
        request = ClosureRequest(
            site_id, wanted.at_once, tuple(one.occupier_id for one in found if one.goes)
        )
        try:
            closure_id = await ClosureStore(session).close(
                request, Requester(caller.grants, change.request_id)
            )
        except AlreadyClosingError:
            raise SiteClosing from None
        return await _reply(session, caller, closure_id, status=202)

    return await change.once(Deed(AuditAction.CLOSURE_CREATE, "site", site_id, is_kept=True), act)


@router.get("/closures/{closure_id}", summary="Read a closure", responses=declared(NotFound))
async def read_closure(
    closure_id: UUID, session: SessionDep, caller: CallerDep, response: Response
) -> ClosureOut:
    """How far it is, with the result of each occupier, and what you may do."""
    store = ClosureViewStore(session, caller.grants)
    view = await store.find(closure_id)
    if view is None:
        raise NotFound
    response.headers["ETag"] = etag(view.version)
    return await _shown(session, caller, view)


@router.post(
    "/closures/{closure_id}/pause",
    summary="Pause a closure",
    response_model=ClosureOut,
    responses=declared(*_TURNED),
)
async def pause_closure(closure_id: UUID, change: ChangeDep, version: IfMatchDep) -> Response:
    """Nothing more is started; what runs goes on to its end."""
    return await _turn(change, closure_id, version, pause=True)


@router.post(
    "/closures/{closure_id}/resume",
    summary="Resume a closure",
    response_model=ClosureOut,
    responses=declared(*_TURNED),
)
async def resume_closure(closure_id: UUID, change: ChangeDep, version: IfMatchDep) -> Response:
    """The next occupiers are started again."""
    return await _turn(change, closure_id, version, pause=False)


async def _site(session: AsyncSession, caller: Caller, site_id: UUID) -> SiteView:
    """The site, which the caller may close; 404 and 403 as everywhere."""
    site = await SiteStore(session, caller.grants).find(site_id)
    if site is None:
        raise NotFound
    require(caller, Action.CLOSE_SITE, await ScopeStore(session).of_site(site_id))
    return site


async def _turn(change: Change, closure_id: UUID, version: int, *, pause: bool) -> Response:
    async def act(session: AsyncSession, caller: Caller) -> Reply:
        view = await ClosureViewStore(session, caller.grants).find(closure_id)
        if view is None:
            raise NotFound
        require(caller, Action.CLOSE_SITE, await ScopeStore(session).of_site(view.site_id))
        store, by = ClosureStore(session), Requester(caller.grants, change.request_id)
        try:
            await (store.pause if pause else store.resume)(closure_id, version, by)
        except ClosureMovedError:
            raise VersionStale from None
        except ClosureOverError:
            raise ClosureOver from None
        return await _reply(session, caller, closure_id, status=200)

    action = AuditAction.CLOSURE_PAUSE if pause else AuditAction.CLOSURE_RESUME
    return await change.once(Deed(action, "closure", closure_id), act)


async def _reply(session: AsyncSession, caller: Caller, closure_id: UUID, *, status: int) -> Reply:
    store = ClosureViewStore(session, caller.grants)
    view = await store.find(closure_id)
    if view is None:
        raise NotFound
    headers = {"ETag": etag(view.version), "Location": f"/api/v1/closures/{closure_id}"}
    body = await _shown(session, caller, view)
    return Reply(body, status=status, headers=headers)


async def _shown(session: AsyncSession, caller: Caller, view: ClosureView) -> ClosureOut:
    lines = await ClosureViewStore(session, caller.grants).lines(view.id)
    scope = await ScopeStore(session).of_site(view.site_id)
    may_turn = caller.grants.denial(Action.CLOSE_SITE, scope) is None
    return shown_closure(view, lines, may_turn=may_turn)
