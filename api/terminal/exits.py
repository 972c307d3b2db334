"""Exit codes of the commands that ask the API; scripts rely on them."""

from enum import IntEnum


class Exit(IntEnum):
    """What a command's end means."""

    DONE = 0
    FAILED = 1  # failed, or partly done and waiting for support
    USAGE = 2
    NOT_FOUND = 3
    REFUSED = 4  # 403, 409, 412, 422, 428, 429
    UNREACHABLE = 5
    UNKNOWN_CALLER = 6  # 401


HELP = (
    "Exit codes: 0 done, 1 failed or partial, 2 wrong usage, 3 not found, "
    "4 refused by the service, 5 service not reachable, 6 not logged in."
)


class CommandError(Exception):
    """A command ends here, with a message for the person at the terminal."""

    def __init__(self, code: Exit, message: str, problem: dict[str, object] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.problem = problem
