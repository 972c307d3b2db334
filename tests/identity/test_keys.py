"""Where keys come from: the port's contract on both sources, and the remote one over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from joserfc import jwk

from api.identity.keys import (
    FRESH_S,
    LAST_GOOD_S,
    UNKNOWN_KEY_EVERY_S,
    KeySource,
    KeysUnavailableError,
    OwnKeys,
    RemoteKeys,
)
from tests.identity.issuer_server import IssuerServer, issuer_server, make_key


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Remote:
    """A source over HTTP, its issuer and its clock."""

    source: RemoteKeys
    issuer: IssuerServer
    clock: Clock

    async def knows(self, key: jwk.Key) -> bool:
        return await self.source.key(str(key.kid)) is not None


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    async with issuer_server() as issuer:
        clock = Clock()
        source = RemoteKeys(issuer.url, clock)
        yield Remote(source, issuer, clock)
        await source.aclose()


Sourced = tuple[KeySource, jwk.Key]
Opening = Callable[[AsyncExitStack], Awaitable[Sourced]]


async def own(_opened: AsyncExitStack) -> Sourced:
    key = make_key()
    return OwnKeys(key), key


async def over_http(opened: AsyncExitStack) -> Sourced:
    issuer = await opened.enter_async_context(issuer_server())
    return RemoteKeys(issuer.url), issuer.keys[0]


@pytest.mark.parametrize("opening", [own, over_http])
async def test_a_source_gives_the_key_of_an_id_and_none_for_others(opening: Opening) -> None:
    async with AsyncExitStack() as opened:
        source, key = await opening(opened)
        found = await source.key(str(key.kid))
        assert found is not None
        assert found.thumbprint() == key.thumbprint()
        assert await source.key("of somebody else") is None
        assert await source.key("") is None
        await source.aclose()


async def test_keys_are_fetched_once_and_kept_for_ten_minutes(remote: Remote) -> None:
    key = remote.issuer.keys[0]
    for _ in range(20):
        assert await remote.knows(key)
    assert remote.issuer.requests == {"discovery": 1, "jwks": 1}
    remote.clock.now += FRESH_S + 1
    assert await remote.knows(key)
    assert remote.issuer.requests["jwks"] == 2


async def test_requests_at_the_same_time_share_one_fetch(remote: Remote) -> None:
    key = remote.issuer.keys[0]
    assert all(await asyncio.gather(*(remote.knows(key) for _ in range(50))))
    assert remote.issuer.requests == {"discovery": 1, "jwks": 1}


async def test_a_flood_of_unknown_keys_asks_the_issuer_once_a_minute(remote: Remote) -> None:
    assert await remote.knows(remote.issuer.keys[0])
    remote.clock.now += UNKNOWN_KEY_EVERY_S + 1
    for number in range(200):
        assert await remote.source.key(f"invented {number}") is None
    await asyncio.gather(*(remote.source.key(f"invented {number}") for number in range(200)))
    assert remote.issuer.requests["jwks"] == 2
    remote.clock.now += UNKNOWN_KEY_EVERY_S + 1
    await remote.source.key("invented")
    assert remote.issuer.requests["jwks"] == 3


async def test_a_new_key_of_the_issuer_is_found_and_the_old_one_forgotten(remote: Remote) -> None:
    old, new = remote.issuer.keys[0], make_key()
    assert await remote.knows(old)
    remote.issuer.keys = [old, new]
    remote.clock.now += UNKNOWN_KEY_EVERY_S + 1
    assert await remote.knows(new)
    assert await remote.knows(old)
    remote.issuer.keys = [new]
    remote.clock.now += FRESH_S + 1
    assert not await remote.knows(old)


async def test_while_the_issuer_is_away_the_last_good_keys_serve_for_a_day(
    remote: Remote,
) -> None:
    key = remote.issuer.keys[0]
    assert await remote.knows(key)
    remote.issuer.is_up = False
    remote.clock.now += LAST_GOOD_S - 60
    assert await remote.knows(key)
    remote.clock.now += 120
    with pytest.raises(KeysUnavailableError):
        await remote.source.key(str(key.kid))
    remote.issuer.is_up = True
    remote.clock.now += 60
    assert await remote.knows(key)


async def test_an_issuer_that_is_away_is_not_asked_per_request(remote: Remote) -> None:
    remote.issuer.is_up = False
    for _ in range(20):
        with pytest.raises(KeysUnavailableError):
            await remote.source.key("any")
    assert remote.issuer.requests["discovery"] == 1


async def test_documents_that_cannot_be_trusted_give_no_keys(remote: Remote) -> None:
    def lies() -> None:
        remote.issuer.named = "https://elsewhere.test"

    def redirects() -> None:
        remote.issuer.named = None
        remote.issuer.redirects_to = f"{remote.issuer.url}/jwks"

    def floods() -> None:
        remote.issuer.redirects_to = None
        remote.issuer.padding = "x" * 2_000_000

    for spoil in (lies, redirects, floods):
        spoil()
        remote.clock.now += 60
        with pytest.raises(KeysUnavailableError):
            await remote.source.key(str(remote.issuer.keys[0].kid))


async def test_of_a_key_set_only_public_keys_for_signatures_count(remote: Remote) -> None:
    shared = jwk.OctKey.generate_key(256, {"kid": "shared"}).as_dict(private=True)
    other = jwk.ECKey.generate_key("P-256", {"kid": "for encryption", "use": "enc"})
    broken = {"kty": "EC", "crv": "P-256", "kid": "broken", "x": "?", "y": "?"}
    remote.issuer.extra = [shared, other.as_dict(private=False), broken, "no key", {"kty": "EC"}]
    assert await remote.knows(remote.issuer.keys[0])
    for kid in ("shared", "for encryption", "broken"):
        assert await remote.source.key(kid) is None
