"""Decommissions that wait for their time, and closures of sites."""

from alembic import op

from models.migrations.privileges import AT_OWN_SITE, OF_SEEN_OCCUPIER, SEES_ALL, show

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SCHEDULES = """
CREATE TABLE schedules (
    id uuid DEFAULT gen_random_uuid() NOT NULL CONSTRAINT pk_schedules PRIMARY KEY,
    occupier_id uuid NOT NULL
        CONSTRAINT fk_schedules_occupier_id REFERENCES occupiers,
    operator_id uuid NOT NULL
        CONSTRAINT fk_schedules_operator_id REFERENCES operators,
    due_at timestamptz NOT NULL,
    time_zone text NOT NULL,
    state varchar(32) DEFAULT 'waiting' NOT NULL CONSTRAINT ck_schedules_state
        CHECK (state IN ('waiting', 'blocked', 'started', 'cancelled')),
    blocked_reasons jsonb,
    case_id uuid CONSTRAINT fk_schedules_case_id REFERENCES cases,
    requested_by text NOT NULL,
    member_id uuid
        CONSTRAINT fk_schedules_member_id REFERENCES team_members ON DELETE SET NULL,
    is_approved boolean DEFAULT false NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    decided_at timestamptz,
    decommission_id uuid
        CONSTRAINT fk_schedules_decommission_id REFERENCES decommissions
        CONSTRAINT uq_schedules_decommission_id UNIQUE,
    CONSTRAINT ck_schedules_started_with_decommission
        CHECK ((state = 'started') = (decommission_id IS NOT NULL)),
    CONSTRAINT ck_schedules_decided_when_over
        CHECK ((state IN ('started', 'cancelled')) = (decided_at IS NOT NULL)),
    CONSTRAINT ck_schedules_blocked_with_reasons
        CHECK ((state = 'blocked') = (blocked_reasons IS NOT NULL))
);
CREATE UNIQUE INDEX uq_schedules_occupier_id_open ON schedules (occupier_id)
    WHERE state IN ('waiting', 'blocked');
CREATE INDEX ix_schedules_due_at_id ON schedules (due_at, id);
CREATE INDEX ix_schedules_state_due_at_id ON schedules (state, due_at, id);
CREATE INDEX ix_schedules_occupier_id_due_at ON schedules (occupier_id, due_at);
"""

CLOSURES = """
CREATE TABLE closures (
    id uuid DEFAULT gen_random_uuid() NOT NULL CONSTRAINT pk_closures PRIMARY KEY,
    site_id uuid NOT NULL CONSTRAINT fk_closures_site_id REFERENCES sites,
    operator_id uuid NOT NULL CONSTRAINT fk_closures_operator_id REFERENCES operators,
    state varchar(32) DEFAULT 'running' NOT NULL CONSTRAINT ck_closures_state
        CHECK (state IN ('running', 'paused', 'done')),
    at_once integer NOT NULL
        CONSTRAINT ck_closures_at_once_bounded CHECK (at_once BETWEEN 1 AND 20),
    requested_by text NOT NULL,
    member_id uuid
        CONSTRAINT fk_closures_member_id REFERENCES team_members ON DELETE SET NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    finished_at timestamptz,
    CONSTRAINT ck_closures_finished_when_done
        CHECK ((state = 'done') = (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX uq_closures_site_id_open ON closures (site_id) WHERE state <> 'done';
CREATE INDEX ix_closures_site_id_created_at ON closures (site_id, created_at);
CREATE TABLE closure_occupiers (
    closure_id uuid NOT NULL CONSTRAINT fk_closure_occupiers_closure_id REFERENCES closures,
    occupier_id uuid NOT NULL
        CONSTRAINT fk_closure_occupiers_occupier_id REFERENCES occupiers,
    ordinal integer NOT NULL,
    result varchar(32) DEFAULT 'waiting' NOT NULL CONSTRAINT ck_closure_occupiers_result
        CHECK (result IN ('waiting', 'started', 'decommissioned', 'refused', 'failed')),
    reasons jsonb DEFAULT '[]'::jsonb NOT NULL,
    decommission_id uuid
        CONSTRAINT fk_closure_occupiers_decommission_id REFERENCES decommissions,
    CONSTRAINT pk_closure_occupiers PRIMARY KEY (closure_id, occupier_id),
    CONSTRAINT uq_closure_occupiers_closure_id_ordinal UNIQUE (closure_id, ordinal),
    CONSTRAINT ck_closure_occupiers_started_with_decommission CHECK (
        (result IN ('started', 'decommissioned', 'failed')) = (decommission_id IS NOT NULL))
);
CREATE INDEX ix_closure_occupiers_occupier_id ON closure_occupiers (occupier_id);
"""

# A row of the outbox tells the engine to start a decommission, or that a schedule or a closure is
# new or has changed. A relay of the release before joins decommissions, so it passes over these.
OUTBOX = """
ALTER TABLE outbox
    ALTER COLUMN decommission_id DROP NOT NULL,
    ADD COLUMN schedule_id uuid,
    ADD COLUMN closure_id uuid,
    ADD CONSTRAINT ck_outbox_one_subject
        CHECK (num_nonnulls(decommission_id, schedule_id, closure_id) = 1);
"""


def upgrade() -> None:
    op.execute(SCHEDULES)
    op.execute(CLOSURES)
    op.execute(OUTBOX)
    show(op, "schedules", OF_SEEN_OCCUPIER, "INSERT", "UPDATE")
    show(op, "closures", f"{AT_OWN_SITE} OR {SEES_ALL}", "INSERT", "UPDATE")
    show(op, "closure_occupiers", "closure_id IN (SELECT id FROM closures)", "INSERT")
