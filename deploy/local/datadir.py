"""The data directory: whose it is, who runs on it now, and how it goes away.

It holds a marker (so that `clean` never removes anything else), a lock that the kernel frees when
its stack dies, and `stack.json`, where other commands find pids, ports and addresses.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import time
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel

from deploy.local.errors import StackError, StackInUseError

_MARKER, _LOCK, _STATE = ".occupier-data", "lock", "stack.json"
_FROM_THE_API_ALONE = {"dev-issuer.json"}  # `python -m api` keeps its development key here
_ORPHANS_GO_WITHIN_S = 10.0
_GLANCE_S = 0.5  # `read_state` holds the lock for an instant; that is nobody running


class ChildState(BaseModel):
    """One child as other commands see it; `born` tells a live pid from a recycled one."""

    pid: int | None
    born: int | None
    ready: bool
    restarts: int
    log: Path


class StackState(BaseModel):
    """`stack.json`, readable by its owner only because it holds the database password."""

    pid: int
    ready: bool
    env: Literal["prod", "dev"] = "prod"
    oidc_issuer: str | None = None
    database_url: str
    temporal_address: str
    urls: dict[str, str]
    ports: dict[str, int]
    children: dict[str, ChildState]


class DataDir:
    """The directory while one stack holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "logs"
        self._lock: IO[str] | None = None

    def claim(self) -> None:
        """Make it ours: StackInUseError when another stack runs on it."""
        self._mark()
        patience = time.monotonic() + _GLANCE_S
        while (lock := _try_lock(self.path)) is None and time.monotonic() < patience:
            time.sleep(0.02)
        if lock is None:
            raise StackInUseError(
                f"{self.path} is in use by the stack with pid {_holder(self.path)};"
                " stop that one with `occupier down` or set DATA_DIR to another directory"
            )
        self._lock = lock
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self.logs.mkdir(mode=0o700, exist_ok=True)
        _await_orphans(self.path)
        (self.path / _STATE).unlink(missing_ok=True)

    def release(self) -> None:
        """Let the next stack in."""
        (self.path / _STATE).unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()

    def record(self, state: StackState) -> None:
        """Replace `stack.json` in one step."""
        draft = self.path / f"{_STATE}.new"
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write(state.model_dump_json(indent=1))
        draft.replace(self.path / _STATE)

    def _mark(self) -> None:
        # Others may pass through but not look around: PostgreSQL runs as its own account.
        self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
        marker = self.path / _MARKER
        if not marker.exists():
            if {entry.name for entry in self.path.iterdir()} - _FROM_THE_API_ALONE:
                raise StackError(
                    f"{self.path} holds files that are not ours; set DATA_DIR to a new directory"
                )
            marker.write_text("The local stack of occupier keeps its data here.\n")


def read_state(path: Path) -> StackState | None:
    """What runs on this data directory, or None when nothing does."""
    if not (path / _LOCK).exists():
        return None
    lock = _try_lock(path)
    if lock is not None:
        lock.close()
        return None
    state = _read_state(path)
    # A stack that is just starting has not yet replaced what a killed one left.
    return state if state is not None and state.pid == _holder(path) else None


def down(path: Path, within: float = 90.0) -> bool:
    """Stop the stack on this data directory and wait; False when none was running."""
    if not (path / _LOCK).exists():
        return False
    deadline = time.monotonic() + within
    asked: int | None = None
    while (lock := _try_lock(path)) is None:
        pid = _holder(path)
        if time.monotonic() > deadline:
            raise StackError(f"the stack with pid {pid} did not stop within {within:g} s")
        if pid is not None and pid != asked:
            _ask_to_stop(pid)
            asked = pid
        time.sleep(0.05)
    with lock:
        _await_orphans(path)
    return asked is not None


def clean(path: Path) -> bool:
    """Stop the stack and remove its data; False when there was none. Refuses other directories."""
    if not path.exists():
        return False
    if not (path / _MARKER).exists():
        raise StackError(f"{path} is not a data directory of occupier; nothing was removed")
    down(path)
    outside = side_home(path)
    if outside.exists() and outside.stat().st_uid == os.geteuid():
        shutil.rmtree(outside)
    shutil.rmtree(path)
    return True


def side_home(path: Path) -> Path:
    """Where PostgreSQL keeps house when its account cannot reach the data directory."""
    digest = hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]
    return Path("/var/tmp") / f"occupier-{digest}"


def born(pid: int) -> int | None:
    """When the kernel started the process, in its own ticks; None when it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])


def _try_lock(path: Path) -> IO[str] | None:
    lock = (path / _LOCK).open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def _ask_to_stop(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
    except PermissionError:
        raise StackError(f"the stack with pid {pid} belongs to another account") from None
    except ProcessLookupError:
        return  # gone in this instant; its lock goes too


def _holder(path: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        return int((path / _LOCK).read_text())
    return None


def _read_state(path: Path) -> StackState | None:
    with contextlib.suppress(FileNotFoundError, json.JSONDecodeError, ValueError):
        return StackState.model_validate_json((path / _STATE).read_text())
    return None


def _await_orphans(path: Path) -> None:
    """Children of a killed stack were signalled by the kernel; wait for them, then insist."""
    state = _read_state(path)
    if state is None:
        return
    left = {child.pid: child.born for child in state.children.values() if child.pid}
    insist = time.monotonic() + _ORPHANS_GO_WITHIN_S
    while left := {pid: since for pid, since in left.items() if since and born(pid) == since}:
        if time.monotonic() > insist + _ORPHANS_GO_WITHIN_S:
            raise StackError(f"left over from a killed stack and still alive: pids {[*left]}")
        if time.monotonic() > insist:
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, signal.SIGKILL)
        time.sleep(0.02)
