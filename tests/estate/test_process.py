"""The estate as a process: what it survives, what it keeps, what it answers meanwhile."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
import psycopg
import pytest

from activities.adapters.estate import build_systems
from activities.ports import Resource
from estate.client import EstateClient, EstateError, Row
from models.domain.outside import OutsideError, Presence, ResourceKind, System
from models.settings import Settings
from tests.adapters.samples import give, order
from tests.estate.postgres import ThrowawayPostgres
from tests.estate.running import RunningEstate


@pytest.fixture
async def postgres() -> AsyncIterator[ThrowawayPostgres]:
    found = ThrowawayPostgres()
    found.start()
    yield found
    found.remove()


@pytest.fixture
async def mortal(postgres: ThrowawayPostgres) -> AsyncIterator[RunningEstate]:
    found = RunningEstate(postgres.url())
    await found.start()
    yield found
    found.kill()


async def test_health_readiness_metrics_and_openapi_answer(estate: RunningEstate) -> None:
    async with aiohttp.ClientSession(estate.url) as session:
        for path in ("/healthz", "/readyz", "/metrics", "/openapi.json"):
            async with session.get(path) as answer:
                assert answer.status == 200, path
        async with session.get("/openapi.json") as answer:
            paths = (await answer.json())["paths"]
    assert {
        "/telephony/sites/{site}/retire",
        "/network/sites/{site}/leases",
        "/scim/v2/Bulk",
        "/ledger/summary",
        "/faults",
    } <= paths.keys()


async def test_a_killed_estate_loses_nothing_it_acknowledged(mortal: RunningEstate) -> None:
    devices = [Resource(ResourceKind.WIFI_DEVICE, f"device-{n}") for n in range(200)]
    acknowledged: list[Resource] = []
    under_way = asyncio.Event()
    async with EstateClient(mortal.url) as client:
        await give(client, "site", "acme", devices)
        await client.put_fault("slow", "latency", latency={"ms": 5})
    systems = build_systems(Settings(estate_url=mortal.url, outside_timeout_s=10))
    orders = {d: order("site", "acme", [d], keys=[d.handle]) for d in devices}

    async def retire_until_it_breaks() -> None:
        with contextlib.suppress(OutsideError):
            for device, request in orders.items():
                await systems[System.WIFI].retire(request)
                acknowledged.append(device)
                if len(acknowledged) == 20:
                    under_way.set()

    retiring = asyncio.create_task(retire_until_it_breaks())
    await under_way.wait()
    mortal.kill()
    await retiring
    assert len(acknowledged) < len(devices)
    await mortal.start()

    seen = await systems[System.WIFI].observe("site", acknowledged)
    assert {o.presence for o in seen.values()} == {Presence.ABSENT}
    for request in orders.values():  # and the platform's repeat doubles nothing
        await systems[System.WIFI].retire(request)
    async with EstateClient(mortal.url) as client:
        assert (await client.summary())["doubled_effects"] == []
        done = await client.ledger("effects", effect="wifi_device_deleted")
    assert len(done) == len(devices)
    await systems.aclose()


async def test_a_killed_postgres_is_503_and_back_within_ten_seconds(
    mortal: RunningEstate, postgres: ThrowawayPostgres
) -> None:
    row = [Row("wifi_device", "device", "acme")]
    async with EstateClient(mortal.url) as client:
        await client.provision("wifi", "site", row)
        postgres.kill()
        with pytest.raises(EstateError, match="503"):
            await client.provision("wifi", "site", row)
        for _ in range(3):  # long enough for a pool to fall into back-off
            with pytest.raises(EstateError, match="503"):
                await client.summary()
        await asyncio.to_thread(postgres.start)
        assert await mortal.until_ready(10) < 10
        await client.provision("wifi", "site", row)


async def test_faults_are_forgotten_and_the_ledger_is_not(
    estate: RunningEstate, client: EstateClient, site: str
) -> None:
    await client.put_fault(site, "hang", site=site)
    await client.clear_faults(site)
    await client.provision("wifi", site, [Row("wifi_device", "device", "acme")])
    assert len(await client.ledger("effects", site=site)) == 1
    with psycopg.connect(estate.database_url, autocommit=True) as connection:
        for statement in (
            "update estate.calls set status = 200",
            "delete from estate.effects",
            "truncate estate.effects",
            "truncate estate.calls",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(statement.encode())


async def test_a_bad_request_is_422_and_names_the_field(estate: RunningEstate, site: str) -> None:
    good = {"kind": "wifi_device", "handle": "a", "key": "k"}
    at = "2026-11-01T00:00:00+00:00"
    bad: dict[str, object] = {
        "items": {"owner": "o", "effective_at": at, "items": []},
        "owner": {"effective_at": at, "items": [good]},
        "effective_at": {"owner": "o", "effective_at": "2026-11-01", "items": [good]},
        "items[0].kind": {"owner": "o", "effective_at": at, "items": [{**good, "kind": "vlan"}]},
        "items[1].handle": {
            "owner": "o",
            "effective_at": at,
            "items": [good, {**good, "handle": ""}],
        },
        "items[0].key": {"owner": "o", "effective_at": at, "items": [{**good, "key": 7}]},
        "body": [],
    }
    async with aiohttp.ClientSession(estate.url) as session:
        for field, body in bad.items():
            async with session.post(f"/wifi/sites/{site}/retire", json=body) as answer:
                assert (answer.status, (await answer.json())["field"]) == (422, field)
        async with session.post(f"/plumbing/sites/{site}/read", json={}) as answer:
            assert answer.status == 404


async def test_a_hundred_thousand_resources_are_loaded_in_well_under_a_minute(
    client: EstateClient, site: str
) -> None:
    rows = [Row("switch_port", f"port-{n}", "acme", {"vlan": "120"}) for n in range(100_000)]
    began = asyncio.get_running_loop().time()
    assert await client.provision("switching", site, rows) == 100_000
    assert asyncio.get_running_loop().time() - began < 40
