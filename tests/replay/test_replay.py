"""Every history that was ever recorded replays with the code of today."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from worker import SANDBOX, WORKFLOWS
from workflows.connection import CONVERTER

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


async def failure_of(history: str) -> Exception | None:
    """What goes wrong when today's code replays a history."""
    replayer = Replayer(workflows=WORKFLOWS, data_converter=CONVERTER, workflow_runner=SANDBOX)
    result = await replayer.replay_workflow(
        WorkflowHistory.from_json("replayed", history), raise_on_replay_failure=False
    )
    return result.replay_failure


@pytest.mark.parametrize("path", HISTORIES, ids=[path.stem for path in HISTORIES])
async def test_a_recorded_history_replays(path: Path) -> None:
    assert await failure_of(path.read_text()) is None  # noqa: ASYNC240 (a small file of ours)


def test_all_scenarios_are_recorded() -> None:
    assert {path.stem for path in HISTORIES} >= {
        "close-site-with-a-refusal",
        "cooling-off-asleep",
        "decommission-decided",
        "decommission-happy",
        "decommission-paused",
        "decommission-held",
        "decommission-retried",
        "decommission-waiting",
        "decommission-window-1",
        "decommission-window-2",
        "decommission-window-3",
        "schedule-blocked-then-started",
        "handsets-given-up",
        "handsets-refreshed",
        "site-decided",
        "site-happy",
        "site-held",
        "site-paused",
        "site-retried",
        "site-waiting",
        "site-watched",
    }


async def test_a_changed_order_of_steps_is_caught() -> None:
    text = (HISTORIES[0].parent / "site-happy.json").read_text()
    # A history in which the leases ended before the network was gone: not what the code does.
    swapped = (
        text.replace("network-r1-1", "swap")
        .replace("end_leases-r1-1", "network-r1-1")
        .replace("swap", "end_leases-r1-1")
    )
    assert await failure_of(swapped) is not None
