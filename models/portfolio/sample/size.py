"""How large a sample is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SampleSize:
    """What is asked for. A `..._per_...` of None is drawn from the usual distributions.

    The cast (occupiers with a part to play, see `cast.py`) is there unless something is forced.
    """

    seed: int = 1
    operators: int = 2
    sites: int = 12
    occupiers: int = 60
    sites_per_occupier: int | None = None
    users_per_site: int | None = None
    numbers_per_site: int | None = None
    ports_per_site: int | None = None
    devices_per_site: int | None = None
    months: int = 12

    def __post_init__(self) -> None:
        if min(self.operators, self.sites, self.sites_per_occupier or 1) < 1:
            raise ValueError("a sample has at least one operator and one site")
        if min(self.seed, self.occupiers, self.months) < 0 or self.seed > 999:
            raise ValueError("a seed is from 0 to 999, and a count is not negative")

    @property
    def is_forced(self) -> bool:
        """Whether any distribution is replaced by a fixed figure."""
        fixed = (
            self.sites_per_occupier,
            self.users_per_site,
            self.numbers_per_site,
            self.ports_per_site,
            self.devices_per_site,
        )
        return any(figure is not None for figure in fixed)
