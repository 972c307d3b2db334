"""Cases for tests of the case desk, and those who work with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Sessions
from models.domain.case import CaseCategory, CaseOrigin
from models.domain.decommission import DecommissionState, TaskKind, TaskState
from models.domain.permission import StaffRole
from models.domain.portfolio import TeamRole
from models.settings import Settings
from models.tables.case import CaseRow, CaseTaskRow
from models.tables.decommission import DecommissionRow
from models.tables.occupier import OccupierRow
from models.tables.site import SiteRow
from models.tables.task import TaskRow
from tests.builders import make_decommission, make_scene, make_task
from tests.identities import headers_of, key, make_member

Json = dict[str, Any]


@dataclass
class Desk:
    """An occupier at two sites whose decommission failed at the first: one failed task, one case.

    `who` has the headers of a super admin, of admins of the first site and of both, of a mere user
    of the first site, and of the vendor's staff.
    """

    client: httpx.AsyncClient
    sessions: Sessions
    occupier: OccupierRow
    sites: list[SiteRow]
    decommission: DecommissionRow
    failed: TaskRow
    pending: TaskRow
    case: CaseRow
    who: Mapping[str, Mapping[str, str]]

    async def ask(
        self,
        by: str,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """A request with a fresh Idempotency-Key, unless `headers` says otherwise."""
        sent = key() | dict(self.who[by]) | dict(headers or {})
        address = f"/api/v1{path}"
        if content is not None:
            return await self.client.request(method, address, content=content, headers=sent)
        return await self.client.request(method, address, json=body, headers=sent)

    async def read(self, by: str = "support", case_id: UUID | str | None = None) -> Json:
        """A case as somebody reads it."""
        reply = await self.ask(by, "GET", f"/cases/{case_id or self.case.id}")
        assert reply.status_code == 200, reply.text
        found: Json = reply.json()
        return found

    async def numbers(self, by: str, **filters: object) -> list[int]:
        """Numbers of the cases that a list shows."""
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        reply = await self.ask(by, "GET", f"/cases?{query}")
        assert reply.status_code == 200, reply.text
        return [one["number"] for one in reply.json()["items"]]

    async def comment(self, by: str, body: str = "Seen.") -> httpx.Response:
        return await self.ask(by, "POST", f"/cases/{self.case.id}/comments", {"body": body})

    async def move(self, by: str, status: str, seen: str) -> httpx.Response:
        wanted = {"status": status, "seen": seen}
        return await self.ask(by, "POST", f"/cases/{self.case.id}/status", wanted)

    async def run(self, statement: str, **keys: object) -> None:
        """Change something behind the platform's back."""
        async with self.sessions.begin() as session:
            await session.execute(text(statement), {"case_id": self.case.id} | keys)

    async def mend(self) -> None:
        """The failed task is done, and left its case, which stays as it is."""
        async with self.sessions.begin() as session:
            for statement in (
                "UPDATE tasks SET state = 'completed', has_case = false WHERE id = :task_id",
                "UPDATE case_tasks SET left_at = now() WHERE task_id = :task_id",
            ):
                await session.execute(text(statement), {"task_id": self.failed.id})

    async def resolve(self, ago: timedelta = timedelta(0)) -> None:
        """Resolve the case, so long ago."""
        await self.mend()
        await self.run("UPDATE cases SET status = 'resolved' WHERE id = :case_id")
        await self.run("UPDATE cases SET resolved_at = now() - :ago WHERE id = :case_id", ago=ago)


async def make_case(
    session: AsyncSession, *, operator_id: UUID | None, **columns: object
) -> CaseRow:
    """A case raised by somebody of the operator, later than all before it."""
    usual = {
        "subject": "Test",
        "description": "Test",
        "category": CaseCategory.TECHNICAL,
        "origin": CaseOrigin.OPERATOR,
        "requested_by": "test",
        "created_at": datetime.now(UTC),
    }
    row = CaseRow(operator_id=operator_id, **usual | columns)
    session.add(row)
    await session.flush()
    await session.refresh(row)
    return row


async def make_desk(client: httpx.AsyncClient, sessions: Sessions, settings: Settings) -> Desk:
    """The scene; the client's own headers are those of the super admin."""
    async with sessions.begin() as session:
        scene = await make_scene(session, sites=2)
        first, second = scene.sites
        decommission = await make_decommission(
            session, occupier=scene.occupier, sites=scene.sites, state=DecommissionState.PARTIAL
        )
        failed = await make_task(
            session,
            decommission=decommission,
            site=first,
            kind=TaskKind.PORTS,
            state=TaskState.FAILED,
        )
        pending = await make_task(
            session, decommission=decommission, site=second, kind=TaskKind.NETWORK
        )
        case = await make_case(
            session,
            operator_id=scene.occupier.operator_id,
            site_id=first.id,
            occupier_id=scene.occupier.id,
            decommission_id=decommission.id,
            origin=CaseOrigin.AUTOMATIC,
            cause=f"switching/{first.id}/rejected",
            requested_by="system",
        )
        session.add(CaseTaskRow(case_id=case.id, task_id=failed.id))
        failed.has_case = True
        both = {site.id: TeamRole.ADMIN for site in scene.sites}
        members = {
            "admin": await make_member(session, roles=both),
            "first": await make_member(session, roles={first.id: TeamRole.ADMIN}),
            "second": await make_member(session, roles={second.id: TeamRole.ADMIN}),
            "user": await make_member(session, roles={first.id: TeamRole.USER}),
            "support": await make_member(session, staff_role=StaffRole.VENDOR_SUPPORT),
            "sre": await make_member(session, staff_role=StaffRole.SRE),
            "auditor": await make_member(session, staff_role=StaffRole.AUDITOR),
        }
    who = {name: headers_of(settings, member) for name, member in members.items()}
    return Desk(
        client,
        sessions,
        scene.occupier,
        scene.sites,
        decommission,
        failed,
        pending,
        case,
        who | {"super": {}},
    )
