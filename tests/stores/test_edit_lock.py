"""The edit lock, table by table: who is refused when, and that no table was forgotten."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg.errors import RestrictViolation
from sqlalchemy import Table, delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Sessions, open_engine, open_sessions
from models.domain.occupier import OccupierStatus
from models.domain.portfolio import DeviceClass
from models.settings import Settings
from models.tables.all import METADATA
from models.tables.base import Base
from models.tables.occupier import OccupierRow
from tests.builders import (
    make_handset_login,
    make_number,
    make_occupier,
    make_scene,
)
from tests.places import MAKERS, Place, make_place

NOT_OCCUPIER_DATA = {
    "approvals": "a second person's yes to a start",
    "audit_events": "says what happened, also to a locked occupier",
    "cases": "support goes on while, and because, the occupier is locked",
    "decommissions": "the record of the process itself",
    "tasks": "the record of the process itself",
    "schedules": "a scheduled occupier becomes pending by it",
    "closure_occupiers": "the record of closing a site",
    "handset_requests": "asks the platform for something; nothing of the occupier's",
}


@pytest.fixture
async def people(settings: Settings) -> AsyncIterator[Sessions]:
    """Sessions as the API has them: without the platform's pass."""
    engine = open_engine(settings)
    yield open_sessions(engine)
    await engine.dispose()


async def accepted(
    sessions: Sessions, act: Callable[[AsyncSession], Awaitable[object]]
) -> str | None:
    """`None` when the change is accepted, else the status that the refusal names."""
    try:
        async with sessions.begin() as session:
            await act(session)
    except IntegrityError as error:
        if isinstance(error.orig, RestrictViolation):
            return error.orig.diag.message_detail
        raise
    return None


def _key(table: Table, row: Base) -> list[Any]:
    return [column == getattr(row, column.name) for column in table.primary_key]


async def _tried(sessions: Sessions, owner: Sessions, name: str, place: Place) -> list[str | None]:
    """What became of an insert, an update and a delete."""
    table = METADATA.tables[name]
    inserted = await accepted(sessions, lambda session: MAKERS[name](session, place))
    await _clear(owner, table, place)  # there is room for one row of some kinds
    async with owner.begin() as session:
        row = await MAKERS[name](session, place)
    key = _key(table, row)
    touch = update(table).where(*key).values(occupier_id=table.c.occupier_id)
    updated = await accepted(sessions, lambda session: session.execute(touch))
    deleted = await accepted(sessions, lambda session: session.execute(delete(table).where(*key)))
    async with owner() as session:
        left = (await session.execute(select(table).where(*key))).all()
    assert len(left) == (0 if deleted is None else 1)
    await _clear(owner, table, place)
    return [inserted, updated, deleted]


async def _clear(owner: Sessions, table: Table, place: Place) -> None:
    kept = {place.contract.id, place.service.id, place.user.id, place.number.id}
    fresh = [table.c.id.not_in(kept)] if "id" in table.c else []
    async with owner.begin() as session:
        of_place = table.c.occupier_id == place.occupier.id
        await session.execute(delete(table).where(of_place, *fresh))


async def _set(owner: Sessions, place: Place, status: OccupierStatus) -> None:
    done = datetime.now(UTC) if status is OccupierStatus.DECOMMISSIONED else None
    async with owner.begin() as session:
        await session.execute(
            update(OccupierRow)
            .where(OccupierRow.id == place.occupier.id)
            .values(status=status, decommissioned_at=done)
        )


@pytest.mark.parametrize("name", MAKERS)
async def test_a_person_changes_rows_of_a_table_only_while_the_occupier_may_be_edited(
    sessions: Sessions, people: Sessions, name: str
) -> None:
    async with sessions.begin() as session:
        place = await make_place(session)
    for status in OccupierStatus:
        await _set(sessions, place, status)
        outcome = None if status.is_editable else status.value
        assert await _tried(people, sessions, name, place) == [outcome] * 3, status


@pytest.mark.parametrize("name", MAKERS)
async def test_the_platform_changes_rows_of_a_table_in_every_status(
    sessions: Sessions, name: str
) -> None:
    async with sessions.begin() as session:
        place = await make_place(session)
    for status in OccupierStatus:
        await _set(sessions, place, status)
        assert await _tried(sessions, sessions, name, place) == [None] * 3, status


async def test_every_table_with_an_occupier_is_locked_or_says_why_not(sessions: Sessions) -> None:
    query = text("""
        SELECT relname, array_agg(tgtype::int) FROM pg_trigger
          JOIN pg_class ON pg_class.oid = tgrelid
         WHERE tgname LIKE 'edit_lock%' AND tgenabled = 'O' GROUP BY relname
    """)
    async with sessions() as session:
        locked = {name: set(kinds) for name, kinds in await session.execute(query)}
    held = {name for name, table in METADATA.tables.items() if "occupier_id" in table.c}
    assert held == (held & NOT_OCCUPIER_DATA.keys()) | MAKERS.keys(), "decide about a new table"
    insert, delete_, update_, before_truncate = 4, 8, 16, 34
    for name in MAKERS:
        assert locked[name] == {insert, delete_, update_, before_truncate}, name
    assert "occupiers" in locked


@pytest.mark.parametrize("name", [*MAKERS, "occupiers"])
async def test_a_person_cannot_empty_a_table(people: Sessions, name: str) -> None:
    empty = text(f"TRUNCATE {name} CASCADE")
    assert await accepted(people, lambda session: session.execute(empty)) is not None


async def test_moving_a_row_looks_at_both_occupiers(sessions: Sessions, people: Sessions) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=1)
        number = await make_number(
            session, site=scene.sites[0], occupier_id=scene.occupier.id, state="active"
        )
        pending = await make_occupier(session, status=OccupierStatus.PENDING)
    table = METADATA.tables["phone_numbers"]

    def give_to(occupier: OccupierRow) -> Callable[[AsyncSession], Awaitable[object]]:
        there = update(table).where(table.c.id == number.id).values(occupier_id=occupier.id)
        return lambda session: session.execute(there)

    assert await accepted(people, give_to(pending)) == "pending"
    assert await accepted(sessions, give_to(pending)) is None
    assert await accepted(people, give_to(scene.occupier)) == "pending"


async def test_what_belongs_to_nobody_is_free_to_edit(sessions: Sessions, people: Sessions) -> None:
    async with sessions.begin() as session:
        number = await make_number(session)
    table = METADATA.tables["phone_numbers"]
    label = update(table).where(table.c.id == number.id).values(label="Lobby")
    assert await accepted(people, lambda session: session.execute(label)) is None


async def test_a_login_without_an_occupier_is_locked_through_its_number(
    sessions: Sessions, people: Sessions
) -> None:
    async with sessions.begin() as session:
        place = await make_place(session)
        login = await make_handset_login(
            session, number=place.number, device_class=DeviceClass.DIGITAL
        )
        login.occupier_id = None
    await _set(sessions, place, OccupierStatus.PENDING)
    table = METADATA.tables["handset_logins"]
    end = delete(table).where(table.c.id == login.id)
    assert await accepted(people, lambda session: session.execute(end)) == "pending"


async def test_a_person_moves_an_occupier_only_along_the_edges_of_a_start(
    sessions: Sessions, people: Sessions
) -> None:
    allowed = {
        (old, new) for old in ("active", "scheduled") for new in ("active", "scheduled", "pending")
    }
    seen = set()
    for old in OccupierStatus:
        for new in OccupierStatus:
            async with sessions.begin() as session:
                occupier = await make_occupier(session, status=old)
            move = (
                update(OccupierRow)
                .where(OccupierRow.id == occupier.id)
                .values(status=new, decommissioned_at=None)
            )
            try:
                async with people.begin() as session:
                    await session.execute(move)
                seen.add((old.value, new.value))
            except IntegrityError as error:
                assert isinstance(error.orig, RestrictViolation)  # noqa: PT017
    assert seen == allowed


async def test_a_person_neither_adds_a_locked_occupier_nor_removes_one(
    sessions: Sessions, people: Sessions
) -> None:
    async with sessions.begin() as session:
        failed = await make_occupier(session, status=OccupierStatus.FAILED)
    end = delete(OccupierRow).where(OccupierRow.id == failed.id)
    assert await accepted(people, lambda session: session.execute(end)) == "failed"
    add = make_occupier
    status = OccupierStatus.PENDING
    assert await accepted(people, lambda session: add(session, status=status)) == "pending"
    assert await accepted(people, lambda session: add(session)) is None


async def test_two_edits_do_not_wait_for_each_other(sessions: Sessions, people: Sessions) -> None:
    async with sessions.begin() as session:
        place = await make_place(session)
    async with people.begin() as first, people.begin() as second:
        await second.execute(text("SET LOCAL lock_timeout = '1s'"))
        await MAKERS["wifi_devices"](first, place)
        await MAKERS["wifi_devices"](second, place)
    count = text("SELECT count(*) FROM wifi_devices WHERE occupier_id = :id")
    async with sessions() as session:
        assert await session.scalar(count, {"id": place.occupier.id}) == 2


async def test_the_role_of_the_api_stays_locked_whatever_it_sets(
    settings: Settings, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        place = await make_place(session)
    await _set(sessions, place, OccupierStatus.PENDING)
    engine = open_engine(settings, for_system=True, for_api=True)
    see_it = text(
        "SELECT set_config('occupier.operator_id', :operator, true),"
        " set_config('occupier.is_super_admin', 'true', true),"
        " set_config('occupier.site_ids', :sites, true)"
    )
    seen = {
        "operator": str(place.occupier.operator_id),
        "sites": f"{{{place.site.id}}}",
    }
    rename = update(OccupierRow).where(OccupierRow.id == place.occupier.id).values(name="New")
    discard = text("UPDATE contracts SET state = 'discarded' WHERE id = :id")

    async def edit_it(session: AsyncSession) -> None:
        await session.execute(see_it, seen)
        await session.execute(rename)

    async def edit_what_it_has(session: AsyncSession) -> None:
        await session.execute(see_it, seen)
        await session.execute(discard, {"id": place.contract.id})

    as_api = open_sessions(engine)
    assert await accepted(as_api, edit_it) == "pending"
    assert await accepted(as_api, edit_what_it_has) == "pending"
    await _set(sessions, place, OccupierStatus.ACTIVE)
    assert await accepted(as_api, edit_it) is None
    assert await accepted(as_api, edit_what_it_has) is None
    await engine.dispose()
