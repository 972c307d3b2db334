"""A real estate in a process of its own, for tests to talk to, fault and kill."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import aiohttp

from tests.estate.postgres import free_port

_ROOT = Path(__file__).parents[2]


class RunningEstate:
    """`python -m estate` on a free port and a database."""

    def __init__(self, database_url: str) -> None:
        self.database_url = database_url
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "ESTATE_PORT": str(self.port),
            "LOG_LEVEL": "WARNING",
        }
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start and wait until it is ready."""
        self._spawn()
        await self.until_ready()

    def _spawn(self) -> None:
        command = [sys.executable, "-m", "estate"]
        self._process = subprocess.Popen(command, cwd=_ROOT, env=self._environment)

    async def until_ready(self, within_s: float = 60.0) -> float:
        """Wait for /readyz; returns the seconds it took."""
        began = time.monotonic()
        while time.monotonic() - began < within_s:
            if await self._is_ready():
                return time.monotonic() - began
            assert self._process is None or self._process.poll() is None, "the estate has died"
            await asyncio.sleep(0.05)
        raise AssertionError(f"the estate is not ready after {within_s:g} s")

    async def _is_ready(self) -> bool:
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"{self.url}/readyz", timeout=aiohttp.ClientTimeout(total=5)) as answer,
            ):
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """SIGTERM, and wait."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=15)
