"""Which support desk the settings ask for."""

import ipaddress
from urllib.parse import urlsplit

from activities.support_desk import OwnTables, SupportDesk
from activities.webhook_desk import WebhookDesk
from models.domain.desk_secret import secrets_in
from models.settings import Settings

_LONGEST_S = 10.0  # a webhook is taken, not worked on, while we wait


class DeskConfigurationError(Exception):
    """The settings of the desk cannot be meant like this."""


def open_desk(settings: Settings) -> SupportDesk:
    """The desk of these settings; `DeskConfigurationError` and `DeskSecretError` name the setting.

    Call it inside the running event loop.
    """
    if settings.desk_url is None:
        return OwnTables()
    _check_address(settings.desk_url, is_dev=settings.env == "dev")
    given = settings.desk_secret.get_secret_value() if settings.desk_secret else None
    secrets = secrets_in("DESK_SECRET", given)
    return WebhookDesk(settings.desk_url, secrets, min(settings.outside_timeout_s, _LONGEST_S))


def _check_address(url: str, *, is_dev: bool) -> None:
    parts = urlsplit(url)
    if parts.username is not None or parts.fragment or not parts.hostname:
        raise DeskConfigurationError("DESK_URL must be an address without user and fragment")
    if parts.scheme == "https" or (
        parts.scheme == "http" and is_dev and _is_loopback(parts.hostname)
    ):
        return
    raise DeskConfigurationError("DESK_URL must be https; http only with ENV=dev, on loopback")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
