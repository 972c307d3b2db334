"""The preview: what it tells, whom, and that a start holds it to its word."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import delete, func, select

from models.database import Sessions
from models.domain.decommission import DecommissionState
from models.domain.permission import StaffRole
from models.domain.portfolio import ContractState, DeviceClass, ServiceState, TeamRole, UpdateState
from models.settings import Settings
from models.stores.plans import PlanStore
from models.tables.decommission import DecommissionRow, PlanItemRow
from models.tables.operator import SiteRoleRow
from models.tables.user import WifiDeviceRow
from tests.builders import (
    Scene,
    make_contract,
    make_decommission,
    make_handset_login,
    make_number,
    make_occupier,
    make_operator,
    make_scene,
    make_service,
    make_task,
    make_user,
    make_wifi_device,
)
from tests.identities import Member, headers_of, make_member


@pytest.fixture
async def scene(sessions: Sessions) -> Scene:
    """An occupier at two sites that holds something of most kinds."""
    async with sessions.begin() as session:
        scene = await make_scene(session, name="Preview & Sons")
        for site in scene.sites:
            await make_user(session, occupier=scene.occupier, home_site=site, with_accounts=True)
            await make_wifi_device(session, occupier=scene.occupier, site=site)
            number = await make_number(
                session, site=site, occupier_id=scene.occupier.id, state="active"
            )
            await make_handset_login(session, number=number)
        contract = await make_contract(
            session, occupier=scene.occupier, site=scene.sites[0], state=ContractState.UPCOMING
        )
        await make_service(session, contract=contract, charge_handle=uuid4().hex)
        await make_service(session, contract=contract, state=ServiceState.SCHEDULED)
    return scene


async def preview(
    client: httpx.AsyncClient, scene: Scene, headers: dict[str, str] | None = None
) -> httpx.Response:
    path = f"/api/v1/occupiers/{scene.occupier.id}/decommission/preview"
    return await client.get(path, headers=headers)


async def start(
    client: httpx.AsyncClient, scene: Scene, headers: dict[str, str] | None = None, **more: object
) -> httpx.Response:
    return await client.post(
        f"/api/v1/occupiers/{scene.occupier.id}/decommission",
        json={"name": scene.occupier.name, "acknowledgement": True} | more,
        headers={"Idempotency-Key": uuid4().hex, "If-Match": f'"{scene.occupier.version}"'}
        | (headers or {}),
    )


async def test_a_preview_counts_what_goes_and_what_stays_and_offers_the_start(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    reply = await preview(client, scene)
    assert reply.status_code == 200, reply.text
    found = reply.json()
    assert reply.headers["ETag"] == f'"{scene.occupier.version}"'
    assert found["allowed_actions"] == ["decommission", "schedule"]
    assert found["blockers"] == []
    counts = {(line["site_id"], line["kind"]): line["count"] for line in found["plan"]["lines"]}
    for site in scene.sites:
        for kind in (
            "phone_number",
            "handset_login",
            "user_account",
            "wifi_account",
            "wifi_device",
        ):
            assert counts[str(site.id), kind] == 1
    assert counts[str(scene.sites[0].id), "recurring_charge"] == 1
    assert found["plan"]["total"] == sum(counts.values()) == 11
    records = {(line["site_id"], line["kind"]): line["count"] for line in found["plan"]["records"]}
    assert records[str(scene.sites[0].id), "contracts_discarded"] == 1
    assert records[str(scene.sites[0].id), "scheduled_services_deleted"] == 1
    assert records[str(scene.sites[1].id), "contracts_ended"] == 1
    assert {site["name"] for site in found["plan"]["sites"]} == {s.name for s in scene.sites}
    assert found["kept"] == {
        "contracts": 3,
        "leases": 0,
        "services": 1,
        "call_charges": 0,
        "billing_reports": 0,
        "external_identifiers": 0,
    }
    assert found["expected_duration"]["seconds"] == 3600
    assert "Usual" in found["expected_duration"]["basis"]
    assert found["second_person"] == {"required": False, "approved_until": None}


async def test_a_preview_changes_nothing(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions
) -> None:
    first, again = await preview(client, scene), await preview(client, scene)
    assert first.content == again.content
    async with sessions() as session:
        for table in (DecommissionRow, PlanItemRow):
            assert await session.scalar(select(func.count()).select_from(table)) == 0


async def test_the_plan_is_sealed_with_the_hash_of_the_preview(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions
) -> None:
    seen = (await preview(client, scene)).json()["plan"]
    reply = await start(client, scene, plan_hash=seen["hash"], plan_lines=seen["lines"])
    assert reply.status_code == 202, reply.text
    async with sessions.begin() as session:
        decommission_id = reply.json()["decommission_id"]
        assert await PlanStore(session).write(decommission_id, scene.occupier.id) == seen["total"]
        sealed = await session.get_one(DecommissionRow, decommission_id)
        assert sealed.plan_hash == seen["hash"]


async def test_a_start_is_refused_with_what_changed_since_the_preview(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions
) -> None:
    seen = (await preview(client, scene)).json()["plan"]
    async with sessions.begin() as session:
        await make_wifi_device(session, occupier=scene.occupier, site=scene.sites[1])

    refused = await start(client, scene, plan_hash=seen["hash"], plan_lines=seen["lines"])

    assert refused.status_code == 409
    told = refused.json()
    assert told["type"] == "/problems/plan-drifted"
    assert told["changes"] == [
        {
            "site_id": str(scene.sites[1].id),
            "site_name": scene.sites[1].name,
            "kind": "wifi_device",
            "before": 1,
            "after": 2,
        }
    ]
    now = (await preview(client, scene)).json()["plan"]
    assert told["plan_hash"] == now["hash"] != seen["hash"]
    without_lines = await start(client, scene, plan_hash=seen["hash"])
    assert without_lines.status_code == 409
    assert "changes" not in without_lines.json()
    assert (await start(client, scene, plan_hash=now["hash"])).status_code == 202


async def test_a_resource_that_took_the_place_of_another_is_a_drift_as_well(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions
) -> None:
    seen = (await preview(client, scene)).json()["plan"]
    async with sessions.begin() as session:
        devices = delete(WifiDeviceRow).where(WifiDeviceRow.site_id == scene.sites[0].id)
        await session.execute(devices)
        await make_wifi_device(session, occupier=scene.occupier, site=scene.sites[0])
    refused = await start(client, scene, plan_hash=seen["hash"], plan_lines=seen["lines"])
    assert refused.json()["changes"] == [
        {
            "site_id": str(scene.sites[0].id),
            "site_name": scene.sites[0].name,
            "kind": "wifi_device",
            "before": 1,
            "after": 1,
        }
    ]


async def test_a_blocked_preview_tells_every_reason_with_its_place_and_remedy(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        contract = await make_contract(session, occupier=scene.occupier, site=scene.sites[0])
        failed = await make_service(session, contract=contract, update_state=UpdateState.FAILED)
        await make_service(session, contract=contract, update_state=UpdateState.UPDATING)
        today = await session.scalar(select(func.timezone("Europe/London", func.now())))
        assert today is not None
        starting = await make_contract(
            session,
            occupier=scene.occupier,
            site=scene.sites[1],
            start_date=today.date(),
            state=ContractState.UPCOMING,
        )
        number = await make_number(
            session, site=scene.sites[1], occupier_id=scene.occupier.id, state="active"
        )
        await make_handset_login(session, number=number, device_class=DeviceClass.NON_DIGITAL)

    found = (await preview(client, scene)).json()

    assert found["allowed_actions"] == []
    by_rule = {blocker["rule"]: blocker for blocker in found["blockers"]}
    assert set(by_rule) == {
        "contract_starts_today",
        "handset_logged_in",
        "service_failed",
        "service_updating",
    }
    for blocker in found["blockers"]:
        assert blocker["site_name"] in {site.name for site in scene.sites}
        assert blocker["why"]
        assert blocker["remedy"]
        assert blocker["actions"]
    assert by_rule["service_failed"]["actions"][0] == {
        "kind": "request",
        "method": "POST",
        "path": f"/api/v1/occupiers/{scene.occupier.id}/cases",
        "body": {"service_id": str(failed.id)},
        "until": None,
    }
    wait, discard = by_rule["contract_starts_today"]["actions"]
    assert wait["kind"] == "wait_until"
    assert datetime.fromisoformat(wait["until"]) > datetime.now(UTC)
    assert discard["path"] == f"/api/v1/contracts/{starting.id}/discard"
    assert by_rule["handset_logged_in"]["number"] == number.e164
    refused = await start(client, scene)
    assert refused.json()["blockers"] == found["blockers"]


async def test_what_passes_by_itself_leaves_a_schedule_possible(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions
) -> None:
    site = scene.sites[1]
    async with sessions.begin() as session:
        today = await session.scalar(select(func.timezone(site.time_zone, func.now())))
        assert today is not None
        await make_contract(session, occupier=scene.occupier, site=site, start_date=today.date())

    found = (await preview(client, scene)).json()

    assert [blocker["rule"] for blocker in found["blockers"]] == ["contract_starts_today"]
    assert found["allowed_actions"] == ["schedule"]
    assert (await start(client, scene)).status_code == 409
    later = datetime.now(UTC) + timedelta(days=3)
    wish = {"due_at": f"{later:%Y-%m-%dT%H:%M}", "time_zone": "UTC"}
    reply = await client.post(
        f"/api/v1/occupiers/{scene.occupier.id}/decommission/schedule",
        json={"name": scene.occupier.name, "acknowledgement": True} | wish,
        headers={"Idempotency-Key": uuid4().hex, "If-Match": f'"{scene.occupier.version}"'},
    )
    assert reply.status_code == 201, reply.text


async def test_half_an_admin_is_told_what_is_missing_and_sees_no_plan(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions, settings: Settings
) -> None:
    here, there = scene.sites
    async with sessions.begin() as session:
        contract = await make_contract(session, occupier=scene.occupier, site=there)
        await make_service(session, contract=contract, update_state=UpdateState.FAILED)
        half = await make_member(session, roles={here.id: TeamRole.ADMIN})
    headers = headers_of(settings, half)

    reply = await preview(client, scene, headers)

    assert reply.status_code == 200, reply.text
    found = reply.json()
    assert (found["plan"], found["kept"], found["allowed_actions"]) == (None, None, [])
    assert [blocker["rule"] for blocker in found["blockers"]] == ["site_not_permitted"]
    assert there.name not in reply.text
    assert str(there.id) not in reply.text
    refused = await start(client, scene, headers)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-permitted")


async def test_only_those_who_may_decommission_get_a_preview(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions, settings: Settings
) -> None:
    async with sessions.begin() as session:
        user = await make_member(session, roles={site.id: TeamRole.USER for site in scene.sites})
        auditor = await make_member(session, staff_role=StaffRole.AUDITOR)
        other = await make_operator(session)
        stranger = await make_member(session, operator_id=other.id, is_super_admin=True)
    for member, status in ((user, 403), (auditor, 403), (stranger, 404)):
        reply = await preview(client, scene, headers_of(settings, member))
        assert reply.status_code == status, reply.text
        refused = await start(client, scene, headers_of(settings, member))
        assert refused.status_code == status, refused.text


async def test_an_admin_at_every_site_gets_the_plan_of_the_whole_occupier(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions, settings: Settings
) -> None:
    async with sessions.begin() as session:
        # Something at a site where the occupier never had a contract.
        elsewhere = await make_scene(session, sites=1)
        await make_wifi_device(session, occupier=scene.occupier, site=elsewhere.sites[0])
        admin = await make_member(session, roles={s.id: TeamRole.ADMIN for s in scene.sites})
    seen = (await preview(client, scene, headers_of(settings, admin))).json()["plan"]
    of_super_admin = (await preview(client, scene)).json()["plan"]
    assert seen["hash"] == of_super_admin["hash"]
    assert seen["total"] == of_super_admin["total"] == 12


async def test_the_duration_is_the_median_of_past_ones_of_like_size(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions
) -> None:
    asked = datetime.now(UTC) - timedelta(days=1)
    async with sessions.begin() as session:
        for minutes, size in ((10, 11), (12, 8), (40, 20), (300, 400), (1, 2)):
            occupier = await make_occupier(session, operator=scene.operator)
            past = await make_decommission(
                session,
                occupier=occupier,
                state=DecommissionState.DECOMMISSIONED,
                requested_at=asked,
                finished_at=asked + timedelta(minutes=minutes),
            )
            await make_task(session, decommission=past, total=size)
    expected = (await preview(client, scene)).json()["expected_duration"]
    assert expected["seconds"] == 12 * 60
    assert "last 3" in expected["basis"]


async def test_a_login_that_is_too_old_is_asked_for_again(
    client: httpx.AsyncClient, scene: Scene, settings: Settings, super_admin: Member
) -> None:
    for old in (
        headers_of(settings, super_admin, auth_age_s=settings.login_max_age_s + 5),
        headers_of(settings, super_admin, auth_time=None),
    ):
        assert (await preview(client, scene, old)).status_code == 200
        refused = await start(client, scene, old)
        assert refused.status_code == 401
        assert refused.json()["type"] == "/problems/login-too-old"
        challenge = refused.headers["WWW-Authenticate"]
        assert 'error="insufficient_user_authentication"' in challenge
        assert f'max_age="{settings.login_max_age_s}"' in challenge
    recent = headers_of(settings, super_admin, auth_age_s=settings.login_max_age_s - 60)
    assert (await start(client, scene, recent)).status_code == 202


async def test_a_role_that_was_revoked_after_the_preview_starts_nothing(
    client: httpx.AsyncClient, scene: Scene, sessions: Sessions, settings: Settings
) -> None:
    async with sessions.begin() as session:
        admin = await make_member(session, roles={s.id: TeamRole.ADMIN for s in scene.sites})
    headers = headers_of(settings, admin)
    assert (await preview(client, scene, headers)).json()["allowed_actions"]
    async with sessions.begin() as session:
        revoked = (SiteRoleRow.team_member_id == admin.id, SiteRoleRow.site_id == scene.sites[1].id)
        await session.execute(delete(SiteRoleRow).where(*revoked))
    assert (await start(client, scene, headers)).status_code == 403
