"""Everything that is wrong with a document is listed, each with its place and nothing personal."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from models.portfolio.illustration import EMAIL
from models.portfolio.problem import place_of
from models.portfolio.read import read
from models.portfolio.schema import example_text
from tests.portfolio.databases import Document

OCCUPIER = "occupiers[0]"


def broken(*changes: Callable[[Document], object]) -> dict[str, str]:
    """Problems of the example after some changes, by place."""
    document = json.loads(example_text())
    for change in changes:
        change(document)
    return {problem.place: problem.message for problem in read(json.dumps(document)).problems}


def at(document: Any, steps: list[str]) -> Any:  # noqa: ANN401 - any part of a JSON document
    """The part of a document at some steps."""
    for step in steps:
        document = document[int(step)] if step.isdigit() else document[step]
    return document


def setting(path: str, value: object) -> Callable[[Document], object]:
    """A change of one field, given by its place."""
    *steps, last = path.split(".")

    def change(document: Document) -> None:
        at(document, steps)[int(last) if last.isdigit() else last] = value

    return change


def doubled(path: str) -> Callable[[Document], object]:
    """A change that puts the first entry of a list there twice."""

    def change(document: Document) -> None:
        entries = at(document, path.split("."))
        entries.append(entries[0])

    return change


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("products.1.requires", ["NO-SUCH"], "products[1].requires[0]"),
        ("products.0.devices", {"sofa": 1}, "products[0].devices.sofa"),
        ("sites.0.operator", "Nobody", "sites[0].operator"),
        ("sites.0.time_zone", "Europe/Londinium", "sites[0].time_zone"),
        ("sites.0.time_zone", "../../etc/passwd", "sites[0].time_zone"),
        ("sites.0.floors.0.spaces.1.within", "Moon", "sites[0].floors[0].spaces[1].within"),
        ("sites.0.floors.0.spaces.1.within", "1.01", "sites[0].floors[0].spaces[1].within"),
        ("sites.0.public_ips.0.address", "198.18.1.9", "sites[0].public_ips[0].address"),
        ("sites.0.public_ips.0.subnet", "198.18.0.9/29", "sites[0].public_ips[0]"),
        ("sites.0.public_ips.0.status", "free", "sites[0].public_ips[0].status"),
        ("sites.0.numbers.0.state", "cooling_off", "sites[0].numbers[0].cooling_off_until"),
        ("sites.0.pricebook.0.product", "NO-SUCH", "sites[0].pricebook[0].product"),
        ("occupiers.0.operator", "Nobody", f"{OCCUPIER}.operator"),
        ("occupiers.0.contracts.0.site", "PAR-01", f"{OCCUPIER}.contracts[0].site"),
        ("occupiers.0.contracts.0.end_date", "2020-01-01", f"{OCCUPIER}.contracts[0].end_date"),
        ("occupiers.0.contracts.0.state", "completed", f"{OCCUPIER}.contracts[0].state"),
        (
            "occupiers.0.contracts.0.occupancies.0.move_in",
            "2020-01-01",
            f"{OCCUPIER}.contracts[0].occupancies[0].move_in",
        ),
        (
            "occupiers.0.contracts.0.occupancies.0.space",
            "9.99",
            f"{OCCUPIER}.contracts[0].occupancies[0].space",
        ),
        (
            "occupiers.0.contracts.0.services.1.quantity",
            2,
            f"{OCCUPIER}.contracts[0].services[1].product",
        ),
        (
            "occupiers.0.contracts.0.services.0.state",
            "inactive",
            f"{OCCUPIER}.contracts[0].services[1].product",
        ),
        (
            "occupiers.0.contracts.0.services.0.update_state",
            "failed",
            f"{OCCUPIER}.contracts[0].services[0].failed_action",
        ),
        (
            "occupiers.0.contracts.0.services.0.changes.0.kind",
            "removal",
            f"{OCCUPIER}.contracts[0].services[0].changes[0].quantity",
        ),
        ("occupiers.0.users.0.home_site", "PAR-01", f"{OCCUPIER}.users[0].home_site"),
        ("occupiers.0.users.0.email", "nobody", f"{OCCUPIER}.users[0].email"),
        ("occupiers.0.users.0.access.0.group", "Vault", f"{OCCUPIER}.users[0].access[0].group"),
        ("occupiers.0.numbers.1.user", "x@other.example", f"{OCCUPIER}.numbers[1].user"),
        ("occupiers.0.numbers.1.is_main", True, f"{OCCUPIER}.numbers[1].login"),
        ("occupiers.0.numbers.1.is_main", True, f"{OCCUPIER}.numbers[1].is_main"),
        ("occupiers.0.numbers.1.state", "available", f"{OCCUPIER}.numbers[1].state"),
        ("occupiers.0.numbers.1.e164", "020 7946", f"{OCCUPIER}.numbers[1].e164"),
        (
            "occupiers.0.numbers.1.login.handset",
            "HS-9",
            f"{OCCUPIER}.numbers[1].login.handset",
        ),
        ("occupiers.0.ports", ["no/such/port"], f"{OCCUPIER}.ports[0]"),
        ("occupiers.0.public_ips", ["203.0.113.1"], f"{OCCUPIER}.public_ips[0]"),
        ("occupiers.0.wifi_devices.0.mac", "0G:00:01:00:00:01", f"{OCCUPIER}.wifi_devices[0].mac"),
        ("occupiers.0.wifi_devices.0.mac", "01:00:5E:00:00:01", f"{OCCUPIER}.wifi_devices[0].mac"),
        ("occupiers.0.networks.0.vlan_id", 4095, f"{OCCUPIER}.networks[0].vlan_id"),
        (
            "occupiers.0.networks.0.private_subnet",
            "172.16.4.1/24",
            f"{OCCUPIER}.networks[0].private_subnet",
        ),
        ("billing_reports.0.occupier", "OCC-9", "billing_reports[0].occupier"),
        ("billing_reports.0.month", "2026-13", "billing_reports[0].month"),
        ("sites.0.reference", "a/b", "sites[0].reference"),
    ],
)
def test_a_broken_rule_is_told_with_its_place(path: str, value: object, place: str) -> None:
    assert place in broken(setting(path, value))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("operators", "operators[1].name"),
        ("products", "products[2].code"),
        ("sites", "sites[1].reference"),
        ("sites.0.switches", "sites[0].switches[1]"),
        ("sites.0.switches.0.ports", "sites[0].switches[0].ports[2].number"),
        ("sites.0.switches.0.ports", "sites[0].switches[0].ports[2].handle"),
        ("sites.0.numbers", "sites[0].numbers[1].e164"),
        ("sites.0.floors.0.spaces.1.outlets", "sites[0].floors[0].spaces[1].outlets[2].label"),
        (
            "sites.0.floors.0.spaces.1.outlets",
            "sites[0].floors[0].spaces[1].outlets[2].switch_port",
        ),
        ("occupiers", "occupiers[1].reference"),
        ("occupiers", "occupiers[1].name"),
        ("occupiers", "occupiers[1].users[0].email"),
        ("occupiers", "occupiers[1].users[0].wifi.username"),
        ("occupiers", "occupiers[1].ports[0]"),
        ("occupiers", "occupiers[1].public_ips[0]"),
        ("occupiers", "occupiers[1].wifi_devices[0].mac"),
        ("occupiers", "occupiers[1].networks[0].vlan_id"),
        ("occupiers", "occupiers[1].contracts[0].occupancies[0]"),
        ("occupiers", "occupiers[1].contracts[0].services[1].charge_handle"),
        ("occupiers.0.contracts", f"{OCCUPIER}.contracts[1]"),
        ("occupiers.0.numbers", f"{OCCUPIER}.numbers[2].e164"),
        ("occupiers.0.call_charges", f"{OCCUPIER}.call_charges[1]"),
        ("billing_reports", "billing_reports[1]"),
    ],
)
def test_what_is_there_twice_is_told_with_its_place(path: str, place: str) -> None:
    assert place in broken(doubled(path))


def test_the_first_place_is_told_with_the_second() -> None:
    problems = broken(doubled("occupiers.0.ports"))
    assert problems[f"{OCCUPIER}.ports[1]"].endswith(f"(see {OCCUPIER}.ports[0])")


def test_all_problems_are_listed_at_once_shape_and_rules_alike() -> None:
    problems = broken(
        setting("sites.0.surprise", 1),
        setting("occupiers.0.contracts.0.start_date", "yesterday"),
        setting("occupiers.0.users.0.email", "nobody"),
        setting("occupiers.0.networks.0.vlan_id", 1),
        setting("occupiers.0.wifi_devices.0.mac", "00:00:00:00:00:00"),
    )
    assert {
        "sites[0].surprise",
        f"{OCCUPIER}.contracts[0].start_date",
        f"{OCCUPIER}.users[0].email",
        f"{OCCUPIER}.networks[0].vlan_id",
        f"{OCCUPIER}.wifi_devices[0].mac",
    } <= set(problems)


def test_a_place_stays_right_when_an_entry_before_it_cannot_be_read() -> None:
    problems = broken(
        doubled("occupiers.0.users"),
        setting("occupiers.0.users.0", {"first_name": "Ada"}),
        setting("occupiers.0.users.1", {**_user(), "home_site": "PAR-01"}),
    )
    assert f"{OCCUPIER}.users[0].last_name" in problems
    assert f"{OCCUPIER}.users[1].home_site" in problems


def test_a_reference_to_a_part_that_cannot_be_read_is_not_another_problem() -> None:
    assert list(broken(setting("sites.0.time_zone", 7))) == ["sites[0].time_zone"]


def test_no_message_repeats_anything_personal() -> None:
    problems = broken(doubled("occupiers"), doubled("occupiers.0.numbers"))
    told = " ".join(problems.values())
    for private in (EMAIL, "ada.norwood", "+99900100010001", "02:00:01:00:00:01", "Norwood"):
        assert private not in told


def test_a_mac_may_be_written_as_its_maker_does() -> None:
    for written in ("02-00-01-00-00-0a", "0200.0100.000a", "02000100000A"):
        document = json.loads(example_text())
        document["occupiers"][0]["wifi_devices"][0]["mac"] = written
        portfolio = read(json.dumps(document)).portfolio
        assert portfolio is not None
        assert portfolio.occupiers[0].wifi_devices[0].mac == "02:00:01:00:00:0A"


def test_one_may_move_in_on_the_day_that_another_moves_out() -> None:
    def change(document: Document) -> None:
        old = document["occupiers"][0]["contracts"][0]
        stay = {**old["occupancies"][0], "move_in": "2024-01-01", "move_out": "2025-03-01"}
        document["occupiers"][0]["contracts"].append(
            {
                "site": "LON-01",
                "reference": "earlier",
                "state": "completed",
                "start_date": "2024-01-01",
                "end_date": "2025-03-01",
                "occupancies": [stay],
            }
        )

    assert broken(change) == {}


def test_a_place_reads_like_a_path() -> None:
    assert place_of(("occupiers", 3, "contracts", 0, "end_date")) == (
        "occupiers[3].contracts[0].end_date"
    )


def _user() -> Document:
    user: Document = json.loads(example_text())["occupiers"][0]["users"][0]
    return user
