"""The two clocks of a task: time in which it is tried, and time in which it waits for a reason.

Only active time says that something is wrong; a task that waits is never stuck.
"""

from enum import StrEnum


class WaitingReason(StrEnum):
    """What a task waits for while its active clock stands still."""

    UPSTREAM = "upstream"  # an earlier task of the runbook, or its turn
    CALLBACK = "callback"  # the outside system has it and will say when it is done
    THROTTLED = "throttled"  # the outside system asked us to slow down
    HELD = "held"  # the outside system is held, or the decommission is paused
    SETTLING = "settling"  # accepted, but a fresh read does not show it yet
    HUMAN = "human"  # a decision
