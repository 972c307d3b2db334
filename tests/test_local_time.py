"""A moment as people write it, whatever the clocks of the zone do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.local_time import LocalTimeError, moment

ZONES = st.sampled_from(sorted(available_timezones()))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1))  # noqa: DTZ001 (the clock's)


@given(MOMENTS, ZONES)
def test_a_local_time_is_the_one_moment_when_the_clocks_show_it_or_is_refused(
    local: datetime, zone: str
) -> None:
    local = local.replace(second=0, microsecond=0)
    quarters = (local.replace(tzinfo=UTC) + timedelta(minutes=15 * at) for at in range(-110, 111))
    shown = [at for at in quarters if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local]
    try:
        found = moment(local.isoformat(timespec="minutes"), zone)
    except LocalTimeError:
        assert len(shown) != 1
    else:
        assert len(shown) <= 1
        assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local


@given(MOMENTS, ZONES, st.integers(-14 * 60, 14 * 60))
def test_an_offset_says_it_all(local: datetime, zone: str, minutes: int) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    text = f"{local:%Y-%m-%dT%H:%M:%S}{sign}{hours:02}:{rest:02}"
    assert moment(text, zone) == datetime.fromisoformat(text)


@given(st.text(max_size=40))
def test_whatever_is_written_is_a_moment_or_an_error_without_it(text: str) -> None:
    try:
        assert moment(text, "Asia/Kathmandu").tzinfo is UTC
    except LocalTimeError as error:
        told = str(error)
        assert len(text) < 3 or text not in told


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-03-29T01:30", "does not exist"),
        ("2026-10-25T01:30", "twice"),
        ("2026-13-01T01:30", "exists"),
        ("0001-01-01T00:00+14:00", "exists"),
        ("١٢٣٤-01-01T00:00", "must be"),
    ],
)
def test_the_error_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(LocalTimeError, match=says):
        moment(text, "Europe/London")
