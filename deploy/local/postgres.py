"""The embedded PostgreSQL as a child of the stack: TCP on loopback, passwords, full durability."""

import contextlib
import signal
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Self

import psycopg
from psycopg import sql

from deploy.local.environment import bare_environment
from deploy.local.errors import NotReadyError
from deploy.local.postgres_home import (
    SUPERUSER,
    binaries,
    choose_account,
    choose_home,
    initialise,
    own_directory,
    password,
)
from deploy.local.spec import Account, ChildSpec, Port

ROLE = DATABASE = "occupier"
API_ROLE = "occupier_api"  # migration 0004 says what it may

# For 2 cores and 24 GB, and still right on a machine with 1 GB.
_SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    # Short queries share two cores, and parallel ones need more /dev/shm than containers have.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "timezone": "UTC",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    # A broken constraint's DETAIL and STATEMENT would put people's names into the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
}
THROWAWAY: Mapping[str, str] = MappingProxyType(
    {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
)
"""Extra settings for a cluster whose data nobody needs again. Tests only."""


class Postgres:
    """One cluster; `spec()` is the child that serves it, `url()` what its clients use.

    The application's role owns its database and may make others; it is not a superuser.
    """

    def __init__(
        self,
        home: Path,
        port: int,
        *,
        account: Account | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        own_directory(home, 0o711)
        self.home, self.port = home, port
        self._account = account
        self._extra = dict(extra or {})
        self._programs = binaries(home, account)
        self._data = home / "data"

    @classmethod
    def in_data_dir(cls, data_dir: Path, port: int, extra: Mapping[str, str] | None = None) -> Self:
        """The cluster of a data directory, run by an account that may run it."""
        account = choose_account(data_dir)
        return cls(choose_home(data_dir, account), port, account=account, extra=extra)

    def url(self, role: str = ROLE, database: str = DATABASE) -> str:
        """A libpq URL with the role's password in it."""
        return f"postgresql://{role}:{password(self.home, role)}@127.0.0.1:{self.port}/{database}"

    def spec(self) -> ChildSpec:
        """Up again after SIGKILL too: old children may hold the shared memory for a moment."""
        settings = _SETTINGS | self._extra | {"port": str(self.port)}
        options = (part for item in settings.items() for part in ("-c", "=".join(item)))
        return ChildSpec(
            name="postgres",
            argv=(str(self._programs / "postgres"), "-D", str(self._data), *options),
            env=bare_environment(),
            account=self._account,
            ports=(Port("POSTGRES_PORT", self.port),),
            prepare=self._prepare,
            probe=self._well,
            settle=self._make_database,
            stop_signal=signal.SIGINT,  # fast: ends sessions, writes a checkpoint
            orphan_signal=signal.SIGINT,
            attempts=8,  # 0.1 s doubling: 13 s for the old children to let go
            ready_within=120.0,  # replaying the log after a crash takes its time
            stop_within=30.0,
        )

    async def _prepare(self) -> None:
        await initialise(self.home, self._programs, self._account)
        self._drop_recycled_pid()

    def _drop_recycled_pid(self) -> None:
        """After a reboot the pid in the lock file may be some other program's by now."""
        lock = self._data / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int(lock.read_text().splitlines()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if str(self._data).encode() not in command:
                lock.unlink()

    async def _well(self, pid: int) -> bool:
        """The lock file first: it tells "starting" from "ready" without a connection."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            if int(lines[0]) != pid or lines[7].strip() != "ready":
                return False
            async with await self._connect():
                return True
        except (OSError, ValueError, IndexError, psycopg.OperationalError):
            return False

    async def _make_database(self) -> None:
        try:
            async with await self._connect() as connection:
                await self._make_role(connection)
                await self._make_api_role(connection)
                found = await connection.execute(
                    "select from pg_database where datname = %s", [DATABASE]
                )
                if not found.rowcount:
                    names = sql.Identifier(DATABASE), sql.Identifier(ROLE)
                    await connection.execute(sql.SQL("create database {} owner {}").format(*names))
        except psycopg.OperationalError as error:
            raise NotReadyError("the server went away while its database was made") from error

    async def _make_role(self, connection: psycopg.AsyncConnection) -> None:
        found = await connection.execute("select from pg_roles where rolname = %s", [ROLE])
        if not found.rowcount:
            secret = sql.Literal(password(self.home, ROLE))
            await connection.execute(
                sql.SQL("create role {} login createdb password {}").format(
                    sql.Identifier(ROLE), secret
                )
            )

    async def _make_api_role(self, connection: psycopg.AsyncConnection) -> None:
        """What the API becomes on its connections; also in a cluster of an earlier release."""
        found = await connection.execute("select from pg_roles where rolname = %s", [API_ROLE])
        if not found.rowcount:
            api, ours = sql.Identifier(API_ROLE), sql.Identifier(ROLE)
            await connection.execute(sql.SQL("create role {} nologin").format(api))
            await connection.execute(sql.SQL("grant {} to {}").format(api, ours))

    async def _connect(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(
            self.url(SUPERUSER, "postgres"), autocommit=True, connect_timeout=5
        )
