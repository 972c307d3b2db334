"""The issuer's public keys: the port that the token check asks, and the one over discovery."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import httpx
import structlog
from joserfc import jwk
from joserfc.errors import JoseError

SigningKey = jwk.ECKey

FRESH_S = 600.0
UNKNOWN_KEY_EVERY_S = 60.0  # one look for a key that nobody knows, however many tokens name one
LAST_GOOD_S = 86_400.0
LARGEST_BODY = 1_000_000
_TIMEOUT_S = 5.0
_RETRY_S = 5.0  # after a failure, so that an issuer that is away is not asked per request
DISCOVERY = "/.well-known/openid-configuration"

log = structlog.get_logger(__name__)


class KeysUnavailableError(Exception):
    """The issuer does not answer, and no keys of the last day are left to go on with."""


class KeySource(Protocol):
    """Where public keys come from."""

    async def key(self, kid: str) -> jwk.Key | None:
        """The key of that id, or `None` when the issuer has none; `KeysUnavailableError`."""

    async def aclose(self) -> None:
        """Let go of connections."""


class OwnKeys:
    """The keys of an issuer in this process."""

    def __init__(self, *keys: jwk.Key) -> None:
        self._keys = {str(key.kid): key for key in keys}

    async def key(self, kid: str) -> jwk.Key | None:
        """The key of that id."""
        return self._keys.get(kid)

    async def aclose(self) -> None:
        """Nothing is open."""


class RemoteKeys:
    """The keys that an issuer publishes, asked for by one request at a time, and kept."""

    def __init__(self, issuer: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._clock = clock
        # trust_env off: no proxy or certificate of the environment steers who signs our tokens.
        self._http = httpx.AsyncClient(
            timeout=_TIMEOUT_S, follow_redirects=False, trust_env=False, max_redirects=0
        )
        self._lock = asyncio.Lock()
        self._keys: Mapping[str, jwk.Key] = {}
        self._fetched_at: float | None = None
        self._failed_at: float | None = None
        self._searched_at: float | None = None

    async def key(self, kid: str) -> jwk.Key | None:
        """The key of that id, looked for again when it is not known, but not often."""
        if not self._within(self._fetched_at, FRESH_S):
            await self._renew(lambda: self._within(self._fetched_at, FRESH_S))
        if kid not in self._keys and not self._within(self._searched_at, UNKNOWN_KEY_EVERY_S):
            await self._renew(lambda: self._within(self._searched_at, UNKNOWN_KEY_EVERY_S))
        if not self._within(self._fetched_at, LAST_GOOD_S):
            raise KeysUnavailableError
        return self._keys.get(kid)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def _within(self, moment: float | None, seconds: float) -> bool:
        return moment is not None and self._clock() - moment < seconds

    async def _renew(self, is_done: Callable[[], bool]) -> None:
        """Fetch, unless another request did while this one waited for its turn."""
        async with self._lock:
            if is_done() or self._within(self._failed_at, _RETRY_S):
                return
            try:
                self._keys = await self._fetch()
            except (httpx.HTTPError, httpx.InvalidURL, JoseError, ValueError) as error:
                self._failed_at = self._clock()
                log.warning("issuer.keys_not_fetched", kind=type(error).__name__)
            else:
                self._fetched_at, self._failed_at = self._clock(), None
                log.info("issuer.keys_fetched", count=len(self._keys))
            self._searched_at = self._clock()

    async def _fetch(self) -> Mapping[str, jwk.Key]:
        document = await self._json(self._issuer.rstrip("/") + DISCOVERY)
        if document.get("issuer") != self._issuer:
            raise ValueError("the document is of another issuer")
        address = document.get("jwks_uri")
        if not isinstance(address, str):
            raise ValueError("the document names no keys")  # noqa: TRY004 - caught as one kind
        if self._issuer.startswith("https:") and not address.startswith("https:"):
            raise ValueError("the keys are not behind TLS")
        keys = (await self._json(address)).get("keys")
        if not isinstance(keys, list):
            raise ValueError("the document of keys is none")  # noqa: TRY004 - caught as one kind
        return {key.kid: key for each in keys if (key := _verifying(each)) and key.kid}

    async def _json(self, address: str) -> dict[str, Any]:
        body = b""
        async with asyncio.timeout(_TIMEOUT_S), self._http.stream("GET", address) as reply:
            if reply.status_code != 200:
                raise httpx.HTTPError(f"status {reply.status_code}")
            async for piece in reply.aiter_bytes():
                body += piece
                if len(body) > LARGEST_BODY:
                    raise ValueError("the document is too large")
        document = httpx.Response(200, content=body).json()
        if not isinstance(document, dict):
            raise ValueError("the document is no object")  # noqa: TRY004 - caught as one kind
        return document


def _verifying(told: object) -> jwk.Key | None:
    """A public key for signatures; `None` for all others, which a set may well hold."""
    if not isinstance(told, dict) or told.get("kty") not in ("RSA", "EC", "OKP"):
        return None
    if told.get("use", "sig") != "sig" or not isinstance(told.get("kid"), str):
        return None
    try:
        return jwk.JWKRegistry.import_key(told)
    except (JoseError, ValueError):
        return None
