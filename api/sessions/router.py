"""Login and logout of browsers: the authorization code flow, kept by a cookie of ours.

Outside /api/v1: programs send access tokens and never need this. All routes of the API take the
cookie in the token's place.
"""

from typing import Annotated
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from api.dependencies import SessionsDep, SettingsDep
from api.identity.bearer import IssuerUnavailable
from api.identity.keys import KeysUnavailableError
from api.identity.tokens import BadTokenError, TokenChecker
from api.problems import Problem, declared
from api.sessions.cookies import (
    SignIn,
    csrf_token,
    drop_session,
    keep_session,
    keep_sign_in,
    read_sign_in,
    session_secret,
)
from api.sessions.current import CsrfTokenMissing, browser_session, check_csrf
from api.sessions.provider import Provider, ProviderError
from models.stores.browser_sessions import BrowserSessionStore, Login

router = APIRouter(prefix="/session", tags=["sessions"])
log = structlog.get_logger(__name__)


class SignInFailed(Problem):
    """The login did not come to its end; begin again at /session/login."""

    status = 400


class SessionOut(BaseModel):
    """Whether this browser is logged in."""

    is_open: bool
    csrf_token: str | None = Field(
        description="To send as X-CSRF-Token with everything that changes something."
    )


@router.get("", summary="Is this browser logged in?")
async def read_session(request: Request, sessions: SessionsDep, response: Response) -> SessionOut:
    """Also gives the CSRF token, which no page of another site can read."""
    response.headers["Cache-Control"] = "no-store"
    secret = session_secret(request)
    is_open = await browser_session(sessions, request) is not None
    return SessionOut(
        is_open=is_open, csrf_token=csrf_token(secret) if is_open and secret else None
    )


@router.get(
    "/login",
    summary="Log in",
    status_code=303,
    response_class=RedirectResponse,
    responses=declared(IssuerUnavailable),
)
async def log_in(
    request: Request,
    settings: SettingsDep,
    next_page: Annotated[str, Query(alias="next", max_length=2000)] = "/",
    fresh: Annotated[bool, Query(description="Ask for the password again.")] = False,
) -> RedirectResponse:
    """Send the browser to the issuer; it comes back to /session/callback."""
    sign_in = SignIn.begin(_local(next_page))
    provider: Provider = request.app.state.provider
    try:
        address = await provider.login_address(sign_in, is_fresh=fresh)
    except ProviderError as error:
        log.warning("login.issuer_away", reason=str(error))
        raise IssuerUnavailable(headers={"Retry-After": "5"}) from None
    reply = RedirectResponse(address, status_code=303)
    keep_sign_in(reply, sign_in, secure=settings.is_public_url_secure)
    return reply


@router.get(
    "/callback",
    summary="Come back from the issuer",
    status_code=303,
    response_class=RedirectResponse,
    responses=declared(SignInFailed, IssuerUnavailable),
)
async def come_back(
    request: Request,
    settings: SettingsDep,
    sessions: SessionsDep,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=200)] = "",
) -> RedirectResponse:
    """Open the session when the issuer has vouched for the person."""
    sign_in = read_sign_in(request)
    if sign_in is None or not state or state != sign_in.state:
        raise SignInFailed("This login was not begun in this browser, or too long ago; try again.")
    if error or not code:
        raise SignInFailed("The issuer did not let you in; try again or ask its administrator.")
    secret = await _open(request, sessions, code, sign_in)
    reply = RedirectResponse(_local(sign_in.next), status_code=303)
    keep_session(reply, secret, secure=settings.is_public_url_secure)
    return reply


@router.post("/logout", summary="Log out", status_code=204, responses=declared(CsrfTokenMissing))
async def log_out(request: Request, sessions: SessionsDep) -> Response:
    """End the session here; a repeat changes nothing."""
    reply = Response(status_code=204)
    secret = session_secret(request)
    if secret is not None:
        check_csrf(request, secret)
        async with sessions.begin() as session:
            await BrowserSessionStore(session).close(secret)
        drop_session(reply)
    return reply


async def _open(request: Request, sessions: SessionsDep, code: str, sign_in: SignIn) -> str:
    provider: Provider = request.app.state.provider
    checker: TokenChecker = request.app.state.tokens
    try:
        identity = await checker.identity(await provider.access_token(code, sign_in))
    except (ProviderError, BadTokenError) as error:
        log.warning("login.failed", reason=str(error))
        raise SignInFailed from None
    except KeysUnavailableError:
        raise IssuerUnavailable(headers={"Retry-After": "5"}) from None
    login = Login(identity.issuer, identity.subject, identity.client_id, identity.authenticated_at)
    async with sessions.begin() as session:
        return await BrowserSessionStore(session).open(login)


def _local(page: str) -> str:
    """The page if it is one of ours, else the first one: a login must not lead elsewhere."""
    parts = urlsplit(page)
    is_ours = page.startswith("/") and not parts.scheme and not parts.netloc
    return page if is_ours and "\\" not in page and not page.startswith("//") else "/"
