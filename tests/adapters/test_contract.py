"""What every adapter has to do, whatever the system: against the real estate."""

import pytest

from activities.adapters.estate import EstateSystems
from estate.client import EstateClient
from models.domain.outside import Presence, ResourceKind, System
from tests.adapters.samples import give, order, resources_of

pytestmark = pytest.mark.parametrize("system", list(System))


async def presences(systems: EstateSystems, system: System, site: str) -> set[Presence]:
    seen = await systems[system].observe(site, resources_of(system, site))
    return {observation.presence for observation in seen.values()}


async def retirements(client: EstateClient, site: str) -> list[dict[str, object]]:
    effects = await client.ledger("effects", site=site)
    return [e for e in effects if e["direct"] and e["effect"] != "provisioned"]


async def test_what_is_retired_is_observed_absent(
    system: System, site: str, systems: EstateSystems, client: EstateClient
) -> None:
    resources = resources_of(system, site)
    await give(client, site, "acme", resources)
    seen = await systems[system].observe(site, resources)
    assert {(o.presence, o.owner) for o in seen.values()} == {(Presence.PRESENT, "acme")}

    await systems[system].retire(order(site, "acme", resources))

    assert await presences(systems, system, site) == {Presence.ABSENT}


async def test_what_was_never_there_is_absent_and_retiring_it_does_nothing(
    system: System, site: str, systems: EstateSystems, client: EstateClient
) -> None:
    assert await presences(systems, system, site) == {Presence.ABSENT}
    await systems[system].retire(order(site, "acme", resources_of(system, site)))
    assert await retirements(client, site) == []


async def test_a_repeated_retire_has_one_effect_per_resource(
    system: System, site: str, systems: EstateSystems, client: EstateClient
) -> None:
    resources = resources_of(system, site)
    await give(client, site, "acme", resources)
    request = order(site, "acme", resources)
    for _ in range(3):
        await systems[system].retire(request)
    await systems[system].retire(order(site, "acme", resources))  # and with other keys

    done = await retirements(client, site)

    expected = {(r.kind, r.handle) for r in resources}
    if system is System.TELEPHONY:  # the login went as its own order before its number could end it
        assert ResourceKind.HANDSET_LOGIN in {kind for kind, _ in expected}
    assert {(e["kind"], e["handle"]) for e in done} == expected
    assert len(done) == len(expected)
    assert {e["key"] for e in done} == {o.key for o in request.orders}
    assert (await client.summary(site))["doubled_effects"] == []


async def test_another_owners_resources_are_left_alone(
    system: System, site: str, systems: EstateSystems, client: EstateClient
) -> None:
    resources = resources_of(system, site)
    await give(client, site, "neighbour", resources)

    await systems[system].retire(order(site, "acme", resources))

    seen = await systems[system].observe(site, resources)
    assert {(o.presence, o.owner) for o in seen.values()} == {(Presence.PRESENT, "neighbour")}
    assert await retirements(client, site) == []


async def test_a_lost_answer_and_a_repeat_have_one_effect(
    system: System, site: str, systems: EstateSystems, client: EstateClient
) -> None:
    resources = resources_of(system, site)
    await give(client, site, "acme", resources)
    request = order(site, "acme", resources)
    lost = {"site": site, "system": system, "operation": "retire", "limit": 1}
    await client.put_fault(f"lost-{site}", "lost_answer", **lost)
    with pytest.raises(Exception, match="the connection failed"):
        await systems[system].retire(request)

    await systems[system].retire(request)

    assert await presences(systems, system, site) == {Presence.ABSENT}
    assert len(await retirements(client, site)) == len(resources)
    unanswered = [c for c in await client.ledger("calls", site=site) if c["status"] is None]
    assert [c["fault"] for c in unanswered] == [f"lost_answer:lost-{site}"]


async def test_a_lie_is_seen_by_the_next_read(
    system: System, site: str, systems: EstateSystems, client: EstateClient
) -> None:
    resources = resources_of(system, site)
    await give(client, site, "acme", resources)
    await client.put_fault(f"lie-{site}", "lie", site=site)

    await systems[system].retire(order(site, "acme", resources))

    assert await presences(systems, system, site) == {Presence.PRESENT}
    assert await retirements(client, site) == []
