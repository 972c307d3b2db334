"""What every table shares: the naming convention, the column types, the key columns."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Enum, ForeignKey, MetaData, Text, func, text
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Registry of all tables."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {str: Text(), datetime: DateTime(timezone=True)}  # noqa: RUF012


def closed_set(states: type[StrEnum], name: str) -> Enum:
    """A StrEnum kept as text, with a named CHECK over its values."""
    return Enum(
        states,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda kind: [member.value for member in kind],
    )


Key = Annotated[
    UUID,
    mapped_column(primary_key=True, default=uuid4, server_default=text("gen_random_uuid()")),
]
Created = Annotated[datetime, mapped_column(server_default=func.now())]
OperatorKey = Annotated[UUID, mapped_column(ForeignKey("operators.id"))]
SiteKey = Annotated[UUID, mapped_column(ForeignKey("sites.id"))]
OccupierKey = Annotated[UUID, mapped_column(ForeignKey("occupiers.id"), index=True)]
MaybeOccupierKey = Annotated[UUID | None, mapped_column(ForeignKey("occupiers.id"), index=True)]
