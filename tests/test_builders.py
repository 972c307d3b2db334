"""The builders themselves: rows that the database accepts, with parents made on demand."""

from sqlalchemy import func, select

from models.database import Sessions
from models.domain.decommission import DecommissionState
from models.domain.outside import Verdict
from models.tables.task import TaskRow
from tests.builders import (
    make_decommission,
    make_handset_login,
    make_number,
    make_occupancy,
    make_plan_item,
    make_retention,
    make_scene,
    make_service,
    make_task,
    make_user,
    make_wifi_device,
)


async def test_every_builder_makes_its_parents(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await make_service(session)
        await make_occupancy(session)
        await make_user(session, with_accounts=True)
        await make_wifi_device(session)
        await make_handset_login(session, number=await make_number(session))
        await make_task(session)


async def test_a_decommission_is_built_with_its_whole_runbook(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=3)
        decommission = await make_decommission(
            session, occupier=scene.occupier, sites=scene.sites, with_tasks=True
        )
        await make_plan_item(
            session, decommission=decommission, site=scene.sites[0], verdict=Verdict.RETAINED
        )
        await make_retention(session, decommission=decommission, after="b" * 64)
        await make_decommission(session, state=DecommissionState.DECOMMISSIONED)
        count = select(func.count()).where(TaskRow.decommission_id == decommission.id)
        assert await session.scalar(count) == 3 + 3 * 8
