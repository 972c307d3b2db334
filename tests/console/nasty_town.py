"""A portfolio in which some names try to be more than names."""

from itertools import cycle
from typing import Any

from models.portfolio.format import Portfolio
from tests.nasty import NASTY

# Those that a page could fall over; blanks and control characters are for the API's own tests.
NAMES = [
    NASTY[kind]
    for kind in (
        "script", "image", "template", "right to left", "emoji family", "combining", "quotes",
        "zero width", "beyond the plane", "SQL",
    )
]  # fmt: skip
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 3


def with_nasty_names(portfolio: Portfolio) -> tuple[Portfolio, set[str]]:
    """Such names for the first occupiers, their users, devices and one site; and the former's."""
    told: dict[str, Any] = portfolio.model_dump(mode="json")  # Any: JSON
    names = cycle([*NAMES, LONG.strip()])
    told["sites"][-1]["name"] = NASTY["image"]
    renamed = set()
    for occupier in told["occupiers"][: len(NAMES) + 1]:
        occupier["name"] = next(names)
        renamed.add(occupier["name"])
        _rename(occupier, names)
    return Portfolio.model_validate(told), renamed


def _rename(told: Any, names: "cycle[str]") -> None:  # noqa: ANN401 (JSON)
    if isinstance(told, list):
        for each in told:
            _rename(each, names)
    elif isinstance(told, dict):
        for key in ("first_name", "last_name"):
            if key in told:
                told[key] = next(names)
        if "mac" in told and "name" in told:
            told["name"] = next(names)
        for each in told.values():
            _rename(each, names)
