"""Real servers and places for tests: free ports, reachable directories, small stacks."""

import asyncio
import contextlib
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from pathlib import Path

from deploy.local.datadir import clean
from deploy.local.spec import ChildSpec
from deploy.local.stack import Build, Stack
from deploy.local.standard import servers
from models.settings import Settings


def free_ports(count: int) -> list[int]:
    """Ports that were free together a moment ago."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextlib.contextmanager
def reachable_directory() -> Iterator[Path]:
    """A directory that every account may pass through; pytest's own are closed to PostgreSQL's."""
    place = Path(tempfile.mkdtemp(prefix="occupier-test-", dir="/var/tmp"))
    place.chmod(0o711)
    try:
        yield place
    finally:
        try:
            clean(place / "data")
        finally:
            shutil.rmtree(place)


def settings_on(data_dir: Path) -> Settings:
    """Settings whose ports are all free."""
    fields = [name for name in Settings.model_fields if name.endswith("_port")]
    ports = dict(zip(fields, free_ports(len(fields)), strict=True))
    return Settings.model_validate({"data_dir": data_dir, **ports})


def only(*names: str) -> Build:
    """A stack of some of the two servers."""

    def build(
        settings: Settings, attributes: Mapping[str, int]
    ) -> tuple[Settings, list[ChildSpec]]:
        filled, specs = servers(settings, attributes)
        return filled, [spec for spec in specs if spec.name in names]

    return build


@contextlib.asynccontextmanager
async def stack_of(
    *names: str, attributes: Mapping[str, int] | None = None
) -> AsyncIterator[Stack]:
    """A stack of its own data directory with some of the two servers."""
    with reachable_directory() as place:
        settings = settings_on(place / "data")
        async with Stack(settings, search_attributes=attributes, build=only(*names)) as stack:
            yield stack


async def until(met: Callable[[], bool | Awaitable[bool]], within: float = 30.0) -> None:
    """Poll until the condition is met; TimeoutError names it when it never is."""
    deadline = time.monotonic() + within
    while True:
        answer = met()
        if answer if isinstance(answer, bool) else await answer:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"{met} was not met within {within:g} s")
        await asyncio.sleep(0.02)
