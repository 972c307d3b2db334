"""The tokens of the identities of the matrix, good ones and bad ones."""

import json
import time

from joserfc import jwk

from models.settings import Settings
from tests.identities import headers_of, token_of
from tests.identity.tokens import claims_of, signed_with_the_public_key, unsigned

Headers = dict[str, str]


def headers_for(settings: Settings, identity: str) -> Headers:
    """What a request of the identity carries; members' subjects are their names."""
    now = int(time.time())
    match identity:
        case "anonymous":
            return {}
        case "expired":
            return headers_of(settings, "super-admin", iat=now - 1000, exp=now - 100)
        case "wrong-audience":
            return headers_of(settings, "super-admin", aud="another-service")
        case "alg-none" | "hs256-public-key":
            token_of(settings, "super-admin")  # the key is there from now on
            text = (settings.data_dir / "dev-issuer.json").read_text()
            key = jwk.ECKey.import_key(json.loads(text))
            claims = claims_of(settings.issuer or "", sub="super-admin")
            forged = (
                unsigned(claims, str(key.kid))
                if identity == "alg-none"
                else signed_with_the_public_key(claims, key)
            )
            return {"Authorization": f"Bearer {forged}"}
        case _:
            return headers_of(settings, identity)
