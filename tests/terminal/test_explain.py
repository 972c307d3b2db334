"""`occupier explain`: the story at a terminal, for people and for programs."""

import json

import pytest

from models.database import Sessions
from models.domain.decommission import TaskKind
from models.domain.outside import FailureKind
from models.tables.task import TaskRow
from tests.builders import make_decommission, make_scene, make_task
from tests.stumbles import order_of, park, stumble
from tests.terminal.conftest import Run

GONE = "switching retire at site s-1: answered with status 503"


@pytest.fixture
async def task(sessions: Sessions) -> TaskRow:
    """A failed task."""
    async with sessions.begin() as session:
        scene = await make_scene(session)
        run = await make_decommission(session, occupier=scene.occupier, sites=scene.sites)
        made = await make_task(
            session, decommission=run, site=scene.sites[0], kind=TaskKind.PORTS, total=96
        )
    for attempt in range(1, 7):
        await stumble(sessions, order_of(made), attempt, FailureKind.TRANSIENT, GONE)
    await park(sessions, order_of(made), FailureKind.TRANSIENT, GONE)
    return made


def test_the_story_is_told_in_plain_words_within_80_columns(run: Run, task: TaskRow) -> None:
    result = run("explain", str(task.id)[:8])
    assert result.exit_code == 0, result.output
    words = " ".join(result.stdout.split())
    assert "The task ports is failed (0 of 96 done, round 1)." in words
    assert "It waits for a person to decide." in words
    assert "Attempts 1 to 6 failed: the system was not reached, or broke." in words
    assert "For support: Ask the provider whether the system is down." in words
    assert "6 x transient" in words
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_an_sre_is_told_where_it_runs_and_that_temporal_is_away(
    run: Run, task: TaskRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCCUPIER_AS", "sre")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    result = run("explain", str(task.id))
    assert result.exit_code == 0, result.output
    assert "4711@worker-host" in result.stdout
    assert "Temporal does not answer at 127.0.0.1:1" in " ".join(result.stdout.split())
    # Whole, so that they can be copied.
    assert f"temporal workflow show --workflow-id decommission/{task.decommission_id}/site/" in (
        result.stdout
    )
    assert "/run-1/history\n" in result.stdout


def test_programs_read_the_story_as_json(run: Run, task: TaskRow) -> None:
    result = run("explain", str(task.id), "--json")
    story = json.loads(result.stdout)
    assert (story["task_id"], story["engine"]) == (str(task.id), None)
    assert story["failures"][0]["attempts"] == 6


def test_a_task_that_nobody_has_is_not_found(run: Run) -> None:
    assert run("explain", "00000000").exit_code == 3
    assert run("explain", "xyz").exit_code == 4
