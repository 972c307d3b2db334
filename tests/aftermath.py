"""What a checker demands of a run that says it is done: all is gone, and what stays is sound."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from tests.evidence import Evidence, Row, Snapshot, of_run

Sentences: TypeAlias = Iterator[str]

DONE = {"removed", "already_absent", "retained", "not_applicable"}
PERSONAL = {"users", "wifi_accounts", "user_accounts", "access_grants", "wifi_devices"}
GIVEN_UP = PERSONAL | {
    *("phone_numbers", "handset_logins", "switch_ports", "networks", "public_ips"),
    "service_changes",
}
PLANNED = {
    "handset_logins": "handset_login",
    "phone_numbers": "phone_number",
    "switch_ports": "switch_port",
    "wifi_accounts": "wifi_account",
    "user_accounts": "user_account",
    "wifi_devices": "wifi_device",
    "networks": "vlan",
    "public_ips": "public_ip",
}
DIGESTED = {
    *("occupier", "external_identifiers", "call_charges", "billing_reports", "contracts"),
    *("leases", "services"),
}


def the_digests_are_equal(evidence: Evidence, run: Row) -> Sentences:
    """The run's own proof of the same."""
    digests = {row["subject"]: row for row in evidence.after.rows("retentions", **of_run(run))}
    for subject in DIGESTED - digests.keys():
        yield f"there is no digest of the {subject} of decommission {run['id']}"
    for subject, row in digests.items():
        pairs = ("digest_before", "digest_after"), ("rows_before", "rows_after")
        if any(row[before] != row[after] for before, after in pairs):
            yield f"the digests of the {subject} of decommission {run['id']} differ"


def the_plan_is_done(evidence: Evidence, run: Row) -> Sentences:
    """It names all that the occupier held, each has a done verdict, and no handle is left."""
    items = list(evidence.after.rows("plan_items", **of_run(run)))
    planned = {(item["kind"], item["resource_id"]) for item in items}
    for table, kind in PLANNED.items():
        for row in _held(evidence.before, table, run["occupier_id"]):
            if (kind, row["id"]) not in planned:
                yield f"{kind} {row['id']} is not in the plan"
    for item in items:
        if item["verdict"] not in DONE:
            yield f"{item['kind']} {item['resource_id']} of the plan is {item['verdict']}"
        if item["handle"] is not None:
            yield f"the plan still names the {item['kind']} {item['resource_id']}"
    if run["plan_hash"] is None:
        yield f"the plan of decommission {run['id']} was never sealed"


def the_estate_holds_nothing(evidence: Evidence, run: Row) -> Sentences:
    """No system lists anything as the owner's but stopped charges; each thing went once."""
    owner = evidence.references[run["occupier_id"]]
    for whose, system, item in evidence.owned:
        is_stopped = system == "billing" and item["state"] == "stopped"
        if whose == owner and not is_stopped:
            yield f"{system} still holds a {item.get('kind', 'user')} of {owner}"
    gone = Counter((each["site"], each["kind"], each["handle"]) for each in evidence.effects)
    for key, was in evidence.before.holdings.items():
        if was["owner"] != owner or was["state"] is None or was["stops_at"] is not None:
            continue
        now = evidence.after.holdings[key]
        if now["owner"] == owner and now["stops_at"] is None:
            yield f"a {key[1]} at {key[0]} still belongs to {owner}"
        if not gone[key]:
            yield f"a {key[1]} of {owner} at {key[0]} was never taken out of service"


def our_tables_hold_nothing(evidence: Evidence, run: Row) -> Sentences:
    """No row of people or of what was given up names the occupier; services are off."""
    for table in sorted(GIVEN_UP):
        if left := len(list(evidence.after.of(table, run["occupier_id"]))):
            yield f"{left} rows of {table} still belong to occupier {run['occupier_id']}"
    for service in evidence.after.of("services", run["occupier_id"]):
        if service["state"] != "inactive":
            yield f"service {service['id']} is {service['state']}"
    for service in evidence.before.of("services", run["occupier_id"]):
        now = evidence.after.tables["services"].get(service["id"])
        if service["state"] != "active" or now is None:
            continue
        if _time(now["billing_stopped_at"]) != _time(run["effective_at"]):
            yield f"service {service['id']} is not billed until the effective time"


def the_numbers_cool_off(evidence: Evidence, run: Row) -> Sentences:
    """Each number waits at its site for the days of the policy, counted from its removal."""
    policy = timedelta(days=run["cooling_off_days"])
    retained = {
        item["resource_id"]
        for item in evidence.after.rows("plan_items", **of_run(run), verdict="retained")
    }
    for was in evidence.before.of("phone_numbers", run["occupier_id"]):
        now = evidence.after.tables["phone_numbers"].get(was["id"])
        if was["id"] in retained and now is not None and now["occupier_id"] is None:
            continue
        if now is None or now["state"] != "cooling_off" or now["site_id"] != was["site_id"]:
            yield f"number {was['id']} is not cooling off at its site"
            continue
        since = _time(now["cooling_off_until"]) - policy
        if not _time(run["requested_at"]) <= since <= _time(run["finished_at"]):
            yield f"number {was['id']} does not cool off for {policy.days} days"
        if now["cooled_by_decommission_id"] != run["id"]:
            yield f"nobody brings number {was['id']} back"


def the_leases_are_over(evidence: Evidence, run: Row) -> Sentences:
    """Contracts are completed or discarded, and the spaces free unless somebody else is in."""
    before, after = evidence.before, evidence.after
    ends = {"active": "completed", "upcoming": "discarded"}
    for was in before.of("contracts", run["occupier_id"]):
        now = after.tables["contracts"].get(was["id"], was)
        if now["state"] != ends.get(was["state"], was["state"]):
            yield f"contract {was['id']} was {was['state']} and is {now['state']}"
        if now["state"] == "completed" and now["end_date"] is None:
            yield f"contract {was['id']} has no end"
    taken = {
        row["space_id"]
        for row in after.rows("occupancies")
        if after.tables["contracts"][row["contract_id"]]["state"] == "active"
    }
    for row in before.of("occupancies", run["occupier_id"]):
        status = after.tables["spaces"][row["space_id"]]["status"]
        if row["space_id"] not in taken and status == "occupied":
            yield f"space {row['space_id']} is not free"


WHEN_DONE: tuple[Callable[[Evidence, Row], Sentences], ...] = (
    the_digests_are_equal,
    the_plan_is_done,
    the_estate_holds_nothing,
    our_tables_hold_nothing,
    the_numbers_cool_off,
    the_leases_are_over,
)


def _held(before: Snapshot, table: str, occupier_id: str) -> Iterator[Row]:
    """An occupier's rows; a handset login is that of its number's holder."""
    if table != "handset_logins":
        return before.of(table, occupier_id)
    numbers = {row["id"] for row in before.of("phone_numbers", occupier_id)}
    return (row for row in before.rows(table) if row["number_id"] in numbers)


def _time(value: str | None) -> datetime:
    return datetime.fromisoformat(value) if value else datetime.max.replace(tzinfo=UTC)
