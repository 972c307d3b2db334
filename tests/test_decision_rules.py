"""Decisions and a task that moves on: whatever the order of events, a decision counts once."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from temporalio.exceptions import ApplicationError

from models.domain.decision import (
    WAIVABLE,
    DecisionAction,
    DecisionRefusal,
    Proposal,
    TaskStanding,
    WaiverReason,
    refusal,
)
from models.domain.decommission import RESOURCES_OF, TaskKind, TaskPhase, TaskState
from models.domain.orders import DecisionOrder
from models.domain.outside import FailureKind
from workflows.names import STILL_TRYING
from workflows.task_runner import TaskRunner

OF_TASK = (DecisionAction.RETRY, DecisionAction.COMPLETE_BY_HAND, DecisionAction.WAIVE)
NEVER_WAIVED = {
    TaskKind.USERS,
    TaskKind.STOP_SERVICES,
    TaskKind.END_LEASES,
    TaskKind.PLAN,
    TaskKind.DELETE_SCHEDULED,
    TaskKind.VERIFY_OCCUPIER,
}
STANDINGS = st.builds(
    TaskStanding,
    kind=st.sampled_from(TaskKind),
    state=st.sampled_from(TaskState),
    phase=st.sampled_from(TaskPhase),
    round=st.integers(1, 3),
)
PROPOSALS = st.builds(
    Proposal,
    action=st.sampled_from(OF_TASK),
    round=st.integers(1, 3),
    state=st.sampled_from(TaskState),
    reason=st.none() | st.sampled_from(WaiverReason),
    has_evidence=st.booleans(),
)


@given(STANDINGS, PROPOSALS)
def test_what_may_be_decided_was_seen_as_it_is_and_fits_the_kind(
    task: TaskStanding, proposal: Proposal
) -> None:
    if refusal(task, proposal) is not None:
        return
    assert (task.round, task.state) == (proposal.round, proposal.state)
    assert task.state in {TaskState.PENDING, TaskState.FAILED}
    if proposal.action is not DecisionAction.RETRY:
        assert task.state is TaskState.FAILED
    if proposal.action is DecisionAction.WAIVE:
        assert task.kind in WAIVABLE
        assert proposal.reason is not None
    if proposal.action is DecisionAction.COMPLETE_BY_HAND:
        assert task.kind in RESOURCES_OF
        assert proposal.has_evidence


def test_tasks_that_protect_people_money_or_the_record_are_never_waived() -> None:
    assert not NEVER_WAIVED & WAIVABLE.keys()
    assert NEVER_WAIVED | WAIVABLE.keys() == set(TaskKind)


@pytest.mark.parametrize("action", [DecisionAction.PAUSE, DecisionAction.RESUME])
def test_a_pause_is_not_decided_of_a_task(action: DecisionAction) -> None:
    task = TaskStanding(TaskKind.PORTS, TaskState.FAILED, TaskPhase.ENDED, 1)
    with pytest.raises(ValueError, match="not decided of a task"):
        refusal(task, Proposal(action=action, round=1, state=TaskState.FAILED))


class DecisionsAndATask(RuleBasedStateMachine):
    """A task of a running site, its row, and decisions on their way, told once or more."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = TaskRunner(uuid4(), uuid4(), 1.0)
        self.kind = TaskKind.PORTS
        self.runner._rounds[self.kind] = 1  # as `run` does; a workflow is not at hand here
        self.runner._trying.add(self.kind)
        self.row = TaskStanding(self.kind, TaskState.PENDING, TaskPhase.RUNNING, 1)
        self.sent: list[DecisionOrder] = []
        self.effects: dict[UUID, int] = {}
        self.rounds_begun = 1

    @property
    def round(self) -> int:
        """The round that the workflow is in."""
        return self.runner._rounds[self.kind]

    @precondition(lambda self: self.kind in self.runner._trying)
    @rule()
    def the_attempts_run_out(self) -> None:
        self.runner._trying.discard(self.kind)
        self.runner.parked[self.kind] = FailureKind.REJECTED

    @precondition(lambda self: self.kind not in self.runner.parked)
    @rule()
    def the_next_round_begins(self) -> None:
        self.runner._trying.add(self.kind)

    @rule()
    def the_row_catches_up(self) -> None:
        failed = self.kind in self.runner.parked
        self.row = TaskStanding(
            self.kind,
            TaskState.FAILED if failed else TaskState.PENDING,
            TaskPhase.ENDED if failed else TaskPhase.RUNNING,
            self.round,
        )

    @rule(action=st.sampled_from(OF_TASK))
    def somebody_decides_by_the_row(self, action: DecisionAction) -> None:
        proposal = Proposal(
            action=action,
            round=self.row.round,
            state=self.row.state,
            reason=WaiverReason.PROVIDER_GONE,
            has_evidence=True,
        )
        if refusal(self.row, proposal) is None:
            self.sent.append(
                DecisionOrder(
                    decision_id=uuid4(),
                    action=action,
                    decommission_id=uuid4(),
                    site_id=uuid4(),
                    kind=self.kind,
                    round=self.row.round,
                )
            )

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def one_of_them_is_told_perhaps_again(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(self.sent))
        before, was_parked = self.round, self.kind in self.runner.parked
        if refused := self._refused(order):
            assert refused in {STILL_TRYING, *DecisionRefusal}
            assert refused != STILL_TRYING or order.action is DecisionAction.RETRY
            return
        self.runner.decide(order)
        if self.round != before:
            assert was_parked
            assert order.round == before
            self.effects[order.decision_id] = self.effects.get(order.decision_id, 0) + 1
            self.rounds_begun += 1

    def _refused(self, order: DecisionOrder) -> str | None:
        try:
            self.runner.refuse(order)
        except ApplicationError as refused:
            return refused.type
        return None

    @invariant()
    def each_decision_counts_once_and_each_round_has_one(self) -> None:
        assert all(times == 1 for times in self.effects.values())
        assert self.round == self.rounds_begun == 1 + len(self.effects)

    @invariant()
    def a_parked_task_has_no_decision_left_over(self) -> None:
        if self.kind in self.runner.parked:
            self.runner._decisions.pop(self.kind, None)  # `run` took it before it tried again


DecisionsAndATask.TestCase.settings = settings(max_examples=150, deadline=None)
TestDecisionsAndATask = DecisionsAndATask.TestCase
