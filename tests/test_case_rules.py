"""How a case may move: the rules, any walk along them, and that the database keeps the same."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models.database import Sessions
from models.domain.advice import Audience
from models.domain.case import (
    MOVES,
    OVER,
    REOPEN_WITHIN,
    CaseChoice,
    CaseStatus,
    MoveRefusal,
    move_refusal,
    status_after_comment,
)
from models.domain.case_advice import advice_of_cause, advice_of_task
from models.domain.cause import Cause, Trouble
from models.domain.outside import FailureKind, System
from models.domain.stuck import StuckBecause
from tests.builders import make_operator
from tests.desk_cases import make_case

STATUSES = st.sampled_from(CaseStatus)
AGES = st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60))


@given(STATUSES, STATUSES, AGES)
def test_a_move_is_refused_exactly_when_there_is_none_or_it_is_too_late(
    status: CaseStatus, to: CaseStatus, resolved_for: timedelta | None
) -> None:
    refused = move_refusal(status, to, resolved_for)
    if to not in MOVES[status]:
        assert refused is MoveRefusal.NO_SUCH_MOVE
    elif status is CaseStatus.RESOLVED and to.is_open:
        is_late = resolved_for is None or resolved_for > REOPEN_WITHIN
        assert refused is (MoveRefusal.RESOLVED_TOO_LONG_AGO if is_late else None)
    else:
        assert refused is None


@given(st.lists(STATUSES, max_size=40))
def test_on_any_walk_a_closed_case_stays_closed_and_only_a_resolved_one_is_closed(
    wanted: list[CaseStatus],
) -> None:
    walk = [CaseStatus.NEW]
    for to in wanted:
        if move_refusal(walk[-1], to, timedelta(days=1)) is None:
            walk.append(to)
    assert CaseStatus.NEW not in walk[1:]
    for before, after in pairwise(walk):
        assert before is not after
        assert before is not CaseStatus.CLOSED
        assert (after is CaseStatus.CLOSED) <= (before is CaseStatus.RESOLVED)
        waits = after is CaseStatus.WAITING_ON_CUSTOMER
        assert waits <= (before is CaseStatus.IN_PROGRESS)


@given(STATUSES)
def test_every_case_that_is_not_closed_can_come_to_its_end(status: CaseStatus) -> None:
    seen, reach = {status}, [status]
    while reach:
        new = MOVES[reach.pop()] - seen
        seen |= new
        reach += new
    assert CaseStatus.CLOSED in seen


@given(STATUSES, st.booleans())
def test_a_comment_leads_only_where_a_move_leads(status: CaseStatus, by_customer: bool) -> None:
    to = status_after_comment(status, by_customer=by_customer)
    assert to is status or to in MOVES[status]
    assert to.is_open or status is CaseStatus.CLOSED


def test_a_list_can_be_asked_for_every_status() -> None:
    assert {choice.value for choice in CaseChoice} == {"open", "all", *CaseStatus}
    assert {status for status in CaseStatus if not status.is_open} == OVER


@pytest.mark.parametrize("before", CaseStatus)
async def test_the_database_knows_the_same_moves(sessions: Sessions, before: CaseStatus) -> None:
    async with sessions.begin() as session:
        operator = await make_operator(session)
        cases = {
            after: await make_case(session, operator_id=operator.id, status=before)
            for after in CaseStatus
            if after is not before
        }
    done = set()
    for after, case in cases.items():
        try:
            async with sessions.begin() as session:
                statement = text("UPDATE cases SET status = :status WHERE id = :id")
                await session.execute(statement, {"status": after.value, "id": case.id})
            done.add(after)
        except IntegrityError as error:
            assert "does not go from" in str(error)  # noqa: PT017
    assert done == MOVES[before]


@pytest.mark.parametrize("is_held", [False, True])
@pytest.mark.parametrize("trouble", [*FailureKind, *StuckBecause])
@pytest.mark.parametrize("queue", [None, "decommission/site"])
def test_a_case_gives_the_advice_of_its_cause(
    trouble: Trouble, is_held: bool, queue: str | None
) -> None:
    system = None if queue else System.WIFI
    cause = Cause(system, None, None, trouble, is_held=is_held, queue=queue)
    assert advice_of_cause(cause.key) == cause.advice


def test_a_cause_of_another_kind_gives_no_advice() -> None:
    assert advice_of_cause("whatever") is None
    assert advice_of_task(None, None) is None
    stuck = advice_of_task(FailureKind.REJECTED, StuckBecause.NO_WORKER)
    assert stuck is not None
    assert stuck.audience is Audience.SRE
