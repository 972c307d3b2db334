"""The PostgreSQL server of a test run, and the databases that tests get on it.

`TEST_DATABASE_SERVER` names a server to use (its role must be able to make databases); unset, an
embedded one starts and goes with the run. Each test gets a copy of one migrated template.
"""

import asyncio
import hashlib
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql
from pydantic import SecretStr

from deploy.local.postgres import THROWAWAY, Postgres
from deploy.local.supervisor import Supervisor
from models.migrations.migrate import alembic_config, migrate
from models.settings import Settings


class EmbeddedServer:
    """An embedded server without durability, run by a thread of its own until `stop`."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="occupier-tests-", dir="/var/tmp"))
        self._home.chmod(0o711)
        self._url: Future[str] = Future()
        self._over = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def start(self) -> str:
        """Return the URL of a server that answers."""
        self._thread.start()
        return self._url.result()

    def stop(self) -> None:
        """End the server and remove its data."""
        self._over.set()
        self._thread.join()
        shutil.rmtree(self._home, ignore_errors=True)

    async def _serve(self) -> None:
        try:
            server = Postgres.in_data_dir(self._home, _free_port(), THROWAWAY)
            async with Supervisor([server.spec()], self._home / "logs"):
                self._url.set_result(server.url(database="postgres"))
                await asyncio.to_thread(self._over.wait)
        except BaseException as error:
            if not self._url.done():
                self._url.set_exception(error)
            raise


def migrated_template(server: str) -> str:
    """The name of a database at the newest schema, made by the first process that needs it.

    The name carries a digest of the migrations, so a server that stays can be used again.
    """
    name = f"template_{_digest_of_migrations()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(7301002)")  # one process makes it
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        if not found.rowcount:
            draft = f"draft_{uuid4().hex}"
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
            migrate(Settings(database_url=SecretStr(_at(server, draft))))
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(draft), sql.Identifier(name)
                )
            )
    return name


@contextmanager
def fresh_database(server: str, template: str) -> Iterator[str]:
    """The URL of a copy of `template` that nobody else uses; it is dropped afterwards."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    try:
        yield _at(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            _drop(connection, name)


def _drop(connection: psycopg.Connection, name: str) -> None:
    """Drop the database once nobody of the server's own, such as autovacuum, is in it."""
    statement = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
    for wait_s in (0.1, 0.2, 0.5, 1, 2, 5):
        try:
            connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege:  # the server's processes are not ours to end
            time.sleep(wait_s)
        else:
            return
    connection.execute(statement)


def _at(server: str, database: str) -> str:
    return urlsplit(server)._replace(path=f"/{database}").geturl()


def _digest_of_migrations() -> str:
    versions = Path(alembic_config().get_main_option("script_location") or "") / "versions"
    content = b"".join(file.read_bytes() for file in sorted(versions.glob("*.py")))
    return hashlib.sha256(content).hexdigest()[:16]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
