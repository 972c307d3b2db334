"""Runs a list of children: each after those it needs, independent ones at the same time."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from deploy.local.child import Child
from deploy.local.errors import StackError
from deploy.local.spec import ChildSpec, Event


def ignore(_event: Event) -> None:
    """For callers that do not draw."""


class Supervisor:
    """Usable alone as `async with Supervisor([spec], logs)`; `Stack` adds the data directory.

    `failure` resolves to the StackError that ended a child for good.
    """

    def __init__(
        self,
        specs: Sequence[ChildSpec],
        log_dir: Path,
        on_event: Callable[[Event], None] = ignore,
    ) -> None:
        self.children = {
            spec.name: Child(spec, log_dir / f"{spec.name}.log", on_event) for spec in specs
        }
        self.failure: asyncio.Future[StackError] = asyncio.get_running_loop().create_future()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        for spec in specs:
            if missing := set(spec.after) - self.children.keys():
                raise StackError(f"{spec.name} waits for {', '.join(missing)}, which nobody starts")

    async def start(self) -> None:
        """Return when every child is ready; raise what ended the first that never will be."""
        for name, child in self.children.items():
            self._tasks[name] = asyncio.create_task(self._tend(child), name=f"child {name}")
        everyone = asyncio.create_task(self._all_ready())
        first: set[asyncio.Future[Any]] = {everyone, self.failure}  # results of two kinds
        try:
            await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        finally:
            everyone.cancel()
        if self.failure.done():
            raise self.failure.result()

    async def stop(self) -> None:
        """Stop each child once all that need it are gone."""
        tasks = [task for task in self._tasks.values() if not task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        gone = {name: asyncio.Event() for name in self.children}

        async def let_go(child: Child) -> None:
            for other in self.children.values():
                if child.spec.name in other.spec.after:
                    await gone[other.spec.name].wait()
            await child.stop()
            gone[child.spec.name].set()

        await asyncio.gather(*(let_go(child) for child in self.children.values()))
        self.failure.cancel()

    def kill(self) -> None:
        """End all children at once; `stop` is still needed to wait for them."""
        for child in self.children.values():
            child.kill()

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def _all_ready(self) -> None:
        for child in self.children.values():
            await child.ready.wait()

    async def _tend(self, child: Child) -> None:
        for name in child.spec.after:
            await self.children[name].ready.wait()
        try:
            await child.run()
        except StackError as error:
            self._fail(error)
        except Exception as bug:
            failure = StackError(f"{child.spec.name}: {bug!r}")
            failure.__cause__ = bug
            self._fail(failure)

    def _fail(self, error: StackError) -> None:
        if not self.failure.done():
            self.failure.set_result(error)
