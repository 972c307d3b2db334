"""Routes that read what an occupier holds: the tabs of its page.

After a decommission they show what stays (contracts, services, call charges) and are otherwise
empty (DE-05, DE-11, DE-20, DE-23, DE-30, DE-32, DE-36). Users, devices and numbers are
personal: the vendor's staff see none of them.
"""

from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from api.dependencies import CallerDep, SessionDep
from api.identity.caller import Caller
from api.identity.scope import occupier_in_sight
from api.paging import PageFilters, PageOut, by_name
from api.problems import NotFound, declared
from api.text import StorableText
from models.stores.holding_views.contracts import CONTRACTS, ContractView, with_spaces
from models.stores.holding_views.listing import HoldingViewStore, Listing, Wanted
from models.stores.holding_views.network import (
    NETWORKS,
    PORTS,
    PUBLIC_IPS,
    NetworkView,
    PortView,
    PublicIpView,
)
from models.stores.holding_views.services import SERVICES, ServiceView, with_changes
from models.stores.holding_views.telephony import (
    CALL_CHARGES,
    NUMBERS,
    NUMBERS_UNSAID,
    CallChargeView,
    NumberView,
)
from models.stores.holding_views.users import (
    USERS,
    WIFI_DEVICES,
    UserView,
    WifiDeviceView,
    user_named,
)

router = APIRouter(
    prefix="/occupiers/{occupier_id}", tags=["holdings"], responses=declared(NotFound)
)

ViewT = TypeVar("ViewT")


class HoldingFilters(PageFilters):
    """Filters of what an occupier holds; all hold together."""

    site_id: UUID | None = Field(None, description="Only at this site.")


class UserFilters(HoldingFilters):
    """Filters of an occupier's users."""

    search: StorableText | None = Field(
        None, max_length=200, description="Part of the first name, the last name or the address."
    )


class Reading:
    """One reading of a list for one caller."""

    def __init__(self, occupier_id: UUID, session: SessionDep, caller: CallerDep) -> None:
        self.session: AsyncSession = session
        self._caller: Caller = caller
        self._occupier_id = occupier_id

    async def page(
        self, listing: Listing[ViewT], filters: HoldingFilters, *more: ColumnElement[bool]
    ) -> PageOut[ViewT]:
        """A page of the list; raises `NotFound` for an occupier out of sight."""
        await occupier_in_sight(self.session, self._caller, self._occupier_id)
        cursor = by_name(listing.view.__name__)
        wanted = Wanted(
            self._occupier_id, filters.site_id, filters.limit, cursor.read(filters.cursor)
        )
        store = HoldingViewStore(self.session, self._caller.grants)
        page = await store.page(listing, wanted, *more)
        return PageOut(items=list(page.items), next_cursor=cursor.write(page.next_place))


ReadingDep = Annotated[Reading, Depends()]
FiltersDep = Annotated[HoldingFilters, Query()]


@router.get("/contracts", summary="List contracts, the newest first")
async def list_contracts(reading: ReadingDep, filters: FiltersDep) -> PageOut[ContractView]:
    """All contracts with the spaces that they let; discarded ones too."""
    page = await reading.page(CONTRACTS, filters)
    page.items = await with_spaces(reading.session, page.items)
    return page


@router.get("/services", summary="List services by product")
async def list_services(reading: ReadingDep, filters: FiltersDep) -> PageOut[ServiceView]:
    """Services with their update state and what is due to happen to them."""
    page = await reading.page(SERVICES, filters)
    page.items = await with_changes(reading.session, page.items)
    return page


@router.get("/users", summary="List users by last name")
async def list_users(
    reading: ReadingDep, filters: Annotated[UserFilters, Query()]
) -> PageOut[UserView]:
    """Users with the states of their accounts."""
    named = [user_named(filters.search)] if filters.search else []
    return await reading.page(USERS, filters, *named)


@router.get("/wifi-devices", summary="List shared Wi-Fi devices by name")
async def list_wifi_devices(reading: ReadingDep, filters: FiltersDep) -> PageOut[WifiDeviceView]:
    """Printers, screens and the like on the Wi-Fi device network."""
    return await reading.page(WIFI_DEVICES, filters)


@router.get("/call-charges", summary="List call charges, the newest month first")
async def list_call_charges(reading: ReadingDep, filters: FiltersDep) -> PageOut[CallChargeView]:
    """What the calls of each extension cost, month by month."""
    return await reading.page(CALL_CHARGES, filters)


@router.get("/phone-numbers", summary="List phone numbers")
async def list_phone_numbers(
    reading: ReadingDep, filters: FiltersDep, caller: CallerDep
) -> PageOut[NumberView]:
    """Numbers with their users and handsets; staff see that there are some, but not which."""
    return await reading.page(NUMBERS if caller.grants.sees_names else NUMBERS_UNSAID, filters)


@router.get("/networks", summary="List networks by VLAN")
async def list_networks(reading: ReadingDep, filters: FiltersDep) -> PageOut[NetworkView]:
    """VLANs with their subnets and DHCP."""
    return await reading.page(NETWORKS, filters)


@router.get("/public-ips", summary="List public IP addresses")
async def list_public_ips(reading: ReadingDep, filters: FiltersDep) -> PageOut[PublicIpView]:
    """The public addresses that are assigned to the occupier."""
    return await reading.page(PUBLIC_IPS, filters)


@router.get("/ports", summary="List ports by switch")
async def list_ports(reading: ReadingDep, filters: FiltersDep) -> PageOut[PortView]:
    """Switch ports with the outlets that are patched to them."""
    return await reading.page(PORTS, filters)
