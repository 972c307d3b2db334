"""Keyset pages: the rows after a position, and the position of the last one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")
PlaceT = TypeVar("PlaceT")


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT, PlaceT]):
    """Some items in order; `next_place` is where the next page starts, `None` after the last."""

    items: Sequence[ItemT]
    next_place: PlaceT | None


def cut(
    found: Sequence[ItemT], limit: int, place_of: Callable[[ItemT], PlaceT]
) -> Page[ItemT, PlaceT]:
    """A page of `limit` items from a query that asked for one more, to see whether more follow."""
    items = found[:limit]
    return Page(items, place_of(items[-1]) if len(found) > limit else None)
