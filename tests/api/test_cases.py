"""What people read of support cases: lists by site and status, and everything in one case."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from models.database import Sessions, open_engine, open_sessions
from models.domain.case import CaseOrigin, CasePriority, CaseStatus
from models.domain.permission import StaffRole
from models.settings import Settings
from models.stores.grants import GrantStore
from models.tables.case import CaseTaskRow
from tests.builders import make_contract, make_occupier, make_operator, make_site
from tests.desk_cases import Desk, make_case
from tests.identities import ISSUER, make_member

NASTY = "<script>alert('x')</script> \u202eevil\u202c 🏢 \u2019; DROP TABLE cases;-- \\u0000 ﷽"


async def test_a_case_says_what_happened_what_to_do_and_what_you_may_do(desk: Desk) -> None:
    found = await desk.read("support")

    assert found["advice"]["audience"] == "support"
    assert "refuses" in found["advice"]["meaning"]
    assert found["occupier_name"] == f"Occupier {str(desk.occupier.id)[:8]}"
    assert [(one["task"]["id"], one["left_at"]) for one in found["tasks"]] == [
        (str(desk.failed.id), None)
    ]
    assert [(one["status"], one["actor"]) for one in found["history"]] == [("new", "system")]
    assert found["allowed_actions"] == {
        "comment": True,
        "attach": True,
        "edit": True,
        "statuses": ["in_progress"],  # not resolved: a task has failed
        "decisions": ["retry", "complete_by_hand", "waive"],
        "confirm": [],
    }
    assert (found["decommission_state"], found["hold"]) == ("partial", None)
    assert (found["time_to_acknowledge_s"], found["time_to_resolve_s"]) == (None, None)


@pytest.mark.parametrize(
    ("by", "comment", "edit", "decisions"),
    [
        ("super", True, False, []),
        ("first", True, False, []),
        ("user", False, False, []),
        ("sre", True, True, ["retry", "waive"]),
        ("auditor", False, False, []),
    ],
)
async def test_what_others_may_do_with_it(
    desk: Desk, by: str, comment: bool, edit: bool, decisions: list[str]
) -> None:
    allowed = (await desk.read(by))["allowed_actions"]
    assert (allowed["comment"], allowed["edit"], allowed["decisions"]) == (comment, edit, decisions)


async def test_names_are_for_the_operator_alone(desk: Desk) -> None:
    assert (await desk.read("first"))["occupier_name"] == desk.occupier.name
    (task,) = (await desk.read("support"))["tasks"]
    assert task["task"]["occupier_name"].startswith("Occupier ")


async def test_lists_go_by_site_and_status_and_show_what_the_caller_sees(desk: Desk) -> None:
    operator_id = desk.occupier.operator_id
    second = desk.sites[1]
    async with desk.sessions.begin() as session:
        there = await make_case(session, operator_id=operator_id, site_id=second.id)
        whole = await make_case(
            session,
            operator_id=operator_id,
            occupier_id=desk.occupier.id,
            decommission_id=desk.decommission.id,
            priority=CasePriority.P2,
        )
        everybodys = await make_case(session, operator_id=None, origin=CaseOrigin.AUTOMATIC)
        other = await make_operator(session)
        abroad = await make_case(
            session,
            operator_id=other.id,
            site_id=(await make_site(session, operator=other)).id,
        )
    here = desk.case.number
    assert await desk.numbers("super") == [whole.number, there.number, here]
    assert await desk.numbers("first") == [whole.number, here]
    assert await desk.numbers("second") == [whole.number, there.number]
    assert await desk.numbers("support") == [
        abroad.number,
        everybodys.number,
        whole.number,
        there.number,
        here,
    ]
    assert await desk.numbers("super", site_id=second.id) == [whole.number, there.number]
    assert await desk.numbers("first", site_id=second.id) == []
    assert await desk.numbers("super", origin="automatic") == [here]
    assert await desk.numbers("super", priority="p2") == [whole.number]
    assert await desk.numbers("super", task_id=desk.failed.id) == [here]
    assert await desk.numbers("super", occupier_id=desk.occupier.id) == [whole.number, here]
    assert await desk.numbers("super", decommission_id=desk.decommission.id) == [
        whole.number,
        here,
    ]


async def test_pages_follow_each_other_newest_first(desk: Desk) -> None:
    async with desk.sessions.begin() as session:
        for _ in range(6):
            await make_case(session, operator_id=desk.occupier.operator_id)
    found, cursor = [], ""
    while True:
        page = (await desk.ask("super", "GET", f"/cases?limit=3{cursor}")).json()
        found += [one["number"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert (len(found), sorted(found)) == (7, sorted(set(found)))


async def test_search_takes_a_number_or_a_part_of_the_subject_as_it_is(desk: Desk) -> None:
    async with desk.sessions.begin() as session:
        odd = await make_case(
            session, operator_id=desk.occupier.operator_id, subject="100%_Sure of Ünïcode"
        )
    assert await desk.numbers("super", search=f"%23{desk.case.number}") == [desk.case.number]
    assert await desk.numbers("super", search="100%25_s") == [odd.number]
    assert await desk.numbers("super", search="1_0") == []
    assert await desk.numbers("super", search="of Ünï") == [odd.number]


async def test_cases_that_are_over_are_listed_for_twelve_months_and_readable_for_ever(
    desk: Desk,
) -> None:
    await desk.resolve()
    assert await desk.numbers("super") == []
    assert await desk.numbers("super", status="resolved") == [desk.case.number]
    assert await desk.numbers("super", status="all") == [desk.case.number]
    for days, listed in ((360, True), (370, False)):
        await desk.run(
            "UPDATE cases SET resolved_at = now() - :ago WHERE id = :case_id",
            ago=timedelta(days=days),
        )
        assert bool(await desk.numbers("super", status="all")) is listed
    assert (await desk.read("super"))["status"] == "resolved"


async def test_a_case_at_no_site_is_seen_by_whoever_sees_one_of_its_tasks(desk: Desk) -> None:
    async with desk.sessions.begin() as session:
        operator = desk.occupier.operator_id
        nobody = await make_occupier(session)  # without a contract: seen by all of the operator
        case = await make_case(
            session, operator_id=operator, origin=CaseOrigin.AUTOMATIC, cause="platform/x/bug"
        )
        session.add(CaseTaskRow(case_id=case.id, task_id=desk.pending.id))
    assert nobody.operator_id == operator
    assert case.number in await desk.numbers("second")
    assert case.number not in await desk.numbers("first")
    shown = await desk.read("second", case.id)
    assert [one["task"]["id"] for one in shown["tasks"]] == [str(desk.pending.id)]


async def test_a_case_of_everybody_is_for_staff_only(desk: Desk) -> None:
    async with desk.sessions.begin() as session:
        case = await make_case(session, operator_id=None, origin=CaseOrigin.AUTOMATIC)
        session.add(CaseTaskRow(case_id=case.id, task_id=desk.pending.id))
    for by in ("super", "second"):
        assert (await desk.ask(by, "GET", f"/cases/{case.id}")).status_code == 404
    assert (await desk.read("sre", case.id))["operator_id"] is None


async def test_a_case_about_an_occupier_out_of_sight_tells_nothing_of_it(desk: Desk) -> None:
    async with desk.sessions.begin() as session:
        hidden = await make_occupier(session)
        await make_contract(session, occupier=hidden, site=desk.sites[1])
        case = await make_case(
            session,
            operator_id=desk.occupier.operator_id,
            occupier_id=hidden.id,
            site_id=desk.sites[0].id,
        )
    shown = await desk.read("first", case.id)
    assert (shown["occupier_id"], shown["occupier_name"]) == (None, None)
    assert (await desk.read("super", case.id))["occupier_name"] == hidden.name


async def test_cases_of_a_decommissioned_occupier_stay_readable(desk: Desk) -> None:
    await desk.resolve()
    await desk.run(
        "UPDATE occupiers SET status = 'decommissioned', decommissioned_at = now() WHERE id = :id",
        id=desk.occupier.id,
    )
    await desk.run(
        "UPDATE decommissions SET state = 'decommissioned', finished_at = now() WHERE id = :id",
        id=desk.decommission.id,
    )
    for by in ("super", "first", "support", "auditor"):
        assert (await desk.read(by))["status"] == "resolved"
    assert (await desk.read("first"))["tasks"] != []


async def test_what_people_write_comes_back_as_they_wrote_it(desk: Desk) -> None:
    wanted = {
        "subject": NASTY,
        "description": f"{NASTY}\n{NASTY}",
        "site_id": str(desk.sites[0].id),
    }
    raised = await desk.ask("first", "POST", "/cases", wanted)
    assert raised.status_code == 201, raised.text
    case_id = raised.json()["id"]
    added = await desk.ask("first", "POST", f"/cases/{case_id}/comments", {"body": NASTY})
    assert added.status_code == 201, added.text
    found = await desk.read("support", case_id)
    assert (found["subject"], found["description"]) == (NASTY, wanted["description"])
    assert [one["body"] for one in found["comments"]] == [NASTY]


async def test_the_second_wall_shows_the_same_cases(
    desk: Desk, settings: Settings, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await make_case(session, operator_id=None, origin=CaseOrigin.AUTOMATIC)
        await make_case(session, operator_id=(await make_operator(session)).id)
        await make_case(
            session, operator_id=desk.occupier.operator_id, status=CaseStatus.IN_PROGRESS
        )
        staff = await make_member(session, staff_role=StaffRole.AUDITOR)
        outsider = await make_member(
            session, operator_id=(await make_operator(session)).id, is_super_admin=True
        )
    engine = open_engine(settings, for_api=True)
    as_api = open_sessions(engine)
    for member, seen in ((staff, 4), (outsider, 0)):
        async with as_api() as session:
            assert await GrantStore(session).of(ISSUER, member.subject) is not None
            for table in ("cases", "case_statuses"):
                assert await session.scalar(text(f"SELECT count(*) FROM {table}")) == seen
    await engine.dispose()


async def test_an_unknown_case_is_not_found(desk: Desk) -> None:
    assert (await desk.ask("sre", "GET", f"/cases/{uuid4()}")).status_code == 404
