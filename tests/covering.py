"""Puts tasks of a test into an open case, as what fails or is stuck must be in one."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def cover(session: AsyncSession, which: str, **keys: object) -> None:
    """One open case for the tasks that the condition names."""
    await session.execute(
        text(
            "WITH found AS (INSERT INTO cases (operator_id, subject, description, category, origin,"
            " requested_by) SELECT operator_id, 's', 'd', 'technical', 'automatic', 'system' FROM"
            f" occupiers WHERE id = (SELECT occupier_id FROM tasks WHERE {which} LIMIT 1)"
            " RETURNING id),"
            " marked AS (UPDATE tasks SET has_case = true"
            f" WHERE {which} RETURNING tasks.id)"
            " INSERT INTO case_tasks (case_id, task_id) SELECT found.id, marked.id"
            " FROM found, marked"
        ),
        keys,
    )
