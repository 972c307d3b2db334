"""A digest over what the database holds, for tests that say "and nothing changes"."""

from sqlalchemy import text

from models.database import Sessions
from models.tables.all import METADATA

# A refusal is audited, and that is all it may leave.
_LEFT_BY_REFUSALS = {"audit_events"}


async def digest(sessions: Sessions) -> str:
    """One text for all rows of all tables but the audit."""
    parts = [
        f"SELECT '{name}' AS name, md5(string_agg(t::text, '|' ORDER BY t::text)) AS rows "
        f'FROM "{name}" AS t'
        for name in sorted(METADATA.tables)
        if name not in _LEFT_BY_REFUSALS
    ]
    statement = f"SELECT md5(string_agg(name || coalesce(rows, ''), '|' ORDER BY name)) FROM ({' UNION ALL '.join(parts)}) AS all_of_it"  # noqa: E501
    async with sessions() as session:
        return str(await session.scalar(text(statement)))
