"""What goes to an outside support desk, written by triggers with the change, and its answers.

The triggers only note what changed. A sender numbers the notes of a case one after another and
puts them into words: numbering them here would lock the case's row until the commit, and two
transactions that move tasks between the same cases could wait for each other for ever.
"""

from alembic import op

from models.migrations.privileges import ACTOR, STAFF, allow, show

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ANSWERS = """('case.acknowledged', 'case.commented', 'case.status_changed',
    'case.reference_assigned', 'case.decided')"""

TABLES = f"""
CREATE TABLE desks (
    id integer DEFAULT 1 NOT NULL CONSTRAINT pk_desks PRIMARY KEY,
    is_on boolean NOT NULL,
    switched_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT ck_desks_one CHECK (id = 1)
);
CREATE TABLE desk_cases (
    case_id uuid NOT NULL CONSTRAINT pk_desk_cases PRIMARY KEY
        CONSTRAINT fk_desk_cases_case_id REFERENCES cases,
    told integer DEFAULT 0 NOT NULL,
    heard integer DEFAULT 0 NOT NULL
);
CREATE TABLE desk_messages (
    id uuid DEFAULT gen_random_uuid() NOT NULL CONSTRAINT pk_desk_messages PRIMARY KEY,
    position bigint GENERATED ALWAYS AS IDENTITY NOT NULL
        CONSTRAINT uq_desk_messages_position UNIQUE,
    case_id uuid NOT NULL CONSTRAINT fk_desk_messages_case_id REFERENCES cases,
    sequence integer,
    kind varchar(32) NOT NULL CONSTRAINT ck_desk_messages_kind CHECK (kind IN (
        'case.opened', 'case.changed', 'case.status_changed', 'case.commented',
        'case.attachment_added', 'case.task_joined', 'case.task_left', 'answer.refused')),
    subject text,
    payload jsonb,
    created_at timestamptz DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamptz DEFAULT now() NOT NULL,
    busy_until timestamptz,
    delivered_at timestamptz,
    dead_at timestamptz,
    last_error varchar(32) CONSTRAINT ck_desk_messages_last_error CHECK (last_error IN (
        'unreachable', 'timed_out', 'throttled', 'broken', 'refused', 'gone')),
    last_status integer,
    CONSTRAINT uq_desk_messages_case_id_sequence UNIQUE (case_id, sequence),
    CONSTRAINT ck_desk_messages_worded_when_numbered
        CHECK ((sequence IS NULL) = (payload IS NULL)),
    CONSTRAINT ck_desk_messages_not_dead_and_delivered
        CHECK (delivered_at IS NULL OR dead_at IS NULL)
);
CREATE INDEX ix_desk_messages_pending ON desk_messages (case_id, position)
    WHERE delivered_at IS NULL AND dead_at IS NULL;
CREATE INDEX ix_desk_messages_dead ON desk_messages (dead_at) WHERE dead_at IS NOT NULL;
CREATE INDEX ix_desk_messages_created_at_id ON desk_messages (created_at, id);
CREATE TABLE desk_answers (
    id text NOT NULL CONSTRAINT pk_desk_answers PRIMARY KEY
        CONSTRAINT ck_desk_answers_id_bounded CHECK (length(id) BETWEEN 1 AND 200),
    case_id uuid NOT NULL CONSTRAINT fk_desk_answers_case_id REFERENCES cases,
    sequence integer NOT NULL,
    kind varchar(32) NOT NULL CONSTRAINT ck_desk_answers_kind CHECK (kind IN {ANSWERS}),
    refused_because varchar(32) CONSTRAINT ck_desk_answers_refused_because
        CHECK (refused_because IN ('needs_our_people', 'nothing_to_retry',
                                   'status_not_reachable', 'tasks_not_done',
                                   'case_closed', 'too_many_comments')),
    received_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT uq_desk_answers_case_id_sequence UNIQUE (case_id, sequence)
);
"""

# With the rights of the owner: whoever changes a case need not see what the desk is told.
NOTE = """
CREATE FUNCTION tell_desk() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM desks WHERE is_on) THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'cases' THEN
        INSERT INTO desk_messages (case_id, kind) VALUES (NEW.id, TG_ARGV[0]);
    ELSIF TG_TABLE_NAME = 'case_tasks' THEN
        INSERT INTO desk_messages (case_id, kind, subject) VALUES (NEW.case_id,
            CASE WHEN NEW.left_at IS NULL THEN 'case.task_joined' ELSE 'case.task_left' END,
            NEW.task_id);
    ELSE
        INSERT INTO desk_messages (case_id, kind, subject)
        VALUES (NEW.case_id, TG_ARGV[0], NEW.id);
    END IF;
    RETURN NULL;
END $$;
"""

# What the desk did itself is no news to it.
TRIGGERS = """
CREATE TRIGGER desk_of_opened AFTER INSERT ON cases
    FOR EACH ROW EXECUTE FUNCTION tell_desk('case.opened');
CREATE TRIGGER desk_of_changed AFTER UPDATE OF subject, description, category, priority ON cases
    FOR EACH ROW WHEN ((OLD.subject, OLD.description, OLD.category, OLD.priority)
        IS DISTINCT FROM (NEW.subject, NEW.description, NEW.category, NEW.priority))
    EXECUTE FUNCTION tell_desk('case.changed');
CREATE TRIGGER desk_of_status AFTER INSERT ON case_statuses
    FOR EACH ROW WHEN (NEW.status <> 'new' AND NEW.actor <> 'desk')
    EXECUTE FUNCTION tell_desk('case.status_changed');
CREATE TRIGGER desk_of_comment AFTER INSERT ON case_comments
    FOR EACH ROW WHEN (NEW.author <> 'desk') EXECUTE FUNCTION tell_desk('case.commented');
CREATE TRIGGER desk_of_attachment AFTER INSERT ON case_attachments
    FOR EACH ROW WHEN (NEW.author <> 'desk') EXECUTE FUNCTION tell_desk('case.attachment_added');
CREATE TRIGGER desk_of_joining AFTER INSERT ON case_tasks
    FOR EACH ROW EXECUTE FUNCTION tell_desk();
CREATE TRIGGER desk_of_leaving AFTER UPDATE OF left_at ON case_tasks
    FOR EACH ROW WHEN ((OLD.left_at IS NULL) <> (NEW.left_at IS NULL))
    EXECUTE FUNCTION tell_desk();
CREATE TRIGGER desk_of_refusal AFTER INSERT ON desk_answers
    FOR EACH ROW WHEN (NEW.refused_because IS NOT NULL)
    EXECUTE FUNCTION tell_desk('answer.refused');
"""

OF_THE_DESK = f"{ACTOR} = 'desk'"


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(NOTE)
    op.execute(TRIGGERS)
    show(
        op,
        "desk_messages",
        f"{STAFF} IN ('vendor_support', 'sre', 'auditor')",
        "UPDATE (attempts, next_attempt_at, delivered_at, dead_at, busy_until)",
    )
    show(op, "desk_cases", OF_THE_DESK, "INSERT", "UPDATE (heard)")
    show(op, "desk_answers", OF_THE_DESK, "INSERT")
    allow(op, "desks", "SELECT")
