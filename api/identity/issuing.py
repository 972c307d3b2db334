"""Chooses who issues the tokens that this API accepts; refuses what would leave it open."""

from dataclasses import dataclass
from ipaddress import ip_address

from api.identity.dev_issuer import DevIssuer
from api.identity.keys import OwnKeys, RemoteKeys
from api.identity.tokens import TokenChecker
from models.settings import Settings


class IssuerConfigurationError(ValueError):
    """The settings name no issuer, or one that must not be used like this."""


@dataclass(frozen=True, slots=True)
class Issuing:
    """The check of tokens, and the built-in issuer where there is one."""

    checker: TokenChecker
    dev_issuer: DevIssuer | None


def choose_issuer(settings: Settings) -> Issuing:
    """What the settings say; raises `IssuerConfigurationError`."""
    if settings.has_dev_issuer:
        if not _is_loopback(settings.bind):
            raise IssuerConfigurationError(
                "ENV=dev has a built-in issuer that gives tokens to everybody who asks, so BIND"
                " must be a loopback address; set OIDC_ISSUER, or BIND=127.0.0.1."
            )
        dev_issuer = DevIssuer(settings)
        keys = OwnKeys(dev_issuer.key)
        return Issuing(TokenChecker(dev_issuer.name, settings.oidc_audience, keys), dev_issuer)
    issuer = settings.oidc_issuer
    if issuer is None:
        raise IssuerConfigurationError(
            "OIDC_ISSUER is not set: name the issuer of the access tokens, or set ENV=dev on a"
            " machine for development. There is no way to run without authentication."
        )
    _check_address(issuer, settings)
    return Issuing(TokenChecker(issuer, settings.oidc_audience, RemoteKeys(issuer)), None)


def _check_address(issuer: str, settings: Settings) -> None:
    if issuer.rstrip("/").endswith("/dev-issuer") and settings.env == "prod":
        raise IssuerConfigurationError("OIDC_ISSUER names a built-in issuer; ENV=prod refuses it.")
    if not issuer.startswith(("https://", "http://")):
        raise IssuerConfigurationError("OIDC_ISSUER must be an https address.")
    if issuer.startswith("http://") and settings.env == "prod":
        raise IssuerConfigurationError("OIDC_ISSUER must be an https address with ENV=prod.")


def _is_loopback(bind: str) -> bool:
    try:
        return ip_address(bind).is_loopback
    except ValueError:
        return bind == "localhost"
