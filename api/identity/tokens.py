"""The one place that checks an access token (RFC 9068), and the one that signs one.

joserfc verifies a signature but looks at no claim, so nothing else may decode a token.
"""

import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError, SecurityWarning

from api.identity.identity import Identity
from api.identity.keys import KeySource, SigningKey

ALGORITHMS = ("RS256", "ES256", "EdDSA", "Ed25519")  # RFC 9864 calls EdDSA on that curve Ed25519
LEEWAY_S = 30
LONGEST = 16_384  # characters
_TYPES = ("at+jwt", "application/at+jwt")
_CURVES = {"ES256": "P-256", "EdDSA": "Ed25519", "Ed25519": "Ed25519"}


class BadTokenError(Exception):
    """The token is not one of ours; the text says why and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class TokenChecker:
    """Checks tokens of one issuer, meant for one audience."""

    issuer: str
    audience: str
    keys: KeySource

    async def identity(self, token: str) -> Identity:
        """Who the token stands for; raises `BadTokenError` and `KeysUnavailableError`."""
        if len(token) > LONGEST:
            raise BadTokenError("The access token is too long.")
        header = _header(token)
        key = await self.keys.key(header["kid"])
        if key is None:
            raise BadTokenError("The access token is signed with a key that its issuer lacks.")
        return self._identity(_claims(token, header["alg"], key))

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        wanted = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            client_id={"essential": True},
            jti={"essential": True},
        )
        try:
            wanted.validate(dict(claims))
            return Identity(
                issuer=self.issuer,
                subject=_text(claims, "sub"),
                authenticated_at=_moment(claims, "auth_time"),
                client_id=_text(claims, "client_id"),
                expires_at=_moment(claims, "exp") or datetime.now(UTC),
            )
        except (JoseError, ValueError, OverflowError) as error:
            raise BadTokenError(_reason(error)) from None


def sign(claims: Mapping[str, object], key: SigningKey) -> str:
    """An access token with these claims; for the built-in issuer."""
    header = {"typ": "at+jwt", "alg": "ES256", "kid": key.kid}
    return jwt.encode(header, dict(claims), key, algorithms=["ES256"])


def _header(token: str) -> dict[str, str]:
    """The header, before anything is believed of it; what points to keys elsewhere is not used."""
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError):
        raise BadTokenError("This is not an access token.") from None
    kind, algorithm, kid = (header.get(name) for name in ("typ", "alg", "kid"))
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise BadTokenError("The token is not an access token; its type must be at+jwt.")
    if algorithm not in ALGORITHMS:
        raise BadTokenError("The access token is signed in a way that is not accepted.")
    if not isinstance(kid, str) or not kid:
        raise BadTokenError("The access token does not name its key.")
    return {"alg": algorithm, "kid": kid}


def _claims(token: str, algorithm: str, key: jwk.Key) -> dict[str, Any]:
    _check_fit(algorithm, key)
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    try:
        with warnings.catch_warnings():  # joserfc warns of the name `EdDSA`, not of the signature
            warnings.simplefilter("ignore", SecurityWarning)
            return jwt.decode(token, key, registry=registry).claims
    except (JoseError, ValueError):
        raise BadTokenError("The signature of the access token is not good.") from None


def _check_fit(algorithm: str, key: jwk.Key) -> None:
    """A key serves the algorithm that it says, on the curve that belongs to it."""
    told = key.as_dict(private=False)
    if told.get("alg", algorithm) != algorithm or told.get("crv") != _CURVES.get(algorithm):
        raise BadTokenError("The access token is signed in a way that its key is not for.")


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims[name]
    if not isinstance(value, str) or not 0 < len(value) <= 255 or "\0" in value:
        raise ValueError(name)
    return value


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(name)  # noqa: TRY004 - a wrong claim is one kind, whatever is wrong
    moment = datetime.fromtimestamp(value, UTC)
    if name == "auth_time" and value > time.time() + LEEWAY_S:
        raise ValueError(name)  # nobody has logged in tomorrow
    return moment


def _reason(error: Exception) -> str:
    if getattr(error, "error", "") == "expired_token":
        return "The access token has expired; log in again."
    return "The access token is not for this service, or a claim is missing or wrong."
