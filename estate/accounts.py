"""Accounts: SCIM 2.0 users (see `scim.py` for the protocol). The organization is the owner."""

from estate.kinds import Attempt, Kind, OutsideWorld

ACCOUNTS = OutsideWorld(
    name="accounts",
    kinds=(
        Kind(
            name="user_account",
            system="accounts",
            live="active",
            retired=None,
            effect="user_deleted",
            other_states=("inactive",),
        ),
    ),
    attempts=(
        Attempt(
            path="sign-ins",
            function="estate.sign_in",
            fields={"user": "text"},
            required=frozenset({"user"}),
        ),
    ),
    offers_batches=False,
)
