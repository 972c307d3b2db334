"""What opens the door and what does not, through the API as it ships: all refusals are 401."""

import base64
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from joserfc import jwk

from api.app import create_app
from models.database import Sessions
from models.settings import Settings
from tests.builders import the_operator
from tests.identities import ISSUER, headers_of, make_member
from tests.identity.issuer_server import make_key
from tests.identity.tokens import claims_of, sign, signed_with_the_public_key, unsigned

ADDRESS = "/api/v1/sites"


class Door:
    """The API with the built-in issuer, and its key, which only a test has."""

    def __init__(self, client: httpx.AsyncClient, key: jwk.ECKey) -> None:
        self.client = client
        self.key = key

    async def knock(self, token: str) -> httpx.Response:
        return await self.client.get(ADDRESS, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
async def door(settings: Settings, sessions: Sessions) -> AsyncIterator[Door]:
    async with sessions.begin() as session:
        await the_operator(session)
        await make_member(session, subject="somebody", is_super_admin=True)
    app = create_app(settings)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers_of(settings, "somebody")  # the key is there from now on
    key = jwk.ECKey.import_key(json.loads((settings.data_dir / "dev-issuer.json").read_text()))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8400") as client,
    ):
        yield Door(client, key)


def assert_refused(reply: httpx.Response, token: str = "") -> None:
    assert reply.status_code == 401, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["type"] == "/problems/unauthenticated"
    assert reply.headers["www-authenticate"].startswith("Bearer ")
    assert not token or token[:40] not in reply.text + str(reply.headers)


async def test_a_good_token_opens_the_door(door: Door) -> None:
    for changed in ({}, {"aud": ["elsewhere", "occupier-platform"]}, {"auth_time": None}):
        reply = await door.knock(sign(claims_of(ISSUER, **changed), door.key))
        assert reply.status_code == 200, reply.text
    reply = await door.knock(sign(claims_of(ISSUER), door.key, typ="application/at+jwt"))
    assert reply.status_code == 200


async def test_a_good_token_of_nobody_is_403(door: Door) -> None:
    reply = await door.knock(sign(claims_of(ISSUER, sub="a stranger"), door.key))
    assert reply.status_code == 403
    assert reply.json()["type"] == "/problems/not-a-member"


TIMES = {"exp", "iat", "nbf", "auth_time"}


def at_their_time(changed: dict[str, object]) -> dict[str, object]:
    """Small numbers are seconds from now, so that a test has the same name in every process."""
    return {
        name: int(time.time()) + value
        if name in TIMES and isinstance(value, int) and abs(value) < 10**6
        else value
        for name, value in changed.items()
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "http://127.0.0.1:8400/dev-issuer/"},
        {"iss": "https://elsewhere.test"},
        {"iss": None},
        {"aud": "another-service"},
        {"aud": ["another-service"]},
        {"aud": None},
        {"aud": []},
        {"aud": {"occupier-platform": 1}},
        {"exp": -60},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": 10**400},
        {"exp": float("nan")},
        {"iat": None},
        {"iat": 900},
        {"nbf": 900},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "some\0body"},
        {"client_id": None},
        {"client_id": ["tests"]},
        {"jti": None},
        {"auth_time": 900},
        {"auth_time": "now"},
    ],
    ids=str,
)
async def test_a_token_with_a_wrong_claim_is_refused(
    door: Door, changed: dict[str, object]
) -> None:
    token = sign(claims_of(ISSUER, **at_their_time(changed)), door.key)
    assert_refused(await door.knock(token), token)


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},  # an id token
        {"typ": None},
        {"typ": "at+jwt+more"},
        {"kid": None},
        {"kid": ""},
        {"kid": "of somebody else"},
        {"crit": ["b64"], "b64": False},
    ],
    ids=str,
)
async def test_a_token_with_a_wrong_header_is_refused(
    door: Door, header: dict[str, object]
) -> None:
    token = sign(claims_of(ISSUER), door.key, **header)  # type: ignore[arg-type]  # of the header only
    assert_refused(await door.knock(token), token)


async def test_a_token_that_brings_its_own_key_is_refused(door: Door) -> None:
    own = make_key()
    for header in (
        {"jwk": own.as_dict(private=False)},
        {"jku": "http://127.0.0.1:9/jwks"},
        {"x5u": "http://127.0.0.1:9/certificate"},
    ):
        token = sign(claims_of(ISSUER), own, kid=door.key.kid, **header)
        assert_refused(await door.knock(token), token)


async def test_where_a_good_token_says_its_key_is_does_not_matter(door: Door) -> None:
    token = sign(claims_of(ISSUER), door.key, jku="http://127.0.0.1:9/jwks")
    assert (await door.knock(token)).status_code == 200


async def test_a_token_without_a_signature_is_refused(door: Door) -> None:
    token = unsigned(claims_of(ISSUER), str(door.key.kid))
    assert_refused(await door.knock(token), token)
    cut = sign(claims_of(ISSUER), door.key).rpartition(".")[0]
    assert_refused(await door.knock(f"{cut}."))
    assert_refused(await door.knock(cut))


async def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(door: Door) -> None:
    token = signed_with_the_public_key(claims_of(ISSUER), door.key)
    assert_refused(await door.knock(token), token)


async def test_a_token_with_another_claim_after_signing_is_refused(door: Door) -> None:
    header, _, signature = sign(claims_of(ISSUER), door.key).split(".")
    _, body, _ = sign(claims_of(ISSUER, sub="other"), door.key).split(".")
    assert_refused(await door.knock(f"{header}.{body}.{signature}"))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic c29tZWJvZHk6c2VjcmV0",
        "Bearer garbage",
        "Bearer a.b.c",
        "Bearer ....",
        "Bearer " + "A" * 20_000,
        "Bearer " + ".".join(["A" * 5_000] * 3),
        "Bearer e30.e30.e30",
        "Bearer W10.W10.W10",
        "Bearer \xff\xfe",
        "DPoP a.b.c",
    ],
    ids=lambda value: value[:20],
)
async def test_what_is_no_token_is_refused(door: Door, value: str) -> None:
    headers = [(b"authorization", value.encode("latin-1"))]
    assert_refused(await door.client.get(ADDRESS, headers=headers))


async def test_no_token_is_refused_and_the_challenge_names_no_error(door: Door) -> None:
    reply = await door.client.get(ADDRESS)
    assert_refused(reply)
    assert "error" not in reply.headers["www-authenticate"]


async def test_two_authorization_headers_are_refused(door: Door) -> None:
    good = f"Bearer {sign(claims_of(ISSUER), door.key)}"
    headers = [("Authorization", good), ("Authorization", good)]
    reply = await door.client.get(ADDRESS, headers=headers)
    assert reply.status_code in (400, 401)  # the check of headers may come first


async def test_a_token_of_100_kb_is_refused_unread(door: Door) -> None:
    reply = await door.knock("A" * 100_000)
    assert reply.status_code in (401, 431)


async def test_a_critical_header_that_nobody_knows_is_refused(door: Door) -> None:
    header, body, signature = sign(claims_of(ISSUER), door.key).split(".")
    told = json.loads(base64.urlsafe_b64decode(header + "=="))
    told |= {"crit": ["exp"], "exp": 1}
    header = base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
    assert_refused(await door.knock(f"{header}.{body}.{signature}"))


async def test_a_token_in_the_address_is_not_looked_at(door: Door) -> None:
    token = sign(claims_of(ISSUER), door.key)
    assert_refused(await door.client.get(ADDRESS, params={"access_token": token}))


async def test_a_login_and_a_client_are_told_from_the_token(settings: Settings, door: Door) -> None:
    checker = create_app(settings).state.tokens
    then = int(time.time()) - 90
    identity = await checker.identity(sign(claims_of(ISSUER, auth_time=then), door.key))
    assert identity.authenticated_at == datetime.fromtimestamp(then, UTC)
    assert (identity.subject, identity.client_id) == ("somebody", "tests")


OPEN = {"/healthz", "/readyz", "/metrics", "/desk/answers"}
"""Without a token; the last one takes signed webhooks instead."""


async def test_every_route_asks_who_you_are_but_health_and_docs(door: Door) -> None:
    document = (await door.client.get("/openapi.json")).json()
    asked = 0
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if not path.startswith("/api/v1"):
                assert path.startswith(("/dev-issuer", "/session")) or path in OPEN
                continue
            asked += 1
            assert operation["security"] == [{"accessToken": []}], path
            for status in ("401", "403"):
                assert "application/problem+json" in operation["responses"][status]["content"]
            filled = path.replace("{", "0").replace("}", "0")
            assert_refused(await door.client.request(method, filled, json={}))
    assert asked > 10
    for path in ("/healthz", "/readyz", "/metrics", "/docs"):
        assert (await door.client.get(path)).status_code == 200
