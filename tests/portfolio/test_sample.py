"""The sample keeps its promises: what is asked for, the cast, the same for the same seed."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.domain.portfolio import (
    ChangeKind,
    ContractState,
    DeviceClass,
    NumberState,
    ServiceState,
    UpdateState,
)
from models.portfolio.format import Portfolio, to_json
from models.portfolio.rules.every import findings
from models.portfolio.sample import cast
from models.portfolio.sample.build import sample
from models.portfolio.sample.size import SampleSize
from models.portfolio.tenancy import Service
from models.portfolio.tenant import Occupier

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # Sydney is a day ahead


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return sample(SampleSize(), NOW)


def player(portfolio: Portfolio, name: str) -> Occupier:
    (found,) = [occupier for occupier in portfolio.occupiers if occupier.name == name]
    return found


def services(occupier: Occupier) -> Iterator[Service]:
    for contract in occupier.contracts:
        yield from contract.services


def is_blocked(portfolio: Portfolio, occupier: Occupier) -> bool:
    """Whether PRE-1, PRE-2 or PRE-3 would refuse the occupier."""
    zones = {site.reference: site.time_zone for site in portfolio.sites}
    classes = {kind.code: kind.device_class for kind in portfolio.handset_types}
    handsets = {
        (s.reference, h.label): classes[h.type] for s in portfolio.sites for h in s.handsets
    }
    starts_today = any(
        contract.start_date == NOW.astimezone(ZoneInfo(zones[contract.site])).date()
        for contract in occupier.contracts
    )
    is_logged_in = any(
        handsets[number.site, number.login.handset] is DeviceClass.NON_DIGITAL
        for number in occupier.numbers
        if number.login is not None
    )
    is_busy = any(service.update_state is not UpdateState.NONE for service in services(occupier))
    return starts_today or is_logged_in or is_busy


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 17, 999])
def test_no_sample_breaks_a_rule_of_the_format(seed: int) -> None:
    assert list(findings(sample(SampleSize(seed=seed, months=1), NOW), frozenset())) == []


def test_the_same_seed_and_moment_give_the_same_sample(portfolio: Portfolio) -> None:
    assert to_json(sample(SampleSize(), NOW)) == to_json(portfolio)


def test_another_seed_gives_another_sample(portfolio: Portfolio) -> None:
    assert to_json(sample(SampleSize(seed=2), NOW)) != to_json(portfolio)


def test_the_default_has_two_operators_twelve_usual_sites_and_sixty_occupiers(
    portfolio: Portfolio,
) -> None:
    assert len(portfolio.operators) == 2
    assert len(portfolio.occupiers) == 60
    large = player(portfolio, cast.LARGE_OCCUPIER)
    of_others = {
        contract.site
        for occupier in portfolio.occupiers
        if occupier is not large
        for contract in occupier.contracts
    }
    assert len(of_others) == 12
    assert len({site.time_zone for site in portfolio.sites}) >= 5


def test_the_large_occupier_is_as_large_as_promised(portfolio: Portfolio) -> None:
    large = player(portfolio, cast.LARGE_OCCUPIER)
    assert len({contract.site for contract in large.contracts}) == 20
    assert len(large.users) == 1_000
    assert len(large.numbers) == 500
    assert len(large.ports) == 1_000
    assert len(large.wifi_devices) == 200


def test_the_demo_occupier_has_three_sites_and_nothing_in_its_way(portfolio: Portfolio) -> None:
    demo = player(portfolio, cast.DEMO_OCCUPIER)
    assert len({contract.site for contract in demo.contracts}) == 3
    assert demo.users
    assert demo.numbers
    assert demo.ports
    assert demo.wifi_devices
    assert not is_blocked(portfolio, demo)


def test_one_contract_starts_today_in_the_zone_of_its_site(portfolio: Portfolio) -> None:
    (contract,) = player(portfolio, cast.STARTS_TODAY).contracts
    assert contract.start_date.isoformat() == "2026-11-22"
    assert contract.state is ContractState.ACTIVE


def test_one_number_is_logged_in_to_a_handset_that_is_not_digital(portfolio: Portfolio) -> None:
    occupier = player(portfolio, cast.HANDSET_IN_USE)
    assert is_blocked(portfolio, occupier)
    assert all(service.update_state is UpdateState.NONE for service in services(occupier))


@pytest.mark.parametrize(
    ("name", "state"),
    [(cast.UPDATING, UpdateState.UPDATING), (cast.UPDATE_FAILED, UpdateState.FAILED)],
)
def test_one_service_is_in_the_way(portfolio: Portfolio, name: str, state: UpdateState) -> None:
    states = Counter(service.update_state for service in services(player(portfolio, name)))
    assert states[state] == 1


def test_one_occupier_is_live_in_new_york_and_completed_in_london(portfolio: Portfolio) -> None:
    zones = {site.reference: site.time_zone for site in portfolio.sites}
    contracts = player(portfolio, cast.TWO_CITIES).contracts
    assert {(zones[each.site], each.state) for each in contracts} == {
        ("America/New_York", ContractState.ACTIVE),
        ("Europe/London", ContractState.COMPLETED),
    }


def test_nobody_but_the_cast_is_blocked(portfolio: Portfolio) -> None:
    blocked = {each.name for each in portfolio.occupiers if is_blocked(portfolio, each)}
    assert blocked == {
        *(cast.STARTS_TODAY, cast.HANDSET_IN_USE, cast.UPDATING, cast.UPDATE_FAILED),
    }


def test_one_neighbour_has_nearly_the_same_name(portfolio: Portfolio) -> None:
    assert player(portfolio, cast.NEIGHBOUR).operator == (
        player(portfolio, cast.DEMO_OCCUPIER).operator
    )


def test_there_is_something_of_everything(portfolio: Portfolio) -> None:
    contracts = Counter(c.state for o in portfolio.occupiers for c in o.contracts)
    assert contracts[ContractState.UPCOMING]
    assert contracts[ContractState.COMPLETED]
    found = [service for occupier in portfolio.occupiers for service in services(occupier)]
    assert any(service.state is ServiceState.SCHEDULED for service in found)
    assert {change.kind for service in found for change in service.changes} >= {
        ChangeKind.START,
        ChangeKind.QUANTITY,
    }
    assert any(number.is_main for occupier in portfolio.occupiers for number in occupier.numbers)
    pool = [number for site in portfolio.sites for number in site.numbers]
    assert any(number.operator_owned for number in pool)
    assert any(number.state is NumberState.COOLING_OFF for number in pool)
    assert any(occupier.public_ips for occupier in portfolio.occupiers)
    assert any(not occupier.name.isascii() for occupier in portfolio.occupiers)
    months = {charge.month for o in portfolio.occupiers for charge in o.call_charges}
    assert len(months) == 12
    assert max(months) == "2026-10"
    assert portfolio.billing_reports


def test_ports_are_at_sites_where_their_occupier_has_a_network(portfolio: Portfolio) -> None:
    sites = {
        port.handle: site.reference
        for site in portfolio.sites
        for switch in site.switches
        for port in switch.ports
    }
    for occupier in portfolio.occupiers:
        networks = {network.site for network in occupier.networks}
        assert {sites[handle] for handle in occupier.ports} <= networks


def test_most_occupiers_are_at_one_site_and_few_at_many() -> None:
    large = sample(SampleSize(sites=80, occupiers=2_000, months=0, users_per_site=1), NOW)
    counts = sorted(len({c.site for c in o.contracts}) for o in large.occupiers)
    assert 0.75 < sum(count == 1 for count in counts) / len(counts) < 0.85
    assert 0.13 < sum(2 <= count <= 5 for count in counts) / len(counts) < 0.23
    assert 0.005 < sum(count > 5 for count in counts) / len(counts) < 0.04
    assert counts[-1] <= 20


def test_users_follow_the_promised_median(portfolio: Portfolio) -> None:
    usual = sorted(len(o.users) for o in portfolio.occupiers if o.name not in cast.CAST)
    assert 6 <= usual[len(usual) // 2] <= 24


def test_forced_figures_are_kept_exactly() -> None:
    forced = sample(
        SampleSize(
            operators=1,
            sites=5,
            occupiers=2,
            sites_per_occupier=30,
            users_per_site=4,
            numbers_per_site=2,
            ports_per_site=3,
            devices_per_site=0,
            months=0,
        ),
        NOW,
    )
    assert len(forced.sites) == 30
    for occupier in forced.occupiers:
        assert len(occupier.users) == 120
        assert len(occupier.numbers) == 60
        assert not occupier.wifi_devices


def test_nothing_that_has_ended_or_is_due_lies_on_the_wrong_side_of_now(
    portfolio: Portfolio,
) -> None:
    latest = (NOW + timedelta(days=1)).date()
    for occupier in portfolio.occupiers:
        for contract in occupier.contracts:
            if contract.state is ContractState.COMPLETED:
                assert contract.end_date is not None
                assert contract.end_date <= latest
            if contract.state is ContractState.UPCOMING:
                assert contract.start_date > latest
