"""Why a start or an approval is refused, as problems; one order of checks for both."""

from collections.abc import Mapping
from uuid import UUID

from api.decommissions.blockers import shown_blocker
from api.identity.scope import not_permitted
from api.problems import NotFound, Problem
from api.versions import VersionStale
from models.domain.occupier import OccupierStatus
from models.stores.starts import (
    ApprovalNotNeededError,
    BlockedError,
    NameMismatchError,
    NotActiveError,
    NotPermittedError,
    OccupierUnknownError,
    PlanDriftedError,
    SecondPersonNeededError,
    StaleError,
    StartRefusedError,
)


class OccupierNameMismatch(Problem):
    """`name` is not the occupier's name; type it exactly as shown, capitals and spaces too."""

    status = 422


class OccupierNotActive(Problem):
    """The occupier is not active; look at its decommission instead of starting another."""

    status = 409


class DecommissionBlocked(Problem):
    """The occupier cannot be decommissioned now; `blockers` lists each reason with its remedy."""

    status = 409


class PlanDrifted(Problem):
    """What would go is not what you looked at (`changes`); read the preview and decide again."""

    status = 409


class SecondPersonNeeded(Problem):
    """Another admin must approve this plan first: POST to `decommission/approval`."""

    status = 409


class ApprovalNotNeeded(Problem):
    """The operator asks for no second person; the decommission can be started as it is."""

    status = 409


class LoginTooOld(Problem):
    """Log in again: this needs a login of the last minutes, not only a valid token."""

    status = 401


_PLAIN: Mapping[type[StartRefusedError], type[Problem]] = {
    OccupierUnknownError: NotFound,
    StaleError: VersionStale,
    NameMismatchError: OccupierNameMismatch,
    ApprovalNotNeededError: ApprovalNotNeeded,
}


def refusal(refused: StartRefusedError, occupier_id: UUID) -> Problem:
    """The problem that tells a refused start; nothing was changed."""
    if plain := _PLAIN.get(type(refused)):
        return plain()
    match refused:
        case NotPermittedError(denial=denial):
            return not_permitted(denial)
        case NotActiveError(status=status):
            return _not_active(status, occupier_id)
        case BlockedError(blockers=blockers):
            shown = [shown_blocker(each, occupier_id) for each in blockers]
            return DecommissionBlocked(blockers=[one.model_dump(mode="json") for one in shown])
        case PlanDriftedError():
            return _drifted(refused)
        case SecondPersonNeededError(plan_hash=plan_hash):
            return SecondPersonNeeded(plan_hash=plan_hash)
        case _:
            raise refused


def _not_active(status: OccupierStatus, occupier_id: UUID) -> OccupierNotActive:
    detail = f"The occupier is {status.value}; only an active one can be decommissioned."
    if status is OccupierStatus.SCHEDULED:
        return OccupierNotActive(f"{detail} Change or cancel its schedule.")
    link = f"/api/v1/occupiers/{occupier_id}/decommission"
    return OccupierNotActive(detail, decommission=link)


def _drifted(refused: PlanDriftedError) -> PlanDrifted:
    if refused.changes is None:
        return PlanDrifted(
            "What would go is not what you looked at. Read the preview and decide again.",
            plan_hash=refused.plan_hash,
        )
    changes = [
        {
            "site_id": str(change.site_id),
            "site_name": refused.site_names.get(change.site_id),
            "kind": change.kind.value,
            "before": change.before,
            "after": change.after,
        }
        for change in refused.changes
    ]
    return PlanDrifted(plan_hash=refused.plan_hash, changes=changes)
