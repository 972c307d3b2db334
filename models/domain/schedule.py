"""A decommission that waits for its time: states and what moves them (reference 15.3, 1)."""

from collections.abc import Mapping
from enum import StrEnum


class ScheduleState(StrEnum):
    """Where a scheduled decommission stands. `BLOCKED` came due and was refused."""

    WAITING = "waiting"
    BLOCKED = "blocked"  # stays so until a person reschedules or cancels it
    STARTED = "started"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether it may still start; an occupier has at most one open schedule."""
        return self in {ScheduleState.WAITING, ScheduleState.BLOCKED}


class ScheduleEvent(StrEnum):
    """What can happen to a schedule."""

    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    CAME_DUE = "came_due"  # and its decommission was started
    REFUSED = "refused"  # came due, and the start was refused


class ScheduleOverError(Exception):
    """The schedule has started or was cancelled; nothing moves it any more."""

    def __init__(self, state: ScheduleState) -> None:
        super().__init__(state.value)
        self.state = state


_MOVES: Mapping[tuple[ScheduleState, ScheduleEvent], ScheduleState] = {
    (ScheduleState.WAITING, ScheduleEvent.RESCHEDULED): ScheduleState.WAITING,
    (ScheduleState.WAITING, ScheduleEvent.CANCELLED): ScheduleState.CANCELLED,
    (ScheduleState.WAITING, ScheduleEvent.CAME_DUE): ScheduleState.STARTED,
    (ScheduleState.WAITING, ScheduleEvent.REFUSED): ScheduleState.BLOCKED,
    (ScheduleState.BLOCKED, ScheduleEvent.RESCHEDULED): ScheduleState.WAITING,
    (ScheduleState.BLOCKED, ScheduleEvent.CANCELLED): ScheduleState.CANCELLED,
    # A blocked one never starts by itself: coming due moves it no more.
    (ScheduleState.BLOCKED, ScheduleEvent.CAME_DUE): ScheduleState.BLOCKED,
    (ScheduleState.BLOCKED, ScheduleEvent.REFUSED): ScheduleState.BLOCKED,
}


def after(state: ScheduleState, event: ScheduleEvent) -> ScheduleState:
    """The state that `event` leads to; raises `ScheduleOverError` for a schedule that is over."""
    if not state.is_open:
        raise ScheduleOverError(state)
    return _MOVES[state, event]
