"""Billing: recurring charges. A stopped charge stays on record, with its owner and stop date."""

from estate.kinds import Attempt, Kind, OutsideWorld

BILLING = OutsideWorld(
    name="billing",
    kinds=(
        Kind(
            name="recurring_charge",
            system="billing",
            live="charging",
            retired="stopped",
            effect="charge_stopped",
            keeps_owner=True,
        ),
    ),
    attempts=(
        Attempt(
            path="bills",
            function="estate.bill",
            fields={"charge": "text", "on": "timestamptz"},
            required=frozenset({"charge", "on"}),
        ),
    ),
)
