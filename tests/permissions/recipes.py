"""What each unsafe route is sent, so that only permissions can be in its way.

A route that changes something has a recipe here: its body, whether it names a version, and what
the owner of the database sets right before. `{}` parts of a body come from `World.thing`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from tests.permissions.world import Params

Body = dict[str, object]
DUE = {"due_at": "2027-06-01T10:00", "time_zone": "Europe/London"}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a route is asked."""

    body: Callable[[Params], Body] | None = None
    has_version: bool = False
    is_fresh: bool = True  # whether the request uses its thing up
    before: tuple[str, ...] = ()  # SQL, with the thing's values as parameters
    after: tuple[str, ...] = ()  # the same, to undo what would open a sight for others
    file: bytes | None = None  # a text file, sent as the body itself


def _confirmed(thing: Params) -> Body:
    return {"name": thing["name"], "acknowledgement": True}


_ONE_PERSON = ("UPDATE operators SET second_person_required = false",)
_TWO_PERSONS = ("UPDATE operators SET second_person_required = true",)
# Its case would let support see the site.
_NO_HOLD = (
    "UPDATE holds SET released_at = now(), released_by = 'test' WHERE system = 'billing'",
    "UPDATE cases SET status = 'resolved' WHERE cause LIKE 'billing/%' AND status <> 'resolved'",
)
_NO_CLOSURE = ("UPDATE closures SET state = 'done', finished_at = now()",)


def _closure(state: str) -> tuple[str, ...]:
    set_to = f"state = '{state}', finished_at = NULL, version = 1"
    return (*_NO_CLOSURE, f"UPDATE closures SET {set_to} WHERE id = CAST(:closure_id AS uuid)")


_IN_PROGRESS = """
UPDATE cases SET status = 'in_progress'
 WHERE id = CAST(:case_id AS uuid) AND status IN ('new', 'resolved')
"""

_OCCUPIER = "/api/v1/occupiers/{occupier_id}"

RECIPES: dict[str, Recipe] = {
    f"PATCH {_OCCUPIER}": Recipe(lambda _: {"billing_reference": "B-1"}, has_version=True),
    f"POST {_OCCUPIER}/cases": Recipe(lambda thing: {"service_id": thing["service_id"]}),
    f"POST {_OCCUPIER}/decommission": Recipe(_confirmed, has_version=True, before=_ONE_PERSON),
    f"POST {_OCCUPIER}/decommission/approval": Recipe(_confirmed, before=_TWO_PERSONS),
    f"POST {_OCCUPIER}/decommission/refresh": Recipe(),
    f"POST {_OCCUPIER}/decommission/schedule": Recipe(
        lambda thing: _confirmed(thing) | DUE, before=_ONE_PERSON
    ),
    f"POST {_OCCUPIER}/external-identifiers": Recipe(
        lambda _: {"external_system": f"system {uuid4()}", "identifier": "1"}, is_fresh=False
    ),
    f"DELETE {_OCCUPIER}/external-identifiers/{{identifier_id}}": Recipe(),
    f"POST {_OCCUPIER}/handset-logins/{{login_id}}/logout": Recipe(),
    "PATCH /api/v1/cases/{case_id}": Recipe(lambda _: {"priority": "p1"}),
    "POST /api/v1/cases/{case_id}/comments": Recipe(lambda _: {"body": "Seen."}),
    "POST /api/v1/cases/{case_id}/attachments": Recipe(file=b"Seen."),
    "POST /api/v1/cases/{case_id}/status": Recipe(
        lambda _: {"status": "waiting_on_customer", "seen": "in_progress"},
        before=(_IN_PROGRESS,),
    ),
    "POST /api/v1/cases/{case_id}/decisions": Recipe(lambda _: {"action": "retry"}),
    "POST /api/v1/tasks/{task_id}/cases": Recipe(),
    "POST /api/v1/cases": Recipe(
        lambda thing: {
            "subject": "Phones",
            "description": "They ring twice.",
            "occupier_id": thing["occupier_id"],
        }
    ),
    "POST /api/v1/contracts/{contract_id}/discard": Recipe(),
    "POST /api/v1/services/{service_id}/clear-failure": Recipe(),
    "POST /api/v1/sites/{site_id}/closure": Recipe(_confirmed, is_fresh=False, before=_NO_CLOSURE),
    "POST /api/v1/closures/{closure_id}/pause": Recipe(
        has_version=True, is_fresh=False, before=_closure("running")
    ),
    "POST /api/v1/closures/{closure_id}/resume": Recipe(
        has_version=True, is_fresh=False, before=_closure("paused")
    ),
    "PATCH /api/v1/schedules/{schedule_id}": Recipe(lambda _: dict(DUE), has_version=True),
    "POST /api/v1/schedules/{schedule_id}/cancel": Recipe(has_version=True),
    "POST /api/v1/tasks/{task_id}/decisions": Recipe(
        lambda _: {"action": "retry", "round": 1, "state": "failed"}
    ),
    "POST /api/v1/decommissions/{decommission_id}/decisions": Recipe(lambda _: {"action": "pause"}),
    "POST /api/v1/decisions/{decision_id}/confirm": Recipe(),
    "POST /api/v1/desk/messages/{message_id}/redeliver": Recipe(),
    "POST /api/v1/desk/dead-letters/redeliver": Recipe(is_fresh=False),
    "POST /api/v1/holds": Recipe(
        lambda thing: {"system": "billing", "site_id": thing["site_id"]},
        is_fresh=False,
        after=_NO_HOLD,
    ),
    "POST /api/v1/holds/{hold_id}/release": Recipe(),
    "PATCH /api/v1/operators/{operator_id}": Recipe(
        lambda _: {"second_person_required": False}, is_fresh=False
    ),
}
