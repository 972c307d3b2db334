"""The outside systems, what they hold, and how they can fail us."""

from enum import StrEnum


class System(StrEnum):
    """A kind of outside system that a site has."""

    TELEPHONY = "telephony"
    SWITCHING = "switching"
    WIFI = "wifi"
    ACCOUNTS = "accounts"
    NETWORK = "network"
    BILLING = "billing"


class ResourceKind(StrEnum):
    """What an outside system can hold for an occupier."""

    HANDSET_LOGIN = "handset_login"
    PHONE_NUMBER = "phone_number"
    SWITCH_PORT = "switch_port"
    WIFI_ACCOUNT = "wifi_account"
    WIFI_DEVICE = "wifi_device"
    USER_ACCOUNT = "user_account"
    PUBLIC_IP = "public_ip"
    DHCP_SCOPE = "dhcp_scope"
    SUBNET = "subnet"
    VLAN = "vlan"
    RECURRING_CHARGE = "recurring_charge"

    @property
    def system(self) -> System:
        """The system that holds this kind."""
        return _HELD_BY[self]


_HELD_BY = {
    ResourceKind.HANDSET_LOGIN: System.TELEPHONY,
    ResourceKind.PHONE_NUMBER: System.TELEPHONY,
    ResourceKind.SWITCH_PORT: System.SWITCHING,
    ResourceKind.WIFI_ACCOUNT: System.WIFI,
    ResourceKind.WIFI_DEVICE: System.WIFI,
    ResourceKind.USER_ACCOUNT: System.ACCOUNTS,
    ResourceKind.PUBLIC_IP: System.NETWORK,
    ResourceKind.DHCP_SCOPE: System.NETWORK,
    ResourceKind.SUBNET: System.NETWORK,
    ResourceKind.VLAN: System.NETWORK,
    ResourceKind.RECURRING_CHARGE: System.BILLING,
}


class Presence(StrEnum):
    """What a fresh read says of a resource."""

    PRESENT = "present"  # in service for its owner
    DISABLED = "disabled"  # still recorded for its owner, but switched off
    ABSENT = "absent"  # the system holds nothing for any owner under this handle


class Verdict(StrEnum):
    """What became of one resource of the plan. `UNKNOWN` and `DISABLED_ONLY` are not done."""

    REMOVED = "removed"  # we asked for it and a fresh read shows it gone
    ALREADY_ABSENT = "already_absent"  # gone before we ever asked
    DISABLED_ONLY = "disabled_only"  # switched off, but still recorded
    RETAINED = "retained"  # left alone on purpose; the ground says why
    NOT_APPLICABLE = "not_applicable"  # the site has no such system
    UNKNOWN = "unknown"  # no fresh read has shown it gone yet

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be done for the resource."""
        return self not in {Verdict.UNKNOWN, Verdict.DISABLED_ONLY}


class Ground(StrEnum):
    """Why a resource was left alone."""

    OTHER_OWNER = "other_owner"  # the outside system records another owner by now
    WAIVED = "waived"  # two people decided that it cannot be done any more


class FailureKind(StrEnum):
    """How an attempt failed; decides who acts and what is retried."""

    TRANSIENT = "transient"
    THROTTLED = "throttled"
    REJECTED = "rejected"
    CONFLICT = "conflict"
    NOT_AUTHORISED = "not_authorised"
    NOT_FOUND = "not_found"
    UNCONFIRMED = "unconfirmed"
    NEEDS_HUMAN = "needs_human"
    TIMED_OUT = "timed_out"
    BUG = "bug"

    @classmethod
    def named(cls, name: str | None) -> "FailureKind":
        """The kind of this name; anything that we have no name for is a bug of ours."""
        return cls(name) if name in set(cls) else cls.BUG

    @property
    def is_permanent(self) -> bool:
        """Whether the same attempt again cannot help; a bug may be mended by a deploy."""
        return self in {
            FailureKind.REJECTED,
            FailureKind.NOT_AUTHORISED,
            FailureKind.NEEDS_HUMAN,
        }


class OutsideError(Exception):
    """An outside system did not do, or not answer, what it was asked.

    The message is written for support and never carries a handle, a name or a reply body.
    """

    def __init__(
        self, kind: FailureKind, system: System, message: str, *, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.system = system
        self.retry_after_s = retry_after_s
