"""How a typed name confirms an act that cannot be undone (DD-06)."""

import unicodedata


def is_same_name(typed: str, name: str) -> bool:
    """Equal but for how accents are encoded; spaces and capitals count."""
    return unicodedata.normalize("NFC", typed) == unicodedata.normalize("NFC", name)
