"""Which code runs: set by whoever deploys it, else the commit of the checkout, else the release."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from models.settings import Settings

_GIT = Path(__file__).parents[1] / ".git"


def code_version(settings: Settings) -> str:
    """For rows and logs, so that a failure can be laid to a deploy."""
    return settings.code_version or _commit() or _release()


def _commit() -> str | None:
    """The short commit of a checkout; git itself need not be there."""
    try:
        head = (_GIT / "HEAD").read_text().strip()
        reference = head.removeprefix("ref: ")
        if reference != head:
            head = _looked_up(reference)
    except OSError:
        return None
    return head[:12] or None


def _looked_up(reference: str) -> str:
    loose = _GIT / reference
    if loose.is_file():
        return loose.read_text().strip()
    for line in (_GIT / "packed-refs").read_text().splitlines():
        commit, _, name = line.partition(" ")
        if name == reference:
            return commit
    return ""


def _release() -> str:
    try:
        return version("occupier")
    except PackageNotFoundError:
        return "unknown"
