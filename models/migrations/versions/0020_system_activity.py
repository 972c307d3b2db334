"""A failed attempt names the outside system that failed it, so that its activity can be told."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SYSTEMS = "('telephony', 'switching', 'wifi', 'accounts', 'network', 'billing')"


def upgrade() -> None:
    op.execute(f"""
    ALTER TABLE task_attempts ADD COLUMN system varchar(32)
        CONSTRAINT ck_task_attempts_system CHECK (system IN {SYSTEMS});
    CREATE INDEX ix_task_attempts_ended_at ON task_attempts (ended_at);
    """)
    # As EXISTS, the tasks of the few attempts at hand are looked up, where IN reads all tasks.
    op.execute("""
    ALTER POLICY seen ON task_attempts
        USING (EXISTS (SELECT FROM tasks WHERE tasks.id = task_attempts.task_id))
    """)
