"""Loading is all or nothing, and what was loaded comes out again byte for byte."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from models.portfolio.format import Portfolio
from models.portfolio.illustration import illustration
from models.portfolio.load import load_reading
from models.portfolio.problem import InvalidPortfolioError
from models.portfolio.read import read, read_valid
from models.portfolio.sample.build import sample
from models.portfolio.sample.size import SampleSize
from models.portfolio.schema import example_text
from models.tables.all import METADATA
from tests.database_server import fresh_database
from tests.portfolio.databases import count, exported, loaded, opened

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def test_a_sample_comes_out_as_it_went_in(
    database_url: str, database_server: str, database_template: str
) -> None:
    loaded(database_url, sample(SampleSize(sites=3, occupiers=12, months=2), NOW))
    first = exported(database_url)
    with fresh_database(database_server, database_template) as other:
        loaded(other, read_valid(first))
        assert exported(other) == first


def test_what_was_left_out_is_generated_and_exported(database_url: str) -> None:
    loaded(database_url, illustration())
    (occupier,) = read_valid(exported(database_url)).occupiers
    assert occupier.billing_reference == "BR-OCC-0001"
    assert all(service.charge_handle for service in occupier.contracts[0].services)
    account = occupier.users[0].account
    assert account is not None
    assert account.handle


def test_generated_handles_are_the_same_for_the_same_file(
    database_url: str, database_server: str, database_template: str
) -> None:
    first = loaded(database_url, illustration()).portfolio
    with fresh_database(database_server, database_template) as other:
        assert loaded(other, illustration()).portfolio == first


def test_nothing_is_loaded_when_one_thing_is_wrong(database_url: str) -> None:
    document = json.loads(example_text())
    document["occupiers"][0]["networks"][0]["vlan_id"] = 1
    reading = read(json.dumps(document))
    with pytest.raises(InvalidPortfolioError), opened(database_url) as connection:
        load_reading(connection, reading)
    assert all(count(database_url, table) == 0 for table in ("operators", "sites", "products"))


def test_a_second_import_names_what_is_there_and_changes_nothing(database_url: str) -> None:
    loaded(database_url, illustration())
    before = exported(database_url)
    with pytest.raises(InvalidPortfolioError) as refused:
        loaded(database_url, illustration())
    told = {problem.place: problem.message for problem in refused.value.problems}
    assert told["sites[0].reference"] == "the site 'LON-01' is loaded already"
    assert told["occupiers[0].reference"] == "the occupier 'OCC-0001' is loaded already"
    assert {
        "sites[0].name",
        "occupiers[0].name",
        "sites[0].switches[0].ports[0].handle",
        "sites[0].public_ips[0].address",
        "occupiers[0].numbers[0].e164",
        "occupiers[0].users[0].email",
        "occupiers[0].users[0].wifi.username",
        "occupiers[0].contracts[0].services[1].charge_handle",
    } <= set(told)
    assert exported(database_url) == before


def test_a_second_file_may_share_operators_and_products_but_not_change_them(
    database_url: str,
) -> None:
    portfolio = illustration()
    loaded(database_url, portfolio)
    shared = Portfolio(
        device_types=portfolio.device_types,
        products=portfolio.products,
        operators=portfolio.operators,
    )
    loaded(database_url, shared)
    changed = shared.products[0].model_copy(update={"name": "Something else"})
    with pytest.raises(InvalidPortfolioError) as refused:
        loaded(database_url, shared.model_copy(update={"products": (changed,)}))
    assert [problem.place for problem in refused.value.problems] == ["products[0]"]


def test_samples_of_two_seeds_live_side_by_side(database_url: str) -> None:
    for seed in (1, 2):
        loaded(database_url, sample(SampleSize(seed=seed, sites=3, occupiers=9, months=1), NOW))
    assert count(database_url, "occupiers") == 18


def test_a_let_space_becomes_occupied_and_a_left_one_does_not(database_url: str) -> None:
    loaded(database_url, illustration())
    with opened(database_url) as connection:
        states = connection.execute(text("SELECT name, status FROM spaces")).all()
    assert sorted(map(tuple, states)) == [("1.01", "occupied"), ("North wing", "available")]


def test_a_decommissioned_occupier_is_left_out_and_its_reports_stay(database_url: str) -> None:
    loaded(database_url, illustration())
    with opened(database_url) as connection:
        for table in ("handset_logins", "switch_ports", "public_ips", "phone_numbers", "users"):
            connection.execute(text(f"DELETE FROM floor_ports WHERE '{table}' = 'switch_ports'"))
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("UPDATE occupiers SET status = 'decommissioned'"))
    portfolio = read_valid(exported(database_url))
    assert portfolio.occupiers == ()
    assert [report.occupier_name for report in portfolio.billing_reports] == ["Blue Heron Studio"]


def test_every_table_of_a_portfolio_is_filled_by_a_sample(database_url: str) -> None:
    rows = loaded(database_url, sample(SampleSize(months=1), NOW)).rows
    others = {
        *("audit_events", "outbox", "cases", "case_attachments", "case_comments", "case_statuses"),
        *("case_tasks", "decommissions", "decommission_sites", "plan_items", "retentions", "tasks"),
        *("team_members", "site_roles", "staff_members", "requests", "approvals", "decisions"),
        *("schedules", "closures", "closure_occupiers", "handset_requests", "task_attempts"),
        *("holds", "strikes", "expectations", "watches"),
        *("desks", "desk_cases", "desk_messages", "desk_answers", "browser_sessions"),
    }
    assert {table for table, written in rows.items() if written} == set(METADATA.tables) - others
