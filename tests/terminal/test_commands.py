"""The commands with their exit codes, and their JSON on stdout only."""

import json
import threading
import time
from urllib.parse import unquote

import httpx
import psycopg
import pytest
import typer
from sqlalchemy import text
from typer.testing import CliRunner

from api.terminal.commands import add_to
from models.database import Sessions
from models.domain.decommission import DecommissionState, TaskKind, TaskState
from models.domain.occupier import OccupierStatus
from models.domain.outside import FailureKind, Verdict
from models.domain.portfolio import UpdateState
from models.tables.decommission import DecommissionRow
from tests.builders import (
    make_contract,
    make_decommission,
    make_occupier,
    make_plan_item,
    make_retention,
    make_scene,
    make_service,
    make_task,
)
from tests.covering import cover
from tests.terminal.conftest import Run
from tests.terminal.process import ApiProcess

STUMBLE = """
UPDATE tasks SET phase = 'retrying', attempt = 2, last_error_kind = 'transient',
       last_error = 'wifi: away', last_error_at = now() WHERE kind = 'users'
"""
FINISH = """
UPDATE tasks SET state = 'completed', phase = 'ended', finished_at = now();
UPDATE decommissions SET state = 'decommissioned', finished_at = now()
"""


async def a_decommission(
    sessions: Sessions,
    name: str = "Juniper & Vale",
    state: DecommissionState = DecommissionState.PENDING,
) -> DecommissionRow:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=2, name=name, status=OccupierStatus.PENDING)
        decommission = await make_decommission(
            session, occupier=scene.occupier, sites=scene.sites, with_tasks=True, state=state
        )
        await make_plan_item(
            session, decommission=decommission, site=scene.sites[0], verdict=Verdict.REMOVED
        )
        await make_retention(session, decommission=decommission, after="a" * 64)
    return decommission


async def test_a_decommission_starts_after_the_name_was_typed(run: Run, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, name="Juniper & Vale")
    refused = run("decommission", "Juniper & Vale", input="juniper & vale\n")
    assert refused.exit_code == 2
    accepted = run("decommission", "Juniper & Vale", "--json", input="Juniper & Vale\n")
    assert accepted.exit_code == 0, accepted.output
    reply = json.loads(accepted.stdout)
    assert reply["occupier_id"] == str(scene.occupier.id)
    again = run("decommission", "Juniper & Vale", "--yes")
    assert again.exit_code == 4
    assert "The occupier is pending" in again.stderr


async def test_a_blocked_start_names_each_blocker_with_its_remedy(
    run: Run, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, name="Blocked")
        contract = await make_contract(session, occupier=scene.occupier, site=scene.sites[0])
        service = await make_service(session, contract=contract, update_state=UpdateState.FAILED)
    result = run("decommission", "Blocked", "--yes", "--json")
    assert result.exit_code == 4
    assert len(json.loads(result.stdout)["problem"]["blockers"]) == 1
    assert str(service.id) in result.stderr
    assert "support case" in result.stderr


def test_an_unknown_name_is_not_found(run: Run) -> None:
    for command in (("decommission", "Nobody", "--yes"), ("status", "Nobody")):
        result = run(*command)
        assert result.exit_code == 3
        assert "no occupier named 'Nobody'" in result.stderr
        assert result.stdout == ""


async def test_a_name_of_two_occupiers_asks_for_an_id(run: Run, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        gone = OccupierStatus.DECOMMISSIONED  # only one that is living can have a name
        first = await make_occupier(session, name="Twin", status=gone)
        await make_occupier(session, name="Twin", status=gone)
    result = run("decommission", "Twin", "--yes")
    assert result.exit_code == 2
    assert str(first.id) in result.stderr


def test_a_service_that_is_not_there_has_an_exit_code() -> None:
    app = typer.Typer()
    add_to(app)
    result = CliRunner().invoke(app, ["status"], env={"API_URL": "http://127.0.0.1:1"})
    assert result.exit_code == 5
    assert "does not answer" in result.stderr


async def test_status_of_a_partial_decommission_tells_why_and_fails(
    run: Run, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        decommission = await make_decommission(session, state=DecommissionState.PARTIAL)
        await make_task(
            session,
            decommission=decommission,
            kind=TaskKind.VERIFY_OCCUPIER,
            state=TaskState.FAILED,
            last_error_kind=FailureKind.UNCONFIRMED,
            last_error="switching: still there",
        )
    result = run("status", str(decommission.id))
    assert result.exit_code == 1
    assert "switching: still there" in result.stdout
    assert "/namespaces/default/workflows/decommission%2F" in result.stdout


async def test_stuck_tasks_say_why_and_where_to_read_on(run: Run, sessions: Sessions) -> None:
    decommission = await a_decommission(sessions)
    one = "kind = 'users' AND site_id = (SELECT min(site_id::text)::uuid FROM tasks)"
    async with sessions.begin() as session:
        await cover(session, one)
        await session.execute(
            text(
                "UPDATE tasks SET phase = 'running', waiting_reason = NULL, active_s = 700,"
                f" threshold_s = 600, stuck_at = now(), stuck_because = 'hung' WHERE {one}"
            )
        )
    found = run("tasks", "--stuck", "--decommission", str(decommission.id))
    assert found.exit_code == 0, found.output
    assert "hung, active for 1" in found.stdout
    assert "stuck after 10:00 (prior) [case " in found.stdout
    assert "occupier explain " in found.stdout
    status = run("status", str(decommission.id))
    assert "is stuck: hung, active for 1" in status.stdout
    assert "a task is stuck" in status.stdout


async def test_tasks_are_filtered_by_options(run: Run, sessions: Sessions) -> None:
    decommission = await a_decommission(sessions)
    found = run("tasks", "--occupier", "Juniper & Vale", "--kind", "ports", "--json")
    assert found.exit_code == 0, found.output
    assert [task["kind"] for task in json.loads(found.stdout)] == ["ports", "ports"]
    table = run("tasks", "--decommission", str(decommission.id), "--state", "failed")
    assert "No such task" in table.stdout
    assert run("tasks", "--state", "nonsense").exit_code == 2
    assert run("tasks", "--site", "nonsense").exit_code == 4


async def test_the_workflow_has_an_address_in_the_web_ui(run: Run, sessions: Sessions) -> None:
    decommission = await a_decommission(sessions)
    result = run("workflow", "url", "Juniper & Vale")
    assert result.exit_code == 0
    assert unquote(result.stdout.strip().rpartition("/")[2]) == decommission.workflow_id
    assert result.stdout.startswith("http://temporal.test:8080/namespaces/default/workflows/")


@pytest.mark.parametrize("as_json", [False, True])
async def test_watching_survives_a_restart_of_the_api_and_ends_with_the_summary(
    run: Run, api: ApiProcess, sessions: Sessions, database_url: str, *, as_json: bool
) -> None:
    decommission = await a_decommission(sessions)

    def play() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            try:
                _await_watcher(api)
                connection.execute(STUMBLE)
                assert api.stop() < 6
                api.start()
            finally:
                connection.execute(FINISH)  # or the watcher would wait for ever

    other = threading.Thread(target=play)
    other.start()
    arguments = ["status", str(decommission.id), "--watch", *(["--json"] if as_json else [])]
    result = run(*arguments)
    other.join()
    assert result.exit_code == 0, result.output
    if as_json:
        summary = json.loads(result.stdout)
        assert summary["decommission"]["state"] == "decommissioned"
        assert summary["verdicts"]["retained_data_unchanged"] is True
        assert "is decommissioned" in result.stderr
    else:
        assert "is decommissioned" in result.stdout
        assert "Data that must stay is unchanged: yes" in result.stdout
        assert "removed" in result.stdout


def _await_watcher(api: ApiProcess) -> None:
    """Until the stream of the watcher is open."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        figures = httpx.get(f"{api.url}/metrics", trust_env=False).text
        if "api_stream_subscribers 1.0" in figures:
            return
        time.sleep(0.02)
    raise AssertionError("nobody watches")
