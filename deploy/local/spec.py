"""What the supervisor must know of a child: the noun that every launcher here produces."""

import enum
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

Probe: TypeAlias = Callable[[int], Awaitable[bool]]
"""Takes the pid of the child and tells whether it answers; it never raises."""

Hook: TypeAlias = Callable[[], Awaitable[None]]
"""Raises NotReadyError to be tried again, any other StackError to end the stack."""


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged account that a child runs as when the stack runs as root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Port:
    """A port that a child listens on, with the setting that moves it."""

    setting: str
    number: int
    host: str = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """One child of the stack. All times are seconds."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    cwd: Path = Path("/")
    account: Account | None = None
    after: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    probe: Probe | None = None
    prepare: Hook | None = None  # before every start
    settle: Hook | None = None  # after the first answer, before the child counts as ready
    one_shot: bool = False  # ready when it has ended with 0
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL  # what the kernel sends when the stack is killed
    attempts: int = 6
    ready_within: float = 60.0
    stop_within: float = 10.0
    check_every: float = 3.0
    # A busy child on a loaded machine answers late; restarting it then would make things worse.
    silent_for: float = 30.0


class Moment(enum.StrEnum):
    """What happened to a child."""

    STARTING = "starting"
    READY = "ready"
    EXITED = "exited"
    SILENT = "silent"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one child, told to whoever draws or records the stack."""

    child: str
    moment: Moment
    pid: int | None = None
    seconds: float = 0.0
    detail: str = ""
