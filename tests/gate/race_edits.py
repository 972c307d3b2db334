"""The edits that race against a start: each checks as a route does, pauses, then writes.

An edit is accepted when its transaction commits. Whether it came before the start can be seen
from within the start: what was committed before the occupier was locked is there.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Sessions
from models.domain.occupier import OccupierStatus
from models.tables.base import Base
from models.tables.contract import ContractRow
from models.tables.occupier import OccupierRow
from models.tables.port import SwitchPortRow, SwitchRow
from models.tables.product import PricebookItemRow
from models.tables.site import SiteRow
from tests.builders import make_service, make_user, make_user_account, make_wifi_device, unique


class EditKind(StrEnum):
    """What is edited."""

    WIFI_DEVICE = "wifi_device"
    USER = "user"
    SERVICE = "service"
    PORT = "port"  # a free port of the site is given to the occupier
    DETAILS = "details"  # PATCH through the route


@dataclass(frozen=True, slots=True)
class Ground:
    """Where all trials take place: a site of the operator, with what edits need there."""

    site: SiteRow
    other_site: SiteRow  # where the occupier has no contract before an edit gives it something
    item: PricebookItemRow
    switch: SwitchRow


@dataclass(frozen=True, slots=True)
class Trial:
    """One occupier that is edited and started at the same time."""

    kind: EditKind
    occupier: OccupierRow
    contract: ContractRow
    ground: Ground
    edit_delay: float
    start_delay: float
    pause: float  # between the edit's look at the status and its write, and before its commit


Write = Callable[[AsyncSession, Trial], Awaitable[UUID]]
Patch = Callable[[UUID, int], Awaitable[int | None]]
"""Edits through the route: occupier and version; the new version, or `None` when refused."""


async def _add(session: AsyncSession, row: Base) -> None:
    session.add(row)
    await session.flush()


async def _wifi_device(session: AsyncSession, trial: Trial) -> UUID:
    site = trial.ground.other_site
    return (await make_wifi_device(session, occupier=trial.occupier, site=site)).id


async def _user(session: AsyncSession, trial: Trial) -> UUID:
    user = await make_user(session, occupier=trial.occupier, home_site=trial.ground.other_site)
    return (await make_user_account(session, user=user)).id


async def _service(session: AsyncSession, trial: Trial) -> UUID:
    handle = uuid4().hex
    contract, item = trial.contract, trial.ground.item
    return (await make_service(session, contract=contract, item=item, charge_handle=handle)).id


async def _port(session: AsyncSession, trial: Trial) -> UUID:
    """Free ports are anybody's to make; giving one away is the edit."""
    port = SwitchPortRow(
        site_id=trial.ground.site.id,
        switch_id=trial.ground.switch.id,
        number=uuid4().int % 2**31,
        handle=unique("port"),
    )
    await _add(session, port)
    await session.execute(
        update(SwitchPortRow)
        .where(SwitchPortRow.id == port.id)
        .values(occupier_id=trial.occupier.id, role="data")
    )
    return port.id


WRITES: Mapping[EditKind, Write] = {
    EditKind.WIFI_DEVICE: _wifi_device,
    EditKind.USER: _user,
    EditKind.SERVICE: _service,
    EditKind.PORT: _port,
}
TABLES = {
    EditKind.WIFI_DEVICE: "wifi_devices",
    EditKind.USER: "user_accounts",
    EditKind.SERVICE: "services",
    EditKind.PORT: "switch_ports",
}


async def edit_rows(people: Sessions, trial: Trial) -> UUID | None:
    """Write as a route without any lock of its own would; the row's id, `None` when too late.

    Raises what the database refuses with.
    """
    await asyncio.sleep(trial.edit_delay)
    async with people.begin() as session:
        status = await session.scalar(
            select(OccupierRow.status).where(OccupierRow.id == trial.occupier.id)
        )
        if status is None or not OccupierStatus(status).is_editable:
            return None
        await asyncio.sleep(trial.pause)
        row_id = await WRITES[trial.kind](session, trial)
        await asyncio.sleep(trial.pause)
    return row_id


async def held_rows(session: AsyncSession, trial: Trial) -> set[UUID]:
    """The rows of the edited kind that the transaction sees as the occupier's."""
    query = f"SELECT id FROM {TABLES[trial.kind]} WHERE occupier_id = :occupier_id"
    found = await session.scalars(text(query), {"occupier_id": trial.occupier.id})
    return set(found)
