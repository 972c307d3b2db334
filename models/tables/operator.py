"""Operators and their team members; and the vendor's staff."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.domain.permission import StaffRole
from models.domain.portfolio import TeamRole
from models.tables.base import Base, Created, Key, OperatorKey, closed_set


class OperatorRow(Base):
    """A landlord that runs one or more sites."""

    __tablename__ = "operators"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("cooling_off_days >= 0", name="cooling_off_days_not_negative"),
    )

    id: Mapped[Key]
    name: Mapped[str]
    cooling_off_days: Mapped[int] = mapped_column(server_default="30")
    second_person_required: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[Created]


class TeamMemberRow(Base):
    """An employee of an operator who works in the platform; who it is, its issuer knows."""

    __tablename__ = "team_members"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[Key]
    operator_id: Mapped[OperatorKey]
    issuer: Mapped[str]
    subject: Mapped[str]
    is_super_admin: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[Created]


class SiteRoleRow(Base):
    """The role of a team member at one site."""

    __tablename__ = "site_roles"

    team_member_id: Mapped[UUID] = mapped_column(
        ForeignKey("team_members.id", ondelete="CASCADE"), primary_key=True
    )
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    role: Mapped[TeamRole] = mapped_column(closed_set(TeamRole, "role"))


class StaffMemberRow(Base):
    """Somebody of the vendor, or a program, who works for all operators."""

    __tablename__ = "staff_members"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[Key]
    issuer: Mapped[str]
    subject: Mapped[str]
    role: Mapped[StaffRole] = mapped_column(closed_set(StaffRole, "role"))
    created_at: Mapped[Created]
