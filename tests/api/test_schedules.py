"""Scheduling a decommission over HTTP: made, listed, moved, cancelled, and refused."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from models.database import Sessions
from models.domain.occupier import OccupierStatus
from models.domain.permission import StaffRole
from models.domain.portfolio import TeamRole
from models.domain.schedule import ScheduleState
from models.settings import Settings
from models.tables.occupier import OccupierRow
from models.tables.operator import OperatorRow
from models.tables.schedule import ScheduleRow
from models.tables.site import SiteRow
from tests.builders import make_contract, make_occupier, make_operator, make_site
from tests.identities import headers_of, key, make_member
from tests.schedules import block, mend, status

NAME = "Löwe & Daughters"
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
async def site(sessions: Sessions) -> SiteRow:
    async with sessions.begin() as session:
        return await make_site(session)


@pytest.fixture
async def occupier(sessions: Sessions, site: SiteRow) -> OccupierRow:
    """An occupier that nothing blocks."""
    async with sessions.begin() as session:
        occupier = await make_occupier(session, name=NAME)
        await make_contract(session, occupier=occupier, site=site)
    return occupier


def local(days: float = 10) -> str:
    """A moment in some days as the clocks of London show it, away from their changes."""
    return (datetime.now(LONDON) + timedelta(days=days)).strftime("%Y-%m-%dT18:00")


def wish(**changes: object) -> dict[str, object]:
    return {
        "name": NAME,
        "acknowledgement": True,
        "due_at": local(),
        "time_zone": "Europe/London",
    } | changes


async def post(
    client: httpx.AsyncClient, occupier: OccupierRow, body: object, **headers: str
) -> httpx.Response:
    path = f"/api/v1/occupiers/{occupier.id}/decommission/schedule"
    return await client.post(path, json=body, headers=key() | headers)


async def scheduled(client: httpx.AsyncClient, occupier: OccupierRow) -> dict[str, object]:
    reply = await post(client, occupier, wish())
    assert reply.status_code == 201, reply.text
    body: dict[str, object] = reply.json()
    return body


async def test_a_schedule_is_made_shown_and_listed(
    client: httpx.AsyncClient, occupier: OccupierRow, site: SiteRow, sessions: Sessions
) -> None:
    reply = await post(client, occupier, wish())

    assert reply.status_code == 201
    found = await client.get(reply.headers["Location"])
    offered = ["reschedule", "cancel_schedule"]
    assert found.json() == reply.json() | {"allowed_actions": offered}
    assert found.headers["ETag"] == reply.headers["ETag"] == '"1"'
    assert found.json()["local_due_at"].startswith(local())
    assert await status(sessions, occupier) is OccupierStatus.SCHEDULED
    for query in (f"occupier_id={occupier.id}", f"site_id={site.id}", "state=waiting", ""):
        listed = await client.get(f"/api/v1/schedules?{query}")
        assert [one["id"] for one in listed.json()["items"]] == [reply.json()["id"]]
    for query in (f"occupier_id={uuid4()}", f"site_id={uuid4()}", "state=cancelled"):
        listed = await client.get(f"/api/v1/schedules?{query}")
        assert listed.json()["items"] == []
    filtered = await client.get("/api/v1/occupiers?status=scheduled")
    assert [one["id"] for one in filtered.json()["items"]] == [str(occupier.id)]


async def test_the_list_is_read_page_by_page(client: httpx.AsyncClient, sessions: Sessions) -> None:
    for days in (3, 1, 2):
        async with sessions.begin() as session:
            one = await make_occupier(session)
        assert (await post(client, one, wish(name=one.name, due_at=local(days)))).status_code == 201
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        page = (await client.get(f"/api/v1/schedules?limit=1{cursor}")).json()
        seen += [one["due_at"] for one in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == sorted(seen)
    assert len(set(seen)) == 3
    assert page["next_cursor"] is None


async def test_a_repeat_with_the_same_key_is_the_same_schedule(
    client: httpx.AsyncClient, occupier: OccupierRow
) -> None:
    same = key()
    body = wish()
    first = await post(client, occupier, body, **same)
    second = await post(client, occupier, body, **same)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content


@pytest.mark.parametrize(
    ("due_at", "time_zone", "field", "says"),
    [
        ("2020-01-01T10:00", "Europe/London", "due_at", "future"),
        ("2020-01-01T10:00:00+00:00", "Europe/London", "due_at", "future"),
        ("2199-01-01T10:00", "Europe/London", "due_at", "two years"),
        ("2027-03-28T01:30", "Europe/London", "due_at", "does not exist"),
        ("2027-10-31T01:30", "Europe/London", "due_at", "twice"),
        ("2027-02-30T10:00", "Europe/London", "due_at", "exists"),
        ("tomorrow", "Europe/London", "due_at", "date and time"),
        ("1800000000", "Europe/London", "due_at", "date and time"),
        ("9999-12-31T23:59:59-14:00", "Europe/London", "due_at", "exists"),
        ("2027-03-01T10:00", "Europe/Atlantis", "time_zone", "IANA"),
        ("2027-03-01T10:00", "../../etc/passwd", "time_zone", "IANA"),
        ("2027-03-01T10:00", "", "time_zone", "IANA"),
    ],
)
async def test_a_moment_that_is_none_is_refused_with_the_reason(
    client: httpx.AsyncClient,
    occupier: OccupierRow,
    sessions: Sessions,
    due_at: str,
    time_zone: str,
    field: str,
    says: str,
) -> None:
    reply = await post(client, occupier, wish(due_at=due_at, time_zone=time_zone))
    assert reply.status_code == 422
    (error,) = reply.json()["errors"]
    assert error["field"] == f"body.{field}"
    assert says in error["message"]
    assert await status(sessions, occupier) is OccupierStatus.ACTIVE


async def test_an_ambiguous_moment_is_taken_with_its_offset(
    client: httpx.AsyncClient, occupier: OccupierRow
) -> None:
    now = datetime.now(LONDON)
    ends = [datetime(year, 10, 31, 1, 30, tzinfo=LONDON) for year in (now.year, now.year + 1)]
    sundays = [end - timedelta(days=(end.weekday() + 1) % 7) for end in ends]
    back = next(day for day in sundays if day > now).replace(tzinfo=None).isoformat()
    assert (await post(client, occupier, wish(due_at=back))).status_code == 422

    reply = await post(client, occupier, wish(due_at=f"{back}+01:00"))

    assert reply.status_code == 201
    assert reply.json()["local_due_at"] == f"{back}+01:00"


@pytest.mark.parametrize(
    "changes", [{"name": NAME.lower()}, {"acknowledgement": False}, {"acknowledgement": None}]
)
async def test_it_is_confirmed_like_a_start(
    client: httpx.AsyncClient, occupier: OccupierRow, changes: dict[str, object]
) -> None:
    assert (await post(client, occupier, wish(**changes))).status_code == 422


async def test_it_needs_a_fresh_login_like_a_start(
    client: httpx.AsyncClient, occupier: OccupierRow, settings: Settings, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        member = await make_member(session, is_super_admin=True)
    old = headers_of(settings, member, auth_age_s=3600)
    reply = await post(client, occupier, wish(), **old)
    assert reply.status_code == 401
    assert reply.json()["type"] == "/problems/login-too-old"


async def test_what_blocks_now_blocks_the_schedule(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions
) -> None:
    service_id = await block(sessions, occupier)
    refused = await post(client, occupier, wish())
    assert refused.status_code == 409
    assert refused.json()["blockers"][0]["rule"] == "service_failed"

    await mend(sessions, service_id)
    assert (await post(client, occupier, wish())).status_code == 201


async def test_a_contract_blocks_on_the_day_when_it_is_due_and_not_today(
    client: httpx.AsyncClient, occupier: OccupierRow, site: SiteRow, sessions: Sessions
) -> None:
    due = date.fromisoformat(local()[:10])
    async with sessions.begin() as session:
        today = datetime.now(LONDON).date()
        await make_contract(session, occupier=occupier, site=site, start_date=today)
        await make_contract(session, occupier=occupier, site=site, start_date=due)

    refused = await post(client, occupier, wish())
    assert refused.status_code == 409
    assert [one["rule"] for one in refused.json()["blockers"]] == ["contract_starts_today"]
    assert (await post(client, occupier, wish(due_at=local(11)))).status_code == 201


async def test_a_second_schedule_and_a_start_are_refused(
    client: httpx.AsyncClient, occupier: OccupierRow
) -> None:
    await scheduled(client, occupier)

    again = await post(client, occupier, wish())
    start = await client.post(
        f"/api/v1/occupiers/{occupier.id}/decommission",
        json={"name": NAME, "acknowledgement": True},
        headers=key() | {"If-Match": '"2"'},
    )

    for reply in (again, start):
        assert reply.status_code == 409
        assert reply.json()["type"] == "/problems/occupier-not-active"
        assert "Change or cancel its schedule" in reply.json()["detail"]


async def test_it_can_be_moved_and_then_be_cancelled(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions
) -> None:
    one = await scheduled(client, occupier)
    path = f"/api/v1/schedules/{one['id']}"
    moved = await client.patch(
        path,
        json={"due_at": local(100), "time_zone": "Asia/Tokyo"},
        headers=key() | {"If-Match": '"1"'},
    )
    assert moved.status_code == 200, moved.text
    assert moved.json()["local_due_at"] == f"{local(100)}:00+09:00"
    assert moved.headers["ETag"] == '"2"'

    stale = await client.post(f"{path}/cancel", headers=key() | {"If-Match": '"1"'})
    assert stale.status_code == 412
    unread = await client.post(f"{path}/cancel", headers=key())
    assert unread.status_code == 428
    cancelled = await client.post(f"{path}/cancel", headers=key() | {"If-Match": '"2"'})
    assert cancelled.status_code == 200
    assert cancelled.json()["state"] == "cancelled"
    assert await status(sessions, occupier) is OccupierStatus.ACTIVE

    over = await client.post(f"{path}/cancel", headers=key() | {"If-Match": '"3"'})
    assert over.status_code == 409
    assert over.json()["type"] == "/problems/schedule-over"
    assert (await client.get(path)).json()["allowed_actions"] == []
    assert (await post(client, occupier, wish())).status_code == 201


async def test_a_blocked_one_shows_why_and_can_be_rescheduled(
    client: httpx.AsyncClient, occupier: OccupierRow, sessions: Sessions
) -> None:
    one = await scheduled(client, occupier)
    async with sessions.begin() as session:
        row = await session.get_one(ScheduleRow, UUID(str(one["id"])))
        row.state, row.blocked_reasons = ScheduleState.BLOCKED, ["handset_logged_in"]
    path = f"/api/v1/schedules/{one['id']}"
    assert (await client.get(path)).json()["blocked_reasons"] == ["handset_logged_in"]

    moved = await client.patch(
        path,
        json={"due_at": local(20), "time_zone": "Europe/London"},
        headers=key() | {"If-Match": '"1"'},
    )
    assert moved.json()["state"] == "waiting"
    assert moved.json()["blocked_reasons"] is None


async def test_only_an_admin_at_every_site_may_and_others_do_not_even_see_it(
    client: httpx.AsyncClient,
    occupier: OccupierRow,
    site: SiteRow,
    settings: Settings,
    sessions: Sessions,
) -> None:
    one = await scheduled(client, occupier)
    async with sessions.begin() as session:
        user = await make_member(session, roles={site.id: TeamRole.USER})
        elsewhere = await make_site(session)
        stranger = await make_member(session, roles={elsewhere.id: TeamRole.ADMIN})
        other = await make_operator(session)
        foreign = await make_member(session, operator_id=other.id, is_super_admin=True)
    path = f"/api/v1/schedules/{one['id']}"
    for member, read, cancelled in ((user, 200, 403), (stranger, 404, 404), (foreign, 404, 404)):
        headers = headers_of(settings, member)
        found = await client.get(path, headers=headers)
        assert found.status_code == read
        assert not found.json().get("allowed_actions")
        listed = (await client.get("/api/v1/schedules", headers=headers)).json()["items"]
        assert len(listed) == (read == 200)
        reply = await client.post(f"{path}/cancel", headers=headers | key() | {"If-Match": '"1"'})
        assert reply.status_code == cancelled


async def test_staff_read_it_without_the_name(
    client: httpx.AsyncClient, occupier: OccupierRow, settings: Settings, sessions: Sessions
) -> None:
    one = await scheduled(client, occupier)
    async with sessions.begin() as session:
        auditor = await make_member(session, staff_role=StaffRole.AUDITOR)
    reply = await client.get(
        f"/api/v1/schedules/{one['id']}", headers=headers_of(settings, auditor)
    )
    assert reply.status_code == 200
    assert NAME not in reply.text


async def test_a_second_person_approves_it_when_it_is_made(
    client: httpx.AsyncClient, occupier: OccupierRow, settings: Settings, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        operator = await session.get_one(OperatorRow, occupier.operator_id)
        operator.second_person_required = True
        second = await make_member(session, is_super_admin=True)
    alone = await post(client, occupier, wish())
    assert alone.status_code == 409
    assert alone.json()["type"] == "/problems/second-person-needed"

    approved = await client.post(
        f"/api/v1/occupiers/{occupier.id}/decommission/approval",
        json={"name": NAME, "acknowledgement": True, "plan_hash": alone.json()["plan_hash"]},
        headers=headers_of(settings, second) | key(),
    )
    assert approved.status_code == 201, approved.text
    assert (await post(client, occupier, wish())).status_code == 201


async def test_a_site_filter_tells_nobody_of_sites_that_are_not_theirs(
    client: httpx.AsyncClient,
    occupier: OccupierRow,
    site: SiteRow,
    settings: Settings,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        other = await make_site(session)
        await make_contract(session, occupier=occupier, site=other)
        admin = await make_member(session, roles={site.id: TeamRole.ADMIN})
    await scheduled(client, occupier)
    for at, count in ((site, 1), (other, 0)):
        reply = await client.get(
            f"/api/v1/schedules?site_id={at.id}", headers=headers_of(settings, admin)
        )
        assert len(reply.json()["items"]) == count
