"""Reading the audit: who may, what they see of it, filters and pages."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from models.database import Sessions
from models.domain.audit import AuditAction, Outcome
from models.domain.permission import StaffRole, masked_name
from models.domain.portfolio import TeamRole
from models.settings import Settings
from models.stores.audit import AuditStore
from models.tables.occupier import OccupierRow
from models.tables.site import SiteRow
from tests.audit.events import an_event
from tests.builders import make_contract, make_occupier, make_operator, make_site
from tests.identities import Member, headers_of, make_member


async def audited(sessions: Sessions, occupier_id: UUID, times: int = 1) -> None:
    async with sessions.begin() as session:
        for _ in range(times):
            await AuditStore(session).record(
                an_event(
                    action=AuditAction.OCCUPIER_EDIT,
                    entity_kind="occupier",
                    entity_id=occupier_id,
                    after={"version": "2"},
                )
            )


async def occupier_at_a_site(sessions: Sessions) -> tuple[OccupierRow, SiteRow]:
    async with sessions.begin() as session:
        site = await make_site(session)
        occupier = await make_occupier(session)
        await make_contract(session, occupier=occupier, site=site)
    await audited(sessions, occupier.id)
    return occupier, site


async def seen_by(client: httpx.AsyncClient, settings: Settings, member: Member) -> set[UUID] | int:
    """The occupiers of the events that the member reads, or the status of the refusal."""
    reply = await client.get("/api/v1/audit", headers=headers_of(settings, member))
    if reply.status_code != 200:
        return reply.status_code
    return {UUID(event["occupier_id"]) for event in reply.json()["items"]}


async def test_an_event_is_shown_with_all_that_it_tells(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    occupier, _ = await occupier_at_a_site(sessions)
    reply = await client.get(f"/api/v1/occupiers/{occupier.id}/audit")
    assert reply.status_code == 200
    (event,) = reply.json()["items"]
    assert event["id"] == 1
    assert (event["actor"], event["action"]) == ("system", "occupier.edit")
    assert (event["entity_kind"], event["entity_id"]) == ("occupier", str(occupier.id))
    assert (event["outcome"], event["reason"], event["request_id"]) == ("done", None, None)
    assert (event["before"], event["after"]) == (None, {"version": "2"})
    assert len(event["hash"]) == 64
    assert event["occupier_name"] == occupier.name


async def test_auditors_read_no_name_of_an_occupier(
    client: httpx.AsyncClient, sessions: Sessions, settings: Settings
) -> None:
    occupier, _ = await occupier_at_a_site(sessions)
    async with sessions.begin() as session:
        auditor = await make_member(session, staff_role=StaffRole.AUDITOR)
    reply = await client.get("/api/v1/audit", headers=headers_of(settings, auditor))
    (event,) = reply.json()["items"]
    assert event["occupier_name"] == masked_name(occupier.id)


async def test_everybody_reads_what_is_theirs_to_read(
    client: httpx.AsyncClient, sessions: Sessions, settings: Settings, super_admin: Member
) -> None:
    here, site = await occupier_at_a_site(sessions)
    there, _ = await occupier_at_a_site(sessions)
    async with sessions.begin() as session:
        stranger = await make_occupier(session, operator=await make_operator(session))
        admin = await make_member(session, roles={site.id: TeamRole.ADMIN})
        user = await make_member(session, roles={site.id: TeamRole.USER})
        outsider = await make_member(session, operator_id=stranger.operator_id, is_super_admin=True)
        staff = {role: await make_member(session, staff_role=role) for role in StaffRole}
    await audited(sessions, stranger.id)

    both = {here.id, there.id}
    for member, seen in (
        (super_admin, both),
        (admin, {here.id}),
        (user, 403),
        (outsider, {stranger.id}),
        (staff[StaffRole.AUDITOR], both | {stranger.id}),
        (staff[StaffRole.SRE], both | {stranger.id}),
        (staff[StaffRole.VENDOR_SUPPORT], set()),
        (staff[StaffRole.SERVICE], 403),
    ):
        assert await seen_by(client, settings, member) == seen, member

    one = f"/api/v1/occupiers/{there.id}/audit"
    for member, status in (
        (super_admin, 200),
        (admin, 404),
        (user, 404),
        (outsider, 404),
        (staff[StaffRole.AUDITOR], 200),
        (staff[StaffRole.VENDOR_SUPPORT], 404),
        (staff[StaffRole.SERVICE], 403),
    ):
        reply = await client.get(one, headers=headers_of(settings, member))
        assert reply.status_code == status, member
    mine = await client.get(
        f"/api/v1/occupiers/{here.id}/audit", headers=headers_of(settings, user)
    )
    assert mine.status_code == 403


async def test_what_happens_to_a_site_is_read_by_its_admins(
    client: httpx.AsyncClient, sessions: Sessions, settings: Settings, super_admin: Member
) -> None:
    async with sessions.begin() as session:
        site, other = await make_site(session), await make_site(session)
        admin = await make_member(session, roles={site.id: TeamRole.ADMIN})
        for each in (site, other):
            await AuditStore(session).record(
                an_event(action=AuditAction.NUMBERS_RELEASED, entity_kind="site", entity_id=each.id)
            )
    for member, seen in ((super_admin, {site.id, other.id}), (admin, {site.id})):
        reply = await client.get("/api/v1/audit", headers=headers_of(settings, member))
        assert {UUID(event["entity_id"]) for event in reply.json()["items"]} == seen


async def test_pages_go_back_in_time_without_gaps_or_repetition(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    occupier, _ = await occupier_at_a_site(sessions)
    await audited(sessions, occupier.id, times=6)
    for url in ("/api/v1/audit", f"/api/v1/occupiers/{occupier.id}/audit"):
        ids, cursor = [], None
        while True:
            page = (
                await client.get(url, params={"limit": 3} | ({"cursor": cursor} if cursor else {}))
            ).json()
            ids += [event["id"] for event in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert ids == [7, 6, 5, 4, 3, 2, 1]


async def test_filters_narrow_the_list_together(
    client: httpx.AsyncClient, sessions: Sessions
) -> None:
    occupier, _ = await occupier_at_a_site(sessions)
    someone = f"team_member:{uuid4()}"
    async with sessions.begin() as session:
        await AuditStore(session).record(
            an_event(
                actor=someone,
                action=AuditAction.OCCUPIER_DECOMMISSION,
                entity_kind="occupier",
                entity_id=occupier.id,
                outcome=Outcome.REFUSED,
                reason="decommission-blocked",
            )
        )
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    for filters, ids in (
        ({}, [2, 1]),
        ({"actor": someone}, [2]),
        ({"action": "occupier.edit"}, [1]),
        ({"outcome": "refused"}, [2]),
        ({"actor": someone, "outcome": "done"}, []),
        ({"occupier_id": str(occupier.id)}, [2, 1]),
        ({"occupier_id": str(uuid4())}, []),
        ({"from": soon}, []),
        ({"to": soon}, [2, 1]),
    ):
        reply = await client.get("/api/v1/audit", params=filters)
        assert [event["id"] for event in reply.json()["items"]] == ids, filters


@pytest.mark.parametrize(
    "params",
    [
        {"action": "occupier.vanish"},
        {"actor": "Ada Lovelace"},
        {"from": "yesterday"},
        {"since": "2026-01-01T00:00:00Z"},
        {"limit": "201"},
        {"cursor": "forged"},
    ],
)
async def test_what_cannot_be_a_filter_is_refused(
    client: httpx.AsyncClient, params: dict[str, str]
) -> None:
    assert (await client.get("/api/v1/audit", params=params)).status_code == 422


async def test_an_occupier_that_does_not_exist_has_no_audit(client: httpx.AsyncClient) -> None:
    reply = await client.get(f"/api/v1/occupiers/{uuid4()}/audit")
    assert reply.status_code == 404
