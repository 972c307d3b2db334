"""Stuck tasks belong to an open case like failed ones; what was seen of them; watches."""

from alembic import op

from models.migrations.privileges import allow

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE tasks
    ADD COLUMN forgiven_s double precision DEFAULT 0 NOT NULL,
    ADD COLUMN stuck_done integer,
    ADD COLUMN stuck_clock_at timestamptz,
    ADD COLUMN stuck_seen jsonb;
CREATE TABLE watches (
    name text NOT NULL CONSTRAINT pk_watches PRIMARY KEY,
    looked_at timestamptz NOT NULL,
    took_s double precision NOT NULL,
    suspects integer NOT NULL,
    engine_away_at timestamptz
);
"""

# Asked at the end of the transaction. That such a case is not closed is seen to in 0014.
TROUBLED_TASK_HAS_A_CASE = """
CREATE FUNCTION refuse_troubled_task_without_case(task uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM tasks WHERE id = task AND (state = 'failed' OR stuck_at IS NOT NULL))
       AND NOT EXISTS (SELECT FROM case_tasks JOIN cases ON cases.id = case_id
                        WHERE task_id = task AND left_at IS NULL
                          AND status NOT IN ('resolved', 'closed')) THEN
        RAISE EXCEPTION 'a failed or stuck task belongs to an open case'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'troubled_task_has_a_case';
    END IF;
END $$;
CREATE FUNCTION refuse_stuck_task_without_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_troubled_task_without_case(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION refuse_leaving_with_trouble() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_troubled_task_without_case(NEW.task_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tasks_stuck_has_a_case AFTER UPDATE OF stuck_at ON tasks
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.stuck_at IS NOT NULL)
    EXECUTE FUNCTION refuse_stuck_task_without_case();
CREATE CONSTRAINT TRIGGER case_tasks_leave_well AFTER UPDATE OF left_at ON case_tasks
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.left_at IS NOT NULL)
    EXECUTE FUNCTION refuse_leaving_with_trouble();
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(TROUBLED_TASK_HAS_A_CASE)
    allow(op, "watches", "SELECT")
