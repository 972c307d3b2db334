"""The secrets of webhooks, in the form of Standard Webhooks."""

import base64

SHORTEST_KEY = 24  # bytes, as Standard Webhooks asks for


class DeskSecretError(Exception):
    """A secret cannot be one; the text names the setting and never holds the secret."""


def secrets_in(setting: str, text: str | None) -> tuple[str, ...]:
    """The secrets of this setting, the newest first: two while one takes the other's place."""
    secrets = tuple((text or "").split())
    if not secrets or not all(map(_is_secret, secrets)):
        raise DeskSecretError(
            f"{setting} must be `whsec_` and at least {SHORTEST_KEY} random bytes in Base64; "
            "two of them with a space between while one takes the other's place"
        )
    return secrets


def _is_secret(text: str) -> bool:
    encoded = text.removeprefix("whsec_").rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except ValueError:  # binascii's error too
        return False
    return text.startswith("whsec_") and len(key) >= SHORTEST_KEY
