"""Learned durations of tasks; when a decommission is expected to be late."""

from alembic import op

from models.migrations.privileges import OPERATOR, STAFF, show

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

EXPECTATIONS = """
CREATE TABLE expectations (
    id uuid DEFAULT gen_random_uuid() NOT NULL CONSTRAINT pk_expectations PRIMARY KEY,
    kind varchar(32) NOT NULL CONSTRAINT ck_expectations_kind CHECK (kind IN (
        'logout_handsets', 'telephony', 'ports', 'users', 'wifi_devices', 'stop_services',
        'network', 'end_leases', 'plan', 'delete_scheduled', 'verify_occupier')),
    operator_id uuid CONSTRAINT fk_expectations_operator_id REFERENCES operators,
    size integer NOT NULL,
    samples integer NOT NULL,
    usual_s double precision NOT NULL,
    slow_s double precision NOT NULL,
    learned_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT uq_expectations_kind_operator_id_size
        UNIQUE NULLS NOT DISTINCT (kind, operator_id, size),
    CONSTRAINT ck_expectations_size_known CHECK (size BETWEEN 0 AND 4),
    CONSTRAINT ck_expectations_learned_from_tasks CHECK (samples > 0 AND usual_s <= slow_s)
);
ALTER TABLE tasks ADD COLUMN slow_s double precision;
ALTER TABLE decommissions ADD COLUMN jeopardy_at timestamptz;
"""

# Columns that change while a task runs stay out: an index over one would make each such update
# write to all indexes of the table.
INDEXES = """
CREATE INDEX ix_tasks_completed_kind_finished_at ON tasks (kind, finished_at)
    INCLUDE (total, occupier_id) WHERE state = 'completed' AND waived_by IS NULL;
CREATE INDEX ix_tasks_has_case_created_at_id ON tasks (created_at, id) WHERE has_case;
"""


def upgrade() -> None:
    op.execute(EXPECTATIONS)
    op.execute(INDEXES)
    show(
        op,
        "expectations",
        f"operator_id IS NULL OR operator_id = {OPERATOR} OR {STAFF} IS NOT NULL",
    )
