"""An outside support desk that takes signed webhooks (Standard Webhooks) at one address.

One attempt per call; no redirect is followed, no cookie kept, and of a reply only the status and
Retry-After count. Errors and logs never hold the address, the secret or a reply's text.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus

import aiohttp
from standardwebhooks import Webhook

from activities.retry_after import seconds_of
from activities.support_desk import DeskError
from models.domain.desk import TellFailure
from models.stores.desk_messages import Letter

_LARGEST_REPLY = 64 * 1024  # bytes; read only so that the connection can be used again
_PATIENT = {
    HTTPStatus.REQUEST_TIMEOUT: TellFailure.TIMED_OUT,
    HTTPStatus.TOO_EARLY: TellFailure.THROTTLED,
    HTTPStatus.TOO_MANY_REQUESTS: TellFailure.THROTTLED,
    HTTPStatus.GONE: TellFailure.GONE,
}


class WebhookDesk:
    """Posts each message. Has to be made inside the running event loop."""

    is_outside = True

    def __init__(self, url: str, secrets: Sequence[str], timeout_s: float) -> None:
        self.timeout_s = timeout_s
        self._url = url
        self._webhooks = [Webhook(secret) for secret in secrets]
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=timeout_s),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._session.close()

    async def tell(self, letter: Letter) -> None:
        """Post it; the signature is of this attempt, the id of the message."""
        body = json.dumps(letter.payload, separators=(",", ":"), sort_keys=True)
        try:
            async with self._session.post(
                self._url,
                data=body.encode(),
                headers=self._signed(str(letter.id), body),
                allow_redirects=False,
            ) as response:
                if not 200 <= response.status < 300:
                    raise _refusal(response)
                await response.content.read(_LARGEST_REPLY)
        except TimeoutError:
            raise DeskError(TellFailure.TIMED_OUT) from None
        except (aiohttp.ClientError, OSError):  # its text names the address
            raise DeskError(TellFailure.UNREACHABLE) from None

    def _signed(self, message_id: str, body: str) -> dict[str, str]:
        now = datetime.now(UTC)
        signatures = [webhook.sign(message_id, now, body) for webhook in self._webhooks]
        return {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        }


def _refusal(response: aiohttp.ClientResponse) -> DeskError:
    status = response.status
    default = TellFailure.BROKEN if status >= 500 else TellFailure.REFUSED
    failure = next((kind for known, kind in _PATIENT.items() if known == status), default)
    return DeskError(failure, status, seconds_of(response.headers.get("Retry-After")))
