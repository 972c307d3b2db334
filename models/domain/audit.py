"""What the audit says of an attempt."""

from enum import StrEnum


class Outcome(StrEnum):
    """How an attempt ended."""

    DONE = "done"
    REFUSED = "refused"
