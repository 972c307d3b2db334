"""The world of the matrix: two operators, three sites, and things in each scope.

`World.thing("schedule", "both")` is one that the requests share; `fresh=True` makes another, for
a request that changes it. A new kind of thing is a method of the same name here.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Sessions
from models.domain.case import CaseCategory, CaseOrigin, CaseStatus
from models.domain.closure import ClosureState
from models.domain.decision import DecisionAction, DecisionState, WaiverReason
from models.domain.decommission import DecommissionState, TaskKind, TaskState
from models.domain.desk import News
from models.domain.hold import HoldOrigin
from models.domain.occupier import OccupierStatus
from models.domain.outside import System
from models.domain.permission import StaffRole
from models.domain.portfolio import ContractState, TeamRole, UpdateState
from models.tables.case import CaseAttachmentRow, CaseRow, CaseTaskRow
from models.tables.decision import DecisionRow
from models.tables.decommission import DecommissionRow
from models.tables.desk import DeskMessageRow
from models.tables.handset_request import HandsetRequestRow
from models.tables.hold import HoldRow
from models.tables.occupier import ExternalIdentifierRow, OccupierRow
from models.tables.operator import OperatorRow
from models.tables.schedule import ClosureRow, ScheduleRow
from models.tables.site import SiteRow
from tests.builders import (
    make_contract,
    make_decommission,
    make_handset_login,
    make_number,
    make_occupier,
    make_operator,
    make_service,
    make_site,
    make_task,
    unique,
)
from tests.identities import make_member

SCOPES = ("own", "other_site", "both", "other_operator")
IN_SUPPORT = {"own", "both"}
Params = dict[str, str]


@dataclass
class World:
    """Who and what there is; `made` has the ids of things by kind and scope."""

    sessions: Sessions
    operators: dict[str, OperatorRow] = field(default_factory=dict)
    sites: dict[str, SiteRow] = field(default_factory=dict)
    made: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    _shared: dict[tuple[str, str], Params] = field(default_factory=dict)

    async def build(self) -> None:
        """Operators, sites and members; a member's subject is the identity's name."""
        async with self.sessions.begin() as session:
            first, second = await make_operator(session), await make_operator(session)
            here = await make_site(session, operator=first)
            there = await make_site(session, operator=first)
            abroad = await make_site(session, operator=second)
            self.operators = {"own": first, "other_operator": second}
            self.sites = {"own": here, "other_site": there, "other_operator": abroad}
            for scope, operator in self.operators.items():
                self._remember("operator", scope, operator.id)
            for scope, site in self.sites.items():
                self._remember("site", scope, site.id)
            both = {here.id: TeamRole.ADMIN, there.id: TeamRole.ADMIN}
            user = {here.id: TeamRole.USER, there.id: TeamRole.USER}
            teams: dict[str, dict[str, Any]] = {
                "super-admin": {"is_super_admin": True},
                "admin": {"roles": both},
                "half-admin": {"roles": {here.id: TeamRole.ADMIN}},
                "user": {"roles": user},
                "other-admin": {"is_super_admin": True, "operator_id": second.id},
                "support": {"staff_role": StaffRole.VENDOR_SUPPORT},
                "sre": {"staff_role": StaffRole.SRE},
                "auditor": {"staff_role": StaffRole.AUDITOR},
                "service": {"staff_role": StaffRole.SERVICE},
            }
            for subject, given in teams.items():
                await make_member(session, subject=subject, **{"operator_id": first.id} | given)

    async def thing(self, kind: str, scope: str, *, fresh: bool = False) -> Params:
        """What a request fills in: ids for the path, and what its body needs."""
        if scope == "random":
            return dict.fromkeys(_NAMES, "") | {name: str(uuid4()) for name in _NAMES}
        key = (kind, scope)
        if fresh or key not in self._shared:
            async with self.sessions.begin() as session:
                made: Params = await getattr(self, f"_{kind}")(session, scope)
            if fresh:
                return made
            self._shared[key] = made
        return self._shared[key]

    def _remember(self, kind: str, scope: str, thing_id: UUID) -> None:
        self.made.setdefault(kind, {}).setdefault(scope, set()).add(str(thing_id))

    def _places(self, scope: str) -> list[SiteRow]:
        if scope == "both":
            return [self.sites["own"], self.sites["other_site"]]
        return [self.sites[scope]]

    async def _leaving(
        self,
        session: AsyncSession,
        scope: str,
        *,
        status: OccupierStatus = OccupierStatus.ACTIVE,
        state: ContractState = ContractState.ACTIVE,
        start_date: date | None = None,
    ) -> tuple[OccupierRow, list[UUID]]:
        """An occupier with a contract at each site of the scope."""
        operator = self.operators["other_operator" if scope == "other_operator" else "own"]
        occupier = await make_occupier(session, operator=operator, status=status)
        self._remember("occupier", scope, occupier.id)
        contracts = []
        for site in self._places(scope):
            contract = await make_contract(
                session, occupier=occupier, site=site, state=state, start_date=start_date
            )
            contracts.append(contract.id)
        if scope in IN_SUPPORT:
            await self._case_about(session, scope, occupier)
        return occupier, contracts

    async def _case_about(
        self, session: AsyncSession, scope: str, occupier: OccupierRow, **columns: object
    ) -> CaseRow:
        row = CaseRow(
            operator_id=occupier.operator_id,
            occupier_id=occupier.id,
            subject="Test",
            description="Test",
            category=CaseCategory.TECHNICAL,
            origin=CaseOrigin.OPERATOR,
            requested_by="test",
            **columns,
        )
        session.add(row)
        await session.flush()
        self._remember("case", scope, row.id)
        return row

    async def _case(self, session: AsyncSession, scope: str) -> Params:
        """Outside the sight of support it is resolved, or support would see its occupier."""
        occupier, _ = await self._leaving(session, scope)
        over: dict[str, object] = {"status": CaseStatus.RESOLVED, "resolved_at": datetime.now(UTC)}
        columns = {} if scope in IN_SUPPORT else over
        row = await self._case_about(session, scope, occupier, **columns)
        return _of(occupier) | {"case_id": str(row.id)}

    async def _desk_message(self, session: AsyncSession, scope: str) -> Params:
        made = await self._case(session, scope)
        row = DeskMessageRow(
            case_id=UUID(made["case_id"]), kind=News.CASE_OPENED, dead_at=datetime.now(UTC)
        )
        session.add(row)
        await session.flush()
        self._remember("desk_message", scope, row.id)
        return made | {"message_id": str(row.id)}

    async def _desk(self, session: AsyncSession, scope: str) -> Params:
        return await self._desk_message(session, scope)

    async def _attached(self, session: AsyncSession, scope: str) -> Params:
        made = await self._case(session, scope)
        row = CaseAttachmentRow(
            case_id=UUID(made["case_id"]),
            author="test",
            filename="seen.txt",
            media_type="text/plain",
            content=b"Seen.",
        )
        session.add(row)
        await session.flush()
        return made | {"attachment_id": str(row.id)}

    async def _case_over_task(self, session: AsyncSession, scope: str) -> Params:
        made = await self._failed_task(session, scope)
        occupier = await session.get_one(OccupierRow, UUID(made["occupier_id"]))
        row = await self._case_about(session, scope, occupier)
        session.add(CaseTaskRow(case_id=row.id, task_id=UUID(made["task_id"])))
        await session.flush()
        return made | {"case_id": str(row.id)}

    async def _occupier(self, session: AsyncSession, scope: str) -> Params:
        occupier, _ = await self._leaving(session, scope)
        return _of(occupier)

    async def _decommission(
        self,
        session: AsyncSession,
        scope: str,
        # Over already, so that its stream ends by itself.
        status: OccupierStatus = OccupierStatus.DECOMMISSIONED,
        state: DecommissionState = DecommissionState.DECOMMISSIONED,
    ) -> Params:
        occupier, _ = await self._leaving(session, scope, status=status)
        places = self._places(scope)
        row = await make_decommission(session, occupier=occupier, sites=places, state=state)
        tasks = [await make_task(session, decommission=row, kind=TaskKind.PLAN)]
        self._remember("decommission", scope, row.id)
        self._remember("occupier_task", scope, tasks[0].id)
        for place in places:
            task = await make_task(session, decommission=row, site=place, kind=TaskKind.PORTS)
            tasks.append(task)
            self._remember("task", scope if place is places[-1] else "own", task.id)
        return _of(occupier) | {"decommission_id": str(row.id), "task_id": str(tasks[-1].id)}

    async def _task(self, session: AsyncSession, scope: str) -> Params:
        return await self._decommission(session, scope)

    async def _running_decommission(self, session: AsyncSession, scope: str) -> Params:
        return await self._decommission(
            session, scope, OccupierStatus.PENDING, DecommissionState.PENDING
        )

    async def _failed_task(self, session: AsyncSession, scope: str) -> Params:
        made = await self._decommission(
            session, scope, OccupierStatus.FAILED, DecommissionState.PARTIAL
        )
        # Made as failed, without the case that would show its occupier to support.
        task = await make_task(
            session,
            decommission=await session.get_one(DecommissionRow, UUID(made["decommission_id"])),
            site=self._places(scope)[-1],
            kind=TaskKind.TELEPHONY,
            state=TaskState.FAILED,
        )
        self._remember("task", scope, task.id)
        return made | {"task_id": str(task.id)}

    async def _waiver(self, session: AsyncSession, scope: str) -> Params:
        made = await self._failed_task(session, scope)
        row = DecisionRow(
            task_id=UUID(made["task_id"]),
            decommission_id=UUID(made["decommission_id"]),
            action=DecisionAction.WAIVE,
            round=1,
            reason=WaiverReason.SYSTEM_RETIRED,
            file_name="protocol.txt",
            file_media_type="text/plain",
            file_bytes=b"seen",
            decided_by="staff_member:test",
            decided_as=StaffRole.SRE,
            state=DecisionState.AWAITING_SECOND_PERSON,
        )
        session.add(row)
        await session.flush()
        return made | {"decision_id": str(row.id)}

    async def _site(self, _session: AsyncSession, scope: str) -> Params:
        site = self.sites["own" if scope == "both" else scope]
        return {"site_id": str(site.id), "name": site.name, "version": "1"}

    async def _operator(self, _session: AsyncSession, scope: str) -> Params:
        operator = self.operators["other_operator" if scope == "other_operator" else "own"]
        return {"operator_id": str(operator.id)}

    async def _hold(self, session: AsyncSession, scope: str) -> Params:
        site = self.sites["own" if scope == "both" else scope]
        earlier = update(HoldRow).where(HoldRow.site_id == site.id, HoldRow.released_at.is_(None))
        await session.execute(earlier.values(released_at=datetime.now(UTC), released_by="test"))
        row = HoldRow(
            system=System.NETWORK, site_id=site.id, origin=HoldOrigin.BY_HAND, placed_by="test"
        )
        session.add(row)
        await session.flush()
        self._remember("hold", "own" if scope == "both" else scope, row.id)
        return {"hold_id": str(row.id), "site_id": str(site.id)}

    async def _schedule(self, session: AsyncSession, scope: str) -> Params:
        occupier, _ = await self._leaving(session, scope, status=OccupierStatus.SCHEDULED)
        row = ScheduleRow(
            occupier_id=occupier.id,
            operator_id=occupier.operator_id,
            due_at=datetime.now(UTC) + timedelta(days=30),
            time_zone="Europe/London",
            requested_by="test",
        )
        session.add(row)
        await session.flush()
        self._remember("schedule", scope, row.id)
        return _of(occupier) | {"schedule_id": str(row.id), "version": "1"}

    async def _closure(self, session: AsyncSession, scope: str) -> Params:
        site = self.sites["own" if scope == "both" else scope]
        row = ClosureRow(
            site_id=site.id,
            operator_id=site.operator_id,
            at_once=1,
            requested_by="test",
            state=ClosureState.DONE,
            finished_at=datetime.now(UTC),
        )
        session.add(row)
        await session.flush()
        return {"closure_id": str(row.id), "site_id": str(site.id), "version": "1"}

    async def _contract(self, session: AsyncSession, scope: str) -> Params:
        occupier, contracts = await self._leaving(
            session, scope, state=ContractState.UPCOMING, start_date=date(2199, 1, 1)
        )
        return _of(occupier) | {"contract_id": str(contracts[-1])}

    async def _failed_service(self, session: AsyncSession, scope: str) -> Params:
        occupier, _ = await self._leaving(session, scope)
        site = self._places(scope)[-1]
        contract = await make_contract(session, occupier=occupier, site=site)
        row = await make_service(session, contract=contract, update_state=UpdateState.FAILED)
        return _of(occupier) | {"service_id": str(row.id)}

    async def _identifier(self, session: AsyncSession, scope: str) -> Params:
        occupier, _ = await self._leaving(session, scope)
        row = ExternalIdentifierRow(
            occupier_id=occupier.id, external_system=unique("system"), identifier="1"
        )
        session.add(row)
        await session.flush()
        return _of(occupier) | {"identifier_id": str(row.id)}

    async def _handset_login(self, session: AsyncSession, scope: str) -> Params:
        occupier, _ = await self._leaving(session, scope)
        site = self._places(scope)[-1]
        number = await make_number(
            session, site=site, occupier_id=occupier.id, state="active", extension="101"
        )
        row = await make_handset_login(session, number=number)
        return _of(occupier) | {"login_id": str(row.id)}

    async def _handset_request(self, session: AsyncSession, scope: str) -> Params:
        occupier, _ = await self._leaving(session, scope)
        row = HandsetRequestRow(occupier_id=occupier.id, requested_by="test")
        session.add(row)
        await session.flush()
        return _of(occupier) | {"request_id": str(row.id)}


_NAMES = (
    "occupier_id",
    "site_id",
    "operator_id",
    "decommission_id",
    "task_id",
    "decision_id",
    "case_id",
    "message_id",
    "attachment_id",
    "schedule_id",
    "closure_id",
    "hold_id",
    "contract_id",
    "service_id",
    "identifier_id",
    "login_id",
    "request_id",
    "name",
)


def _of(occupier: OccupierRow) -> Params:
    return {
        "occupier_id": str(occupier.id),
        "name": occupier.name,
        "version": str(occupier.version),
    }
