"""A real estate in a process of its own, for tests to talk to, fault and kill."""

import asyncio
import os
import time

import aiohttp

from tests.estate.postgres import free_port
from tests.warm_process import WarmProcess


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
        self._process: WarmProcess | None = None

    async def start(self) -> None:
        """Start and wait until it is ready."""
        self._process = WarmProcess("estate", self._environment)
        await self.until_ready()

    async def until_ready(self, within_s: float = 60.0) -> float:
        """Wait for /readyz; returns the seconds it took."""
        began = time.monotonic()
        while time.monotonic() - began < within_s:
            if await self._is_ready():
                return time.monotonic() - began
            assert self._process is None or self._process.is_running, "the estate has died"
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

    def stop(self) -> None:
        """SIGTERM, and wait."""
        assert self._process is not None
        self._process.stop(within_s=15)
