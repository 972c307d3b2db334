"""After a troubled decommission no personal data is left in Temporal, in logs or in our records."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import psycopg
import pytest
from temporalio.client import Client

from estate.client import EstateClient
from models.domain.decision import DecisionAction
from models.domain.decommission import TaskKind
from models.domain.orders import DecisionOrder
from models.portfolio.sample.build import sample
from models.portfolio.sample.size import SampleSize
from tests.privacy.canaries import CANARIES, Canary, found_in, plant
from tests.privacy.places import (
    BOOKKEEPING,
    hits_in_tables,
    hits_outside_tables,
    stories_and_bundles,
)
from tests.whole_stack import Accepted, WholeStack, logs_of, now, until, whole_stack
from workflows.connection import connect
from workflows.gateway import DecommissionGateway
from workflows.names import WORKFLOW_QUEUE

pytestmark = pytest.mark.kill  # slow: a whole stack

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
# Shares of the outside calls; a garbled page and a lost answer make errors that quote replies.
TROUBLE: dict[str, dict[str, object]] = {
    "error": {"statuses": {"500": 0.05, "409": 0.03, "404": 0.02}},
    "garbage": {"rate": 0.05},
    "lost_answer": {"rate": 0.1},
    "half_batch": {"rate": 0.05, "operation": "retire"},
    "refuse_some": {"system": "switching", "operation": "retire", "reasons": {"not_allowed": 1}},
}


@dataclass
class Troubled:
    """A finished run during which nearly everything went wrong at least once."""

    stack: WholeStack
    client: Client
    run: Accepted
    told: dict[str, bytes]  # every story and bundle while it waited for people, as staff read them


@pytest.fixture(scope="module")
async def troubled() -> AsyncIterator[Troubled]:
    """Everything at debug level: the most talkative that the processes can be."""
    async with whole_stack(log_level="DEBUG") as stack:
        occupiers = await stack.load(plant(sample(SIZE, now())))
        assert {name for _, name in await hits_in_tables(stack, CANARIES)} == set(CANARIES)
        state = stack.state
        settings = stack.settings.model_copy(update={"temporal_address": state.temporal_address})
        client = await connect(settings)
        async with EstateClient(stack.estate_url) as estate:
            for effect, spec in TROUBLE.items():
                await estate.put_fault(f"z-{effect}", effect, seed=3, **spec)
            # Refused for good: the task parks, with its failure in the history and in its row.
            await estate.put_fault(
                "a-refusal", "error", system="wifi", operation="retire", statuses={"422": 1}
            )
            name = CANARIES["occupier name"].text
            run = await stack.decommission(name, occupiers[name])
            await _until_parked(stack, run)
            told = await stories_and_bundles(stack)
            stack.kill("worker")
            await estate.clear_faults()
            await _retry_until_done(stack, client, run)
        yield Troubled(stack, client, run, told)


async def test_no_canary_is_in_temporal_logs_or_metrics(troubled: Troubled) -> None:
    assert await hits_outside_tables(troubled.stack, troubled.client, CANARIES) == set()


async def test_no_canary_is_left_in_a_table_but_where_it_belongs(troubled: Troubled) -> None:
    found = await hits_in_tables(troubled.stack, CANARIES)
    assert {(table, name) for table, name in found if table in BOOKKEEPING} == set()
    assert {(table, name) for table, name in found if table not in CANARIES[name].stays_in} == set()
    assert ("occupiers", "occupier name") in found


async def test_no_canary_is_in_a_story_or_a_bundle(troubled: Troubled) -> None:
    told = troubled.told | await stories_and_bundles(troubled.stack)
    assert {place for place in told if "bundle?format=markdown" in place}
    assert any(b"resources were refused by" in content for content in told.values())
    found = {(place, name) for place in told for name in found_in(told[place], CANARIES)}
    assert found == set()


async def test_the_run_was_troubled_and_every_process_has_spoken(troubled: Troubled) -> None:
    async with EstateClient(troubled.stack.estate_url) as estate:
        calls = await estate.ledger("calls", faulty="true")
    hit = {str(call["fault"]).split(":")[0] for call in calls}
    assert hit >= {"error", "garbage", "lost_answer"}
    spoken = {file.name for file in logs_of(troubled.stack) if file.stat().st_size}
    assert spoken >= {f"{name}.log" for name in ("api", "estate", "postgres", "sweeper", "worker")}


async def test_a_canary_in_each_place_would_have_been_found(troubled: Troubled) -> None:
    stack, client = troubled.stack, troubled.client
    planted = {"control": Canary("control", f"Kontroll Ødegård 'n' Søn {uuid4().hex}")}
    text = planted["control"].text
    handle = await client.start_workflow(
        "Nobody", text, id=f"control-{uuid4().hex}", task_queue=f"{WORKFLOW_QUEUE}-nobody"
    )
    worker_log = stack.settings.data_dir / "logs" / "worker.log"
    with worker_log.open("a") as log:
        log.write(f'{{"event": "{text}"}}\n')
    async with await psycopg.AsyncConnection.connect(stack.database_url) as connection:
        await connection.execute(
            "UPDATE outbox SET last_error = %s WHERE id = (SELECT min(id) FROM outbox)", [text]
        )

    async def history_is_listed() -> bool:
        found = {place for place, _ in await hits_outside_tables(stack, client, planted)}
        return f"history {handle.id}" in found

    await until(history_is_listed, within_s=15)
    await handle.terminate()
    places = {place for place, _ in await hits_outside_tables(stack, client, planted)}
    assert "worker.log" in places
    assert places & {"temporal.db", "temporal.db-wal"}
    assert await hits_in_tables(stack, planted) == {("outbox", "control")}


def test_there_are_25_different_canaries() -> None:
    texts = {canary.text for canary in CANARIES.values()}
    assert len(texts) == len(CANARIES) >= 25


async def _until_parked(stack: WholeStack, run: Accepted) -> None:
    async def is_partial() -> bool:
        query = "SELECT state FROM decommissions WHERE id = %s"
        return bool((await stack.rows(query, run.decommission_id))[0]["state"] == "partial")

    await until(is_partial, within_s=90)


async def _retry_until_done(stack: WholeStack, client: Client, run: Accepted) -> None:
    gateway = DecommissionGateway(client)
    failed = await stack.rows(
        "SELECT kind, site_id, round FROM tasks WHERE decommission_id = %s AND state = 'failed'",
        run.decommission_id,
    )
    assert "users" in {task["kind"] for task in failed}
    for task in failed:
        await gateway.decide(
            DecisionOrder(
                decision_id=uuid4(),
                action=DecisionAction.RETRY,
                decommission_id=run.decommission_id,
                site_id=task["site_id"],
                kind=TaskKind(task["kind"]),
                round=task["round"],
            )
        )
    await stack.finished([run])
