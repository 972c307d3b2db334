"""The built-in issuer of access tokens, for development on one machine.

It lives in the API's process, only with ENV=dev and a bind to loopback; its tokens are checked as
all others are. Whoever can talk to the loopback interface may take a token of any persona.
"""

import contextlib
import json
import os
import time
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Header, Request
from joserfc import jwk
from pydantic import BaseModel, ConfigDict, Field

from api.identity.keys import SigningKey
from api.identity.tokens import sign
from api.problems import NotFound, Problem, declared
from models.settings import Settings
from models.stores.personas import PERSONAS

LIFETIME_S = 900
CLIENT_ID = "occupier-dev"
_KEY_FILE = "dev-issuer.json"
_HERE = {"127.0.0.1", "localhost", "[::1]"}


class NotLoopback(Problem):
    """The built-in issuer answers only programs of this machine, in JSON."""

    status = 403


class TokenRequestIn(BaseModel):
    """Whose token is wanted."""

    model_config = ConfigDict(extra="forbid")

    persona: str = Field(description=f"One of {', '.join(PERSONAS)}.", max_length=50)
    auth_age_s: int = Field(
        0, ge=0, le=86_400, description="How long ago the login is said to have been."
    )


class TokenOut(BaseModel):
    """An access token."""

    access_token: str
    token_type: str = "Bearer"
    expires_in: int = LIFETIME_S


class DevIssuer:
    """Signs access tokens with the key in the data directory."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.issuer or ""
        self.key = _key_in(settings.data_dir)
        self._audience = settings.oidc_audience

    def token(self, subject: str, *, auth_age_s: int = 0, **changed: object) -> str:
        """A token for the subject; a test may change claims, `None` leaves one out."""
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": self.name,
            "aud": self._audience,
            "sub": subject,
            "client_id": CLIENT_ID,
            "jti": str(uuid4()),
            "iat": now,
            "exp": now + LIFETIME_S,
            "auth_time": now - auth_age_s,
        } | changed
        return sign({name: value for name, value in claims.items() if value is not None}, self.key)


def build_router(issuer: DevIssuer) -> APIRouter:
    """Discovery, keys and tokens."""
    router = APIRouter(prefix="/dev-issuer", tags=["dev-issuer"])

    @router.get("/.well-known/openid-configuration", summary="Discovery")
    async def discovery() -> dict[str, object]:
        """What OpenID Connect Discovery asks for, as far as it applies."""
        return {
            "issuer": issuer.name,
            "jwks_uri": f"{issuer.name}/jwks.json",
            "authorization_endpoint": f"{issuer.name}/authorize",
            "token_endpoint": f"{issuer.name}/code",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        }

    @router.get("/jwks.json", summary="Public keys")
    async def jwks() -> dict[str, Any]:
        """The key that tokens are signed with."""
        return {"keys": [issuer.key.as_dict(private=False)]}

    @router.post("/token", summary="A token", responses=declared(NotLoopback, NotFound))
    async def token(
        asked: TokenRequestIn,
        request: Request,
        content_type: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> TokenOut:
        """An access token of a persona that has just logged in."""
        _check_here(request, content_type)
        if asked.persona not in PERSONAS:
            raise NotFound(f"There is no such persona; there are {', '.join(PERSONAS)}.")
        return TokenOut(access_token=issuer.token(asked.persona, auth_age_s=asked.auth_age_s))

    return router


def _check_here(request: Request, content_type: str) -> None:
    """No page of another site may fetch a token through somebody's browser: it can neither send
    JSON without asking first nor, by rebinding a name of its own, this Host."""
    host = request.headers.get("host", "").rpartition(":")
    name = host[0] if host[2].isdigit() else request.headers.get("host", "")
    if name.lower() not in _HERE or content_type.partition(";")[0].strip() != "application/json":
        raise NotLoopback
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise NotLoopback


def _key_in(directory: Path) -> SigningKey:
    """The key there, made when there is none; of processes that start together one makes it."""
    path = directory / _KEY_FILE
    if not path.exists():
        directory.mkdir(mode=0o711, parents=True, exist_ok=True)
        made = jwk.ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        draft = directory / f"{_KEY_FILE}.{uuid4().hex}"
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            json.dump(made.as_dict(private=True), file)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return jwk.ECKey.import_key(json.loads(path.read_text()))
