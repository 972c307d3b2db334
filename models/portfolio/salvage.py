"""Takes what is misshapen out of a document, so that the rest can be checked in the same run.

The indices of what stays shift when an entry goes; `Salvage` remembers where each one stood.
"""

from collections.abc import Sequence
from typing import Any

from pydantic_core import ErrorDetails

Document = Any  # any JSON value: what a person sent us before it has a shape


class Salvage:
    """A document, the entries taken out of it, and the places that the others had at first."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.removed_words: set[str] = set()
        self._origins: dict[int, list[int]] = {}

    def remove(self, errors: Sequence[ErrorDetails]) -> bool:
        """Take out what the errors point at; false when nothing could be."""
        spots = {self._spot(error) for error in errors}
        # From the back, so that an index still means what it did when the error was found.
        ordered = sorted(spots, key=lambda spot: [str(step).rjust(12) for step in spot])
        return sum(self._take(spot) for spot in reversed(ordered) if spot) > 0

    def origin(self, path: Sequence[str | int]) -> tuple[str | int, ...]:
        """A path of the document as it is now, as a path of the document as it came."""
        place: list[str | int] = []
        here = self.document
        for step in path:
            known = self._origins.get(id(here)) if isinstance(here, list) else None
            place.append(known[step] if known and isinstance(step, int) else step)
            here = _child(here, step)
        return tuple(place)

    def _spot(self, error: ErrorDetails) -> tuple[str | int, ...]:
        """What to take out: the field itself, or the whole entry that lacks a field."""
        path: tuple[str | int, ...] = ()
        here = self.document
        for step in error["loc"]:
            child = _child(here, step)
            if child is None:
                break
            path, here = (*path, step), child
        return path

    def _take(self, path: tuple[str | int, ...]) -> bool:
        here = self.document
        for step in path[:-1]:
            here = _child(here, step)
        last = path[-1]
        if isinstance(here, list) and isinstance(last, int) and last < len(here):
            self._origins.setdefault(id(here), list(range(len(here)))).pop(last)
            self._note(here.pop(last))
            return True
        if isinstance(here, dict) and last in here:
            self._note(here.pop(last))
            return True
        return False

    def _note(self, removed: Document) -> None:
        """What was taken out may be referred to; such a reference is not another problem."""
        if isinstance(removed, str):
            self.removed_words.add(removed)
        elif isinstance(removed, dict):
            for value in removed.values():
                self._note(value)
        elif isinstance(removed, list):
            for value in removed:
                self._note(value)


def _child(here: Document, step: str | int) -> Document:
    if isinstance(here, dict):
        return here.get(step)
    if isinstance(here, list) and isinstance(step, int) and step < len(here):
        return here[step]
    return None
