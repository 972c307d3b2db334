"""Cases that open by themselves: one per cause, and each failed task in exactly one open case."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# A person closes a case; the platform resolves one. Both are not open.
OPEN = "status NOT IN ('resolved', 'closed')"

FAILED_TASK_HAS_A_CASE = """
CREATE FUNCTION refuse_failed_task_without_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM tasks WHERE id = NEW.id AND state = 'failed')
       AND NOT EXISTS (SELECT FROM case_tasks JOIN cases ON cases.id = case_id
                        WHERE task_id = NEW.id AND left_at IS NULL
                          AND status NOT IN ('resolved', 'closed')) THEN
        RAISE EXCEPTION 'a failed task belongs to an open case'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'failed_task_has_a_case';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tasks_failed_has_a_case AFTER UPDATE OF state ON tasks
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'failed')
    EXECUTE FUNCTION refuse_failed_task_without_case();
"""


def upgrade() -> None:
    op.execute("""
    ALTER TABLE cases
        ADD COLUMN cause text,
        ADD COLUMN acknowledged_at timestamptz,
        ADD COLUMN resolved_at timestamptz,
        ADD COLUMN times_reopened integer NOT NULL DEFAULT 0;
    ALTER TABLE case_tasks ADD COLUMN left_at timestamptz;
    ALTER TABLE tasks ADD COLUMN has_case boolean NOT NULL DEFAULT false;
    """)
    op.execute(f"CREATE UNIQUE INDEX uq_cases_open_cause ON cases (cause) WHERE {OPEN}")
    op.execute(
        "CREATE UNIQUE INDEX uq_case_tasks_one_open_case ON case_tasks (task_id) "
        "WHERE left_at IS NULL"
    )
    op.execute(FAILED_TASK_HAS_A_CASE)
