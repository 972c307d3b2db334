"""SIGKILL in the middle of a run: it goes on by itself, loses no task and doubles no effect."""

import pytest

from tests.kill.scene import Scene

pytestmark = pytest.mark.kill


@pytest.mark.parametrize(
    "names",
    [
        ("worker",),
        ("api",),
        ("temporal",),
        ("postgres",),
        ("estate",),
        ("sweeper",),
        ("worker", "temporal"),
    ],
    ids="+".join,
)
async def test_a_killed_process_loses_and_doubles_nothing(
    scene: Scene, names: tuple[str, ...]
) -> None:
    await scene.start()
    await scene.is_under_way()
    before = scene.stack.state
    scene.stack.kill(*names)
    await scene.stack.back(names, before)
    await scene.ends_well()


async def test_a_killed_stack_goes_on_when_it_is_started_again(scene: Scene) -> None:
    await scene.start()
    await scene.is_under_way()
    scene.stack.kill_whole()
    await scene.stack.up()
    await scene.ends_well()


async def test_an_acknowledged_start_survives_whoever_would_have_carried_it(scene: Scene) -> None:
    before = scene.stack.state
    await scene.start()
    names = ("api", "sweeper", "worker")
    scene.stack.kill(*names)
    await scene.stack.back(names, before)
    await scene.ends_well()
