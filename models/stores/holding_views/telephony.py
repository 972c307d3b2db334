"""An occupier's numbers, and the charges of its calls (DE-30: gone; DE-32: charges stay)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, func, null, select

from models.domain.portfolio import DeviceClass, NumberState
from models.stores.holding_views.listing import Listing
from models.tables.billing import CallChargeRow
from models.tables.site import SiteRow
from models.tables.telephony import HandsetLoginRow, HandsetRow, HandsetTypeRow, PhoneNumberRow
from models.tables.user import UserRow


@dataclass(frozen=True, slots=True)
class NumberView:
    """A number with its user and the handset that it is logged in to, if any."""

    id: UUID
    site_id: UUID
    site_name: str
    number: str | None  # personal: `None` for the vendor's staff
    extension: str | None
    label: str | None
    state: NumberState
    is_main: bool
    user_name: str | None
    login_id: UUID | None
    handset: str | None
    device_class: DeviceClass | None


@dataclass(frozen=True, slots=True)
class CallChargeView:
    """What the calls of an extension cost in a month."""

    id: UUID
    site_id: UUID
    site_name: str
    month: date
    extension: str
    calls: int
    seconds: int
    amount: Decimal


def _numbers(number: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            PhoneNumberRow.id,
            PhoneNumberRow.site_id,
            SiteRow.name.label("site_name"),
            number.label("number"),
            PhoneNumberRow.extension,
            PhoneNumberRow.label,
            PhoneNumberRow.state,
            PhoneNumberRow.is_main,
            (UserRow.first_name + " " + UserRow.last_name).label("user_name"),
            HandsetLoginRow.id.label("login_id"),
            HandsetRow.label.label("handset"),
            HandsetTypeRow.device_class,
        )
        .join(SiteRow, SiteRow.id == PhoneNumberRow.site_id)
        .outerjoin(UserRow, UserRow.id == PhoneNumberRow.user_id)
        .outerjoin(HandsetLoginRow, HandsetLoginRow.number_id == PhoneNumberRow.id)
        .outerjoin(HandsetRow, HandsetRow.id == HandsetLoginRow.handset_id)
        .outerjoin(HandsetTypeRow, HandsetTypeRow.code == HandsetRow.type_code)
    )


NUMBERS = Listing(
    NumberView,
    _numbers(PhoneNumberRow.e164.expression),
    PhoneNumberRow.occupier_id,
    PhoneNumberRow.site_id,
    PhoneNumberRow.e164.expression,
    lambda number: number.number or "",
    PhoneNumberRow.id,
)

NUMBERS_UNSAID = replace(
    NUMBERS,
    query=_numbers(cast(null(), Text)),
    order=cast(PhoneNumberRow.id, Text),
    text_of=lambda number: str(number.id),
)
"""The same for those who see no numbers; a cursor would tell them one if it were by number."""

_PLACE = func.concat(cast(CallChargeRow.month, Text), " ", CallChargeRow.extension)

CALL_CHARGES = Listing(
    CallChargeView,
    select(
        CallChargeRow.id,
        CallChargeRow.site_id,
        SiteRow.name.label("site_name"),
        CallChargeRow.month,
        CallChargeRow.extension,
        CallChargeRow.calls,
        CallChargeRow.seconds,
        CallChargeRow.amount,
    ).join(SiteRow, SiteRow.id == CallChargeRow.site_id),
    CallChargeRow.occupier_id,
    CallChargeRow.site_id,
    _PLACE,
    lambda charge: f"{charge.month} {charge.extension}",
    CallChargeRow.id,
    newest_first=True,
)
