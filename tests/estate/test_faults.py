"""Faults: where they apply, that their sequence is seeded, and that it survives a restart."""

import asyncio
import time

import aiohttp
import pytest

from activities.adapters.estate import EstateSystems
from estate.client import EstateClient
from models.domain.outside import OutsideError, Presence, System
from tests.adapters.samples import give, order, resources_of
from tests.estate.running import RunningEstate

_READ = {"items": [{"kind": "wifi_device", "handle": "a"}]}


async def statuses(estate: RunningEstate, site: str, count: int, system: str = "wifi") -> list[int]:
    found = []
    async with aiohttp.ClientSession(estate.url) as session:
        for _ in range(count):
            async with session.post(f"/{system}/sites/{site}/read", json=_READ) as answer:
                found.append(answer.status)
    return found


async def test_the_same_seed_and_calls_make_the_same_faults(
    estate: RunningEstate, client: EstateClient, site: str
) -> None:
    async def sequence(name: str, seed: int) -> list[int]:
        shares = {"500": 0.3, "503": 0.2}
        await client.put_fault(f"{site}-{name}", "error", site=site, statuses=shares, seed=seed)
        found = await statuses(estate, site, 40)
        await client.clear_faults(f"{site}-{name}")
        return found

    first = await sequence("a", 7)
    assert set(first) == {200, 500, 503}
    assert await sequence("b", 7) == first
    assert await sequence("c", 8) != first


async def test_a_restart_goes_on_with_the_sequence(database_url: str, site: str) -> None:
    running = RunningEstate(database_url)
    await running.start()
    async with EstateClient(running.url) as client:
        await client.put_fault(site, "error", site=site, statuses={"500": 1}, limit=4)
        assert await statuses(running, site, 3) == [500] * 3
        running.kill()
        await running.start()
        assert await statuses(running, site, 3) == [500, 200, 200]
        await client.clear_faults(site)
    running.stop()


async def test_a_fault_applies_to_its_site_system_and_operation_only(
    estate: RunningEstate, client: EstateClient, site: str
) -> None:
    where = {"site": site, "system": "wifi", "operation": "read"}
    await client.put_fault(site, "outage", **where)
    assert await statuses(estate, site, 1) == [503]
    assert await statuses(estate, f"{site}-other", 1) == [200]
    assert await client.attempt(f"/wifi/sites/{site}/sessions", device="a") == (
        False,
        "access_denied",
    )
    await client.clear_faults(site)
    assert await statuses(estate, site, 1) == [200]


async def test_latency_holds_a_call_up_and_lets_it_through(
    estate: RunningEstate, client: EstateClient, site: str
) -> None:
    wait = {"distribution": "uniform", "ms": 200, "max_ms": 300}
    await client.put_fault(site, "latency", site=site, latency=wait)
    began = time.monotonic()
    assert await statuses(estate, site, 1) == [200]
    assert time.monotonic() - began >= 0.2
    calls = await client.ledger("calls", site=site)
    assert [(c["status"], c["fault"]) for c in calls] == [(200, f"latency:{site}")]


async def test_a_fault_that_makes_no_sense_is_422(estate: RunningEstate) -> None:
    async with aiohttp.ClientSession(estate.url) as session:
        for spec in (
            {"effect": "error"},
            {"effect": "error", "statuses": {"418": 1}},
            {"effect": "error", "statuses": {"500": 0.7, "503": 0.7}},
            {"effect": "hang", "latency": {"ms": 1}},
            {"effect": "burn"},
        ):
            async with session.put("/faults", json=[{"name": "bad", **spec}]) as answer:
                assert answer.status == 422, spec


async def test_what_was_retired_comes_back_with_a_new_lifetime(
    estate: RunningEstate, client: EstateClient, systems: EstateSystems, site: str
) -> None:
    for system in System:
        resources = resources_of(system, site)
        await give(client, site, "acme", resources)
        await client.put_fault(site, "resurrect", site=site, operation="retire", after_s=1)

        await systems[system].retire(order(site, "acme", resources))

        seen = await systems[system].observe(site, resources)
        assert {each.presence for each in seen.values()} == {Presence.ABSENT}, system
        await until_all(systems, system, site, Presence.PRESENT)
        await client.clear_faults(site)
        await systems[system].retire(order(site, "acme", resources))
        await until_all(systems, system, site, Presence.ABSENT)
    assert (await client.summary(site))["doubled_effects"] == []


async def until_all(systems: EstateSystems, system: System, site: str, wanted: Presence) -> None:
    resources = resources_of(system, site)
    deadline = time.monotonic() + 20
    while {o.presence for o in (await systems[system].observe(site, resources)).values()} != {
        wanted
    }:
        assert time.monotonic() < deadline, f"{system} at {site} is not all {wanted}"
        await asyncio.sleep(0.1)


async def test_a_system_that_ignores_keys_does_a_repeated_order_twice(
    client: EstateClient, systems: EstateSystems, site: str
) -> None:
    charges = resources_of(System.BILLING, site)
    await give(client, site, "acme", charges)
    request = order(site, "acme", charges)
    await client.put_fault(site, "no_idem", site=site)

    await systems[System.BILLING].retire(request)
    await systems[System.BILLING].retire(request)

    doubled = (await client.summary(site))["doubled_effects"]
    assert [(each["handle"], each["times"]) for each in doubled] == [(charges[0].handle, 2)]  # type: ignore[attr-defined]  # a list of rows
    await client.clear_faults(site)


async def test_keys_are_ignored_whatever_else_goes_wrong(
    client: EstateClient, systems: EstateSystems, site: str
) -> None:
    charges = resources_of(System.BILLING, site)
    await give(client, site, "acme", charges)
    await client.put_fault(f"{site}-keys", "no_idem", site=site)
    await client.put_fault(f"{site}-lost", "lost_answer", site=site, operation="retire", limit=1)
    request = order(site, "acme", charges)

    with pytest.raises(OutsideError):
        await systems[System.BILLING].retire(request)
    await systems[System.BILLING].retire(request)

    effects = await client.ledger("effects", site=site, effect="charge_stopped")
    assert len(effects) == 2
    await client.clear_faults(f"{site}-keys")
    await client.clear_faults(f"{site}-lost")
