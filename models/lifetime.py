"""How a process of ours lives: until a signal, and then out without a late crash."""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from typing import NoReturn


async def until_signal() -> None:
    """Return when the process is asked to end (SIGINT or SIGTERM)."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()


def run_and_exit(main: Coroutine[None, None, int]) -> NoReturn:
    """Run `main` and leave with its code.

    The interpreter's own teardown can abort after the Temporal SDK was used
    (temporalio/sdk-python#300), which would turn a success into a failure for the caller.
    """
    code = asyncio.run(main)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
