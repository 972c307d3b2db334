"""The outside systems hold what the portfolio says, under the handles that a plan uses."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from rich.console import Console
from sqlalchemy import text

from api.terminal.provisioning import provision
from models.domain.outside import ResourceKind
from models.portfolio.blanks import without_blanks
from models.portfolio.illustration import EMAIL, illustration
from models.portfolio.provision import Holding, provision_rows
from models.portfolio.sample.build import sample
from models.portfolio.sample.size import SampleSize
from tests.estate.running import RunningEstate
from tests.portfolio.databases import count, loaded, opened

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def held() -> dict[ResourceKind, dict[str, Holding]]:
    return {
        batch.kind: {each.handle: each for each in batch.holdings}
        for batch in provision_rows(without_blanks(illustration()))
    }


def test_every_kind_of_resource_is_provisioned() -> None:
    assert set(held()) == set(ResourceKind)


def test_a_handset_login_goes_by_its_number() -> None:
    login = held()[ResourceKind.HANDSET_LOGIN]["+99900100010002"]
    assert login.owner == "OCC-0001"
    assert login.attributes["number"] == "+99900100010002"
    assert login.attributes["remote_logout"] is True


def test_a_port_is_on_the_vlan_of_its_occupier_and_a_free_one_on_none() -> None:
    ports = held()[ResourceKind.SWITCH_PORT]
    assert ports["LON-01/SW-01/01"].attributes["vlan"] == "101"
    free = ports["LON-01/SW-01/02"]
    assert free.owner is None
    assert free.attributes["state"] == "unassigned"


def test_a_free_number_has_no_owner() -> None:
    assert held()[ResourceKind.PHONE_NUMBER]["+99900100010003"].owner is None


def test_network_and_wifi_handles_are_those_of_a_plan() -> None:
    found = held()
    assert list(found[ResourceKind.VLAN]) == ["101"]
    assert list(found[ResourceKind.SUBNET]) == ["172.16.101.0/24"]
    assert list(found[ResourceKind.DHCP_SCOPE]) == ["172.16.101.0/24"]
    assert list(found[ResourceKind.PUBLIC_IP]) == ["198.18.0.9"]
    assert list(found[ResourceKind.WIFI_DEVICE]) == ["02:00:01:00:00:01"]
    assert list(found[ResourceKind.WIFI_ACCOUNT]) == ["ada.norwood"]


def test_an_account_goes_by_its_scim_id_and_carries_its_user_name() -> None:
    (account,) = held()[ResourceKind.USER_ACCOUNT].values()
    assert account.handle != EMAIL
    assert account.attributes["userName"] == EMAIL


def test_only_services_that_are_billed_have_a_charge(database_url: str) -> None:
    portfolio = loaded(database_url, sample(SampleSize(sites=3, occupiers=12, months=1), NOW))
    charges = sum(
        len(batch.holdings)
        for batch in provision_rows(portfolio.portfolio)
        if batch.kind is ResourceKind.RECURRING_CHARGE
    )
    with opened(database_url) as connection:
        active = text("SELECT count(*) FROM services WHERE state = 'active'")
        assert connection.execute(active).scalar_one() == charges


@pytest.fixture
async def estate(database_url: str) -> AsyncIterator[RunningEstate]:
    estate = RunningEstate(database_url)
    await estate.start()
    yield estate
    estate.stop()


def test_the_estate_takes_everything_and_repeating_it_changes_nothing(
    database_url: str, estate: RunningEstate
) -> None:
    portfolio = loaded(database_url, sample(SampleSize(sites=3, occupiers=9, months=1), NOW))
    given = provision(estate.url, portfolio.portfolio, Console(quiet=True))
    assert count(database_url, "estate.holdings") == sum(given.values())
    effects = count(database_url, "estate.effects")
    provision(estate.url, portfolio.portfolio, Console(quiet=True))
    assert count(database_url, "estate.effects") == effects


def test_the_estate_and_the_database_agree_on_who_holds_what(
    database_url: str, estate: RunningEstate
) -> None:
    portfolio = loaded(database_url, sample(SampleSize(sites=3, occupiers=9, months=1), NOW))
    provision(estate.url, portfolio.portfolio, Console(quiet=True))
    pairs = {
        "switch_port": ("switch_ports", "handle"),
        "phone_number": ("phone_numbers", "e164"),
        "wifi_device": ("wifi_devices", "mac"),
        "vlan": ("networks", "vlan_id::text"),
        "public_ip": ("public_ips", "host(address)"),
    }
    with opened(database_url) as connection:
        for kind, (table, handle) in pairs.items():
            ours = f"""SELECT s.reference, t.{handle}, o.reference FROM {table} t
                JOIN sites s ON s.id = t.site_id LEFT JOIN occupiers o ON o.id = t.occupier_id"""
            if "(" in handle:
                ours = ours.replace("t.host(address)", "host(t.address)")
            theirs = "SELECT site, handle, owner FROM estate.holdings WHERE kind = :kind"
            left = {tuple(row) for row in connection.execute(text(ours))}
            right = {tuple(row) for row in connection.execute(text(theirs), {"kind": kind})}
            assert left == right, kind
