"""The session of a browser in the place of an access token."""

from fastapi import Request

from api.identity.identity import Identity
from api.problems import Problem
from api.sessions.cookies import CSRF_HEADER, is_csrf_token, session_secret
from models.database import Sessions
from models.stores.browser_sessions import BrowserSession, BrowserSessionStore

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class CsrfTokenMissing(Problem):
    """Send the CSRF token of `GET /session` as X-CSRF-Token with everything that changes."""

    status = 403


async def session_identity(request: Request, sessions: Sessions) -> Identity | None:
    """Who is logged in in this browser, or `None`; raises `CsrfTokenMissing` for a change."""
    secret = session_secret(request)
    found = await browser_session(sessions, request)
    if secret is None or found is None:
        return None
    if request.method not in _SAFE:
        check_csrf(request, secret)
    login = found.login
    return Identity(
        issuer=login.issuer,
        subject=login.subject,
        authenticated_at=login.authenticated_at,
        client_id=login.client_id,
        expires_at=found.expires_at,
    )


async def browser_session(sessions: Sessions, request: Request) -> BrowserSession | None:
    """The session that the browser's cookie names, or `None`; it counts as used."""
    secret = session_secret(request)
    if secret is None:
        return None
    async with sessions.begin() as session:
        store = BrowserSessionStore(session)
        found = await store.find(secret)
        if found is not None and found.is_due:
            await store.mark_seen(secret)
    return found


def check_csrf(request: Request, secret: str) -> None:
    """Raise `CsrfTokenMissing` unless a page of ours sent this."""
    if not is_csrf_token(secret, request.headers.get(CSRF_HEADER)):
        raise CsrfTokenMissing
