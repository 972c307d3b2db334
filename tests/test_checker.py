"""The checker finds what it is there to find: violations are planted into a run that was fine."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import psycopg
import pytest

from estate.client import Row
from models.database import FOR_SYSTEM
from models.portfolio.sample.size import SampleSize
from tests.checker import judge, violations
from tests.database_server import fresh_database
from tests.evidence import Evidence, gather, read_all, snapshot
from tests.running_platform import Platform, running_platform

SIZE = SampleSize(
    operators=1,
    sites=2,
    occupiers=2,
    sites_per_occupier=2,
    users_per_site=3,
    numbers_per_site=3,
    ports_per_site=3,
    devices_per_site=2,
    months=2,
)

CASE_A, CASE_B = (
    "INSERT INTO cases (operator_id, subject, description, category, origin, requested_by, cause)"
    f" SELECT operator_id, 's', 'd', 'technical', 'automatic', 'x', '{cause}'"
    " FROM occupiers WHERE id = :gone"
    for cause in ("a", "b")
)
ALL_PORTS_IN_ALL_CASES = (
    "INSERT INTO case_tasks (case_id, task_id) SELECT cases.id, tasks.id FROM cases, tasks"
    " WHERE kind = 'ports'"
)

# What is done to the database, and a part of the sentence that must follow.
PLANTS = {
    "a task is lost": (
        "DELETE FROM tasks WHERE kind = 'ports' AND occupier_id = :gone",
        "the task ports",
    ),
    "a task is set back": (
        "UPDATE tasks SET state = 'pending', phase = 'queued' WHERE kind = 'users'",
        "is still pending",
    ),
    "a task has failed": (
        "UPDATE tasks SET state = 'failed' WHERE kind = 'users'",
        "its tasks say otherwise",
    ),
    "the occupier is active again": (
        "UPDATE occupiers SET status = 'active', decommissioned_at = NULL WHERE id = :gone",
        "its occupier active",
    ),
    "a start was not sent": (
        "UPDATE outbox SET sent_at = NULL",
        "was not sent exactly once",
    ),
    "a change is audited twice": (
        (
            "INSERT INTO audit_events (actor, entity_kind, entity_id, action)"
            " SELECT actor, entity_kind, entity_id, action FROM audit_events LIMIT 1"
        ),
        "2 times in the audit",
    ),
    "a call charge is deleted": (
        (
            "DELETE FROM call_charges WHERE id = (SELECT min(id::text)::uuid FROM call_charges"
            " WHERE occupier_id = :gone)"
        ),
        "call_charges of occupier",
    ),
    "a billing report is corrected": (
        "UPDATE billing_reports SET figures = '{}' WHERE occupier_id = :gone",
        "billing_reports of occupier",
    ),
    "the occupier is renamed": (
        "UPDATE occupiers SET name = name || '!' WHERE id = :gone",
        "name of occupier",
    ),
    "a digest differs": (
        "UPDATE retentions SET digest_after = 'other' WHERE subject = 'leases'",
        "the digests of the leases",
    ),
    "a number is free early": (
        (
            "ALTER TABLE phone_numbers DISABLE TRIGGER phone_number_cooling_off;"
            "UPDATE phone_numbers SET state = 'available', cooling_off_until = NULL"
            " WHERE id = (SELECT min(id::text)::uuid FROM phone_numbers"
            " WHERE state = 'cooling_off' AND cooled_by_decommission_id IS NOT NULL)"
        ),
        "is not cooling off",
    ),
    "a number cools off a day less": (
        (
            "ALTER TABLE phone_numbers DISABLE TRIGGER phone_number_cooling_off;"
            "UPDATE phone_numbers SET cooling_off_until = cooling_off_until - interval '1 day'"
            " WHERE state = 'cooling_off'"
        ),
        "does not cool off for 30 days",
    ),
    "a user is left": (
        (
            "INSERT INTO users (occupier_id, home_site_id, first_name, last_name, email)"
            " SELECT :gone, site_id, 'A', 'B', 'a@b.example' FROM decommission_sites LIMIT 1"
        ),
        "1 rows of users still belong",
    ),
    "a port still belongs to the occupier": (
        (
            "UPDATE switch_ports SET occupier_id = :gone WHERE id = (SELECT min(resource_id::text)"
            "::uuid FROM plan_items WHERE kind = 'switch_port')"
        ),
        "1 rows of switch_ports still belong",
    ),
    "a service is active": (
        (
            "UPDATE services SET state = 'active' WHERE id = (SELECT min(resource_id::text)::uuid"
            " FROM plan_items WHERE kind = 'recurring_charge')"
        ),
        "is active",
    ),
    "a contract runs": (
        (
            "UPDATE contracts SET state = 'active', end_date = NULL WHERE occupier_id = :gone"
            " AND state = 'completed'"
        ),
        "and is active",
    ),
    "a space is not free": (
        (
            "UPDATE spaces SET status = 'occupied' WHERE id IN (SELECT space_id FROM occupancies"
            " WHERE occupier_id = :gone)"
        ),
        "is not free",
    ),
    "a resource was not planned": (
        "DELETE FROM plan_items WHERE kind = 'wifi_device'",
        "is not in the plan",
    ),
    "a verdict is open": (
        "UPDATE plan_items SET verdict = 'disabled_only' WHERE kind = 'wifi_account'",
        "is disabled_only",
    ),
    "a handle is kept": (
        "UPDATE plan_items SET handle = 'x' WHERE kind = 'wifi_device'",
        "still names the wifi_device",
    ),
    "a neighbour's row has changed": (
        "UPDATE users SET language = 'fr' WHERE occupier_id = :neighbour",
        "of users is not the occupier's and has changed",
    ),
    "a neighbour has lost a device": (
        "DELETE FROM wifi_devices WHERE occupier_id = :neighbour",
        "of wifi_devices is not the occupier's and has changed",
    ),
    "a neighbour's device has appeared": (
        (
            "INSERT INTO wifi_devices (occupier_id, site_id, name, mac)"
            " SELECT :neighbour, site_id, 'n', '02:00:00:FF:00:77' FROM decommission_sites LIMIT 1"
        ),
        "rows have appeared in wifi_devices",
    ),
    "a case is open without a task": (CASE_A, "is open without a task"),
    "a cause has two open cases": (
        (
            "DROP INDEX uq_cases_open_cause;"
            "INSERT INTO cases (operator_id, subject, description, category, origin, requested_by,"
            " cause) SELECT operator_id, 's', 'd', 'technical', 'automatic', 'x', 'a'"
            " FROM occupiers, generate_series(1, 2)"
        ),
        "open cases",
    ),
    "a failed task has no case": (
        "UPDATE tasks SET state = 'failed' WHERE kind = 'ports'",
        "the task ports is in trouble and in 0 open cases",
    ),
    "a stuck task has no case": (
        (
            "UPDATE tasks SET state = 'pending', phase = 'running', stuck_at = now(),"
            " stuck_because = 'hung' WHERE kind = 'users'"
        ),
        "the task users is in trouble and in 0 open cases",
    ),
    "a failed task is in two cases": (
        (
            f"{CASE_A};{CASE_B};DROP INDEX uq_case_tasks_one_open_case;"
            f"UPDATE tasks SET state = 'failed' WHERE kind = 'ports';{ALL_PORTS_IN_ALL_CASES}"
        ),
        "the task ports is in trouble and in 2 open cases",
    ),
    "a done task is in a case": (
        f"{CASE_A};{ALL_PORTS_IN_ALL_CASES}",
        "the task ports is done and in 1 open cases",
    ),
    "a task does not know of its case": (
        f"{CASE_A};{ALL_PORTS_IN_ALL_CASES};UPDATE tasks SET has_case = false",
        "has 1 open cases; has_case: False",
    ),
    "a case is over that still has tasks": (
        (
            f"{CASE_A};{ALL_PORTS_IN_ALL_CASES};ALTER TABLE cases DISABLE TRIGGER USER;"
            "UPDATE cases SET status = 'resolved', resolved_at = now()"
        ),
        "is resolved and still has tasks",
    ),
    "a clock is negative": ("UPDATE tasks SET active_s = -3", "is negative"),
    "a clock has lost time": (
        "UPDATE tasks SET waiting_s = waiting_s + 2 WHERE kind = 'network'",
        "the clocks of the task network show",
    ),
    "a clock runs on": (
        "UPDATE tasks SET clock_at = now() WHERE kind = 'network'",
        "runs although it is done",
    ),
    "a released hold still holds": (
        (
            "INSERT INTO holds (system, origin, placed_by, released_by, released_at)"
            " VALUES ('wifi', 'by_hand', 'x', 'x', now());"
            "UPDATE tasks SET state = 'pending', phase = 'retrying', hold_id = (SELECT id FROM"
            " holds) WHERE kind = 'wifi_devices'"
        ),
        "was left behind by a released hold",
    ),
    "a done task is held": (
        (
            "INSERT INTO holds (system, origin, placed_by) VALUES ('wifi', 'by_hand', 'x');"
            "UPDATE tasks SET hold_id = (SELECT id FROM holds) WHERE kind = 'wifi_devices'"
        ),
        "is done and still held",
    ),
    "a neighbour's holding has changed": (
        (
            "UPDATE estate.holdings SET state = 'closed' WHERE kind = 'wifi_account'"
            " AND owner = (SELECT reference FROM occupiers WHERE id = :neighbour)"
        ),
        "a wifi_account at",
    ),
    "a holding is back": (
        (
            "UPDATE estate.holdings SET state = 'in_service',"
            " owner = (SELECT reference FROM occupiers WHERE id = :gone)"
            " WHERE kind = 'phone_number' AND handle = (SELECT min(handle) FROM estate.effects"
            "   WHERE effect = 'number_taken_out_of_service')"
        ),
        "a phone_number at",
    ),
}


@dataclass
class Finished:
    """A run that was fine, of one of two occupiers at the same sites."""

    database_url: str
    platform: Platform
    evidence: Evidence
    gone: str
    neighbour: str


@pytest.fixture(scope="module")
async def finished(database_server: str, database_template: str) -> AsyncIterator[Finished]:
    """One finished decommission for all plants; each is rolled back."""
    with fresh_database(database_server, database_template) as url:
        async with running_platform(url) as platform:
            occupier, neighbour = await platform.load(SIZE)
            before = await snapshot(url)
            await platform.decommission(occupier)
            gone = str(occupier.id)
            evidence = await gather(
                before, await snapshot(url), [gone], platform.estate_process.url
            )
            yield Finished(url, platform, evidence, gone, str(neighbour.id))


async def test_a_finished_run_is_beyond_reproach(finished: Finished) -> None:
    assert judge(finished.evidence) == []


@pytest.mark.parametrize("plant", PLANTS)
async def test_a_planted_violation_is_found(finished: Finished, plant: str) -> None:
    statements, sentence = PLANTS[plant]
    async with await psycopg.AsyncConnection.connect(
        finished.database_url, options=f"-c timezone=UTC {FOR_SYSTEM}"
    ) as connection:
        for statement in statements.split(";"):
            named = statement.replace(":gone", f"'{finished.gone}'")
            changed = await connection.execute(
                named.replace(":neighbour", f"'{finished.neighbour}'").encode()
            )
            assert changed.rowcount != 0, "the plant changed nothing"
        after = await read_all(connection)
        await connection.rollback()
    found = judge(replace(finished.evidence, after=after))
    assert any(sentence in each for each in found), found


async def test_effects_that_came_twice_and_things_given_back_are_found(database_url: str) -> None:
    async with running_platform(database_url) as platform:
        occupier, neighbour = await platform.load(SIZE)
        before = await snapshot(database_url)
        await platform.decommission(occupier)
        columns = "system, site, kind, handle, lifetime, owner_before, effect, direct"
        async with await psycopg.AsyncConnection.connect(database_url) as connection:
            for key, system in (("'another'", "telephony"), ("key", "accounts")):
                await connection.execute(
                    f"INSERT INTO estate.effects ({columns}, key) SELECT {columns}, {key}"
                    f" FROM estate.effects WHERE system = '{system}' AND key IS NOT NULL"
                    " AND effect IN ('number_taken_out_of_service', 'user_deleted')"
                    " LIMIT 1".encode()
                )
            await connection.execute(
                f"INSERT INTO estate.effects ({columns}) SELECT system, site, kind, handle, 9,"
                " %s, 'wifi_account_closed', true FROM estate.holdings h JOIN estate.kinds USING"
                " (kind) WHERE h.owner = %s AND kind = 'wifi_account' LIMIT 1".encode(),
                [neighbour.reference, neighbour.reference],
            )
        site = next(iter(before.tables["sites"].values()))["reference"]
        device = Row("wifi_device", "02:00:00:00:99:99", occupier.reference)
        await platform.estate.provision("wifi", site, [device])
        user = Row("user_account", "back", occupier.reference, {"userName": "back@b.example"})
        await platform.estate.provision("accounts", site, [user])
        found = await violations(before, [occupier.id], database_url, platform.estate_process.url)
    for sentence in (
        "the estate says that user_deleted came 2 times",
        "had 2 effects",
        "was taken out of service 2 times",
        "hit what was not the occupier's",
        "wifi still holds a wifi_device",
        "accounts still holds a user",
    ):
        assert any(sentence in each for each in found), (sentence, found)
