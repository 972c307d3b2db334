"""An independent checker of finished decommissions (reliability 2.2): it trusts none of our code.

It compares two snapshots of all rows, the estate's ledger, and what the estate says that it holds.
Nothing here imports a store, an activity or a workflow.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias
from uuid import UUID

from tests.aftermath import WHEN_DONE
from tests.evidence import Evidence, Row, Snapshot, gather, of_run, snapshot
from tests.troubles import OF_TROUBLE

SITE_KINDS = {
    *("logout_handsets", "telephony", "ports", "users", "wifi_devices", "stop_services"),
    *("network", "end_leases"),
}
OCCUPIER_KINDS = {"plan", "delete_scheduled", "verify_occupier"}
TERMINAL = {"completed", "failed", "cancelled"}
REVERSIBLE = {"user_enabled", "user_disabled"}  # may truly happen more often than once
# What a decommission adds rows to; everywhere else a new row is somebody's mistake.
WRITTEN = {
    *("decommissions", "decommission_sites", "plan_items", "tasks", "retentions"),
    *("audit_events", "outbox", "requests"),
    *("case_statuses", "task_attempts", "desk_messages"),
}
# What the runs of everybody have in common; `tests/troubles.py` looks at it.
SHARED = {
    *("cases", "case_tasks", "holds", "strikes", "expectations", "watches"),
    *("desks", "desk_cases"),
}
KEPT = ("call_charges", "billing_reports", "external_identifiers")

Sentences: TypeAlias = Iterator[str]


async def violations(
    before: Snapshot, occupier_ids: Iterable[UUID], database_url: str, estate_url: str
) -> list[str]:
    """What is wrong, as sentences; empty when the runs since `before` are beyond reproach.

    `occupier_ids` are all occupiers that a decommission was started for since then. Faults of the
    estate must be cleared first: this reads from it.
    """
    leaving = [str(occupier_id) for occupier_id in occupier_ids]
    after = await snapshot(database_url)
    return judge(await gather(before, after, leaving, estate_url))


def judge(evidence: Evidence) -> list[str]:
    """Every violation that the evidence shows."""
    found = [sentence for check in OF_THE_WHOLE for sentence in check(evidence)]
    for occupier_id in evidence.references:
        run = _run_of(evidence, occupier_id)
        if run is None:
            found.append(f"occupier {occupier_id} does not have exactly one decommission")
            continue
        found += [sentence for check in OF_EACH_RUN for sentence in check(evidence, run)]
        if run["state"] == "decommissioned":
            found += [sentence for check in WHEN_DONE for sentence in check(evidence, run)]
    return found


def no_effect_is_doubled(evidence: Evidence) -> Sentences:
    """Each thing is taken out of service at most once per lifetime, and once per key."""
    for doubled in evidence.summary["doubled_effects"]:
        yield f"the estate says that {doubled['effect']} came {doubled['times']} times"
    for repeated in evidence.summary["keys_with_more_than_one_effect"]:
        yield f"the estate says that key {repeated['key']} had {repeated['times']} effects"
    things = Counter(
        (each["system"], each["site"], each["kind"], each["handle"], each["lifetime"])
        for each in evidence.effects
        if each["effect"] not in REVERSIBLE
    )
    for (system, site, kind, _, _), times in things.items():
        if times > 1:
            yield f"a {kind} of {system} at {site} was taken out of service {times} times"
    keys = Counter(each["key"] for each in evidence.effects if each["direct"] and each["key"])
    for key, times in keys.items():
        if times > 1:
            yield f"the idempotency key {key} had {times} effects"


def no_effect_hits_a_bystander(evidence: Evidence) -> Sentences:
    """Only what the leaving owned is touched outside."""
    owners = set(evidence.references.values())
    for effect in evidence.effects:
        if effect["owner_before"] not in owners:
            yield f"{effect['effect']} at {effect['site']} hit what was not the occupier's"
    for key, was in evidence.before.holdings.items():
        if was["owner"] not in owners and evidence.after.holdings.get(key) != was:
            yield f"a {key[1]} at {key[0]} that was not the occupier's has changed"
    for site, kind, _ in evidence.after.holdings.keys() - evidence.before.holdings.keys():
        yield f"a {kind} has appeared at {site}"


def no_row_of_a_bystander_changes(evidence: Evidence) -> Sentences:
    """Rows of other occupiers, of sites and of earlier runs stay; new ones are those of the run."""
    before, after = evidence.before, evidence.after
    rooms = {
        row["space_id"]
        for occupier_id in evidence.references
        for row in before.of("occupancies", occupier_id)
    }
    for table, rows in before.tables.items():
        if table in SHARED:
            continue
        for key, row in rows.items():
            owner = row["id"] if table == "occupiers" else row.get("occupier_id")
            is_theirs = owner in evidence.references or (table == "spaces" and row["id"] in rooms)
            if not is_theirs and after.tables[table].get(key) != row:
                yield f"row {key} of {table} is not the occupier's and has changed"
        if table not in WRITTEN and (new := after.tables[table].keys() - rows.keys()):
            yield f"{len(new)} rows have appeared in {table}"


def every_task_ends(evidence: Evidence, run: Row) -> Sentences:
    """None is lost: eight for each site that the occupier was at, three of its own, all ended."""
    sites = _sites_of(evidence.before, run["occupier_id"])
    wanted: set[tuple[str | None, str]] = {(site, kind) for site in sites for kind in SITE_KINDS}
    wanted |= {(None, kind) for kind in OCCUPIER_KINDS}
    tasks = list(evidence.after.rows("tasks", decommission_id=run["id"]))
    found = Counter((task["site_id"], task["kind"]) for task in tasks)
    for site, kind in wanted - found.keys():
        yield f"the task {kind} at site {site} is lost"
    for site, kind in found.keys() - wanted:
        yield f"nobody planned a task {kind} at site {site}"
    for task in tasks:
        if task["state"] not in TERMINAL:
            yield f"the task {task['kind']} at site {task['site_id']} is still {task['state']}"
    if {
        row["site_id"] for row in evidence.after.rows("decommission_sites", **of_run(run))
    } != sites:
        yield f"decommission {run['id']} does not cover the occupier's sites"


def the_states_agree(evidence: Evidence, run: Row) -> Sentences:
    """Decommissioned exactly when all tasks are completed; the occupier says the same."""
    tasks = list(evidence.after.rows("tasks", decommission_id=run["id"]))
    completed = all(task["state"] == "completed" for task in tasks)
    if completed != (run["state"] == "decommissioned"):
        yield f"decommission {run['id']} is {run['state']}, its tasks say otherwise"
    occupier = evidence.after.tables["occupiers"][run["occupier_id"]]
    wanted = {"pending": "pending", "partial": "failed", "decommissioned": "decommissioned"}
    if occupier["status"] != wanted[run["state"]]:
        yield f"decommission {run['id']} is {run['state']}, its occupier {occupier['status']}"
    if (run["state"] == "decommissioned") != (occupier["decommissioned_at"] is not None):
        yield f"occupier {occupier['id']} has the wrong end"
    starts = [row["sent_at"] for row in evidence.after.rows("outbox", **of_run(run))]
    if len(starts) != 1 or starts[0] is None:
        yield f"the start of decommission {run['id']} was not sent exactly once"


def every_change_is_audited_once(evidence: Evidence, run: Row) -> Sentences:
    """One line for the start, and one for the end when there was one."""
    actions = Counter(
        row["action"]
        for row in evidence.after.rows("audit_events")
        if row["entity_id"] in {run["id"], run["occupier_id"]} and row["outcome"] == "done"
    )
    ended = int(run["state"] == "decommissioned")
    wanted = {"occupier.decommission": 1, "decommission.decommissioned": ended}
    for action, times in wanted.items():
        if actions[action] != times:
            yield f"{action} of {run['id']} is {actions[action]} times in the audit, not {times}"


def what_must_stay_has_stayed(evidence: Evidence, run: Row) -> Sentences:
    """Charges, reports, identifiers and past contracts are as they were."""
    before, after, occupier_id = evidence.before, evidence.after, run["occupier_id"]
    for table in KEPT:
        if _by_id(before.of(table, occupier_id)) != _by_id(after.of(table, occupier_id)):
            yield f"{table} of occupier {occupier_id} are not what they were"
    for contract in before.of("contracts", occupier_id):
        now = after.tables["contracts"].get(contract["id"])
        if now is None or (contract["state"] == "completed" and now != contract):
            yield f"contract {contract['id']} is not what it was"
    for service in before.of("services", occupier_id):
        if service["state"] != "scheduled" and service["id"] not in after.tables["services"]:
            yield f"service {service['id']} has gone"


def the_basic_details_have_stayed(evidence: Evidence, run: Row) -> Sentences:
    """Who the occupier was can still be read (DE-05)."""
    was, now = (
        each.tables["occupiers"][run["occupier_id"]] for each in (evidence.before, evidence.after)
    )
    for column in ("operator_id", "reference", "name", "billing_reference", "created_at"):
        if was[column] != now[column]:
            yield f"{column} of occupier {run['occupier_id']} has changed"


OF_THE_WHOLE: tuple[Callable[[Evidence], Sentences], ...] = (
    no_effect_is_doubled,
    no_effect_hits_a_bystander,
    no_row_of_a_bystander_changes,
    *OF_TROUBLE,
)
OF_EACH_RUN: tuple[Callable[[Evidence, Row], Sentences], ...] = (
    every_task_ends,
    the_states_agree,
    every_change_is_audited_once,
    what_must_stay_has_stayed,
    the_basic_details_have_stayed,
)


def _run_of(evidence: Evidence, occupier_id: str) -> Row | None:
    runs = list(evidence.after.of("decommissions", occupier_id))
    return runs[0] if len(runs) == 1 else None


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows}


def _sites_of(before: Snapshot, occupier_id: str) -> set[str]:
    """Every site at which the occupier has or had anything."""
    places = {
        "services": "site_id",
        "phone_numbers": "site_id",
        "switch_ports": "site_id",
        "users": "home_site_id",
        "wifi_devices": "site_id",
        "networks": "site_id",
        "public_ips": "site_id",
    }
    found = {
        row["site_id"] for row in before.of("contracts", occupier_id) if row["state"] != "discarded"
    }
    return found | {
        row[column] for table, column in places.items() for row in before.of(table, occupier_id)
    }
