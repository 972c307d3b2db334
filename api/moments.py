"""Moments that may come in: RFC 3339 only, as a number or a bare date means many things."""

from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator

_SHORTEST = len("2026-01-01T00:00Z")


def _written_out(value: object) -> object:
    is_text = isinstance(value, str) and len(value) >= _SHORTEST and value[10] in "Tt "
    if not is_text:
        raise ValueError("must be a date and time as in RFC 3339, with its offset")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]
