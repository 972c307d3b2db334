"""Every unsafe route leaves exactly one event per attempt, done or refused."""

from collections.abc import Sequence

from sqlalchemy import select

from models.settings import Settings
from models.tables.audit import AuditEventRow
from tests.permissions.matrix import Case, matrix
from tests.permissions.recipes import RECIPES
from tests.permissions.run import Run, running

_OUTCOMES = {200: ("done", None), 403: ("refused", "not-permitted"), 404: ("refused", "not-found")}


async def test_every_attempt_at_an_unsafe_route_leaves_exactly_one_event(
    settings: Settings,
) -> None:
    wrong = []
    async with running(settings) as run:
        for route in sorted(RECIPES):
            told = {}
            for case in _one_per_status(route):
                events = await _events_of(run, case)
                found = [(event.outcome.value, event.reason) for event in events]
                if found != [_OUTCOMES[case.status]]:
                    wrong.append(f"{case}: {found}")
                    continue
                told[case.status] = events[0].action
                if not events[0].request_id or not events[0].actor.partition(":")[2]:
                    wrong.append(f"{case}: without its request or its member")
                if events[0].occupier_id is None and case.status != 404 and _is_of_occupier(route):
                    wrong.append(f"{case}: without its occupier")
            if set(told) != set(_OUTCOMES) or len(set(told.values())) != 1:
                wrong.append(f"{route}: one action for all outcomes is wanted, not {told}")
        wrong += run.result.failures
    assert wrong == []


def _one_per_status(route: str) -> list[Case]:
    """A case of the matrix for each of done, not permitted and not found."""
    known = [case for case in matrix().cases() if case.route == route]
    members = [case for case in known if case.identity in matrix().members]
    return [next(case for case in members if case.status == status) for status in _OUTCOMES]


async def _events_of(run: Run, case: Case) -> Sequence[AuditEventRow]:
    newest = select(AuditEventRow.id).order_by(AuditEventRow.id.desc()).limit(1)
    async with run.world.sessions() as session:
        before = await session.scalar(newest) or 0
    await run.check(case)
    async with run.world.sessions() as session:
        query = select(AuditEventRow).where(AuditEventRow.id > before).order_by(AuditEventRow.id)
        return (await session.scalars(query)).all()


def _is_of_occupier(route: str) -> bool:
    return route.split("/")[3] not in {"sites", "closures", "operators", "desk", "holds"}
