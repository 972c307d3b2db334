"""The whole stack on one machine, for `occupier up`, `occupier demo` and the tests that kill."""

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeAlias

import structlog

from deploy.local import ports
from deploy.local.child import Child
from deploy.local.datadir import ChildState, DataDir, StackState, born
from deploy.local.errors import StackError, StackInterruptedError
from deploy.local.spec import ChildSpec, Event
from deploy.local.standard import standard_stack
from deploy.local.supervisor import Supervisor, ignore
from models.settings import Settings

log = structlog.get_logger(__name__)

Build: TypeAlias = Callable[[Settings, Mapping[str, int]], tuple[Settings, list[ChildSpec]]]


class Stack:
    """`async with Stack(settings, ...) as stack:` holds when all are ready, stops all at its end.

    `settings` has every address filled in once inside. SIGINT, SIGTERM and a child that fails for
    good end `wait()`; when the body is busy elsewhere they cancel it, and the block raises
    StackInterruptedError or the child's error in place of the cancellation.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        search_attributes: Mapping[str, int] | None = None,
        on_event: Callable[[Event], None] = ignore,
        build: Build = standard_stack,
    ) -> None:
        self.settings = settings
        self._search_attributes = search_attributes or {}
        self._on_event = on_event
        self._build = build
        self._data = DataDir(settings.data_dir)
        self._supervisor: Supervisor | None = None
        self._owner: asyncio.Task[object] | None = None
        self._ended: asyncio.Future[StackError] | None = None
        self._listening = False
        self._cancelled = False
        self._is_ready = False

    async def wait(self) -> None:
        """Return when a signal asks to stop; raise ChildFailedError when a child is beyond help."""
        if self._ended is None:
            raise StackError("the stack is not up")
        self._listening = True
        try:
            cause = await asyncio.shield(self._ended)
        finally:
            self._listening = False
        if not isinstance(cause, StackInterruptedError):
            raise cause

    async def wait_ready(self, name: str) -> None:
        """Return when the child answers, at once when it does already; raise when it never will."""
        ready = asyncio.create_task(self._child(name).ready.wait())
        first: set[asyncio.Future[Any]] = {ready}
        if self._supervisor is not None:
            first.add(self._supervisor.failure)
        try:
            await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
            if not ready.done() and self._supervisor is not None:
                raise self._supervisor.failure.result()
        finally:
            ready.cancel()

    def pid(self, name: str) -> int:
        """The pid of a running child; its own program's, not a wrapper's."""
        pid = self._child(name).pid
        if pid is None:
            raise StackError(f"{name} is not running now")
        return pid

    def restarts(self, name: str) -> int:
        """How often the child was started again."""
        return self._child(name).restarts

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Signal a child as a test or an accident would; `wait_ready` then awaits its comeback."""
        self._child(name).send(number)

    async def __aenter__(self) -> Self:
        self._owner = asyncio.current_task()
        self._ended = asyncio.get_running_loop().create_future()
        self._listening = True
        self._data.claim()
        try:
            self.settings, specs = self._build(self.settings, self._search_attributes)
            ports.check(port for spec in specs for port in spec.ports)
            self._supervisor = Supervisor(specs, self._data.logs, self._told)
            self._catch_signals()
            self._supervisor.failure.add_done_callback(self._child_failed)
            await self._start(self._supervisor, self._ended)
        except BaseException:
            await self._close()
            raise
        self._is_ready, self._listening = True, False
        self._record()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listening = True  # from here on a signal must not cancel the stopping
        await self._close()
        if self._cancelled and kind is asyncio.CancelledError and self._ended and self._owner:
            self._owner.uncancel()
            raise self._ended.result() from None

    async def _start(self, supervisor: Supervisor, ended: asyncio.Future[StackError]) -> None:
        starting = asyncio.create_task(supervisor.start())
        first: set[asyncio.Future[Any]] = {starting, ended}  # results of two kinds
        try:
            await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        finally:
            starting.cancel()  # no effect on a finished one
            await asyncio.wait({starting})
        if ended.done():
            raise ended.result()
        await starting

    async def _close(self) -> None:
        if self._supervisor is not None:
            await self._supervisor.stop()
        self._release_signals()
        self._data.release()
        if self._ended is not None:
            self._ended.cancel()

    def _end(self, cause: StackError) -> None:
        if self._ended is None or self._ended.done():
            return
        self._ended.set_result(cause)
        if not self._listening and self._owner is not None:
            self._cancelled = self._owner.cancel()

    def _child_failed(self, failure: asyncio.Future[StackError]) -> None:
        if not failure.cancelled():
            self._end(failure.result())

    def _catch_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._asked_to_stop, number)

    def _release_signals(self) -> None:
        with contextlib.suppress(RuntimeError, ValueError):
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().remove_signal_handler(number)

    def _asked_to_stop(self, number: signal.Signals) -> None:
        if self._ended and self._ended.done() and self._supervisor:
            log.warning("stack.killed", signal=number.name)  # asked twice: somebody is in a hurry
            self._supervisor.kill()
            return
        log.info("stack.stop_requested", signal=number.name)
        self._end(StackInterruptedError(f"stopped by {number.name}"))

    def _told(self, event: Event) -> None:
        self._record()
        self._on_event(event)

    def _record(self) -> None:
        if self._supervisor is None:
            return
        settings, children = self.settings, self._supervisor.children
        secret = settings.database_url
        self._data.record(
            StackState(
                pid=os.getpid(),
                ready=self._is_ready,
                env=settings.env,
                oidc_issuer=settings.oidc_issuer,
                database_url=secret.get_secret_value() if secret else "",
                temporal_address=settings.temporal_target,
                urls={
                    "api": settings.api_base_url,
                    "estate": settings.estate_base_url,
                    "temporal": settings.temporal_web_url,
                },
                ports={
                    port.setting: port.number
                    for child in children.values()
                    for port in child.spec.ports
                },
                children={name: _state(child) for name, child in children.items()},
            )
        )

    def _child(self, name: str) -> Child:
        if self._supervisor is None:
            raise StackError("the stack is not up")
        return self._supervisor.children[name]


def _state(child: Child) -> ChildState:
    return ChildState(
        pid=child.pid,
        born=born(child.pid) if child.pid else None,
        ready=child.ready.is_set(),
        restarts=child.restarts,
        log=child.log_path,
    )
