"""Who a checked access token says is asking."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Identity:
    """A person or a program as its issuer names it; what it may do, our tables say."""

    issuer: str
    subject: str
    authenticated_at: datetime | None  # the last login, when the issuer tells (`auth_time`)
    client_id: str
    expires_at: datetime  # of the token
