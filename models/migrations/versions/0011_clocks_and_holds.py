"""Two clocks per task, what it should take, holds of outside systems; cases of everybody."""

from alembic import op

from models.migrations.privileges import OF_SITE, STAFF, allow, show

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SYSTEMS = "('telephony', 'switching', 'wifi', 'accounts', 'network', 'billing')"
FAILURES = """('transient', 'throttled', 'rejected', 'conflict', 'not_authorised', 'not_found',
    'unconfirmed', 'needs_human', 'timed_out', 'bug')"""

HOLDS = f"""
CREATE TABLE holds (
    id uuid DEFAULT gen_random_uuid() NOT NULL CONSTRAINT pk_holds PRIMARY KEY,
    system varchar(32) NOT NULL CONSTRAINT ck_holds_system CHECK (system IN {SYSTEMS}),
    site_id uuid CONSTRAINT fk_holds_site_id REFERENCES sites,
    origin varchar(32) NOT NULL CONSTRAINT ck_holds_origin
        CHECK (origin IN ('by_hand', 'breaker')),
    failure varchar(32) CONSTRAINT ck_holds_failure CHECK (failure IN {FAILURES}),
    placed_by text NOT NULL,
    placed_at timestamptz DEFAULT now() NOT NULL,
    released_by text,
    released_at timestamptz,
    case_id uuid CONSTRAINT fk_holds_case_id REFERENCES cases,
    probe_at timestamptz,
    probe_task_id uuid,
    probes integer DEFAULT 0 NOT NULL,
    CONSTRAINT ck_holds_released_by_somebody
        CHECK ((released_at IS NULL) = (released_by IS NULL))
);
CREATE UNIQUE INDEX uq_holds_open_place ON holds (system, site_id) NULLS NOT DISTINCT
    WHERE released_at IS NULL;
CREATE INDEX ix_holds_case_id ON holds (case_id);
CREATE TABLE strikes (
    task_id uuid NOT NULL CONSTRAINT pk_strikes PRIMARY KEY
        CONSTRAINT fk_strikes_task_id REFERENCES tasks,
    system varchar(32) NOT NULL CONSTRAINT ck_strikes_system CHECK (system IN {SYSTEMS}),
    site_id uuid NOT NULL CONSTRAINT fk_strikes_site_id REFERENCES sites,
    failure varchar(32) NOT NULL CONSTRAINT ck_strikes_failure CHECK (failure IN {FAILURES}),
    failures integer DEFAULT 1 NOT NULL,
    first_at timestamptz DEFAULT now() NOT NULL,
    last_at timestamptz DEFAULT now() NOT NULL
);
CREATE INDEX ix_strikes_system_last_at ON strikes (system, last_at);
"""

CLOCKS = """
ALTER TABLE tasks
    ADD COLUMN waiting_reason varchar(32) CONSTRAINT ck_tasks_waiting_reason CHECK (
        waiting_reason IN ('upstream', 'callback', 'throttled', 'held', 'settling', 'human')),
    ADD COLUMN clock_at timestamptz,
    ADD COLUMN active_s double precision DEFAULT 0 NOT NULL,
    ADD COLUMN waiting_s double precision DEFAULT 0 NOT NULL,
    ADD COLUMN expected_s double precision,
    ADD COLUMN threshold_s double precision,
    ADD COLUMN threshold_samples integer DEFAULT 0 NOT NULL,
    ADD COLUMN stuck_at timestamptz,
    ADD COLUMN stuck_because varchar(32) CONSTRAINT ck_tasks_stuck_because CHECK (
        stuck_because IN ('hung', 'retrying', 'no_worker', 'workflow_failing', 'run_gone',
                          'engine_away')),
    ADD COLUMN hold_id uuid CONSTRAINT fk_tasks_hold_id REFERENCES holds,
    ADD COLUMN resume_at timestamptz,
    ADD CONSTRAINT ck_tasks_stuck_for_a_reason
        CHECK ((stuck_at IS NULL) = (stuck_because IS NULL));
UPDATE tasks SET clock_at = now(), waiting_reason = CASE
           WHEN state = 'failed' THEN 'human' WHEN phase = 'queued' THEN 'upstream' END
 WHERE state IN ('pending', 'failed');
ALTER TABLE tasks
    ALTER COLUMN waiting_reason SET DEFAULT 'upstream',
    ALTER COLUMN clock_at SET DEFAULT now();
CREATE INDEX ix_tasks_stuck_at ON tasks (stuck_at) WHERE stuck_at IS NOT NULL;
CREATE INDEX ix_tasks_hold_id ON tasks (hold_id) WHERE hold_id IS NOT NULL;
CREATE INDEX ix_tasks_resume_at ON tasks (resume_at) WHERE resume_at IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(HOLDS)
    op.execute(CLOCKS)
    op.execute("ALTER TABLE cases ALTER COLUMN operator_id DROP NOT NULL")
    # A hold at a site is seen by whoever sees the site; one everywhere by everybody.
    show(
        op,
        "holds",
        f"site_id IS NULL OR {STAFF} IS NOT NULL OR {OF_SITE}",
        "INSERT",
        "UPDATE (released_at, released_by, case_id, probe_at, probe_task_id)",
    )
    show(op, "strikes", f"{STAFF} IS NOT NULL OR {OF_SITE}")
    # A person who places or releases a hold opens its case again, or resolves it.
    allow(op, "cases", "UPDATE (status, resolved_at, updated_at, times_reopened)")
