"""How long a reply is kept under its key."""

from sqlalchemy import text

from models.database import Sessions
from models.stores.requests import KeptReply, RequestStore

REPLY = KeptReply("digest", 200, {}, b"{}")


async def test_replies_are_forgotten_after_thirty_days_unless_they_are_kept_for_good(
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        requests = RequestStore(session)
        for key, days, for_good in (("old", 31, False), ("young", 29, False), ("start", 400, True)):
            assert await requests.claim("somebody", key, "digest") is None
            await requests.keep("somebody", key, REPLY, for_good=for_good)
            await session.execute(
                text(
                    "UPDATE requests SET created_at = now() - make_interval(days => :days)"
                    " WHERE key = :key"
                ),
                {"days": days, "key": key},
            )

    async with sessions.begin() as session:
        assert await RequestStore(session).forget_old() == 1

    async with sessions() as session:
        left = await session.scalars(text("SELECT key FROM requests ORDER BY key"))
        assert list(left) == ["start", "young"]
