"""Sites as the API shows them."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class SiteOut(BaseModel):
    """A building or centre of an operator."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "5c0f6a52-58dd-4c7a-9d0e-2f7b7a1f6d11",
                "operator_id": "0b8a7a3c-6d0a-4c5e-8a53-3b7b0f3c5f10",
                "reference": "site-0003",
                "name": "Canal Yard",
                "time_zone": "Europe/London",
                "address": "3 Canal Yard, London",
                "telephony_managed": True,
                "is_open": True,
            }
        },
    )

    id: UUID
    operator_id: UUID
    reference: str = Field(description="What the outside systems call the site.")
    name: str
    time_zone: str = Field(description="IANA name; contract dates are dates in this zone.")
    address: str
    telephony_managed: bool
    is_open: bool
