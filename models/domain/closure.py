"""The closing of a site: the decommissions of all occupiers that live only there."""

from enum import StrEnum


class ClosureState(StrEnum):
    """Where a closure stands. A paused one starts nothing; what runs goes on."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"


class ClosureResult(StrEnum):
    """What became of one occupier of a closure."""

    WAITING = "waiting"
    STARTED = "started"
    DECOMMISSIONED = "decommissioned"
    REFUSED = "refused"  # the reasons say why; nothing of it was changed
    FAILED = "failed"  # partly done, and waiting for support


AT_ONCE = 3
MOST_AT_ONCE = 20
