"""Children are started in order, restarted when they die or fall silent, and never left behind."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from deploy.local.child import Child
from deploy.local.errors import ChildFailedError, StackError
from deploy.local.spec import Event, Moment
from deploy.local.supervisor import Supervisor
from tests.local.children import command, web
from tests.local.machine import free_ports, until


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def pid_of(child: Child) -> int:
    assert child.pid is not None
    return child.pid


async def test_a_killed_child_is_restarted(tmp_path: Path) -> None:
    async with Supervisor([web("api", free_ports(1)[0])], tmp_path) as stack:
        child = stack.children["api"]
        old = pid_of(child)
        child.send(signal.SIGKILL)
        await child.ready.wait()
        assert pid_of(child) != old
        assert child.restarts == 1


async def test_a_child_that_stops_answering_is_restarted(tmp_path: Path) -> None:
    seen: list[Event] = []
    async with Supervisor([web("api", free_ports(1)[0])], tmp_path, seen.append) as stack:
        child = stack.children["api"]
        old = pid_of(child)
        child.send(signal.SIGSTOP)
        await until(lambda: child.ready.is_set() and child.pid not in (old, None))
        assert not alive(old)
        assert Moment.SILENT in {event.moment for event in seen}


async def test_children_start_after_what_they_need_and_stop_before_it(tmp_path: Path) -> None:
    seen: list[Event] = []
    first, second = free_ports(2)
    specs = [
        web("database", first),
        command("migrate", "print('migrated')", after=("database",)),
        web("api", second, after=("migrate", "database")),
    ]
    async with Supervisor(specs, tmp_path, seen.append):
        pass
    order = [(event.child, event.moment) for event in seen]
    assert order == [
        ("database", Moment.STARTING),
        ("database", Moment.READY),
        ("migrate", Moment.STARTING),
        ("migrate", Moment.EXITED),
        ("migrate", Moment.READY),
        ("api", Moment.STARTING),
        ("api", Moment.READY),
        ("api", Moment.STOPPED),
        ("database", Moment.STOPPED),
    ]
    assert (tmp_path / "migrate.log").read_text() == "migrated\n"


async def test_a_child_that_never_becomes_ready_is_reported_with_its_last_lines(
    tmp_path: Path,
) -> None:
    failing = command("migrate", "import sys; print('no such table'); sys.exit(3)")
    survivor = web("api", free_ports(1)[0])
    pids: list[int] = []
    with pytest.raises(ChildFailedError) as caught:
        async with Supervisor(
            [survivor, failing], tmp_path, lambda event: pids.append(event.pid or 0)
        ):
            pass
    message = str(caught.value)
    assert "migrate was started 2 times and did not become ready (ended with 3)" in message
    assert str(tmp_path / "migrate.log") in message
    assert "no such table" in message
    assert not any(alive(pid) for pid in pids)


async def test_an_error_nobody_named_ends_the_stack_instead_of_hanging_it(tmp_path: Path) -> None:
    nowhere = command("migrate", "pass")
    nowhere = type(nowhere)(
        name="migrate", argv=nowhere.argv, env=nowhere.env, one_shot=True, cwd=tmp_path / "gone"
    )
    with pytest.raises(StackError, match="migrate: FileNotFoundError"):
        async with asyncio.timeout(20):
            await Supervisor([nowhere], tmp_path).start()


async def test_what_a_dead_child_left_running_is_ended_with_it(tmp_path: Path) -> None:
    async with Supervisor([web("api", free_ports(1)[0], "grandchild")], tmp_path) as stack:
        child = stack.children["api"]
        group = pid_of(child)
        await until(lambda: len(members(group)) == 2)
        child.send(signal.SIGKILL)
        await child.ready.wait()
        assert members(group) == []


async def test_a_log_that_has_grown_large_is_set_aside_at_the_start(tmp_path: Path) -> None:
    large = tmp_path / "api.log"
    with large.open("wb") as file:
        file.truncate(51 * 1024 * 1024)
    async with Supervisor([web("api", free_ports(1)[0])], tmp_path):
        assert large.stat().st_size < 1024
    assert (tmp_path / "api.log.1").stat().st_size == 51 * 1024 * 1024


def members(group: int) -> list[int]:
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and alive(int(entry)) and os.getpgid(int(entry)) == group:
                found.append(int(entry))
        except ProcessLookupError:
            continue
    return found
