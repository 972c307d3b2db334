"""The one answer to "may they?": at which sites, and why not."""

from uuid import uuid4

import pytest

from models.database import Sessions
from models.domain.permission import (
    Action,
    Denial,
    Grants,
    Reason,
    Scope,
    StaffRole,
    counts_for_permission,
)
from models.domain.portfolio import ContractState, TeamRole
from models.stores.grants import GrantStore
from models.stores.scopes import ScopeStore
from tests.builders import make_contract, make_occupier, make_operator, make_site
from tests.identities import ISSUER, make_member

OPERATOR, HERE, THERE, CLOSED = uuid4(), uuid4(), uuid4(), uuid4()
START = Action.START_DECOMMISSION


def team(*, admin: tuple[object, ...] = (), user: tuple[object, ...] = ()) -> Grants:
    roles = dict.fromkeys(admin, TeamRole.ADMIN) | dict.fromkeys(user, TeamRole.USER)
    return Grants(
        actor="team_member:test",
        operator_id=OPERATOR,
        roles=roles,  # type: ignore[arg-type]  # ids, told as objects for brevity
        site_ids=frozenset(roles),  # type: ignore[arg-type]  # as above
        closed_site_ids=frozenset({CLOSED}),
    )


def at(*sites: object) -> Scope:
    return Scope(OPERATOR, frozenset(sites))  # type: ignore[arg-type]  # as above


def test_an_admin_at_every_site_may_start() -> None:
    assert team(admin=(HERE, THERE)).denial(START, at(HERE, THERE)) is None


def test_an_admin_at_some_sites_is_told_which_are_missing() -> None:
    denial = team(admin=(HERE,)).denial(START, at(HERE, THERE))
    assert denial == Denial(Reason.SITES_MISSING, (THERE,))
    assert team(admin=(HERE,)).denial(Action.EDIT_OCCUPIER, at(HERE, THERE)) is None


def test_the_role_user_may_nothing() -> None:
    for action in Action:
        denial = team(user=(HERE,)).denial(action, at(HERE))
        assert denial is not None


def test_nobody_may_act_at_a_closed_site() -> None:
    denial = team(admin=(HERE, CLOSED)).denial(START, at(HERE, CLOSED))
    assert denial == Denial(Reason.SITES_MISSING, (CLOSED,))


def test_an_occupier_without_contracts_is_for_any_admin_of_its_operator() -> None:
    assert team(admin=(HERE,)).denial(START, at()) is None
    assert team(user=(HERE,)).denial(START, at()) == Denial(Reason.NOT_AN_ADMIN)
    stranger = team(admin=(HERE,)).denial(START, Scope(uuid4()))
    assert stranger == Denial(Reason.OUTSIDER)


@pytest.mark.parametrize("role", StaffRole)
def test_no_staff_may_start_or_edit(role: StaffRole) -> None:
    staff = Grants("staff_member:test", staff_role=role)
    for action in (START, Action.SCHEDULE_DECOMMISSION, Action.EDIT_OCCUPIER, Action.CLOSE_SITE):
        assert staff.denial(action, at(HERE)) == Denial(Reason.OUTSIDER)
        assert not staff.may(action)


def test_only_a_discarded_contract_does_not_count() -> None:
    assert [state for state in ContractState if not counts_for_permission(state)] == [
        ContractState.DISCARDED
    ]


async def test_grants_leave_out_the_sites_of_other_operators(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        own, other = await make_operator(session), await make_operator(session)
        here = await make_site(session, operator=own)
        shut = await make_site(session, operator=own, is_open=False)
        abroad = await make_site(session, operator=other)
        roles = dict.fromkeys((here.id, shut.id, abroad.id), TeamRole.ADMIN)
        await make_member(session, subject="mixed", operator_id=own.id, roles=roles)
        await make_member(session, subject="super", operator_id=own.id, is_super_admin=True)
    async with sessions() as session:
        mixed = await GrantStore(session).of(ISSUER, "mixed")
        over = await GrantStore(session).of(ISSUER, "super")
    assert mixed is not None
    assert over is not None
    assert mixed.site_ids == over.site_ids == {here.id, shut.id}
    assert mixed.admin_site_ids == over.admin_site_ids == {here.id}
    assert over.missing_sites([here.id, abroad.id]) == (abroad.id,)


async def test_the_scope_of_an_occupier_is_where_its_contracts_count(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        occupier = await make_occupier(session)
        sites = {state: await make_site(session) for state in ContractState}
        for state, site in sites.items():
            await make_contract(session, occupier=occupier, site=site, state=state)
        scope = await ScopeStore(session).of_occupier(occupier.id)
    counted = [site.id for state, site in sites.items() if state is not ContractState.DISCARDED]
    assert scope == Scope(occupier.operator_id, frozenset(counted))
