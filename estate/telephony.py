"""Telephony: phone numbers, the handsets logged in to them, and calls."""

from estate.kinds import Attempt, Kind, OutsideWorld

TELEPHONY = OutsideWorld(
    name="telephony",
    kinds=(
        Kind(
            name="handset_login",
            system="telephony",
            live="logged_in",
            retired=None,
            effect="handset_logged_out",
            support="number",
            support_kind="phone_number",
        ),
        Kind(
            name="phone_number",
            system="telephony",
            live="in_service",
            retired="out_of_service",
            effect="number_taken_out_of_service",
        ),
    ),
    attempts=(
        Attempt(
            path="calls",
            function="estate.place_call",
            fields={"from": "text", "to": "text"},
            required=frozenset({"from", "to"}),
        ),
        Attempt(
            path="logins",
            function="estate.log_in",
            fields={"handset": "text", "number": "text", "device_type": "text"},
            required=frozenset({"handset", "number"}),
        ),
        Attempt(  # somebody at the handset itself, of whatever kind it is
            path="logouts",
            function="estate.log_out",
            fields={"number": "text"},
            required=frozenset({"number"}),
        ),
    ),
)
