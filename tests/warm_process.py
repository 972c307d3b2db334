"""Processes of ours that start at once: forked from one that has imported them already.

They are what `python -m api` and `python -m estate` run, without the seconds that imports take.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from importlib import import_module
from multiprocessing.context import ForkServerProcess

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["api.__main__", "estate.__main__"])


class WarmProcess:
    """`python -m <package>` under an environment; it runs from the beginning on."""

    def __init__(self, package: str, environment: Mapping[str, str]) -> None:
        self._process: ForkServerProcess = _FORKS.Process(
            target=_main, args=(package, dict(environment)), daemon=True
        )
        self._process.start()

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.is_alive()

    def kill(self) -> None:
        """SIGKILL, and wait."""
        self._end(signal.SIGKILL, 30)

    def stop(self, within_s: float) -> None:
        """SIGTERM, and wait."""
        self._end(signal.SIGTERM, within_s)

    def _end(self, number: signal.Signals, within_s: float) -> None:
        if self._process.pid is not None and self._process.is_alive():
            os.kill(self._process.pid, number)
        self._process.join(within_s)
        assert not self._process.is_alive(), f"it did not end within {within_s:g} s of {number!r}"


def _main(package: str, environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [package]
    import_module(f"{package}.__main__").main()
