"""A moment as people write it: with its offset, or as local time in a zone."""

import re
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_FORM = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII
)


class LocalTimeError(ValueError):
    """The text is not one moment; the message says what is wrong and never quotes it."""


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name; raises `LocalTimeError`."""
    if name not in _zones():
        raise LocalTimeError("must be an IANA time zone, for example Europe/London")
    return ZoneInfo(name)


def moment(text: str, zone_name: str) -> datetime:
    """The moment in UTC; raises `LocalTimeError` for a local time that no or two clocks show."""
    if not _FORM.fullmatch(text):
        raise LocalTimeError("must be a date and time, for example 2026-12-01T18:00")
    try:
        written = datetime.fromisoformat(text)
        if written.tzinfo is not None:
            return written.astimezone(UTC)
        return _in_zone(written, zone(zone_name))
    except (ValueError, OverflowError) as error:
        if isinstance(error, LocalTimeError):
            raise
        raise LocalTimeError("is not a date and time that exists") from None


def _in_zone(local: datetime, where: ZoneInfo) -> datetime:
    first = local.replace(tzinfo=where, fold=0)
    second = local.replace(tzinfo=where, fold=1)
    if first.astimezone(UTC).astimezone(where).replace(tzinfo=None) != local:
        raise LocalTimeError("does not exist in the zone: the clocks go forward over it")
    if first.utcoffset() != second.utcoffset():
        raise LocalTimeError("happens twice in the zone, as the clocks go back; give its offset")
    return first.astimezone(UTC)
