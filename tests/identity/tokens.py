"""Tokens as an issuer signs them, and as somebody who would like to get in does."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from joserfc import jwk, jws

AUDIENCE = "occupier-platform"


def claims_of(issuer: str, **changed: object) -> dict[str, object]:
    """Good claims; `None` leaves one out."""
    now = int(time.time())
    claims: dict[str, object] = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": "somebody",
        "client_id": "tests",
        "jti": str(uuid4()),
        "iat": now,
        "exp": now + 600,
        "auth_time": now,
    }
    return {name: value for name, value in (claims | changed).items() if value is not None}


def sign(
    claims: dict[str, object], key: jwk.Key, algorithm: str = "ES256", **header: object
) -> str:
    """A signed token; `header` changes its header, `None` leaves a member out."""
    told: dict[str, Any] = {"typ": "at+jwt", "alg": algorithm, "kid": key.kid} | header
    told = {name: value for name, value in told.items() if value is not None}
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    return jws.serialize_compact(told, json.dumps(claims), key, registry=registry)


def unsigned(claims: dict[str, object], kid: str) -> str:
    """A token of `alg` none, with no signature at all."""
    header = {"typ": "at+jwt", "alg": "none", "kid": kid}
    return ".".join([_encoded(header), _encoded(claims), ""])


def signed_with_the_public_key(claims: dict[str, object], key: jwk.Key) -> str:
    """An HS256 token whose secret is what everybody may read: the public key in PEM."""
    header = {"typ": "at+jwt", "alg": "HS256", "kid": str(key.kid)}
    text = f"{_encoded(header)}.{_encoded(claims)}"
    secret = key.as_pem(private=False)  # type: ignore[union-attr]  # asymmetric ones have it
    digest = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _encoded(part: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
