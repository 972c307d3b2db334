"""The states of a schedule: whatever happens to it, it starts at most once and never after."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.domain.schedule import ScheduleEvent, ScheduleOverError, ScheduleState, after


class Schedule(RuleBasedStateMachine):
    """Any events in any order; `log` holds those that were accepted."""

    @initialize()
    def begin(self) -> None:
        self.state = ScheduleState.WAITING
        self.log: list[ScheduleEvent] = []

    @rule(event=st.sampled_from(ScheduleEvent))
    def happens(self, event: ScheduleEvent) -> None:
        try:
            self.state = after(self.state, event)
        except ScheduleOverError:
            assert not self.state.is_open
        else:
            self.log.append(event)

    @precondition(lambda self: self.state is ScheduleState.BLOCKED)
    @rule()
    def comes_due_again_while_blocked(self) -> None:
        assert after(self.state, ScheduleEvent.CAME_DUE) is ScheduleState.BLOCKED

    @precondition(lambda self: self.state.is_open)
    @rule(event=st.sampled_from([ScheduleEvent.RESCHEDULED, ScheduleEvent.CANCELLED]))
    def a_person_can_always_change_an_open_one(self, event: ScheduleEvent) -> None:
        after(self.state, event)

    @invariant()
    def it_is_what_its_history_says(self) -> None:
        refused = [at for at, one in enumerate(self.log) if one is ScheduleEvent.REFUSED]
        moved = [at for at, one in enumerate(self.log) if one is ScheduleEvent.RESCHEDULED]
        if self.state is ScheduleState.STARTED:
            assert self.log[-1] is ScheduleEvent.CAME_DUE
            assert not refused or (moved and moved[-1] > refused[-1])
        if self.state is ScheduleState.BLOCKED:
            assert refused
        if self.state is ScheduleState.CANCELLED:
            assert self.log[-1] is ScheduleEvent.CANCELLED
        if self.state is ScheduleState.WAITING:
            assert not self.log or self.log[-1] is ScheduleEvent.RESCHEDULED


TestSchedule = Schedule.TestCase
TestSchedule.settings = settings(max_examples=200, stateful_step_count=12, deadline=None)
