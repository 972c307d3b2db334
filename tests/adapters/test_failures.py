"""How the outside systems can fail an adapter, and what it makes of that."""

import socket
import time

import pytest

from activities.adapters.estate import EstateSystems, build_systems
from activities.ports import Resource
from estate.client import EstateClient
from models.domain.outside import FailureKind, OutsideError, Presence, ResourceKind, System
from models.settings import Settings
from tests.adapters.samples import give, order, resources_of

K = FailureKind
DEVICES = [Resource(ResourceKind.WIFI_DEVICE, f"02:00:00:00:00:{n:02x}") for n in range(6)]


@pytest.mark.parametrize("system", [System.WIFI, System.ACCOUNTS])
@pytest.mark.parametrize(
    ("effect", "spec", "kind"),
    [
        *(
            ("error", {"statuses": {str(status): 1}}, kind)
            for status, kind in {
                401: K.NOT_AUTHORISED,
                403: K.NOT_AUTHORISED,
                404: K.NOT_FOUND,
                409: K.CONFLICT,
                422: K.REJECTED,
                500: K.TRANSIENT,
                502: K.TRANSIENT,
                503: K.TRANSIENT,
                504: K.TRANSIENT,
            }.items()
        ),
        ("throttle", {}, K.THROTTLED),
        ("outage", {}, K.TRANSIENT),
        ("outage", {"outage": "refused"}, K.TRANSIENT),
        ("garbage", {}, K.TRANSIENT),
        ("half_batch", {}, K.TRANSIENT),
    ],
)
async def test_a_failure_has_its_kind_and_names_nothing_private(
    system: System,
    effect: str,
    spec: dict[str, object],
    kind: FailureKind,
    site: str,
    systems: EstateSystems,
    client: EstateClient,
) -> None:
    resources = resources_of(system, site)
    await give(client, site, "acme-occupier", resources)
    await client.put_fault(site, effect, site=site, operation="retire", **spec)

    with pytest.raises(OutsideError) as caught:
        await systems[system].retire(order(site, "acme-occupier", resources))

    assert caught.value.kind is kind
    assert caught.value.system is system
    message = str(caught.value)
    assert site in message
    assert not any(r.handle in message for r in resources)
    assert "acme" not in message


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_retry_after_is_understood_in_both_forms(
    form: str, site: str, systems: EstateSystems, client: EstateClient
) -> None:
    spec = {"retry_after_s": 30, "retry_after_form": form}
    await client.put_fault(site, "throttle", site=site, **spec)
    with pytest.raises(OutsideError) as caught:
        await systems[System.WIFI].observe(site, DEVICES)
    assert caught.value.retry_after_s is not None
    assert 28 <= caught.value.retry_after_s <= 30


async def test_a_hang_ends_with_the_timeout_and_does_nothing(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    await give(client, site, "acme", DEVICES)
    await client.put_fault(site, "hang", site=site, operation="retire")
    began = time.monotonic()
    with pytest.raises(OutsideError, match="no answer in time") as caught:
        await systems[System.WIFI].retire(order(site, "acme", DEVICES))
    assert caught.value.kind is K.TRANSIENT
    assert 1.5 < time.monotonic() - began < 5
    seen = await systems[System.WIFI].observe(site, DEVICES)
    assert {o.presence for o in seen.values()} == {Presence.PRESENT}


async def test_after_half_a_batch_the_next_read_shows_which_half(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    await give(client, site, "acme", DEVICES)
    await client.put_fault(site, "half_batch", site=site, limit=1, operation="retire")
    with pytest.raises(OutsideError):
        await systems[System.WIFI].retire(order(site, "acme", DEVICES))
    seen = await systems[System.WIFI].observe(site, DEVICES)
    assert [seen[d].presence for d in DEVICES] == [Presence.ABSENT] * 3 + [Presence.PRESENT] * 3


async def test_a_system_that_is_not_there_is_transient(site: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, not listening: refused
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        systems = build_systems(Settings(estate_url=url, outside_timeout_s=2))
        with pytest.raises(OutsideError) as caught:
            await systems[System.BILLING].observe(site, resources_of(System.BILLING, site))
        await systems.aclose()
    assert caught.value.kind is K.TRANSIENT


async def test_a_key_that_stands_for_another_resource_is_a_bug(
    site: str, systems: EstateSystems, client: EstateClient
) -> None:
    await give(client, site, "acme", DEVICES)
    await systems[System.WIFI].retire(order(site, "acme", DEVICES[:1], keys=[site]))
    with pytest.raises(OutsideError) as caught:
        await systems[System.WIFI].retire(order(site, "acme", DEVICES[1:2], keys=[site]))
    assert caught.value.kind is K.BUG
