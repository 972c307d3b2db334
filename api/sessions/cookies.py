"""The two cookies of the console: the session, and a login that is on its way."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass

from fastapi import Request, Response

SESSION = "occupier_session"
SIGN_IN = "occupier_sign_in"
SIGN_IN_S = 600  # how long a login may take
CSRF_HEADER = "x-csrf-token"


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the browser keeps while its person logs in at the issuer."""

    state: str
    verifier: str  # of PKCE (RFC 7636)
    next: str  # the page of ours to go to afterwards

    @classmethod
    def begin(cls, next_page: str) -> "SignIn":
        """A new login with secrets of its own."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(48), next_page)

    @property
    def challenge(self) -> str:
        """What the issuer is told of the verifier (S256)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def keep_sign_in(response: Response, sign_in: SignIn, *, secure: bool) -> None:
    """Send the login's cookie; it comes back with the issuer's redirect, hence Lax."""
    value = base64.urlsafe_b64encode(json.dumps(asdict(sign_in)).encode()).decode()
    response.set_cookie(
        SIGN_IN,
        value,
        max_age=SIGN_IN_S,
        path="/session",
        httponly=True,
        secure=secure,
        samesite="lax",
    )


def read_sign_in(request: Request) -> SignIn | None:
    """The login that this browser has begun, or `None`."""
    try:
        return SignIn(**json.loads(base64.urlsafe_b64decode(request.cookies[SIGN_IN])))
    except (KeyError, ValueError, TypeError):
        return None


def keep_session(response: Response, secret: str, *, secure: bool) -> None:
    """Send the session's cookie, and drop that of the login.

    Lax, not Strict: a link in a mail or a case must find its reader logged in. What changes
    anything needs the CSRF token as well.
    """
    response.set_cookie(SESSION, secret, path="/", httponly=True, secure=secure, samesite="lax")
    response.delete_cookie(SIGN_IN, path="/session")


def drop_session(response: Response) -> None:
    """Forget the session in the browser."""
    response.delete_cookie(SESSION, path="/")


def session_secret(request: Request) -> str | None:
    """The secret of the browser's session, if it has one."""
    return request.cookies.get(SESSION)


def csrf_token(secret: str) -> str:
    """What a page of ours sends with every change; another site's page cannot know it."""
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()


def is_csrf_token(secret: str, given: str | None) -> bool:
    """Whether the token belongs to the session; compared in constant time."""
    return given is not None and hmac.compare_digest(csrf_token(secret), given)
