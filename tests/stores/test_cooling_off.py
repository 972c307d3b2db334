"""A number in cooling-off: who may use it, when, and where (DE-27 to DE-29)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models.database import Sessions
from models.domain.portfolio import NumberState
from models.stores.decommissions import DecommissionStore
from models.tables.telephony import PhoneNumberRow
from tests.builders import make_number, make_occupier, make_site


async def cooling_number(sessions: Sessions, *, due_in: timedelta) -> PhoneNumberRow:
    async with sessions.begin() as session:
        return await make_number(
            session,
            state=NumberState.COOLING_OFF,
            cooling_off_until=datetime.now(UTC) + due_in,
            cooled_by_decommission_id=uuid4(),
        )


@pytest.mark.parametrize(
    "change",
    [
        "state = 'available', cooling_off_until = NULL",
        "state = 'reserved', cooling_off_until = NULL, occupier_id = :occupier",
        "state = 'active', cooling_off_until = NULL, occupier_id = :occupier",
    ],
)
async def test_a_number_in_cooling_off_cannot_be_allocated(sessions: Sessions, change: str) -> None:
    number = await cooling_number(sessions, due_in=timedelta(days=1))
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
    with pytest.raises(IntegrityError, match="cooling off until"):
        async with sessions.begin() as session:
            await session.execute(
                text(f"UPDATE phone_numbers SET {change} WHERE id = :id"),
                {"id": number.id} | ({"occupier": occupier.id} if ":occ" in change else {}),
            )


async def test_a_number_in_cooling_off_keeps_its_site_and_its_date(sessions: Sessions) -> None:
    number = await cooling_number(sessions, due_in=timedelta(days=1))
    async with sessions.begin() as session:
        elsewhere = await make_site(session)
    changes = ("site_id = :site", "cooling_off_until = now()")
    for change in changes:
        with pytest.raises(IntegrityError, match="keeps its date and its site"):
            async with sessions.begin() as session:
                await session.execute(
                    text(f"UPDATE phone_numbers SET {change} WHERE id = :id AND :site IS NOT NULL"),
                    {"site": elsewhere.id, "id": number.id},
                )


async def test_only_numbers_that_are_due_are_released(sessions: Sessions) -> None:
    due = await cooling_number(sessions, due_in=timedelta(seconds=-1))
    early = await cooling_number(sessions, due_in=timedelta(days=2))
    for number in (due, early):
        assert number.cooled_by_decommission_id is not None
    async with sessions.begin() as session:
        store = DecommissionStore(session)
        assert await store.release_numbers(due.cooled_by_decommission_id) == 1  # type: ignore[arg-type]  # asserted
        assert await store.release_numbers(early.cooled_by_decommission_id) == 0  # type: ignore[arg-type]  # asserted
        wait = await store.seconds_to_next_release(early.cooled_by_decommission_id)  # type: ignore[arg-type]  # asserted
        assert wait is not None
        assert 1.9 * 86_400 < wait <= 2 * 86_400
    async with sessions() as session:
        released = await session.get_one(PhoneNumberRow, due.id)
        assert released.state is NumberState.AVAILABLE
        assert released.site_id == due.site_id
        assert released.cooled_by_decommission_id is None


async def test_an_imported_number_without_a_timer_is_released_when_due(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        past = datetime.now(UTC) - timedelta(minutes=1)
        due = await make_number(session, state=NumberState.COOLING_OFF, cooling_off_until=past)
    timed = await cooling_number(sessions, due_in=timedelta(seconds=-1))
    async with sessions.begin() as session:
        assert await DecommissionStore(session).release_untimed_numbers() == 1
    async with sessions() as session:
        assert (await session.get_one(PhoneNumberRow, due.id)).state is NumberState.AVAILABLE
        waiting = await session.get_one(PhoneNumberRow, timed.id)
        assert waiting.state is NumberState.COOLING_OFF


async def test_there_is_no_next_release_when_no_number_is_cooling_off(sessions: Sessions) -> None:
    async with sessions() as session:
        assert await DecommissionStore(session).seconds_to_next_release(uuid4()) is None
