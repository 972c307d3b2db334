"""Why something cannot be done with a case, as problems."""

from collections.abc import Sequence

from api.problems import Problem
from models.domain.case import MoveRefusal
from models.stores.case_desk import TroubledTask


class NothingToReport(Problem):
    """Nothing has failed and nothing is pending there, so no case is needed."""

    status = 409


class TaskInVendorCase(Problem):
    """The vendor's support works on this task already, in a case that concerns several operators;
    you need do nothing."""

    status = 409


class CaseMovedOn(Problem):
    """The case is not in the status that you saw; read it again and decide again."""

    status = 409


class CaseMoveImpossible(Problem):
    """The case cannot go there from its status; its `allowed_actions.statuses` say where it can."""

    status = 409


class CaseOver(Problem):
    """The case is closed, or was resolved more than 14 days ago; create a new one that names it."""

    status = 409


class CaseHasFailedTasks(Problem):
    """Tasks of this case failed or are stuck; it can be resolved once they are done. `tasks`
    names them; decide about them first."""

    status = 409


class CaseCoversHold(Problem):
    """A system is held under this case; release the hold first, and the case resolves itself."""

    status = 409


class CaseFull(Problem):
    """The case holds as much as one case may; create another one that names it."""

    status = 409


class NothingDecided(Problem):
    """The decision is possible for no task of this case; `results` say why for each."""

    status = 409


class AttachmentTooLarge(Problem):
    """The file is larger than 20 MB; send a smaller one, or several."""

    status = 413


class AttachmentUnfit(Problem):
    """Attach PDF, PNG, JPEG, GIF, WebP, or plain text (.txt, .log, .csv, .json in UTF-8), under a
    name that says what the content is."""

    status = 415


class UploadsBusy(Problem):
    """Too many files are coming in at this moment; send it again shortly."""

    status = 503


def problem_of_move(refusal: MoveRefusal) -> Problem:
    """The problem that tells of a refused move."""
    match refusal:
        case MoveRefusal.NO_SUCH_MOVE:
            return CaseMoveImpossible()
        case MoveRefusal.RESOLVED_TOO_LONG_AGO:
            return CaseOver()


def has_failed_tasks(tasks: Sequence[TroubledTask]) -> CaseHasFailedTasks:
    """The refusal that names them."""
    named = [
        {
            "task_id": str(task.id),
            "kind": task.kind.value,
            "site_id": str(task.site_id) if task.site_id else None,
            "state": task.state.value,
            "stuck_because": task.stuck_because.value if task.stuck_because else None,
        }
        for task in tasks
    ]
    shown = ", ".join(f"{task.kind.value.replace('_', ' ')} ({task.id})" for task in tasks[:3])
    more = f" and {len(tasks) - 3} more" if len(tasks) > 3 else ""
    return CaseHasFailedTasks(
        f"These tasks failed or are stuck: {shown}{more}. Decide about them first; the case "
        "resolves itself when they are done.",
        tasks=named,
    )
