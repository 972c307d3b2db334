"""Handset logins as people and the telephony system see them."""

from dataclasses import dataclass
from uuid import UUID

from models.domain.portfolio import DeviceClass


@dataclass(frozen=True, slots=True)
class HeldLogin:
    """A login as we have it, with the names that the telephony system knows it by."""

    id: UUID
    site: str
    owner: str
    number: str  # personal: for the call to the system only


def is_remote(device_class: DeviceClass | None) -> bool:
    """Whether a handset can be logged out from afar; one of an unknown type cannot (12.1)."""
    return device_class is DeviceClass.DIGITAL
