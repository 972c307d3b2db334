"""One child: started, awaited, watched, and started again when it dies or falls silent."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import structlog

from deploy.local.errors import ChildFailedError, NotReadyError
from deploy.local.spawn import spawn
from deploy.local.spec import ChildSpec, Event, Moment

log = structlog.get_logger(__name__)

_ROTATE_BYTES = 50 * 1024 * 1024
_FIRST_DELAY_S, _LONGEST_DELAY_S = 0.1, 5.0
_SETTLED_S = 30.0  # a child that lived this long starts again without delay
_POLL_S = 0.05  # children that start together need the cores more than we do
_DEADLY = {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGABRT}


class Child:
    """A running spec. `ready` is set while it answers; `restarts` counts starts after the first."""

    def __init__(self, spec: ChildSpec, log_path: Path, tell: Callable[[Event], None]) -> None:
        self.spec = spec
        self.log_path = log_path
        self.ready = asyncio.Event()
        self.pid: int | None = None
        self.restarts = 0
        self._tell = tell
        self._process: asyncio.subprocess.Process | None = None

    async def run(self) -> None:
        """Keep the child alive until cancelled; return when a one-shot child has ended well."""
        unready, quick_deaths = 0, 0
        while True:
            started = time.monotonic()
            try:
                await self._start()
            except NotReadyError as error:
                unready += 1
                log.warning("child.not_ready", child=self.spec.name, reason=str(error))
                if unready >= self.spec.attempts:
                    raise self._failure(unready, error) from error
            else:
                unready = 0
                if self.spec.one_shot:
                    return
                await self._watch()
            quick_deaths = quick_deaths + 1 if time.monotonic() - started < _SETTLED_S else 0
            await asyncio.sleep(min(_FIRST_DELAY_S * 2**quick_deaths / 2, _LONGEST_DELAY_S))
            self.restarts += 1

    async def stop(self, grace: float | None = None) -> None:
        """Ask the child to go and wait `grace` seconds; then kill its whole group."""
        process = self._process
        if process is None:
            return
        self.ready.clear()
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)  # a stopped process sees no other signal
                process.send_signal(self.spec.stop_signal)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.spec.stop_within if grace is None else grace):
                    await process.wait()
        self._kill_group(process)
        await process.wait()
        self._forget(Moment.STOPPED, process)

    def send(self, number: signal.Signals) -> None:
        """Signal the child itself. After a deadly one it is not ready until it is started again."""
        if self._process is None or self._process.returncode is not None:
            raise NotReadyError(f"{self.spec.name} is not running")
        if number in _DEADLY:
            self.ready.clear()
        self._process.send_signal(number)

    def kill(self) -> None:
        """End the child and its group at once, without a goodbye."""
        if self._process is not None:
            self._kill_group(self._process)

    async def _start(self) -> None:
        if self.spec.prepare:
            await self.spec.prepare()
        began = time.monotonic()
        with _open_log(self.log_path) as sink:
            self._process = await spawn(self.spec, sink)
        self.pid = self._process.pid
        self._tell(Event(self.spec.name, Moment.STARTING, self.pid))
        try:
            async with asyncio.timeout(self.spec.ready_within):
                await self._answer(self._process)
                if self.spec.settle:
                    await self.spec.settle()
        except TimeoutError:
            await self.stop()
            raise NotReadyError(f"no answer within {self.spec.ready_within:g} s") from None
        except NotReadyError:
            await self.stop()
            raise
        self.ready.set()
        seconds = time.monotonic() - began
        self._tell(Event(self.spec.name, Moment.READY, self.pid, seconds))
        log.info("child.ready", child=self.spec.name, pid=self.pid, seconds=round(seconds, 3))

    async def _answer(self, process: asyncio.subprocess.Process) -> None:
        if self.spec.one_shot or self.spec.probe is None:
            if await process.wait() != 0:
                raise NotReadyError(f"ended with {process.returncode}")
            self._forget(Moment.EXITED, process)
            return
        while not await self.spec.probe(process.pid):
            if process.returncode is not None:
                raise NotReadyError(f"ended with {process.returncode} before it answered")
            await asyncio.sleep(_POLL_S)

    async def _watch(self) -> None:
        """Return when the child is gone: by itself, or because it was silent for too long."""
        process, probe = self._process, self.spec.probe
        if process is None or probe is None:
            return
        gone = asyncio.ensure_future(process.wait())
        heard = time.monotonic()
        try:
            while not (await asyncio.wait({gone}, timeout=self.spec.check_every))[0]:
                if await probe(process.pid):
                    heard = time.monotonic()
                elif time.monotonic() - heard > self.spec.silent_for:
                    self._say_silent(process.pid)
                    await self.stop()
                    return
        finally:
            gone.cancel()
        self.ready.clear()
        self._kill_group(process)  # what it left behind would hold its ports
        self._forget(Moment.EXITED, process)
        log.warning("child.exited", child=self.spec.name, pid=process.pid, code=process.returncode)

    def _say_silent(self, pid: int) -> None:
        self._tell(Event(self.spec.name, Moment.SILENT, pid))
        log.warning("child.silent", child=self.spec.name, pid=pid, seconds=self.spec.silent_for)

    def _forget(self, moment: Moment, process: asyncio.subprocess.Process) -> None:
        self._process, self.pid = None, None
        self._tell(Event(self.spec.name, moment, process.pid, detail=str(process.returncode)))

    def _kill_group(self, process: asyncio.subprocess.Process) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)

    def _failure(self, attempts: int, last: NotReadyError) -> ChildFailedError:
        times = "once" if attempts == 1 else f"{attempts} times"
        return ChildFailedError(
            f"{self.spec.name} was started {times} and did not become ready ({last}).\n"
            f"The end of {self.log_path}:\n{last_lines(self.log_path)}"
        )


def last_lines(path: Path, count: int = 20) -> str:
    """The end of a log, for an error message."""
    with path.open("rb") as log_file:
        log_file.seek(max(0, path.stat().st_size - 16_384))
        lines = log_file.read().decode(errors="replace").splitlines()
    return "\n".join(lines[-count:])


def _open_log(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _ROTATE_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")
