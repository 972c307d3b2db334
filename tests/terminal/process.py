"""The API as a process of its own, which a test can stop and start again."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from deploy.local.environment import child_environment
from models.settings import Settings
from tests.warm_process import WarmProcess


class ApiProcess:
    """`python -m api` on a port that stays the same over restarts."""

    def __init__(self, settings: Settings) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        self._settings = settings.model_copy(update={"api_port": port, "log_level": "WARNING"})
        self._process: WarmProcess | None = None

    @property
    def url(self) -> str:
        """Base address; `settings.api_url` stays the name under which tokens are issued."""
        return f"http://127.0.0.1:{self._settings.api_port}"

    def start(self) -> None:
        """Return when it is ready."""
        environment = child_environment(self._settings, own_temporal=False)
        self._process = WarmProcess("api", dict(os.environ) | environment)
        deadline = time.monotonic() + 60
        while not self._is_ready():
            assert self._process.is_running, "the API ended before it was ready"
            assert time.monotonic() < deadline, "the API was not ready in time"
            time.sleep(0.05)

    def stop(self) -> float:
        """End it as an operator does; seconds that it took."""
        assert self._process is not None
        began = time.monotonic()
        self._process.stop(within_s=30)
        return time.monotonic() - began

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", trust_env=False).is_success
        except httpx.HTTPError:
            return False


@contextmanager
def api_process(settings: Settings) -> Iterator[ApiProcess]:
    """A running API, killed at the end."""
    process = ApiProcess(settings)
    try:
        process.start()
        yield process
    finally:
        process.kill()
