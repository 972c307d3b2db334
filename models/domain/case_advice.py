"""What a case tells a tired person first: who acts, what has happened, what to do next."""

from uuid import UUID

from models.domain import advice, stuck
from models.domain.advice import Advice
from models.domain.cause import Cause
from models.domain.outside import FailureKind
from models.domain.stuck import StuckBecause

_NOBODY = UUID(int=0)


def advice_of_cause(key: str) -> Advice | None:
    """The advice of a case that opened by itself, by the key of its cause (`Cause.key`)."""
    place, _, trouble = key.rpartition("/")
    if trouble not in set(FailureKind) | set(StuckBecause):
        return None
    known = FailureKind(trouble) if trouble in set(FailureKind) else StuckBecause(trouble)
    is_held = place.endswith("/held")
    return Cause(None, None, _NOBODY, known, is_held=is_held).advice


def advice_of_task(
    failure: FailureKind | None, stuck_because: StuckBecause | None
) -> Advice | None:
    """The advice of a case that a person raised about a task in trouble."""
    if stuck_because is not None:
        return stuck.ADVICE[stuck_because]
    return advice.ADVICE[failure] if failure is not None else None
