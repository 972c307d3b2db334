"""What is wrong with a portfolio, and where. Nothing here repeats a value that may be personal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong, at a place such as `occupiers[3].contracts[0].end_date`."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class InvalidPortfolioError(Exception):
    """The portfolio cannot be loaded; nothing of it was."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problem(s) in the portfolio; nothing was loaded")
        self.problems = tuple(problems)


def place_of(path: Iterable[str | int]) -> str:
    """A path as people read it; the document itself is `$`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".") or "$"


def problem(path: Path, message: str) -> Problem:
    """A problem at a path."""
    return Problem(place_of(path), message)
