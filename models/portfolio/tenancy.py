"""The format's contracts: the spaces that they let and the services that they bound."""

from datetime import date

from pydantic import Field

from models.domain.portfolio import ChangeKind, ContractState, ServiceState, UpdateState
from models.portfolio.entry import Entry, Key, Moment, Money, Quantity, SiteReference, Text


class Occupancy(Entry):
    """A space that the contract lets."""

    floor: Key
    space: Key
    move_in: date
    move_out: date | None = Field(None, description="Left out: as long as the contract runs.")


class Change(Entry):
    """A change of a service that is due in future."""

    kind: ChangeKind
    due_on: date
    quantity: Quantity | None = Field(None, description="Only with the kind `quantity`.")


class Service(Entry):
    """A product that the occupier has at the contract's site."""

    product: Key = Field(description="`code` of a product in the site's pricebook.")
    start_date: date
    price: Money = Field(description="What the operator charges, per unit and month.")
    quantity: Quantity = 1
    state: ServiceState
    update_state: UpdateState = UpdateState.NONE
    failed_action: Text | None = Field(None, description="Only with the update state `failed`.")
    charge_handle: Key | None = Field(
        None,
        description="The recurring charge in the billing system; unique everywhere, and generated "
        "for an active service when left out.",
    )
    billing_stopped_at: Moment | None = None
    changes: tuple[Change, ...] = ()


class Contract(Entry):
    """An agreement between operator and occupier for one site."""

    site: SiteReference
    reference: Key
    external_reference: Text | None = None
    start_date: date
    end_date: date | None = None
    deprovision_on_end: bool = False
    state: ContractState
    occupancies: tuple[Occupancy, ...] = ()
    services: tuple[Service, ...] = ()
