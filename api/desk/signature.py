"""Is a request really from the outside desk: Standard Webhooks, with the secret that we share."""

from typing import Annotated

import structlog
from fastapi import Depends, Request
from standardwebhooks import Webhook, WebhookVerificationError

from api.dependencies import SettingsDep
from api.problems import Problem
from models.domain.desk_secret import secrets_in
from models.settings import Settings

log = structlog.get_logger(__name__)

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
_LONGEST_ID = 200


class WebhookNotAccepted(Problem):
    """The signature is not that of the desk, or too old; sign the body as it is sent, now."""

    status = 401


def desk_secrets(settings: Settings) -> tuple[str, ...]:
    """The desk's secrets, none without a desk; raises `DeskSecretError`."""
    if settings.desk_answer_secret is None:
        return ()
    return secrets_in("DESK_ANSWER_SECRET", settings.desk_answer_secret.get_secret_value())


async def get_webhook_id(request: Request, settings: SettingsDep) -> str:
    """The id of the signed message; raises `WebhookNotAccepted`, which does not say why."""
    body = await request.body()
    given = {name: request.headers.get(name, "") for name in HEADERS}
    if not any(_is_signed(secret, body, given) for secret in desk_secrets(settings)):
        log.warning("desk.answer_not_accepted")
        raise WebhookNotAccepted(headers={"WWW-Authenticate": "StandardWebhooks"})
    webhook_id = given["webhook-id"]
    if len(webhook_id) > _LONGEST_ID or not webhook_id.isprintable():
        raise WebhookNotAccepted(headers={"WWW-Authenticate": "StandardWebhooks"})
    structlog.contextvars.bind_contextvars(caller="desk")
    return webhook_id


def _is_signed(secret: str, body: bytes, headers: dict[str, str]) -> bool:
    """In constant time; the package also wants the timestamp within five minutes of now."""
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):  # the latter for headers of no shape at all
        return False
    return True


WebhookIdDep = Annotated[str, Depends(get_webhook_id)]
