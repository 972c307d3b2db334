"""Keeps the sessions of browsers: opened by a login, ended by a logout, by rest or by age."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

LONGEST_S = 8 * 3600  # a working day
LONGEST_REST_S = 3600

_OPEN = text("""
INSERT INTO browser_sessions (digest, issuer, subject, client_id, authenticated_at, expires_at)
VALUES (:digest, :issuer, :subject, :client_id, :authenticated_at,
        now() + make_interval(secs => :longest_s))
""")

# Seen at most once a minute: a page makes many requests at once.
_FIND = text("""
SELECT issuer, subject, client_id, authenticated_at, expires_at,
       seen_at < now() - interval '1 minute' AS is_due
  FROM browser_sessions
 WHERE digest = :digest AND expires_at > now()
   AND seen_at > now() - make_interval(secs => :longest_rest_s)
""")

_SEEN = text("UPDATE browser_sessions SET seen_at = now() WHERE digest = :digest")
_CLOSE = text("DELETE FROM browser_sessions WHERE digest = :digest")
_FORGET = text("""
DELETE FROM browser_sessions
 WHERE expires_at < now() OR seen_at < now() - make_interval(secs => :longest_rest_s)
RETURNING 1
""")


@dataclass(frozen=True, slots=True)
class Login:
    """Who logged in, as the issuer said."""

    issuer: str
    subject: str
    client_id: str
    authenticated_at: datetime | None


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A session that holds."""

    login: Login
    expires_at: datetime
    is_due: bool  # to be marked as seen


class BrowserSessionStore:
    """Inside the caller's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open(self, login: Login) -> str:
        """Begin a session and return its secret, which is kept nowhere else."""
        secret = secrets.token_urlsafe(32)
        await self._session.execute(
            _OPEN,
            {
                "digest": _digest(secret),
                "issuer": login.issuer,
                "subject": login.subject,
                "client_id": login.client_id,
                "authenticated_at": login.authenticated_at,
                "longest_s": LONGEST_S,
            },
        )
        return secret

    async def find(self, secret: str) -> BrowserSession | None:
        """The session, or `None` when there is none any more."""
        keys = {"digest": _digest(secret), "longest_rest_s": LONGEST_REST_S}
        row = (await self._session.execute(_FIND, keys)).one_or_none()
        if row is None:
            return None
        return BrowserSession(Login(*row[:4]), row.expires_at, row.is_due)

    async def mark_seen(self, secret: str) -> None:
        """The browser is still in use."""
        await self._session.execute(_SEEN, {"digest": _digest(secret)})

    async def close(self, secret: str) -> None:
        """End the session; repeating it changes nothing."""
        await self._session.execute(_CLOSE, {"digest": _digest(secret)})

    async def forget_ended(self) -> int:
        """Remove what is too old or has rested too long; returns how many."""
        keys = {"longest_rest_s": LONGEST_REST_S}
        return len((await self._session.execute(_FORGET, keys)).all())


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
