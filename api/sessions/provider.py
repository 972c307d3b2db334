"""The issuer as the console's login sees it: where to send people, and what they come back with."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import structlog

from api.identity.keys import DISCOVERY
from api.sessions.cookies import SignIn

log = structlog.get_logger(__name__)

_TIMEOUT_S = 10.0
_LARGEST = 1_000_000


class ProviderError(Exception):
    """The issuer did not answer, or not with what the protocol asks for; the text says which."""


@dataclass(frozen=True, slots=True)
class Client:
    """How the console is known to the issuer; without a secret it is a public client (PKCE)."""

    id: str
    secret: str | None
    audience: str
    redirect_uri: str


class Provider:
    """The authorization code flow with PKCE (OpenID Connect Core 3.1, RFC 7636)."""

    def __init__(self, issuer: str, client: Client) -> None:
        self._issuer = issuer
        self._client = client
        self._document: dict[str, Any] | None = None
        # trust_env off: no proxy of the environment stands between us and the issuer.
        self._http = httpx.AsyncClient(timeout=_TIMEOUT_S, follow_redirects=False, trust_env=False)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def login_address(self, sign_in: SignIn, *, is_fresh: bool) -> str:
        """Where a person logs in; `is_fresh` asks for the password even if they just have."""
        asked = {
            "response_type": "code",
            "client_id": self._client.id,
            "redirect_uri": self._client.redirect_uri,
            "scope": "openid",
            "audience": self._client.audience,
            "resource": self._client.audience,
            "state": sign_in.state,
            "code_challenge": sign_in.challenge,
            "code_challenge_method": "S256",
        } | ({"prompt": "login", "max_age": "0"} if is_fresh else {})
        address = await self._endpoint("authorization_endpoint")
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    async def access_token(self, code: str, sign_in: SignIn) -> str:
        """Exchange the code of a login for its access token."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
            "client_id": self._client.id,
            "code_verifier": sign_in.verifier,
        }
        if self._client.secret is not None:
            form["client_secret"] = self._client.secret
        reply = await self._ask("POST", await self._endpoint("token_endpoint"), form)
        token = reply.get("access_token")
        if not isinstance(token, str):
            raise ProviderError("the issuer gave no access token")
        return token

    async def _endpoint(self, name: str) -> str:
        if self._document is None:
            document = await self._ask("GET", self._issuer.rstrip("/") + DISCOVERY)
            if document.get("issuer") != self._issuer:
                raise ProviderError("the discovery document is of another issuer")
            self._document = document
        address = self._document.get(name)
        if not isinstance(address, str):
            raise ProviderError(f"the issuer names no {name}")
        if self._issuer.startswith("https:") and not address.startswith("https:"):
            raise ProviderError(f"the {name} is not behind TLS")
        return address

    async def _ask(
        self, method: str, address: str, form: dict[str, str] | None = None
    ) -> dict[str, Any]:
        try:
            reply = await self._http.request(method, address, data=form)
        except httpx.HTTPError as error:
            raise ProviderError(f"the issuer does not answer ({type(error).__name__})") from None
        if reply.status_code != 200 or len(reply.content) > _LARGEST:
            raise ProviderError(f"the issuer answered with status {reply.status_code}")
        try:
            document = reply.json()
        except ValueError:
            raise ProviderError("the issuer's answer is not JSON") from None
        if not isinstance(document, dict):
            raise ProviderError("the issuer's answer is no object")
        return document
