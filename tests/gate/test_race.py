"""An edit either comes before a start, and is in its plan, or it is refused."""

from models.settings import Settings
from tests.gate.race import race_on, race_without_lock

TRIALS = 60  # `make gate` runs 500


async def test_no_edit_is_accepted_after_the_start_and_both_sides_win(settings: Settings) -> None:
    result = await race_on(settings, TRIALS)
    assert (result.trials, result.orphans) == (TRIALS, 0)
    assert result.is_balanced, result


async def test_without_the_lock_the_same_race_leaves_orphans(settings: Settings) -> None:
    result = await race_without_lock(settings, TRIALS)
    assert result.orphans > 0, "the race cannot show what it is there to show"
