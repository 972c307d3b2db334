"""How a person confirms a decommission: by name, by acknowledgement, and by a login of just now."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool

from api.decommissions.refusals import LoginTooOld
from api.identity.identity import Identity
from api.text import StorableText
from models.domain.outside import ResourceKind
from models.domain.plan import PlanLine, SeenPlan

_ASKS = 'Bearer error="insufficient_user_authentication", error_description="{why}", max_age="{s}"'


def acknowledged(value: bool) -> bool:
    """The value, if it is true; nothing else acknowledges anything."""
    if not value:
        raise ValueError("must be true: decommissioning is irreversible")
    return value


class PlanLineIn(BaseModel):
    """A line of the plan as the preview gave it."""

    model_config = ConfigDict(extra="forbid")

    site_id: UUID
    kind: ResourceKind
    count: int = Field(ge=0, le=10_000_000)
    digest: str = Field(pattern=r"^[0-9a-f]{16}$")


class DecommissionIn(BaseModel):
    """What a person confirms (DD-06, DD-08), and the plan that was looked at, if one was."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"name": "Juniper & Vale", "acknowledgement": True}},
    )

    name: StorableText = Field(
        min_length=1, max_length=400, description="The occupier's exact name."
    )
    acknowledgement: Annotated[StrictBool, AfterValidator(acknowledged)] = Field(
        description="That decommissioning is irreversible is understood; only `true` will do."
    )
    plan_hash: str | None = Field(
        None, pattern=r"^[0-9a-f]{64}$", description="Refuse when the plan is another by now."
    )
    plan_lines: list[PlanLineIn] | None = Field(
        None, max_length=5_000, description="The preview's lines; a refusal then says what changed."
    )

    @property
    def plan(self) -> SeenPlan | None:
        """The plan that was looked at."""
        if self.plan_hash is None:
            return None
        lines = self.plan_lines
        seen = [PlanLine(**dict(line)) for line in lines] if lines is not None else None
        return SeenPlan(self.plan_hash, seen)


def require_fresh_login(identity: Identity, now: datetime, max_age_s: int) -> None:
    """Raises `LoginTooOld`, in the words of RFC 9470, also when the issuer tells no login."""
    logged_in = identity.authenticated_at
    if logged_in is not None and now.astimezone(UTC) - logged_in <= timedelta(seconds=max_age_s):
        return
    why = f"a login of the last {max_age_s} seconds is needed"
    raise LoginTooOld(
        f"Log in again: {why}, not only a valid token.",
        headers={"WWW-Authenticate": _ASKS.format(why=why, s=max_age_s)},
        max_age=max_age_s,
    )
