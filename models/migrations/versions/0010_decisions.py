"""What people decide about failed and stuck tasks, and what was left undone for ever."""

from alembic import op

from models.migrations.privileges import OF_DECOMMISSION, show

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

LARGEST_FILE = 5_000_000  # bytes

DECISIONS = f"""
CREATE TABLE decisions (
    id uuid DEFAULT gen_random_uuid() NOT NULL CONSTRAINT pk_decisions PRIMARY KEY,
    task_id uuid CONSTRAINT fk_decisions_task_id REFERENCES tasks,
    decommission_id uuid NOT NULL
        CONSTRAINT fk_decisions_decommission_id REFERENCES decommissions,
    site_id uuid CONSTRAINT fk_decisions_site_id REFERENCES sites,
    action varchar(32) NOT NULL CONSTRAINT ck_decisions_action
        CHECK (action IN ('retry', 'complete_by_hand', 'waive', 'pause', 'resume')),
    round integer,
    reason varchar(32) CONSTRAINT ck_decisions_reason CHECK (reason IN (
        'system_retired', 'site_demolished', 'provider_gone', 'resource_not_ours')),
    evidence text
        CONSTRAINT ck_decisions_evidence_bounded CHECK (length(evidence) <= 4000),
    file_name text,
    file_media_type text,
    file_bytes bytea,
    decided_by text NOT NULL,
    decided_as varchar(32) NOT NULL CONSTRAINT ck_decisions_decided_as
        CHECK (decided_as IN ('vendor_support', 'sre', 'auditor', 'service')),
    second_person text,
    state varchar(32) DEFAULT 'accepted' NOT NULL CONSTRAINT ck_decisions_state
        CHECK (state IN ('awaiting_second_person', 'accepted', 'carried_out', 'refused')),
    refused_because text,
    created_at timestamptz DEFAULT now() NOT NULL,
    ended_at timestamptz,
    CONSTRAINT ck_decisions_of_task
        CHECK ((action IN ('pause', 'resume')) = (task_id IS NULL)),
    CONSTRAINT ck_decisions_task_with_round CHECK ((task_id IS NULL) = (round IS NULL)),
    CONSTRAINT ck_decisions_waived_with_reason CHECK ((action = 'waive') = (reason IS NOT NULL)),
    CONSTRAINT ck_decisions_by_hand_with_evidence CHECK (
        action <> 'complete_by_hand' OR num_nonnulls(evidence, file_bytes) > 0),
    CONSTRAINT ck_decisions_file_whole CHECK (
        num_nonnulls(file_name, file_media_type, file_bytes) IN (0, 3)
        AND coalesce(length(file_bytes), 0) <= {LARGEST_FILE}),
    CONSTRAINT ck_decisions_two_people CHECK (second_person IS DISTINCT FROM decided_by),
    CONSTRAINT ck_decisions_waiver_answered_by_two CHECK (
        action <> 'waive' OR second_person IS NOT NULL
        OR state IN ('awaiting_second_person', 'refused')),
    CONSTRAINT ck_decisions_ended_with_time
        CHECK ((state IN ('carried_out', 'refused')) = (ended_at IS NOT NULL)),
    CONSTRAINT ck_decisions_refused_with_reason
        CHECK ((state = 'refused') = (refused_because IS NOT NULL))
);
CREATE UNIQUE INDEX uq_decisions_open_of_task ON decisions (task_id)
    WHERE state IN ('awaiting_second_person', 'accepted');
CREATE UNIQUE INDEX uq_decisions_open_of_place ON decisions (decommission_id, site_id)
    NULLS NOT DISTINCT
    WHERE task_id IS NULL AND state IN ('awaiting_second_person', 'accepted');
CREATE UNIQUE INDEX uq_decisions_task_round_action ON decisions (task_id, round, action)
    WHERE action <> 'retry' AND state <> 'refused';
CREATE INDEX ix_decisions_task_id_created_at ON decisions (task_id, created_at);
CREATE INDEX ix_decisions_decommission_id_created_at ON decisions (decommission_id, created_at);
"""

OUTBOX = """
ALTER TABLE outbox
    ADD COLUMN decision_id uuid,
    DROP CONSTRAINT ck_outbox_one_subject,
    ADD CONSTRAINT ck_outbox_one_subject
        CHECK (num_nonnulls(decommission_id, schedule_id, closure_id, decision_id) = 1);
CREATE INDEX ix_outbox_unsent_decisions ON outbox (attempts, id)
    WHERE sent_at IS NULL AND decision_id IS NOT NULL;
"""

MARKS = """
ALTER TABLE tasks ADD COLUMN waived_by uuid;
ALTER TABLE decommissions ADD COLUMN paused_at timestamptz;
ALTER TABLE decommission_sites ADD COLUMN paused_at timestamptz;
ALTER TABLE plan_items DROP CONSTRAINT ck_plan_items_ground,
    ADD CONSTRAINT ck_plan_items_ground CHECK (ground IN ('other_owner', 'waived'));
"""

# As of 0006, and decisions.
AUDITED = """
CREATE OR REPLACE FUNCTION audited_occupier(entity_kind text, entity_id uuid) RETURNS uuid
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE entity_kind
        WHEN 'occupier' THEN entity_id
        WHEN 'decommission' THEN (SELECT occupier_id FROM decommissions WHERE id = entity_id)
        WHEN 'task' THEN (SELECT occupier_id FROM tasks WHERE id = entity_id)
        WHEN 'case' THEN (SELECT occupier_id FROM cases WHERE id = entity_id)
        WHEN 'schedule' THEN (SELECT occupier_id FROM schedules WHERE id = entity_id)
        WHEN 'approval' THEN (SELECT occupier_id FROM approvals WHERE id = entity_id)
        WHEN 'contract' THEN (SELECT occupier_id FROM contracts WHERE id = entity_id)
        WHEN 'service' THEN (SELECT occupier_id FROM services WHERE id = entity_id)
        WHEN 'decision' THEN (SELECT occupier_id FROM decommissions
            JOIN decisions ON decommission_id = decommissions.id
            WHERE decisions.id = entity_id) END;
END $$;
"""

# A decision about a task is seen by those who see the task; a pause by those who see the whole.
SEEN = f"""
    task_id IS NULL AND {OF_DECOMMISSION}
    OR EXISTS (SELECT FROM tasks WHERE tasks.id = decisions.task_id)
"""


def upgrade() -> None:
    op.execute(DECISIONS)
    op.execute(OUTBOX)
    op.execute(MARKS)
    op.execute(AUDITED)
    show(
        op, "decisions", SEEN, "INSERT", "UPDATE (state, second_person, refused_because, ended_at)"
    )
