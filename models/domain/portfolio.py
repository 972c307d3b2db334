"""States of the things a portfolio is made of (reference 3 to 11)."""

from enum import StrEnum


class SpaceKind(StrEnum):
    """Level of a space in the hierarchy."""

    WING = "wing"
    OFFICE = "office"
    DESK = "desk"


class SpaceStatus(StrEnum):
    """Whether a space can be let."""

    AVAILABLE = "available"
    OCCUPIED = "occupied"
    UNAVAILABLE = "unavailable"


class ContractState(StrEnum):
    """State of a contract (reference 5)."""

    UPCOMING = "upcoming"
    ACTIVE = "active"
    COMPLETED = "completed"
    DISCARDED = "discarded"


class ServiceState(StrEnum):
    """State of a service (reference 6)."""

    SCHEDULED = "scheduled"
    ACTIVE = "active"
    INACTIVE = "inactive"


class UpdateState(StrEnum):
    """Whether a service is being updated, or failed to be (DB-08, DB-12)."""

    NONE = "none"
    UPDATING = "updating"
    FAILED = "failed"


class ChangeKind(StrEnum):
    """What a scheduled service change will do."""

    START = "start"
    QUANTITY = "quantity"
    REMOVAL = "removal"


class NumberState(StrEnum):
    """State of a phone number (reference 7)."""

    AVAILABLE = "available"
    RESERVED = "reserved"
    PENDING = "pending"
    ACTIVE = "active"
    COOLING_OFF = "cooling_off"


class DeviceClass(StrEnum):
    """Class of a handset; only digital ones can be logged out remotely (DB-03, DB-05)."""

    DIGITAL = "digital"
    NON_DIGITAL = "non_digital"
    SOFTPHONE = "softphone"


class PortRole(StrEnum):
    """Role of a switch port (reference 8)."""

    UNASSIGNED = "unassigned"
    DATA = "data"
    VOICE = "voice"
    DATA_VOICE = "data_voice"
    PUBLIC_IP_WAN = "public_ip_wan"
    PUBLIC_IP_LAN = "public_ip_lan"
    WIRELESS_AP = "wireless_ap"
    SHARED = "shared"
    RESERVED = "reserved"


class PortState(StrEnum):
    """Link state of a switch port."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DISABLED = "disabled"


class DhcpState(StrEnum):
    """State of a DHCP scope."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    PENDING = "pending"


class IpStatus(StrEnum):
    """Status of a public IP address (reference 9)."""

    FREE = "free"
    ASSIGNED = "assigned"
    RESERVED = "reserved"
    LOCKED = "locked"


class Circuit(StrEnum):
    """The circuit that a public subnet is routed over."""

    PRIMARY = "primary"
    BACKUP = "backup"


class AccountState(StrEnum):
    """State of a Wi-Fi or user account."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class UserRole(StrEnum):
    """Role of an occupier user in the portal."""

    USER = "user"
    ADMIN = "admin"


class ReportKind(StrEnum):
    """Kind of a billing report."""

    VOICE = "voice"
    BANDWIDTH = "bandwidth"
    SERVICE_CHARGE = "service_charge"


class ProductCategory(StrEnum):
    """Category of a product in the pricebook."""

    VOICE = "voice"
    INTERNET = "internet"
    PUBLIC_IP = "public_ip"


class ProductRuleKind(StrEnum):
    """How two products depend on each other (SM-08, SM-09)."""

    REQUIRES = "requires"
    EXCLUDES = "excludes"


class TeamRole(StrEnum):
    """Role of an operator's team member at a site (reference 1)."""

    SUPER_ADMIN = "super_admin"
    ADMIN = "admin"
    USER = "user"
