"""Where an occupier stands (reference 4.1)."""

from enum import StrEnum


class OccupierStatus(StrEnum):
    """Decommission status of an occupier (DX-04 to DX-11)."""

    ACTIVE = "active"
    SCHEDULED = "scheduled"
    PENDING = "pending"
    FAILED = "failed"
    DECOMMISSIONED = "decommissioned"

    @property
    def is_editable(self) -> bool:
        """Whether the occupier's details may change (DX-08)."""
        return self in {OccupierStatus.ACTIVE, OccupierStatus.SCHEDULED}
