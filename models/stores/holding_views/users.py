"""An occupier's users and shared Wi-Fi devices: gone after a decommission (DE-20, DE-23)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from models.domain.portfolio import AccountState, UserRole
from models.stores.holding_views.listing import Listing
from models.tables.site import SiteRow
from models.tables.user import UserAccountRow, UserRow, WifiAccountRow, WifiDeviceRow


@dataclass(frozen=True, slots=True)
class UserView:
    """A user with the states of their accounts; `None` for an account that they do not have."""

    id: UUID
    site_id: UUID
    site_name: str
    first_name: str
    last_name: str
    email: str
    phone: str | None
    wifi_state: AccountState | None
    role: UserRole | None
    portal_invited: bool | None
    app_invited: bool | None


@dataclass(frozen=True, slots=True)
class WifiDeviceView:
    """A shared device on the Wi-Fi device network."""

    id: UUID
    site_id: UUID
    site_name: str
    name: str
    mac: str


USERS = Listing(
    UserView,
    select(
        UserRow.id,
        UserRow.home_site_id.label("site_id"),
        SiteRow.name.label("site_name"),
        UserRow.first_name,
        UserRow.last_name,
        UserRow.email,
        UserRow.phone,
        WifiAccountRow.state.label("wifi_state"),
        UserAccountRow.role,
        UserAccountRow.portal_invited,
        UserAccountRow.app_invited,
    )
    .join(SiteRow, SiteRow.id == UserRow.home_site_id)
    .outerjoin(WifiAccountRow, WifiAccountRow.user_id == UserRow.id)
    .outerjoin(UserAccountRow, UserAccountRow.user_id == UserRow.id),
    UserRow.occupier_id,
    UserRow.home_site_id,
    UserRow.last_name.expression,
    lambda user: user.last_name,
    UserRow.id,
)

WIFI_DEVICES = Listing(
    WifiDeviceView,
    select(
        WifiDeviceRow.id,
        WifiDeviceRow.site_id,
        SiteRow.name.label("site_name"),
        WifiDeviceRow.name,
        WifiDeviceRow.mac,
    ).join(SiteRow, SiteRow.id == WifiDeviceRow.site_id),
    WifiDeviceRow.occupier_id,
    WifiDeviceRow.site_id,
    WifiDeviceRow.name.expression,
    lambda device: device.name,
    WifiDeviceRow.id,
)


def user_named(part: str) -> ColumnElement[bool]:
    """A condition on `UserRow`: part of the first name, the last name or the address."""
    columns = (UserRow.first_name, UserRow.last_name, UserRow.email)
    return or_(*(column.icontains(part, autoescape=True) for column in columns))
