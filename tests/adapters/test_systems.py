"""What is particular to one system, through its adapter."""

from datetime import UTC, datetime, timedelta

import pytest

from activities.adapters.estate import EstateSystems
from activities.ports import Resource
from estate.client import EstateClient, Row
from models.domain.outside import FailureKind, OutsideError, Presence, ResourceKind, System
from tests.adapters.samples import give, order, resources_of

NUMBER = Resource(ResourceKind.PHONE_NUMBER, "+442079460001")
LOGIN = Resource(ResourceKind.HANDSET_LOGIN, "handset-1")
CHARGE = Resource(ResourceKind.RECURRING_CHARGE, "charge-1")


async def test_calls_ring_before_a_number_is_retired_and_are_refused_after(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    await give(client, site, "acme", [NUMBER])
    calls = f"/telephony/sites/{site}/calls"
    to = {"from": "+15550100", "to": NUMBER.handle}
    assert await client.attempt(calls, **to) == (False, "not_logged_in")
    await give(client, site, "acme", [LOGIN])
    assert await client.attempt(calls, **to) == (True, "ringing")

    await systems[System.TELEPHONY].retire(order(site, "acme", [NUMBER]))

    assert await client.attempt(calls, **to) == (False, "called_out_of_service")
    back = {"from": NUMBER.handle, "to": "+15550100"}
    assert await client.attempt(calls, **back) == (False, "caller_out_of_service")
    effects = {str(e["effect"]) for e in await client.ledger("effects", site=site)}
    assert effects >= {"number_taken_out_of_service", "call_ended", "handset_logged_out"}
    seen = await systems[System.TELEPHONY].observe(site, [LOGIN])
    assert seen[LOGIN].presence is Presence.ABSENT
    logins = f"/telephony/sites/{site}/logins"
    again = await client.attempt(logins, handset="handset-1", number=NUMBER.handle)
    assert again == (False, "number_out_of_service")


async def test_a_reserved_number_is_disabled_until_it_is_given_back(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    reserved = Row("phone_number", NUMBER.handle, "acme", {"state": "out_of_service"})
    await client.provision("telephony", site, [reserved])
    telephony = systems[System.TELEPHONY]
    assert (await telephony.observe(site, [NUMBER]))[NUMBER].presence is Presence.DISABLED
    await telephony.retire(order(site, "acme", [NUMBER]))
    assert (await telephony.observe(site, [NUMBER]))[NUMBER].presence is Presence.ABSENT


async def test_a_handset_that_only_logs_out_by_hand_needs_a_human(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    attributes = {"number": NUMBER.handle, "remote_logout": False}
    await client.provision(
        "telephony", site, [Row("handset_login", LOGIN.handle, "acme", attributes)]
    )
    await give(client, site, "acme", [NUMBER])
    refused = await systems[System.TELEPHONY].retire(order(site, "acme", [LOGIN]))
    assert refused == {LOGIN: FailureKind.NEEDS_HUMAN}
    seen = await systems[System.TELEPHONY].observe(site, [LOGIN])
    assert seen[LOGIN].presence is Presence.PRESENT


@pytest.mark.parametrize("field", ["account", "device"])
async def test_wifi_is_joined_before_retiring_and_refused_after(
    field: str, site: str, systems: EstateSystems, client: EstateClient
) -> None:
    resource = Resource(ResourceKind(f"wifi_{field}"), "02:00:00:00:00:01")
    await give(client, site, "acme", [resource])
    sessions = f"/wifi/sites/{site}/sessions"
    assert await client.attempt(sessions, **{field: resource.handle}) == (True, "joined")

    await systems[System.WIFI].retire(order(site, "acme", [resource]))

    assert await client.attempt(sessions, **{field: resource.handle}) == (False, "access_denied")
    effects = [str(e["effect"]) for e in await client.ledger("effects", site=site)]
    assert effects.count("session_ended") == 1


async def test_a_port_carries_nothing_once_deallocated(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    ports = resources_of(System.SWITCHING, site)
    await give(client, site, "acme", ports)
    frames = f"/switching/sites/{site}/frames"
    assert await client.attempt(frames, port=ports[0].handle) == (True, "carried")
    await systems[System.SWITCHING].retire(order(site, "acme", ports))
    assert await client.attempt(frames, port=ports[0].handle) == (False, "no_vlan_on_port")


async def test_a_vlan_is_refused_while_a_port_is_on_it(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    network = resources_of(System.NETWORK, site)
    await give(client, site, "acme", network)
    ports = resources_of(System.SWITCHING, site)
    await give(client, site, "acme", ports)
    leases = f"/network/sites/{site}/leases"
    assert await client.attempt(leases, vlan="120", mac="02:00:00:00:00:02") == (True, "leased")
    request = order(site, "acme", network)
    with pytest.raises(OutsideError) as caught:
        await systems[System.NETWORK].retire(request)
    assert caught.value.kind is FailureKind.CONFLICT

    await systems[System.SWITCHING].retire(order(site, "acme", ports))
    await systems[System.NETWORK].retire(request)

    assert await client.attempt(leases, vlan="120", mac="02:00:00:00:00:02") == (
        False,
        "no_scope_on_vlan",
    )
    done = [str(e["effect"]) for e in await client.ledger("effects", site=site, system="network")]
    assert [e for e in done if e not in {"provisioned", "lease_ended"}] == [
        "public_ip_released",
        "dhcp_scope_removed",
        "subnet_returned",
        "vlan_removed",
    ]


async def test_a_charge_is_billed_up_to_its_stop_and_keeps_its_history(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    await give(client, site, "acme", [CHARGE])
    await systems[System.BILLING].retire(order(site, "acme", [CHARGE]))
    bills = f"/billing/sites/{site}/bills"
    before = await client.attempt(bills, charge=CHARGE.handle, on="2026-10-31T00:00:00+00:00")
    after = await client.attempt(bills, charge=CHARGE.handle, on="2026-11-01T00:00:00+00:00")
    assert (before, after) == ((True, "billed"), (False, "charge_stopped"))


async def test_a_charge_that_is_still_to_stop_is_present_until_then(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    stop = (datetime.now(UTC) + timedelta(days=30)).replace(microsecond=0)
    row = Row("recurring_charge", CHARGE.handle, "acme", {"stops_at": stop.isoformat()})
    await client.provision("billing", site, [row])
    billing = systems[System.BILLING]
    seen = (await billing.observe(site, [CHARGE]))[CHARGE]
    assert (seen.presence, seen.owner, seen.until) == (Presence.PRESENT, "acme", stop)
    await billing.retire(order(site, "acme", [CHARGE]))  # earlier than planned
    assert (await billing.observe(site, [CHARGE]))[CHARGE].presence is Presence.ABSENT


async def test_a_user_switched_off_is_only_disabled(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    user = Resource(ResourceKind.USER_ACCOUNT, f"user-{site}")
    row = Row(user.kind, user.handle, "acme", {"userName": user.handle, "state": "inactive"})
    await client.provision("accounts", site, [row])
    seen = (await systems[System.ACCOUNTS].observe(site, [user]))[user]
    assert (seen.presence, seen.owner) == (Presence.DISABLED, "acme")
    signed_in = await client.attempt(f"/accounts/sites/{site}/sign-ins", user=user.handle)
    assert signed_in == (False, "no_active_user")


async def test_more_than_one_batch_is_read_and_retired(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    for kind in (ResourceKind.WIFI_DEVICE, ResourceKind.USER_ACCOUNT):
        many = [Resource(kind, f"{site}-{n}") for n in range(1_100)]
        await give(client, site, "acme", many)
        await systems[kind.system].retire(order(site, "acme", many))
        seen = await systems[kind.system].observe(site, many)
        assert {o.presence for o in seen.values()} == {Presence.ABSENT}
        assert len(seen) == 1_100
