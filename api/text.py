"""Text that may come in: PostgreSQL has no NUL, and UTF-8 has no lone surrogate."""

from typing import Annotated

from pydantic import AfterValidator


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain the character NUL")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("must be valid Unicode, without lone surrogates")
    return text


StorableText = Annotated[str, AfterValidator(_storable)]
