"""The rows of users with their accounts, and of phone numbers with who uses them."""

from collections.abc import Iterator
from uuid import uuid4

from models.portfolio.batch import Batch, Ids, Row
from models.portfolio.format import Portfolio
from models.portfolio.place import PoolNumber
from models.portfolio.tenant import HeldNumber
from models.tables.telephony import HandsetLoginRow, PhoneNumberRow
from models.tables.user import AccessGrantRow, UserAccountRow, UserRow, WifiAccountRow


def people_batches(portfolio: Portfolio, ids: Ids) -> Iterator[Batch]:
    """Rows of users and of their accounts."""
    users = [
        (ids.occupiers[occupier.reference], user)
        for occupier in portfolio.occupiers
        for user in occupier.users
    ]
    ids.users.update((user.email, uuid4()) for _, user in users)
    yield Batch(
        UserRow,
        (
            *("id", "occupier_id", "home_site_id", "first_name", "last_name", "email"),
            *("phone", "language"),
        ),
        (
            (
                *(ids.users[user.email], owner, ids.sites[user.home_site]),
                *(user.first_name, user.last_name, user.email, user.phone, user.language),
            )
            for owner, user in users
        ),
    )
    yield Batch(
        WifiAccountRow,
        ("id", "occupier_id", "user_id", "username", "state"),
        (
            (uuid4(), owner, ids.users[user.email], user.wifi.username, user.wifi.state.value)
            for owner, user in users
            if user.wifi is not None
        ),
    )
    yield Batch(
        UserAccountRow,
        (
            *("id", "occupier_id", "user_id", "account_handle", "role"),
            *("portal_invited", "app_invited"),
        ),
        (
            (
                *(uuid4(), owner, ids.users[user.email], account.handle, account.role.value),
                *(account.portal_invited, account.app_invited),
            )
            for owner, user in users
            if (account := user.account) is not None
        ),
    )
    yield Batch(
        AccessGrantRow,
        ("user_id", "group_id", "occupier_id"),
        (
            (ids.users[user.email], ids.groups[grant.site, grant.group], owner)
            for owner, user in users
            for grant in user.access
        ),
    )


def number_batches(portfolio: Portfolio, ids: Ids) -> Iterator[Batch]:
    """Rows of phone numbers and of the handsets that they are logged in to."""
    logins: list[Row] = []
    yield Batch(
        PhoneNumberRow,
        (
            *("id", "site_id", "e164", "extension", "state", "occupier_id", "is_operator_owned"),
            *("is_main", "label", "user_id", "cooling_off_until"),
        ),
        _numbers(portfolio, ids, logins),
    )
    yield Batch(
        HandsetLoginRow,
        ("id", "occupier_id", "number_id", "handset_id", "logged_in_at"),
        logins,  # filled while the numbers are written
    )


def _numbers(portfolio: Portfolio, ids: Ids, logins: list[Row]) -> Iterator[Row]:
    for site in portfolio.sites:
        for free in site.numbers:
            key = uuid4()
            yield (
                *(key, ids.sites[site.reference], free.e164, free.extension, free.state.value),
                *(None, free.operator_owned, False, free.label, None, free.cooling_off_until),
            )
            logins += _login(free, key, site.reference, None, ids)
    for occupier in portfolio.occupiers:
        owner = ids.occupiers[occupier.reference]
        for held in occupier.numbers:
            key = uuid4()
            user = ids.users[held.user] if held.user is not None else None
            yield (
                *(key, ids.sites[held.site], held.e164, held.extension, held.state.value),
                *(owner, False, held.is_main, held.label, user, None),
            )
            logins += _login(held, key, held.site, owner, ids)


def _login(
    number: PoolNumber | HeldNumber, key: object, site: str, owner: object, ids: Ids
) -> Iterator[Row]:
    if number.login is not None:
        handset = ids.handsets[site, number.login.handset]
        yield uuid4(), owner, key, handset, number.login.since
