"""Starts a program in a session of its own, on a leash: it dies when this process dies.

The leash is tied to the thread that spawns; keep the event loop in a thread that lives as long
as the stack, which the main thread does.
"""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from deploy.local.errors import StackError
from deploy.local.spec import Account, ChildSpec

_LEASH = Path(__file__).with_name("leash.py")


async def spawn(spec: ChildSpec, log: IO[bytes]) -> asyncio.subprocess.Process:
    """Start the child; its pid is also its process group."""
    return await asyncio.create_subprocess_exec(
        *_leashed(spec.argv, spec.account, spec.orphan_signal),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=dict(spec.env),
        cwd=spec.cwd,
        start_new_session=True,
    )


async def run(argv: tuple[str, ...], account: Account | None, env: Mapping[str, str]) -> str:
    """Run a short program to its end and return what it printed; StackError when it fails."""
    process = await asyncio.create_subprocess_exec(
        *_leashed(argv, account, signal.SIGKILL),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=dict(env),
        cwd="/",
        start_new_session=True,
    )
    output, _ = await process.communicate()
    text = output.decode(errors="replace")
    if process.returncode != 0:
        raise StackError(f"{argv[0]} ended with {process.returncode}:\n{text[-2000:].strip()}")
    return text


def _leashed(
    argv: tuple[str, ...], account: Account | None, orphan_signal: signal.Signals
) -> tuple[str, ...]:
    program = shutil.which(argv[0])
    if program is None and account is None:
        raise StackError(f"{argv[0]} is not there or cannot be run")
    who = f"{account.uid}:{account.gid}" if account else "-"
    leash = (sys.executable, "-I", "-S", str(_LEASH))
    return (*leash, str(int(orphan_signal)), str(os.getpid()), who, program or argv[0], *argv[1:])
