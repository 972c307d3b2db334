"""Reads users and held phone numbers from the database, in a fixed order."""

from collections.abc import Callable
from operator import attrgetter
from uuid import UUID

from models.portfolio.dump_sites import stored_login
from models.portfolio.stored import Stored, grouped
from models.portfolio.tenant import AccessGrant, HeldNumber, User, UserAccount, WifiAccount
from models.tables.telephony import PhoneNumberRow
from models.tables.user import (
    AccessGrantRow,
    AccessGroupRow,
    UserAccountRow,
    UserRow,
    WifiAccountRow,
)


def stored_users(stored: Stored) -> Callable[[UUID], tuple[User, ...]]:
    """The users of an occupier, by its id."""
    users = grouped(stored.all(UserRow), lambda row: row.occupier_id)
    wifi = {row.user_id: row for row in stored.all(WifiAccountRow)}
    accounts = {row.user_id: row for row in stored.all(UserAccountRow)}
    grants = _grants(stored)
    return lambda occupier: tuple(
        User(
            first_name=row.first_name,
            last_name=row.last_name,
            email=row.email,
            phone=row.phone,
            language=row.language,
            home_site=stored.sites[row.home_site_id],
            wifi=_wifi(wifi.get(row.id)),
            account=_account(accounts.get(row.id)),
            access=grants(row.id),
        )
        for row in sorted(users[occupier], key=lambda row: row.email)
    )


def _wifi(row: WifiAccountRow | None) -> WifiAccount | None:
    return None if row is None else WifiAccount(username=row.username, state=row.state)


def _account(row: UserAccountRow | None) -> UserAccount | None:
    if row is None:
        return None
    return UserAccount(
        handle=row.account_handle,
        role=row.role,
        portal_invited=row.portal_invited,
        app_invited=row.app_invited,
    )


def _grants(stored: Stored) -> Callable[[UUID], tuple[AccessGrant, ...]]:
    groups = {row.id: row for row in stored.all(AccessGroupRow)}
    rows = grouped(stored.all(AccessGrantRow), lambda row: row.user_id)
    return lambda user: tuple(
        sorted(
            (
                AccessGrant(site=stored.sites[group.site_id], group=group.name)
                for row in rows[user]
                for group in [groups[row.group_id]]
            ),
            key=attrgetter("site", "group"),
        )
    )


def stored_numbers(stored: Stored) -> Callable[[UUID], tuple[HeldNumber, ...]]:
    """The phone numbers of an occupier, by its id."""
    numbers = grouped(stored.all(PhoneNumberRow), lambda row: row.occupier_id)
    emails = {row.id: row.email for row in stored.all(UserRow)}
    return lambda occupier: tuple(
        HeldNumber(
            site=stored.sites[row.site_id],
            e164=row.e164,
            extension=row.extension,
            state=row.state,
            is_main=row.is_main,
            label=row.label,
            user=emails[row.user_id] if row.user_id is not None else None,
            login=stored_login(stored, row.id),
        )
        for row in sorted(numbers[occupier], key=lambda row: row.e164)
    )
