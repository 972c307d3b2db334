"""Who a request is from: by its access token, or by the session of a browser."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from api.identity.identity import Identity
from api.identity.keys import KeysUnavailableError
from api.identity.tokens import LEEWAY_S, BadTokenError, TokenChecker
from api.problems import Problem
from api.sessions.current import session_identity

_RETRY_AFTER = {"Retry-After": "5"}

# Only describes it in the OpenAPI; its own check would let two headers pass.
_scheme = HTTPBearer(
    scheme_name="accessToken",
    bearerFormat="at+jwt",
    description="An access token of the configured OIDC issuer (RFC 9068).",
    auto_error=False,
)


class Unauthenticated(Problem):
    """Send a valid access token of your issuer: `Authorization: Bearer ...`."""

    status = 401


class IssuerUnavailable(Problem):
    """Access tokens cannot be checked now, as their issuer does not answer; try again shortly."""

    status = 503


async def get_identity(
    request: Request, _described: Annotated[object, Security(_scheme)] = None
) -> Identity:
    """Who is asking, by the access token or, without one, by the browser's session; else 401."""
    checker: TokenChecker = request.app.state.tokens
    if "authorization" not in request.headers:
        identity = await session_identity(request, request.app.state.wiring.sessions)
        if identity is not None:
            return identity
    token = _bearer(request)
    try:
        return await checker.identity(token)
    except BadTokenError as error:
        raise refused("invalid_token", str(error)) from None
    except KeysUnavailableError:
        raise IssuerUnavailable(headers=_RETRY_AFTER) from None


def ensure_not_expired(identity: Identity) -> None:
    """For what outlives a request, such as a stream; raises `Unauthenticated`."""
    if datetime.now(UTC) >= identity.expires_at + timedelta(seconds=LEEWAY_S):
        raise refused("invalid_token", "The access token has expired; log in again.")


def refused(code: str, detail: str) -> Unauthenticated:
    """The 401 with an error code of RFC 6750."""
    challenge = f'Bearer realm="occupier", error="{code}", error_description="{detail}"'
    return Unauthenticated(detail, headers={"WWW-Authenticate": challenge})


def _bearer(request: Request) -> str:
    found = request.headers.getlist("authorization")
    if not found:
        raise Unauthenticated(headers={"WWW-Authenticate": 'Bearer realm="occupier"'})
    if len(found) > 1:
        raise refused("invalid_request", "Send one Authorization header, not several.")
    scheme, _, token = found[0].partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise refused("invalid_request", "Send the access token as Authorization: Bearer TOKEN.")
    return token.strip()


IdentityDep = Annotated[Identity, Depends(get_identity)]
