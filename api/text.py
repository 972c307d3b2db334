"""Text that may come in: PostgreSQL has no NUL, and UTF-8 has no lone surrogate."""

from typing import Annotated

from pydantic import AfterValidator


def flaw(text: str) -> str | None:
    """What keeps this text from being stored, as the end of a sentence; `None` if nothing."""
    if "\0" in text:
        return "must not contain the character NUL"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "must be valid Unicode, without lone surrogates"
    return None


def segment(part: object) -> str:
    """A name that a sender made up may be long or odd: it is theirs, but short, and ASCII."""
    return str(part)[:64].encode("unicode_escape").decode()


def _storable(text: str) -> str:
    if found := flaw(text):
        raise ValueError(found)
    return text


StorableText = Annotated[str, AfterValidator(_storable)]
