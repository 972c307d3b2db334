"""Single resources that a system refuses, through every adapter: the rest of the batch is done."""

import pytest

from activities.adapters.estate import EstateSystems
from activities.ports import Resource
from estate.client import EstateClient
from models.domain.outside import FailureKind, Presence, ResourceKind, System
from tests.adapters.samples import give, order

ONE_KIND = {
    System.TELEPHONY: ResourceKind.PHONE_NUMBER,
    System.SWITCHING: ResourceKind.SWITCH_PORT,
    System.WIFI: ResourceKind.WIFI_DEVICE,
    System.ACCOUNTS: ResourceKind.USER_ACCOUNT,
    System.NETWORK: ResourceKind.PUBLIC_IP,
    System.BILLING: ResourceKind.RECURRING_CHARGE,
}


def many(system: System, site: str, number: int = 40) -> list[Resource]:
    return [Resource(ONE_KIND[system], f"{site}-{n}") for n in range(number)]


@pytest.mark.parametrize("system", list(System))
async def test_refused_resources_are_named_and_the_others_are_gone(
    system: System, site: str, systems: EstateSystems, client: EstateClient
) -> None:
    resources = many(system, site)
    await give(client, site, "acme", resources)
    reasons = {"not_allowed": 0.3, "in_use": 0.2}
    await client.put_fault(site, "refuse_some", site=site, operation="retire", reasons=reasons)

    refused = await systems[system].retire(order(site, "acme", resources))

    assert set(refused.values()) == {FailureKind.REJECTED, FailureKind.CONFLICT}
    seen = await systems[system].observe(site, resources)
    present = {each for each, found in seen.items() if found.presence is Presence.PRESENT}
    assert present == set(refused)
    again = await systems[system].retire(order(site, "acme", sorted(refused, key=str)))
    assert again == refused, "the same ones are refused for the same reasons"
    await client.clear_faults(site)
    assert await systems[system].retire(order(site, "acme", resources)) == {}
    effects = await client.ledger("effects", site=site)
    touched = [e["handle"] for e in effects if e["direct"] and e["effect"] != "provisioned"]
    assert len(touched) == len(set(touched)) == len(resources)


@pytest.mark.parametrize("system", list(System))
async def test_a_batch_can_be_refused_as_a_whole(
    system: System, site: str, systems: EstateSystems, client: EstateClient
) -> None:
    resources = many(system, site, 3)
    await give(client, site, "acme", resources)
    await client.put_fault(site, "refuse_some", site=site, reasons={"not_allowed": 1})
    refused = await systems[system].retire(order(site, "acme", resources))
    assert refused == dict.fromkeys(resources, FailureKind.REJECTED)


async def test_what_a_person_must_do_is_told_of_its_resource_only(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    resources = many(System.WIFI, site)
    await give(client, site, "acme", resources)
    await client.put_fault(site, "refuse_some", site=site, reasons={"by_hand": 0.5})
    refused = await systems[System.WIFI].retire(order(site, "acme", resources))
    assert set(refused.values()) == {FailureKind.NEEDS_HUMAN}
    assert 0 < len(refused) < len(resources)


async def test_the_network_under_a_refused_resource_is_not_asked_for(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    address = Resource(ResourceKind.PUBLIC_IP, "192.0.2.7")
    vlan = Resource(ResourceKind.VLAN, "120")
    await give(client, site, "acme", [address, vlan])
    await client.put_fault(site, "refuse_some", site=site, limit=1, reasons={"not_allowed": 1})
    refused = await systems[System.NETWORK].retire(order(site, "acme", [vlan, address]))
    assert refused == {address: FailureKind.REJECTED, vlan: FailureKind.CONFLICT}
    calls = await client.ledger("calls", site=site, operation="retire")
    assert len(calls) == 1
