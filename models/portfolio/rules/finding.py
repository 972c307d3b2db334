"""What a rule finds, and the two questions that most rules ask: is it twice, is it known."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from models.portfolio.problem import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule at a path; `other` is where the value that it clashes with stands."""

    path: Path
    message: str
    other: Path | None = None


def repeated(keys: Iterable[tuple[Path, Hashable]], message: str) -> Iterator[Finding]:
    """A finding for each key that stood somewhere before; a key of None is not looked at."""
    seen: dict[Hashable, Path] = {}
    for path, key in keys:
        if key is None:
            continue
        first = seen.setdefault(key, path)
        if first is not path:
            yield Finding(path, message, first)


def where(*steps: str | int) -> Path:
    """A path from its steps."""
    return steps
