"""How each list of what an occupier holds is read: at the caller's sites, page by page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from models.domain.permission import Grants
from models.stores.pages import Page, cut
from models.stores.sight import at_own_site

ViewT = TypeVar("ViewT")
Place = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Listing(Generic[ViewT]):
    """A list by a text and an id; `query` selects the fields of `view`."""

    view: type[ViewT]
    query: Select[*tuple[Any, ...]]
    occupier_id: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]
    site_id: InstrumentedAttribute[UUID]
    order: ColumnElement[str]  # the text
    text_of: Callable[[ViewT], str]  # the same of a view
    id: InstrumentedAttribute[UUID]
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose, at which site (`None`: all in sight), and which page."""

    occupier_id: UUID
    site_id: UUID | None
    limit: int
    after: Place | None


class HoldingViewStore:
    """Reads what an occupier in sight holds, as somebody may see it."""

    def __init__(self, session: AsyncSession, grants: Grants) -> None:
        self._session = session
        self._grants = grants

    async def page(
        self, listing: Listing[ViewT], wanted: Wanted, *more: ColumnElement[bool]
    ) -> Page[ViewT, Place]:
        """A page of a list; `more` narrows it further."""
        query = listing.query.where(
            listing.occupier_id == wanted.occupier_id,
            at_own_site(self._grants, listing.site_id),
            *more,
        )
        if wanted.site_id is not None:
            query = query.where(listing.site_id == wanted.site_id)
        place = tuple_(listing.order, listing.id)
        if wanted.after is not None:
            query = query.where(
                place < wanted.after if listing.newest_first else place > wanted.after
            )
        keys = [listing.order, listing.id]
        query = query.order_by(*[key.desc() for key in keys] if listing.newest_first else keys)
        rows = (await self._session.execute(query.limit(wanted.limit + 1))).mappings().all()
        found = [listing.view(**row) for row in rows]
        return cut(found, wanted.limit, lambda one: (listing.text_of(one), one.id))  # type: ignore[attr-defined]  # every view has an id
