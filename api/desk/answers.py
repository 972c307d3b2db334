"""The route that takes the answers of the outside desk. Its signature stands for a token."""

from fastapi import APIRouter

from api.dependencies import RequestIdDep, SessionsDep
from api.desk.effects import AnswerEffects
from api.desk.schemas import AnswerIn, AnswerOut
from api.desk.signature import WebhookIdDep, WebhookNotAccepted
from api.problems import NotFound, Problem, declared
from models.domain.audit import AuditAction, AuditEvent, Outcome
from models.domain.desk import DESK, REFUSED_BECAUSE, AnswerRefusal
from models.stores.audit import AuditStore
from models.stores.desk_answers import DeskAnswerStore, KeptAnswer
from models.stores.grants import GrantStore

router = APIRouter(prefix="/desk", tags=["desk"])


class AnswerOutOfOrder(Problem):
    """Answers about a case are taken in their order; send this one again after those before it."""

    status = 409


@router.post(
    "/answers",
    summary="Take an answer of the outside support desk",
    responses=declared(WebhookNotAccepted, NotFound, AnswerOutOfOrder),
)
async def take_answer(
    webhook_id: WebhookIdDep, answer: AnswerIn, sessions: SessionsDep, request_id: RequestIdDep
) -> AnswerOut:
    """Signed as Standard Webhooks has it. Taken once per `webhook-id` and in order per case.

    A refused answer is taken, too: it counts in the order, and sending it again changes nothing.
    """
    async with sessions.begin() as session:
        await GrantStore(session).of_desk()
        store = DeskAnswerStore(session)
        if earlier := await store.earlier(webhook_id):
            return _shown(earlier, is_repeat=True)
        case_id, sequence = answer.data.case_id, answer.data.sequence
        try:
            heard = await store.heard(case_id)
        except LookupError:
            raise NotFound from None
        if sequence != heard + 1:
            raise _out_of_order(heard + 1)
        because = await AnswerEffects(session, request_id).have(answer)
        taken = KeptAnswer(case_id, sequence, because)
        await store.keep(webhook_id, answer.type, taken)
        await AuditStore(session).record(_told(answer, request_id, because))
    return _shown(taken, is_repeat=False)


def _out_of_order(expected: int) -> AnswerOutOfOrder:
    return AnswerOutOfOrder(
        f"The next answer about this case has `data.sequence` {expected}; send that one first, "
        "then this one if it comes later.",
        expected_sequence=expected,
    )


def _shown(answer: KeptAnswer, *, is_repeat: bool) -> AnswerOut:
    because = answer.refused_because
    return AnswerOut(
        case_id=answer.case_id,
        sequence=answer.sequence,
        is_repeat=is_repeat,
        refused_because=because,
        detail=REFUSED_BECAUSE[because] if because else None,
    )


def _told(answer: AnswerIn, request_id: str, because: AnswerRefusal | None) -> AuditEvent:
    """What the audit keeps; what people of the desk write never goes there."""
    told = {"answer": answer.type.partition(".")[2], "sequence": str(answer.data.sequence)}
    if answer.data.status is not None:
        told["status"] = answer.data.status
    if answer.data.action is not None:
        told["action"] = answer.data.action
    return AuditEvent(
        actor=DESK,
        request_id=request_id,
        action=AuditAction.DESK_ANSWER,
        entity_kind="case",
        entity_id=answer.data.case_id,
        outcome=Outcome.REFUSED if because else Outcome.DONE,
        reason=because.replace("_", "-") if because else None,
        after=told,
    )
