"""What every entry of the portfolio format shares: strictness, and the types of its fields."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

NO_NUL = r"^[^\u0000]*$"  # PostgreSQL cannot store NUL in text


class Entry(BaseModel):
    """A part of a portfolio: fields that the format does not know are errors, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _without_offset(value: datetime) -> datetime:
    return value.astimezone(UTC)


Text = Annotated[str, Field(max_length=2000, pattern=NO_NUL)]
Key = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
PathPart = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"^[^/?#%\\\u0000-\u001f]+$")
]  # stands in the addresses of outside systems
Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Count = Annotated[int, Field(ge=0, le=2_147_483_647)]
Quantity = Annotated[int, Field(ge=1, le=1_000_000)]
Moment = Annotated[AwareDatetime, AfterValidator(_without_offset)]
Month = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", description="A calendar month, as in `2026-03`."),
]
SiteReference = Annotated[Key, Field(description="`reference` of a site in this file.")]
