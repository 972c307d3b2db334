"""One stack per data directory; it goes down whole, however it goes."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from api.app import create_app
from deploy.local.datadir import clean, down, read_state
from deploy.local.errors import ChildFailedError, StackError, StackInterruptedError, StackInUseError
from deploy.local.stack import Stack
from deploy.local.standard import standard_stack
from models.settings import Settings
from tests.local.children import of, web
from tests.local.machine import free_ports, reachable_directory, settings_on, until
from tests.local.test_supervisor import alive

PROJECT = Path(__file__).resolve().parents[2]
# A stack in a process of its own, as `occupier up` is one.
UP = """
import asyncio, sys
from pathlib import Path
from deploy.local.stack import Stack
from models.settings import Settings
from tests.local.machine import only
async def main():
    async with Stack(Settings(), build=only("postgres", "temporal")) as stack:
        await stack.wait()
asyncio.run(main())
"""


def start_up(settings: Settings) -> subprocess.Popen[bytes]:
    ports = {
        name.upper(): str(getattr(settings, name))
        for name in Settings.model_fields
        if name.endswith("_port")
    }
    env = {**os.environ, **ports, "DATA_DIR": str(settings.data_dir)}
    return subprocess.Popen([sys.executable, "-c", UP], cwd=PROJECT, env=env)


def is_ready(data_dir: Path) -> bool:
    state = read_state(data_dir)
    return state is not None and state.ready


def family(data_dir: Path) -> list[int]:
    """The children and theirs: PostgreSQL's backends too."""
    state = read_state(data_dir)
    assert state is not None
    pids = [child.pid for child in state.children.values() if child.pid]
    for pid in pids:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        pids = pids + [int(child) for child in children]
    return pids


async def test_sigkill_of_the_stack_takes_every_child_and_the_next_start_works() -> None:
    with reachable_directory() as place:
        settings = settings_on(place / "data")
        stack = start_up(settings)
        await until(lambda: is_ready(settings.data_dir), within=60)
        # Of PostgreSQL's own helpers some come and go.
        pids = [pid for pid in family(settings.data_dir) if alive(pid)]
        assert len(pids) > 4
        stack.kill()
        stack.wait()
        again = start_up(settings)  # at once: it waits for what is left of the first
        await until(lambda: is_ready(settings.data_dir), within=60)
        assert not any(alive(pid) for pid in pids)
        assert await asyncio.to_thread(down, settings.data_dir)
        assert again.wait(timeout=30) == 0


async def test_down_stops_a_stack_from_another_terminal_and_says_when_there_is_none() -> None:
    with reachable_directory() as place:
        settings = settings_on(place / "data")
        stack = start_up(settings)
        await until(lambda: is_ready(settings.data_dir), within=60)
        pids = family(settings.data_dir)
        assert await asyncio.to_thread(down, settings.data_dir)
        assert stack.wait(timeout=30) == 0
        assert not any(alive(pid) for pid in pids)
        assert not down(settings.data_dir)
        assert read_state(settings.data_dir) is None


async def test_a_second_stack_on_the_same_data_is_refused(tmp_path: Path) -> None:
    settings, build = Settings(data_dir=tmp_path / "data"), of(web("api", free_ports(1)[0]))
    async with Stack(settings, build=build):
        with pytest.raises(StackInUseError, match=f"in use by the stack with pid {os.getpid()}"):
            async with Stack(settings, build=build):
                pass
        assert read_state(settings.data_dir) is not None


async def test_the_state_file_tells_its_owner_where_everything_is(tmp_path: Path) -> None:
    settings, port = Settings(data_dir=tmp_path / "data"), free_ports(1)[0]
    async with Stack(settings, build=of(web("api", port))) as stack:
        file = settings.data_dir / "stack.json"
        assert file.stat().st_mode & 0o777 == 0o600
        state = read_state(settings.data_dir)
        assert state is not None
        assert (state.pid, state.ready, state.ports) == (os.getpid(), True, {"API_PORT": port})
        assert state.children["api"].pid == stack.pid("api")
    assert not file.exists()


async def test_a_signal_ends_the_wait(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    async with Stack(settings, build=of(web("api", free_ports(1)[0]))) as stack:
        asyncio.get_running_loop().call_later(0.1, os.kill, os.getpid(), signal.SIGTERM)
        await stack.wait()
        pid = stack.pid("api")
    assert not alive(pid)


async def test_a_signal_interrupts_work_that_does_not_wait_for_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")

    async def work() -> None:
        async with Stack(settings, build=of(web("api", free_ports(1)[0]))):
            asyncio.get_running_loop().call_later(0.1, os.kill, os.getpid(), signal.SIGINT)
            await asyncio.Event().wait()

    with pytest.raises(StackInterruptedError, match="stopped by SIGINT"):
        await work()


async def test_a_child_beyond_help_ends_the_wait_with_its_last_lines(tmp_path: Path) -> None:
    settings, port = Settings(data_dir=tmp_path / "data"), free_ports(1)[0]
    program = tmp_path / "server.py"
    program.write_text((Path(__file__).with_name("tiny_server.py")).read_text())
    spec = web("api", port)
    doomed = type(spec)(
        name="api",
        argv=(sys.executable, str(program), str(port)),
        env=spec.env,
        probe=spec.probe,
        check_every=0.1,
        attempts=2,
    )
    async with Stack(settings, build=of(doomed)) as stack:
        program.write_text("raise SystemExit('the disk is full')")
        stack.kill("api")
        with pytest.raises(ChildFailedError, match="the disk is full"):
            await stack.wait()


async def test_clean_removes_only_what_is_ours(tmp_path: Path) -> None:
    foreign = tmp_path / "home"
    foreign.mkdir()
    (foreign / "letters").write_text("dear")
    with pytest.raises(StackError, match="is not a data directory of occupier"):
        clean(foreign)
    with pytest.raises(StackError, match="holds files that are not ours"):
        async with Stack(Settings(data_dir=foreign), build=of()):
            pass
    assert [entry.name for entry in foreign.iterdir()] == ["letters"]
    async with Stack(Settings(data_dir=tmp_path / "data"), build=of(web("api", free_ports(1)[0]))):
        pass
    assert clean(tmp_path / "data")
    assert not (tmp_path / "data").exists()
    assert not clean(tmp_path / "data")


async def test_a_stack_starts_where_the_api_has_run_alone(
    settings: Settings, tmp_path: Path
) -> None:
    settings = settings.model_copy(update={"data_dir": tmp_path / "data"})
    create_app(settings)
    kept = [entry.name for entry in settings.data_dir.iterdir()]
    assert kept == ["dev-issuer.json"]
    async with Stack(settings, build=of()):
        assert read_state(settings.data_dir)


async def test_servers_that_are_brought_along_are_not_started(tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {
            "data_dir": tmp_path / "data",
            "database_url": "postgresql://u:p@db.example/occupier",
            "temporal_address": "temporal.example:7233",
        }
    )
    filled, specs = standard_stack(settings, {})
    assert [spec.name for spec in specs] == ["migrate", "estate", "api", "worker", "sweeper"]
    assert filled.temporal_address == "temporal.example:7233"
    for spec in specs:
        assert spec.env["DATABASE_URL"] == "postgresql://u:p@db.example/occupier"
        assert spec.env["TEMPORAL_ADDRESS"] == "temporal.example:7233"
        assert not {"postgres", "temporal"} & set(spec.after)


async def test_the_whole_stack_is_started_in_the_order_of_its_needs() -> None:
    with reachable_directory() as place:
        settings = settings_on(place)
        filled, specs = standard_stack(settings, {})
        needs = {spec.name: set(spec.after) for spec in specs}
        assert needs == {
            "postgres": set(),
            "temporal": set(),
            "migrate": {"postgres"},
            "estate": {"migrate"},
            "api": {"migrate", "temporal"},
            "worker": {"migrate", "temporal"},
            "sweeper": {"migrate", "temporal"},
        }
        assert filled.sqlalchemy_url.startswith("postgresql+psycopg://occupier:")
        assert filled.temporal_address == f"127.0.0.1:{settings.temporal_port}"
